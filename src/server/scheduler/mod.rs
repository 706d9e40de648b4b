//! Periodic work: when each job is due. The jobs themselves are use cases, callable from tests.

use crate::server::error::Result;
use crate::server::imports;
use crate::server::state::AppState;
use crate::server::tokens::usage;
use crate::server::upkeep;
use std::time::Duration;
use tokio::sync::{oneshot, watch};

/// Between two writings of the counted uses.
const USES_EVERY: Duration = Duration::from_secs(2);
/// Rounds of writing uses between two rounds of tidying.
const TIDY_EVERY: u32 = 30;

/// An import that was started by another process is found within this time.
const IMPORTS_EVERY: Duration = Duration::from_secs(2);

/// Runs until `stop` is sent or dropped, ends the round that runs, and writes what is left. A round that fails is logged
/// and tried again at its next turn.
pub async fn run(state: AppState, stop: oneshot::Receiver<()>) {
    let (ending, mut ended) = watch::channel(());
    let rounds = async {
        rounds(&state, stop).await;
        drop(ending);
    };
    tokio::join!(rounds, imports(&state, &mut ended));
    report("writing the last uses", usage::flush(&state).await);
}

async fn rounds(state: &AppState, mut stop: oneshot::Receiver<()>) {
    let mut rounds = tokio::time::interval(USES_EVERY);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    for round in 0_u32.. {
        tokio::select! {
            _ = rounds.tick() => {}
            _ = &mut stop => break,
        }
        report("writing uses", usage::flush(state).await);
        if round % TIDY_EVERY == 0 {
            report("tidying", upkeep::tidy(state).await);
        }
    }
}

/// Beside the rounds, so that neither waits for the other. Woken when an import is started here.
async fn imports(state: &AppState, ended: &mut watch::Receiver<()>) {
    loop {
        report("an import", make(state, ended).await);
        tokio::select! {
            () = state.imports_waiting.notified() => {}
            () = tokio::time::sleep(IMPORTS_EVERY) => {}
            _ = ended.changed() => break,
        }
    }
}

/// Makes what waits, batch by batch; between two of them whoever else waits for the database has a turn, and a stop is heard.
async fn make(state: &AppState, ended: &watch::Receiver<()>) -> Result<()> {
    let going = || ended.has_changed().is_ok();
    while going()
        && let Some(run) = imports::run::take_up(state).await?
    {
        while run.batch(state).await? && going() {
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}

fn report(what: &str, outcome: Result<()>) {
    if let Err(error) = outcome {
        tracing::error!(%error, "{what} failed; it is tried again soon");
    }
}
