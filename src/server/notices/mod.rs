//! Letters: what is owed to whom, and how it is delivered. A letter is owed in the transaction of its cause.

use crate::domain::user::Email;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx};

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
