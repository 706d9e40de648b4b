//! Periodic work: one `tick`, callable from tests, that does all that is due. Polls often, never sleeps to a far deadline.

use crate::server::error::Result;
use crate::server::people;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::tokens::{once, usage};
use std::time::Duration;

/// Between two writings of the counted uses.
const USES_EVERY: Duration = Duration::from_secs(2);
/// Rounds of writing uses between two rounds of tidying.
const TIDY_EVERY: u32 = 30;

/// Runs until it is aborted. A round that fails is logged and tried again at its next turn.
pub async fn run(state: AppState) {
    let mut rounds = tokio::time::interval(USES_EVERY);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    for round in 0_u32.. {
        rounds.tick().await;
        report("writing uses", usage::flush(&state).await);
        if round % TIDY_EVERY == 0 {
            report("tidying", tick(&state).await);
        }
    }
}

/// What is left to write when the server stops.
pub async fn last(state: &AppState) {
    report("writing the last uses", usage::flush(state).await);
}

/// Everything that falls due by the clock: salts of dead strings, keys and sessions that have ended.
pub async fn tick(state: &AppState) -> Result<()> {
    let now = state.now();
    let mut tx = state.db.begin().await?;
    store::strings::mark_dead_salts_erased(&mut tx, now).await?;
    store::idempotency::delete_old(&mut tx, now - once::KEPT).await?;
    people::sessions::delete_dead(&mut tx, now).await?;
    store::changes::mark_seen(&mut tx, now).await?;
    tx.commit().await
}

fn report(what: &str, outcome: Result<()>) {
    if let Err(error) = outcome {
        tracing::error!(%error, "{what} failed; it is tried again soon");
    }
}
