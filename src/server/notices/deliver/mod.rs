//! One delivery round: every letter that is due is taken, written from what is true now, sent outside of any transaction,
//! and marked. One letter's failure never stops the next; a line or a setting that fails ends the round.

mod outcome;
mod pace;

pub use pace::rest;

use super::write::{Written, write};
use crate::domain::time::MINUTE;
use crate::server::error::Result;
use crate::server::mail::{Stamp, Trip, Unsent};
use crate::server::state::AppState;
use crate::server::store::{self, ServerLease, outbox::Owed};
use outcome::Outcome;
use std::collections::HashSet;

/// Letters that are looked up together.
const AT_ONCE: i64 = 50;
/// How long a letter is one server's own: longer than any sending takes, a second connection included.
pub const LEASE: i64 = 3 * MINUTE;
/// A letter that was not begun so soon after it was taken is left: this process stood still, and its lease may end before
/// the letter is out.
const FRESH: i64 = 20;

/// What came of a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    pub sent: u32,
    /// Put off or given up.
    pub failed: u32,
    /// Not true any more.
    pub dropped: u32,
}

/// What came of a round, and how it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Course {
    pub round: Round,
    /// Nobody was there to take letters; the others are still due.
    pub line_failed: bool,
}

/// What came of one attempt.
enum Attempt {
    /// The carrier's answer, and what the reader of a digest knows now.
    Sent(String, Vec<String>),
    Unsent(Unsent),
    Dropped,
    /// The lease has passed to another server, or may.
    Lost,
}

/// Before a server's first round: what another one left behind that was killed. Whoever serves a SQLite file is alone, so every
/// lease there is a dead one's; on PostgreSQL they end by themselves. Mail that is paused is tried at once: a setting
/// may have been mended.
pub async fn begin(state: &AppState, lease: &ServerLease) -> Result<()> {
    let mut tx = state.db.begin().await?;
    if lease.alone() {
        store::outbox::mark_leases_ended(&mut tx).await?;
    }
    store::installation::mark_mail_tried(&mut tx).await?;
    state.commit(tx).await
}

/// Delivers what is due.
///
/// # Errors
/// Only when the database cannot say what is due.
pub async fn round(state: &AppState) -> Result<Round> {
    Ok(run(state, || true).await?.round)
}

/// Delivers what is due until nothing is, for as long as `going`.
///
/// # Errors
/// Only when the database cannot say what is due.
pub async fn run(state: &AppState, going: impl Fn() -> bool) -> Result<Course> {
    let mut course = Course::default();
    let mut trip = state.mailer.set_out();
    let mut taken = HashSet::new();
    let ended = loop {
        let due = match due(state).await {
            Ok(due) => due,
            Err(error) => break Err(error),
        };
        // Each letter once a round, whatever becomes of it.
        let due: Vec<_> = due.into_iter().filter(|id| taken.insert(id.clone())).collect();
        if due.is_empty() || !batch(state, &mut trip, due, &mut course, &going).await {
            break Ok(());
        }
    };
    trip.end().await;
    ended.map(|()| course)
}

/// Whether the round goes on behind these.
async fn batch(
    state: &AppState,
    trip: &mut Trip<'_>,
    due: Vec<String>,
    course: &mut Course,
    going: &impl Fn() -> bool,
) -> bool {
    for id in due {
        if !going() {
            return false;
        }
        let outcome = deliver(state, trip, &id).await.unwrap_or_else(|error| {
            tracing::warn!(letter = id, %error, "a letter could not be taken or marked");
            Outcome::Failed
        });
        let Round { sent, failed, dropped } = &mut course.round;
        match outcome {
            Outcome::Sent => *sent += 1,
            Outcome::Dropped => *dropped += 1,
            Outcome::Failed | Outcome::Line | Outcome::Paused => *failed += 1,
            Outcome::Nothing => {}
        }
        course.line_failed |= matches!(outcome, Outcome::Line);
        if matches!(outcome, Outcome::Line | Outcome::Paused) {
            return false;
        }
    }
    true
}

/// What may be sent now: nothing while mail is paused, and nothing that speaks of dates while the clock is doubted.
async fn due(state: &AppState) -> Result<Vec<String>> {
    let (mut reader, now) = (state.db.read().await?, state.now());
    let known = store::installation::find(&mut reader).await?;
    // A pause that ends further away was made before the clock was set back.
    let paused = |until| now < until && until <= now + pace::QUEUE_PAUSE;
    if known.mail_paused_until.is_some_and(paused) {
        return Ok(Vec::new());
    }
    let held_back = known.clock_doubted_at.map(|_| "expiry");
    store::outbox::list_due_but(&mut reader, now, AT_ONCE, held_back).await
}

async fn deliver(state: &AppState, trip: &mut Trip<'_>, id: &str) -> Result<Outcome> {
    let now = state.now();
    let mut tx = state.db.begin().await?;
    let leased = store::outbox::mark_leased(&mut tx, id, now, now + LEASE).await?;
    state.commit(tx).await?;
    let Some(owed) = leased else { return Ok(Outcome::Nothing) };
    let attempt = attempt(state, trip, &owed).await.unwrap_or_else(|error| {
        tracing::error!(letter = owed.id, kind = owed.letter, %error, "a letter could not be written");
        let unwritten = anyhow::anyhow!("the letter could not be written; the server's log says why");
        Attempt::Unsent(Unsent::Later(unwritten))
    });
    outcome::settle(state, &owed, attempt).await
}

/// The code's hash is durable before the code leaves; the code itself is nowhere but in the letter.
async fn attempt(state: &AppState, trip: &mut Trip<'_>, owed: &Owed) -> Result<Attempt> {
    let mut tx = state.db.begin().await?;
    if !store::outbox::is_leased(&mut tx, owed).await? {
        return Ok(Attempt::Lost);
    }
    let Some(Written { letter, secret, told }) = write(state, &mut tx, owed).await? else {
        store::outbox::delete(&mut tx, &owed.id).await?;
        state.commit(tx).await?;
        return Ok(Attempt::Dropped);
    };
    if !secret {
        let html = letter.html.as_deref();
        store::outbox::mark_written(&mut tx, &owed.id, &letter.subject, &letter.text, html).await?;
    }
    state.commit(tx).await?;
    let now = state.now();
    if now + (LEASE - FRESH) > owed.leased_until {
        return Ok(Attempt::Lost);
    }
    let stamp = Stamp {
        id: &owed.id,
        domain: state.config.public_url.domain(),
        from: &state.config.mail_from,
        at: now,
    };
    Ok(match trip.send(&letter, &stamp).await {
        Ok(answer) => Attempt::Sent(answer, told),
        Err(why) => Attempt::Unsent(why),
    })
}
