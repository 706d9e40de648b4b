//! Periodic work: when each job is due. The jobs themselves are use cases, callable from tests.

use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::tokens::usage;
use crate::server::upkeep;
use std::time::Duration;
use tokio::sync::oneshot;

/// Between two writings of the counted uses.
const USES_EVERY: Duration = Duration::from_secs(2);
/// Rounds of writing uses between two rounds of tidying.
const TIDY_EVERY: u32 = 30;

/// Runs until `stop` is sent or dropped, ends the round that runs, and writes what is left. A round that fails is logged
/// and tried again at its next turn.
pub async fn run(state: AppState, mut stop: oneshot::Receiver<()>) {
    let mut rounds = tokio::time::interval(USES_EVERY);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    for round in 0_u32.. {
        tokio::select! {
            _ = rounds.tick() => {}
            _ = &mut stop => break,
        }
        report("writing uses", usage::flush(&state).await);
        if round % TIDY_EVERY == 0 {
            report("tidying", upkeep::tidy(&state).await);
        }
    }
    report("writing the last uses", usage::flush(&state).await);
}

fn report(what: &str, outcome: Result<()>) {
    if let Err(error) = outcome {
        tracing::error!(%error, "{what} failed; it is tried again soon");
    }
}
