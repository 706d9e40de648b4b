//! `latchkey notices`: the round that the server makes by itself every minute, made now.

use super::answer::Answer;
use crate::server::notices::deliver;
use crate::server::state::AppState;
use crate::server::{clock_guard, operator, scheduler};
use clap::{Args, Subcommand};
use serde_json::json;

#[derive(Debug, Subcommand)]
pub enum Notices {
    /// One sweep and one delivery round now; prints what was queued, sent and failed
    Sweep(Sweep),
}

#[derive(Args, Debug)]
pub struct Sweep {
    /// Believe the clock from now on, where it was doubted
    #[arg(long)]
    confirm_clock: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Notices {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        match self {
            Notices::Sweep(sweep) => sweep.run(state).await,
        }
    }
}

impl Sweep {
    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        if self.confirm_clock {
            clock_guard::confirm(state, &operator::administrator(), None).await?;
        }
        let tick = scheduler::tick(state).await?;
        let round = deliver::round(state).await?;
        let doubt = clock_guard::doubt(&mut state.db.read().await?).await?.map(|doubt| doubt.why);
        let queued = tick.swept.queued + tick.digests;
        if self.json {
            return Ok(Answer::json(&json!({
                "queued": queued, "sent": round.sent, "failed": round.failed, "clock_doubt": doubt,
            })));
        }
        let counts = format!("queued {queued}, sent {}, failed {}", round.sent, round.failed);
        Ok(match doubt {
            Some(why) => Answer::text(counts)
                .aside(format!("Nothing was swept, because the clock is doubted: {why} Once it is right, add --confirm-clock")),
            None => Answer::text(counts),
        })
    }
}
