//! What an owed letter says, from what is true at its delivery; makes its one-time code, of which the store keeps the hash.

use super::{INVITATION_LIFE, Letter, RESET_LIFE};
use crate::domain::time::Time;
use crate::domain::user::Email;
use crate::server::error::Result;
use crate::server::mail;
use crate::server::state::AppState;
use crate::server::store::codes::Purpose;
use crate::server::store::outbox::Owed;
use crate::server::store::{self, Tx};
use anyhow::{Context, anyhow};

/// The letter as it is to be sent after the commit; `None` when its cause is gone.
pub(super) async fn write(
    state: &AppState,
    tx: &mut Tx,
    owed: &Owed,
) -> Result<Option<mail::Letter>> {
    match Letter::parse(&owed.letter, &owed.payload) {
        Some(Letter::Invitation { id }) => invitation(state, tx, owed, &id).await,
        Some(Letter::Reset { user_id }) => reset(state, tx, owed, &user_id).await,
        None => Err(anyhow!("this version writes no letter called {}", owed.letter).into()),
    }
}

async fn invitation(
    state: &AppState,
    tx: &mut Tx,
    owed: &Owed,
    id: &str,
) -> Result<Option<mail::Letter>> {
    let found = store::outbox::find_invitation(tx, id).await?;
    let Some(invitation) = found.filter(|it| it.email == owed.recipient) else { return Ok(None) };
    let until = state.now() + INVITATION_LIFE;
    let link = link(state, tx, Purpose::Invitation, id, until).await?;
    store::outbox::mark_invitation_sent(tx, id, until).await?;
    let mut permissions = store::permissions::list(tx).await?;
    permissions.retain(|permission| invitation.permissions.contains(&permission.name));
    let labels: Vec<_> = permissions.into_iter().map(|permission| permission.label).collect();
    let text = mail::Invitation {
        to: &recipient(owed)?,
        by: &invitation.invited_by,
        workgroup: &invitation.workgroup,
        owner: invitation.owner,
        permissions: &labels,
        group: invitation.device_group.as_deref(),
        host: state.config.public_url.host(),
    };
    Ok(Some(text.letter(&link, until)?))
}

async fn reset(
    state: &AppState,
    tx: &mut Tx,
    owed: &Owed,
    user_id: &str,
) -> Result<Option<mail::Letter>> {
    let account = store::users::find_by_id(tx, user_id).await?;
    let enabled = account.filter(|it| it.disabled_at.is_none() && it.user.email == owed.recipient);
    let Some(account) = enabled else { return Ok(None) };
    let until = state.now() + RESET_LIFE;
    let link = link(state, tx, Purpose::Reset, user_id, until).await?;
    let text = mail::Reset {
        to: &recipient(owed)?,
        name: &account.user.name,
        host: state.config.public_url.host(),
    };
    Ok(Some(text.letter(&link, until)?))
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

fn recipient(owed: &Owed) -> Result<Email> {
    let parsed = Email::parse(&owed.recipient).map_err(anyhow::Error::msg);
    Ok(parsed.context("the recipient in the outbox is no address")?)
}
