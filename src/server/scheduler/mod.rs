//! Periodic work: when each job is due. The jobs themselves are use cases, callable from tests.

use crate::server::clock_guard;
use crate::server::error::Result;
use crate::server::grants;
use crate::server::imports;
use crate::server::metrics::SweepResult;
use crate::server::notices::sweep::{self, Swept};
use crate::server::notices::{deliver, digest};
use crate::server::state::AppState;
use crate::server::tokens::purge::{self, Purged};
use crate::server::tokens::usage;
use crate::server::upkeep;
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior};

/// Between two writings of the counted uses.
const USES_EVERY: Duration = Duration::from_secs(2);
/// Between two looks at what other processes changed.
const CHANGES_EVERY: Duration = Duration::from_millis(100);
/// After a writing that took long, the next one waits for so many times as long, so that requests are never short of the
/// processor because they are counted; but no longer than this.
const USES_REST: u32 = 4;
const USES_AT_LEAST_EVERY: Duration = Duration::from_secs(15);
const TIDY_EVERY: Duration = Duration::from_secs(60);
/// Between two looks at the letters that are due.
const LETTERS_EVERY: Duration = Duration::from_secs(2);
/// A letter under way is given this long when the server stops.
const LETTERS_FAREWELL: Duration = Duration::from_secs(5);
/// An import that was started by another process is found within this time.
const IMPORTS_EVERY: Duration = Duration::from_secs(2);

/// Everything that is due by the clock but the delivery itself: one sweep, the digests, removal. A part that fails stops no
/// other; the first failure is given back. While the clock is in doubt nothing is done, and no sweep is noted.
pub async fn tick(state: &AppState) -> Result<Tick> {
    let begun = Instant::now();
    let ticked = work(state).await;
    let result = match &ticked {
        Ok(tick) if tick.held => SweepResult::Held,
        Ok(tick) => SweepResult::Done { looked_at: tick.swept.looked_at },
        Err(_) => SweepResult::Failed,
    };
    state.metrics.swept(begun.elapsed(), result);
    ticked
}

async fn work(state: &AppState) -> Result<Tick> {
    if clock_guard::observe(state).await?.is_some() {
        return Ok(Tick { held: true, ..Tick::default() });
    }
    let swept = sweep::run(state).await;
    let digests = digest::run(state).await;
    let purged = purge::run(state).await;
    let tick = Tick { swept: swept?, digests: digests?, purged: purged?, held: false };
    upkeep::note_sweep(state).await?;
    Ok(tick)
}

/// What came of a tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    pub swept: Swept,
    /// Digests that were queued.
    pub digests: u32,
    pub purged: Purged,
    /// Nothing was done: the clock is in doubt.
    pub held: bool,
}

/// Runs until `stop` is sent or dropped, ends the rounds that run, and writes what is left. A round that fails is logged
/// and tried again at its next turn.
pub async fn run(state: AppState, stop: oneshot::Receiver<()>) {
    let (running, stopped) = watch::channel(());
    let end = async move {
        // Sent or dropped: both are the end.
        let _ = stop.await;
        drop(running);
    };
    tokio::join!(
        end,
        changes(&state, stopped.clone()),
        uses(&state, stopped.clone()),
        letters(&state, stopped.clone()),
        ticks(&state, stopped.clone()),
        imports(&state, stopped),
    );
}

/// Keeps the verify index up with other processes. A failure is told once, not ten times a second.
async fn changes(state: &AppState, mut stopped: watch::Receiver<()>) {
    let mut rounds = every(CHANGES_EVERY);
    let mut failing = false;
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            _ = stopped.changed() => break,
        }
        let heard = grants::follow(&state.db, &state.clock, &state.grants).await;
        if heard.is_err() != failing {
            failing = heard.is_err();
            report("hearing of changes", heard);
        }
    }
}

async fn uses(state: &AppState, mut stopped: watch::Receiver<()>) {
    let mut rounds = every(USES_EVERY);
    let mut tidied = None::<Instant>;
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            _ = stopped.changed() => break,
        }
        let began = Instant::now();
        report("writing uses", usage::flush(state).await);
        let rest = (USES_REST * began.elapsed()).min(USES_AT_LEAST_EVERY);
        if tidied.is_none_or(|at| at.elapsed() >= TIDY_EVERY) {
            report("tidying", upkeep::tidy(state).await);
            tidied = Some(began);
        }
        if rest > USES_EVERY {
            rounds.reset_after(rest);
        }
    }
    report("writing the last uses", usage::flush(state).await);
}

/// By the wall clock, looked at anew each time: never asleep towards a deadline far away.
async fn ticks(state: &AppState, mut stopped: watch::Receiver<()>) {
    let mut rounds = every(state.config.sweep_every);
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            _ = stopped.changed() => break,
        }
        report("a sweep", tick(state).await.map(drop));
    }
}

/// In rounds of their own: a slow carrier holds up nothing else. Where nobody takes letters, the rounds come less often.
async fn letters(state: &AppState, mut stopped: watch::Receiver<()>) {
    let mut rounds = every(LETTERS_EVERY);
    let mut failures = 0;
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            _ = stopped.changed() => break,
        }
        let going = stopped.clone();
        let round = deliver::run(state, || going.has_changed().is_ok());
        let round = tokio::select! {
            round = round => round,
            () = farewell(stopped.clone()) => break,
        };
        failures = match &round {
            Ok(course) if course.line_failed => failures + 1,
            _ => 0,
        };
        if failures > 0 {
            rounds.reset_after(deliver::rest(failures));
        }
        report("delivering letters", round.map(drop));
    }
}

/// The end of what a letter under way is given when the server stops; cut off, it is sent again by whoever is next.
async fn farewell(mut stopped: watch::Receiver<()>) {
    let _ = stopped.changed().await;
    tokio::time::sleep(LETTERS_FAREWELL).await;
}

fn every(period: Duration) -> Interval {
    let mut rounds = tokio::time::interval(period);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Skip);
    rounds
}

/// Beside the rounds, so that neither waits for the other. Woken when an import is started here.
async fn imports(state: &AppState, mut stopped: watch::Receiver<()>) {
    loop {
        report("an import", make(state, &stopped).await);
        tokio::select! {
            () = state.imports_waiting.notified() => {}
            () = tokio::time::sleep(IMPORTS_EVERY) => {}
            _ = stopped.changed() => break,
        }
    }
}

/// Makes what waits, batch by batch; between two of them whoever else waits for the database has a turn, and a stop is heard.
async fn make(state: &AppState, stopped: &watch::Receiver<()>) -> Result<()> {
    let going = || stopped.has_changed().is_ok();
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
