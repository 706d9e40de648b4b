//! What an attempt means for its letter and for the queue, marked in one transaction.

use super::{Attempt, pace};
use crate::domain::time::{HOUR, Time};
use crate::server::error::Result;
use crate::server::mail::Unsent;
use crate::server::notices::{Letter, digest};
use crate::server::state::AppState;
use crate::server::store::{self, Tx, installation, outbox::Owed};

/// Somebody is told that nobody takes letters once one of them was owed for so long.
const ALARM_AFTER: i64 = HOUR;

/// What came of one letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Sent,
    Dropped,
    /// Put off, or given up.
    Failed,
    /// There is no line: the round ends.
    Line,
    /// A setting is wrong: the round ends, and mail is paused.
    Paused,
    /// Another server has it.
    Nothing,
}

pub(super) async fn settle(state: &AppState, owed: &Owed, attempt: Attempt) -> Result<Outcome> {
    let why = match attempt {
        Attempt::Lost => return Ok(Outcome::Nothing),
        Attempt::Dropped => return Ok(Outcome::Dropped),
        Attempt::Sent(answer, told) => {
            let mut tx = state.db.begin().await?;
            sent(&mut tx, owed, state.now(), &answer, &told).await?;
            tx.commit().await?;
            return Ok(Outcome::Sent);
        }
        Attempt::Unsent(why) => why,
    };
    let (now, answer) = (state.now(), why.to_string());
    let chance = u16::from_be_bytes(state.chance.bytes()?);
    tracing::warn!(letter = owed.id, kind = owed.letter, answer, "a letter was not taken");
    let mut tx = state.db.begin().await?;
    let outcome = match why {
        Unsent::Later(_) => {
            put_off(&mut tx, owed, pace::next_try(owed, now, chance), now, &answer).await?;
            Outcome::Failed
        }
        Unsent::Refused(_) => {
            store::outbox::mark_undelivered(&mut tx, owed, now, &answer).await?;
            // It was this recipient; with us there is nothing wrong.
            installation::mark_mail_flowing(&mut tx).await?;
            Outcome::Failed
        }
        Unsent::Line(_) => {
            put_off(&mut tx, owed, pace::next_line(owed, now, chance), now, &answer).await?;
            if owed.created_at + ALARM_AFTER <= now {
                installation::mark_mail_paused(&mut tx, &answer, now).await?;
            }
            Outcome::Line
        }
        Unsent::Misconfigured(_) => {
            store::outbox::mark_untried(&mut tx, owed, &answer).await?;
            let until = now + pace::QUEUE_PAUSE;
            installation::mark_mail_paused(&mut tx, &answer, until).await?;
            Outcome::Paused
        }
    };
    tx.commit().await?;
    Ok(outcome)
}

async fn sent(tx: &mut Tx, owed: &Owed, now: Time, answer: &str, told: &[String]) -> Result<()> {
    store::outbox::mark_sent(tx, owed, now, answer).await?;
    store::notices::mark_settled(tx, &owed.id, now).await?;
    let letter = Letter::parse(&owed.letter, &owed.payload);
    if let Some(Letter::Digest { user_id, .. }) = letter {
        digest::mark_told(tx, &user_id, told, now).await?;
    }
    installation::mark_mail_flowing(tx).await
}

async fn put_off(
    tx: &mut Tx,
    owed: &Owed,
    next: Option<Time>,
    now: Time,
    answer: &str,
) -> Result<()> {
    match next {
        Some(next) => store::outbox::mark_later(tx, owed, next, answer).await,
        None => store::outbox::mark_undelivered(tx, owed, now, answer).await,
    }
}
