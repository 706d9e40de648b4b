//! Letters: what is owed to whom, and how it is delivered. A letter is owed in the transaction of its cause.

pub mod again;
pub mod calendar;
pub mod deliver;
pub mod digest;
pub mod happened;
pub mod list;
pub mod preview;
pub mod show;
pub mod sweep;
pub mod test_mail;
mod write;

use crate::domain::time::{DAY, MINUTE, Time};
use crate::domain::user::Email;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Lanes, Tx};
use anyhow::Context;
use serde::{Deserialize, Serialize};

/// How long the link of an invitation works, from its sending on.
pub const INVITATION_LIFE: i64 = 7 * DAY;
/// How long a link for a new password works, from its sending on.
pub const RESET_LIFE: i64 = 30 * MINUTE;

/// What a letter is about. Its text is written when it is delivered, from what is true then; so is its one-time code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// An invitation to a workgroup, with a link that works for seven days.
    Invitation { id: String },
    /// A link with which a user sets a new password, for thirty minutes.
    Reset { user_id: String },
    /// What ends for one address in a workgroup: the notices that name this letter.
    Expiry { workgroup_id: String },
    /// A token was issued to the recipient.
    Issued { token_id: String },
    /// A token of the recipient was revoked.
    Revoked { token_id: String },
    /// A token of the recipient was renewed from an address never seen.
    Renewed(Renewal),
    /// The digest of a workgroup owner for their local date `day` (`2026-11-22`).
    Digest { user_id: String, day: String },
    /// Shows that mail arrives; `by`: the name of whoever asked.
    Test { workgroup_id: String, by: String },
}

/// A renewal from an address never seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    pub token_id: String,
    /// The string that was made.
    pub number: i64,
    pub from: String,
    pub at: Time,
}

impl Letter {
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Letter::Invitation { .. } => "invitation",
            Letter::Reset { .. } => "reset",
            Letter::Expiry { .. } => "expiry",
            Letter::Issued { .. } => "issued",
            Letter::Revoked { .. } => "revoked",
            Letter::Renewed(_) => "renewed",
            Letter::Digest { .. } => "digest",
            Letter::Test { .. } => "test",
        }
    }

    /// What the store keeps of it beside its kind, as JSON.
    fn payload(&self) -> Result<String> {
        let payload = match self {
            Letter::Invitation { id } => serde_json::to_string(id),
            Letter::Reset { user_id } => serde_json::to_string(user_id),
            Letter::Expiry { workgroup_id } => serde_json::to_string(workgroup_id),
            Letter::Issued { token_id } | Letter::Revoked { token_id } => {
                serde_json::to_string(token_id)
            }
            Letter::Renewed(renewal) => serde_json::to_string(renewal),
            Letter::Digest { user_id, day } => serde_json::to_string(&(user_id, day)),
            Letter::Test { workgroup_id, by } => serde_json::to_string(&(workgroup_id, by)),
        };
        Ok(payload.context("a letter's payload cannot be written")?)
    }

    fn parse(kind: &str, payload: &str) -> Option<Letter> {
        let id = || serde_json::from_str::<String>(payload).ok();
        let pair = || serde_json::from_str::<(String, String)>(payload).ok();
        Some(match kind {
            "invitation" => Letter::Invitation { id: id()? },
            "reset" => Letter::Reset { user_id: id()? },
            "expiry" => Letter::Expiry { workgroup_id: id()? },
            "issued" => Letter::Issued { token_id: id()? },
            "revoked" => Letter::Revoked { token_id: id()? },
            "renewed" => Letter::Renewed(serde_json::from_str(payload).ok()?),
            "digest" => {
                let (user_id, day) = pair()?;
                Letter::Digest { user_id, day }
            }
            "test" => {
                let (workgroup_id, by) = pair()?;
                Letter::Test { workgroup_id, by }
            }
            _ => return None,
        })
    }

    fn token_id(&self) -> Option<&str> {
        match self {
            Letter::Issued { token_id } | Letter::Revoked { token_id } => Some(token_id),
            Letter::Renewed(renewal) => Some(&renewal.token_id),
            _ => None,
        }
    }

    fn user_id(&self) -> Option<&str> {
        match self {
            Letter::Digest { user_id, .. } => Some(user_id),
            _ => None,
        }
    }
}

/// Owes a letter and gives its id. `workgroup_id`: the one whose pages may tell of it. A second digest of the same person and
/// date is a fault: whoever owes one asks first.
pub async fn owe(
    state: &AppState,
    tx: &mut Tx,
    letter: &Letter,
    workgroup_id: Option<&str>,
    recipient: &Email,
) -> Result<String> {
    let id = state.new_id()?;
    let dedupe_key = match letter {
        Letter::Digest { user_id, day } => format!("digest:{user_id}:{day}"),
        _ => format!("{}:{id}", letter.kind()),
    };
    insert(state, tx, (&id, &dedupe_key), letter, workgroup_id, recipient).await?;
    Ok(id)
}

/// The row of a letter, its id and key given.
async fn insert(
    state: &AppState,
    tx: &mut Tx,
    (id, dedupe_key): (&str, &str),
    letter: &Letter,
    workgroup_id: Option<&str>,
    recipient: &Email,
) -> Result<()> {
    let payload = letter.payload()?;
    let row = store::outbox::NewLetter {
        dedupe_key,
        id,
        letter: letter.kind(),
        workgroup_id,
        user_id: letter.user_id(),
        token_id: letter.token_id(),
        recipient: recipient.as_str(),
        payload: &payload,
        now: state.now(),
    };
    store::outbox::insert(tx, &row).await
}

/// Whether such a letter waits to be sent, or was owed after `since`.
pub async fn owed_lately(on: &mut impl Lanes, letter: &Letter, since: Time) -> Result<bool> {
    store::outbox::owed_lately(on, letter.kind(), &letter.payload()?, since).await
}
