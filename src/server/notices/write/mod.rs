//! What an owed letter says, from what is true at its delivery. What is no longer true is dropped or rewritten here.

mod digest;
mod expiry;
mod facts;
mod people;
pub(super) mod sample;
mod test;
mod token;

use super::Letter;
use crate::domain::user::Email;
use crate::server::error::Result;
use crate::server::mail;
use crate::server::state::AppState;
use crate::server::store::Tx;
use crate::server::store::outbox::Owed;
use anyhow::{Context, anyhow};

/// A letter as it is to be sent after the commit, and what its sending settles.
#[derive(Debug)]
pub(super) struct Written {
    pub letter: mail::Letter,
    /// It holds a one-time code, so no copy of it is kept.
    pub secret: bool,
    /// The items of a digest that its reader knows once it was sent.
    pub told: Vec<String>,
}

impl Written {
    fn secret(letter: mail::Letter) -> Written {
        Written { letter, secret: true, told: Vec::new() }
    }

    fn open(letter: mail::Letter) -> Written {
        Written { letter, secret: false, told: Vec::new() }
    }
}

/// `None` when its cause is gone.
pub(super) async fn write(state: &AppState, tx: &mut Tx, owed: &Owed) -> Result<Option<Written>> {
    match Letter::parse(&owed.letter, &owed.payload) {
        Some(Letter::Invitation { id }) => people::invitation(state, tx, owed, &id).await,
        Some(Letter::Reset { user_id }) => people::reset(state, tx, owed, &user_id).await,
        Some(Letter::Expiry { workgroup_id }) => {
            expiry::letter(state, tx, owed, &workgroup_id).await
        }
        Some(Letter::Issued { token_id }) => token::issued(state, tx, owed, &token_id).await,
        Some(Letter::Revoked { token_id }) => token::revoked(state, tx, owed, &token_id).await,
        Some(Letter::Renewed(renewal)) => token::renewed(state, tx, owed, &renewal).await,
        Some(Letter::Digest { user_id, day }) => {
            digest::letter(state, tx, owed, &user_id, &day).await
        }
        Some(Letter::Test { workgroup_id, by }) => {
            test::letter(state, tx, owed, &workgroup_id, &by).await
        }
        None => Err(anyhow!("this version writes no letter called {}", owed.letter).into()),
    }
}

fn recipient(owed: &Owed) -> Result<Email> {
    let parsed = Email::parse(&owed.recipient).map_err(anyhow::Error::msg);
    Ok(parsed.context("the recipient in the outbox is no address")?)
}
