//! What the one-time link of an invitation shows, and to whom.

use super::super::members::words::held;
use super::offer;
use crate::domain::members::{Guest, InvitePage};
use crate::domain::text::fold;
use crate::domain::user::{Email, User};
use crate::server::error::Result;
use crate::server::secret::Code;
use crate::server::store::{self, Lanes};
use crate::server::viewer::Visit;

/// # Errors
/// As [`offer::open`].
pub async fn page(visit: &Visit, code: &str) -> Result<InvitePage> {
    let mut reader = visit.state.db.read().await?;
    let offer = offer::open(&visit.state, &mut reader, &Code::received(code)).await?;
    let catalogue = store::permissions::list(&mut reader).await?;
    let guest = guest(&mut reader, visit.person.as_ref(), &offer.invitation.email).await?;
    Ok(InvitePage {
        workgroup: offer.workgroup.name,
        invited_by: offer.invitation.invited_by.label(),
        rights: held(&offer.rights, &catalogue),
        dropped: offer.dropped,
        expires_at: offer.invitation.expires_at,
        email: offer.invitation.email,
        guest,
    })
}

async fn guest(on: &mut impl Lanes, person: Option<&User>, email: &str) -> Result<Guest> {
    if let Some(person) = person {
        return Ok(if is_theirs(person, email) {
            Guest::Here { name: person.name.clone() }
        } else {
            Guest::Other { email: person.email.clone() }
        });
    }
    let known = match Email::parse(email) {
        Ok(email) => store::users::find_by_email(on, &email).await?.is_some(),
        Err(_) => false,
    };
    Ok(if known { Guest::SignIn } else { Guest::New })
}

/// Whether the person signs in with the address.
pub(super) fn is_theirs(person: &User, email: &str) -> bool {
    fold(&person.email) == fold(email)
}
