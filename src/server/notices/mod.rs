//! Letters: what is owed to whom, and how it is delivered. A letter is owed in the transaction of its cause.

pub mod deliver;
mod write;

use crate::domain::time::{DAY, MINUTE, Time};
use crate::domain::user::Email;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Lanes, Tx};

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
}

impl Letter {
    fn kind(&self) -> &'static str {
        match self {
            Letter::Invitation { .. } => "invitation",
            Letter::Reset { .. } => "reset",
        }
    }

    fn subject(&self) -> &str {
        match self {
            Letter::Invitation { id } => id,
            Letter::Reset { user_id } => user_id,
        }
    }

    fn parse(kind: &str, subject: &str) -> Option<Letter> {
        match kind {
            "invitation" => Some(Letter::Invitation { id: subject.to_owned() }),
            "reset" => Some(Letter::Reset { user_id: subject.to_owned() }),
            _ => None,
        }
    }
}

/// Owes a letter. `workgroup_id`: the one whose pages may tell of it.
pub async fn owe(
    state: &AppState,
    tx: &mut Tx,
    letter: &Letter,
    workgroup_id: Option<&str>,
    recipient: &Email,
) -> Result<()> {
    let id = state.new_id()?;
    let row = store::outbox::NewLetter {
        dedupe_key: &format!("{}:{}:{id}", letter.kind(), letter.subject()),
        id: &id,
        letter: letter.kind(),
        workgroup_id,
        recipient: recipient.as_str(),
        payload: letter.subject(),
        now: state.now(),
    };
    store::outbox::insert(tx, &row).await
}

/// Whether such a letter waits to be sent, or was owed after `since`.
pub async fn owed_lately(on: &mut impl Lanes, letter: &Letter, since: Time) -> Result<bool> {
    store::outbox::owed_lately(on, letter.kind(), letter.subject(), since).await
}
