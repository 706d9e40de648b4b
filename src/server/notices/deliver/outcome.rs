//! What an attempt means for its letter and for the queue, marked in one transaction.

use super::{Attempt, pace};
use crate::domain::time::{HOUR, Time};
use crate::server::error::Result;
use crate::server::mail::Unsent;
use crate::server::metrics::LetterResult;
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

/// Marks it, and counts it for whoever watches.
pub(super) async fn settle(state: &AppState, owed: &Owed, attempt: Attempt) -> Result<Outcome> {
    let (outcome, result) = mark(state, owed, attempt).await?;
    if let Some(result) = result {
        state.metrics.letter(&owed.letter, result);
    }
    Ok(outcome)
}

/// What came of it, and as what it counts; what another server has is counted there.
type Marked = (Outcome, Option<LetterResult>);

async fn mark(state: &AppState, owed: &Owed, attempt: Attempt) -> Result<Marked> {
    let why = match attempt {
        Attempt::Lost => return Ok((Outcome::Nothing, None)),
        Attempt::Dropped => return Ok((Outcome::Dropped, Some(LetterResult::Dropped))),
        Attempt::Sent(answer, told) => {
            let mut tx = state.db.begin().await?;
            sent(&mut tx, owed, state.now(), &answer, &told).await?;
            state.commit(tx).await?;
            return Ok((Outcome::Sent, Some(LetterResult::Sent)));
        }
        Attempt::Unsent(why) => why,
    };
    let (now, answer) = (state.now(), why.to_string());
    let chance = u16::from_be_bytes(state.chance.bytes()?);
    tracing::warn!(letter = owed.id, kind = owed.letter, answer, "a letter was not taken");
    let mut tx = state.db.begin().await?;
    let (outcome, result) = match why {
        Unsent::Later(_) => {
            let next = pace::next_try(owed, now, chance);
            (Outcome::Failed, put_off(&mut tx, owed, next, now, &answer).await?)
        }
        Unsent::Refused(_) => {
            store::outbox::mark_undelivered(&mut tx, owed, now, &answer).await?;
            // It was this recipient; with us there is nothing wrong.
            installation::mark_mail_flowing(&mut tx).await?;
            (Outcome::Failed, LetterResult::Undelivered)
        }
        Unsent::Line(_) => {
            let next = pace::next_line(owed, now, chance);
            let result = put_off(&mut tx, owed, next, now, &answer).await?;
            if owed.created_at + ALARM_AFTER <= now {
                installation::mark_mail_paused(&mut tx, &answer, now).await?;
            }
            (Outcome::Line, result)
        }
        Unsent::Misconfigured(_) => {
            store::outbox::mark_untried(&mut tx, owed, &answer).await?;
            let until = now + pace::QUEUE_PAUSE;
            installation::mark_mail_paused(&mut tx, &answer, until).await?;
            (Outcome::Paused, LetterResult::Failed)
        }
    };
    state.commit(tx).await?;
    Ok((outcome, Some(result)))
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
) -> Result<LetterResult> {
    let Some(next) = next else {
        store::outbox::mark_undelivered(tx, owed, now, answer).await?;
        return Ok(LetterResult::Undelivered);
    };
    store::outbox::mark_later(tx, owed, next, answer).await?;
    Ok(LetterResult::Failed)
}
