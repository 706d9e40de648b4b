//! What falls due by the clock, whoever asks or does not ask: salts of dead strings, keys and sessions that have ended.

use super::clock_guard;
use super::error::Result;
use super::people::sessions;
use super::state::AppState;
use super::store;
use super::tokens::{once, usage};
use crate::domain::time::{DAY, Time};

/// An import that nobody confirmed is forgotten after this.
const PREVIEWS_KEPT: i64 = DAY;

/// Letters that were sent, and ones that were given up, are shown for so long;
const SENT_KEPT: i64 = 90 * DAY;
const UNDELIVERED_KEPT: i64 = 180 * DAY;
/// as many are forgotten at once.
const LETTERS_AT_ONCE: i64 = 500;

/// Changes that other processes may still have to read, and how many are forgotten at once.
const CHANGES_KEPT: i64 = 100_000;
const CHANGES_AT_ONCE: i64 = 5_000;

/// Forgets everything that has ended, and notes that this installation is alive.
pub async fn tidy(state: &AppState) -> Result<()> {
    // First: whether it was off for long is told by what is overwritten here.
    clock_guard::observe(state).await?;
    let now = state.now();
    let mut tx = state.db.begin().await?;
    store::strings::mark_dead_salts_erased(&mut tx, now).await?;
    store::idempotency::delete_old(&mut tx, now - once::KEPT).await?;
    store::sessions::delete_dead(&mut tx, now - sessions::IDLE, now - sessions::ABSOLUTE).await?;
    store::codes::delete_dead(&mut tx, now).await?;
    store::imports::delete_old_previews(&mut tx, now - PREVIEWS_KEPT).await?;
    let (sent, undelivered) = (now - SENT_KEPT, now - UNDELIVERED_KEPT);
    store::outbox::delete_old(&mut tx, sent, undelivered, LETTERS_AT_ONCE).await?;
    store::changes::delete_old(&mut tx, CHANGES_KEPT, CHANGES_AT_ONCE).await?;
    store::changes::mark_seen(&mut tx, now).await?;
    state.commit(tx).await?;
    usage::forget(state, now).await
}

/// Notes that a sweep has ended: from this, pages and probes know that the clock is heard.
pub async fn note_sweep(state: &AppState) -> Result<()> {
    let mut tx = state.db.begin().await?;
    store::installation::mark_swept(&mut tx, state.now()).await?;
    state.commit(tx).await
}

/// When the last tidying ended; asks the database, so it fails when that is gone.
pub async fn last_tidied(state: &AppState) -> Result<Time> {
    let mut reader = state.db.read().await?;
    store::changes::last_seen(&mut reader).await
}
