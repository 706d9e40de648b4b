//! The letters that hold a one-time code: invitations, and links for a new password.

use super::{Written, recipient};
use crate::domain::time::Time;
use crate::server::error::Result;
use crate::server::mail::letters;
use crate::server::notices::{INVITATION_LIFE, RESET_LIFE};
use crate::server::state::AppState;
use crate::server::store::codes::Purpose;
use crate::server::store::outbox::Owed;
use crate::server::store::{self, Tx};

pub(super) async fn invitation(
    state: &AppState,
    tx: &mut Tx,
    owed: &Owed,
    id: &str,
) -> Result<Option<Written>> {
    let found = store::outbox::find_invitation(tx, id).await?;
    let Some(invitation) = found.filter(|it| it.email == owed.recipient) else { return Ok(None) };
    let until = state.now() + INVITATION_LIFE;
    let link = link(state, tx, Purpose::Invitation, id, until).await?;
    store::outbox::mark_invitation_sent(tx, id, until).await?;
    let mut permissions = store::permissions::list(tx).await?;
    permissions.retain(|permission| invitation.permissions.contains(&permission.name));
    let labels: Vec<_> = permissions.into_iter().map(|permission| permission.label).collect();
    let text = letters::Invitation {
        to: &recipient(owed)?,
        by: &invitation.invited_by,
        workgroup: &invitation.workgroup,
        owner: invitation.owner,
        permissions: &labels,
        group: invitation.device_group.as_deref(),
        host: state.config.public_url.host(),
    };
    Ok(Some(Written::secret(text.letter(&link, until)?)))
}

pub(super) async fn reset(
    state: &AppState,
    tx: &mut Tx,
    owed: &Owed,
    user_id: &str,
) -> Result<Option<Written>> {
    let account = store::users::find_by_id(tx, user_id).await?;
    let enabled = account.filter(|it| it.disabled_at.is_none() && it.user.email == owed.recipient);
    let Some(account) = enabled else { return Ok(None) };
    let until = state.now() + RESET_LIFE;
    let link = link(state, tx, Purpose::Reset, user_id, until).await?;
    let text = letters::Reset {
        to: &recipient(owed)?,
        name: &account.user.name,
        host: state.config.public_url.host(),
    };
    Ok(Some(Written::secret(text.letter(&link, until)?)))
}

/// A new link; earlier ones about the same stop working.
async fn link(
    state: &AppState,
    tx: &mut Tx,
    purpose: Purpose,
    subject_id: &str,
    until: Time,
) -> Result<String> {
    let code = state.chance.code()?;
    let hash = code.hash();
    store::codes::delete_of_subject(tx, purpose, subject_id).await?;
    store::codes::insert(tx, &hash, purpose, Some(subject_id), until, state.now()).await?;
    let door = match purpose {
        Purpose::SetUp => "setup",
        Purpose::Invitation => "invite",
        Purpose::Reset => "reset",
    };
    Ok(format!("{}/{door}/{}", state.config.public_url.as_str(), code.reveal()))
}
