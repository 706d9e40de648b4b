//! One delivery round: every letter that is due is taken, written from what is true now, sent outside of any transaction,
//! and marked. One letter's failure never stops the next.

use super::write::{Written, write};
use super::{Letter, digest};
use crate::domain::time::{DAY, HOUR, MINUTE};
use crate::server::error::{Error, Result};
use crate::server::mail::{Stamp, Unsent};
use crate::server::state::AppState;
use crate::server::store::{self, outbox::Owed};
use anyhow::anyhow;
use std::time::Duration;

/// Letters of one round; the others are due in the next.
const AT_ONCE: i64 = 50;
/// How long a letter is one server's own: longer than any sending takes.
const LEASE: i64 = 2 * MINUTE;
/// A carrier that has not answered by then has not taken the letter.
const SEND_TIME: Duration = Duration::from_secs(60);
/// After the first failure; doubled with each further one.
const FIRST_PAUSE: i64 = MINUTE;
const LONGEST_PAUSE: i64 = 4 * HOUR;
/// A letter that failed when it was owed for so long is given up.
const PATIENCE: i64 = 3 * DAY;

/// What came of a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    pub sent: u32,
    /// Put off or given up.
    pub failed: u32,
    /// Not true any more.
    pub dropped: u32,
}

/// What came of one letter.
enum Outcome {
    /// The carrier's answer, and what the reader of a digest knows now.
    Sent {
        answer: String,
        told: Vec<String>,
    },
    Dropped,
    /// The lease has passed to another server.
    Lost,
}

/// Delivers what is due.
///
/// # Errors
/// Only when the database cannot say what is due.
pub async fn round(state: &AppState) -> Result<Round> {
    let mut reader = state.db.read().await?;
    let due = store::outbox::list_due(&mut reader, state.now(), AT_ONCE).await?;
    drop(reader);
    let mut round = Round::default();
    for id in due {
        match deliver(state, &id).await {
            Ok(Some(Outcome::Sent { .. })) => round.sent += 1,
            Ok(Some(Outcome::Dropped)) => round.dropped += 1,
            Ok(Some(Outcome::Lost) | None) => {}
            Err(error) => {
                tracing::warn!(letter = id, %error, "a letter was not delivered");
                round.failed += 1;
            }
        }
    }
    Ok(round)
}

/// One letter; `None` when another server has it.
async fn deliver(state: &AppState, id: &str) -> Result<Option<Outcome>> {
    let now = state.now();
    let mut tx = state.db.begin().await?;
    let leased = store::outbox::mark_leased(&mut tx, id, now, now + LEASE).await?;
    tx.commit().await?;
    let Some(owed) = leased else { return Ok(None) };
    match attempt(state, &owed).await {
        Ok(outcome) => {
            if let Outcome::Sent { answer, told } = &outcome {
                let mut tx = state.db.begin().await?;
                store::outbox::mark_sent(&mut tx, &owed, state.now(), answer).await?;
                store::notices::mark_settled(&mut tx, &owed.id, state.now()).await?;
                if let Some(Letter::Digest { user_id, .. }) =
                    Letter::parse(&owed.letter, &owed.payload)
                {
                    digest::mark_told(&mut tx, &user_id, told, state.now()).await?;
                }
                tx.commit().await?;
            }
            Ok(Some(outcome))
        }
        Err(error) => {
            put_off(state, &owed, &error).await?;
            Err(error)
        }
    }
}

/// The code's hash is durable before the code leaves; the code itself is nowhere but in the letter.
async fn attempt(state: &AppState, owed: &Owed) -> Result<Outcome> {
    let mut tx = state.db.begin().await?;
    if !store::outbox::is_leased(&mut tx, owed).await? {
        return Ok(Outcome::Lost);
    }
    let Some(Written { letter, secret, told }) = write(state, &mut tx, owed).await? else {
        store::outbox::delete(&mut tx, &owed.id).await?;
        tx.commit().await?;
        return Ok(Outcome::Dropped);
    };
    if !secret {
        let html = letter.html.as_deref();
        store::outbox::mark_written(&mut tx, &owed.id, &letter.subject, &letter.text, html).await?;
    }
    tx.commit().await?;
    let stamp = Stamp {
        id: &owed.id,
        domain: state.config.public_url.domain(),
        from: &state.config.mail_from,
        at: state.now(),
    };
    let sending = tokio::time::timeout(SEND_TIME, state.mailer.send(&letter, &stamp));
    let answer = sending.await.map_err(|_| anyhow!("no answer within {SEND_TIME:?}"))?;
    Ok(Outcome::Sent { answer: answer.map_err(unsent)?, told })
}

fn unsent(why: Unsent) -> Error {
    Error::Fault(match why {
        Unsent::Later(error) => error,
        Unsent::Refused(answer) | Unsent::Misconfigured(answer) => anyhow!(answer),
    })
}

async fn put_off(state: &AppState, owed: &Owed, error: &Error) -> Result<()> {
    let (now, answer) = (state.now(), error.to_string());
    let last = owed.created_at + PATIENCE;
    let chance = u16::from_be_bytes(state.chance.bytes()?);
    let mut tx = state.db.begin().await?;
    if now >= last {
        store::outbox::mark_undelivered(&mut tx, owed, now, &answer).await?;
    } else {
        // The last try is when patience ends, however long the pause would be.
        let next = (now + pause(owed.attempts, chance)).min(last);
        store::outbox::mark_later(&mut tx, owed, next, &answer).await?;
    }
    tx.commit().await
}

/// Seconds until the next try: doubled each time, and up to a quarter more by chance, so that what failed together is not
/// tried together.
fn pause(attempts: i64, chance: u16) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or_default();
    let pause = (FIRST_PAUSE << doublings).min(LONGEST_PAUSE);
    pause + pause / 4 * i64::from(chance) / i64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_four_hours_and_a_quarter() {
        let cases = [
            (1, 0, MINUTE),
            (1, u16::MAX, 75),
            (2, 0, 2 * MINUTE),
            (5, 0, 16 * MINUTE),
            (9, 0, 4 * HOUR),
            (400, u16::MAX, 5 * HOUR),
            (0, 0, MINUTE),
        ];
        for (attempts, chance, seconds) in cases {
            assert_eq!(pause(attempts, chance), seconds, "{attempts} {chance}");
        }
        assert!((1..30).all(|attempts| pause(attempts, 9000) <= pause(attempts + 1, 9000)));
    }
}
