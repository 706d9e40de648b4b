//! What every request and task is given: the store, the clock, chance, the settings, and what is kept in memory.

use super::clock::Clock;
use super::config::Config;
use super::error::Result;
use super::grants::{self, Index};
use super::mail::Mailer;
use super::metrics::Metrics;
use super::people::password::Hasher;
use super::people::throttle::Throttle;
use super::secret::Chance;
use super::store::{Db, Tally, Tx};
use super::tokens::once::RunningCalls;
use super::tokens::usage::UsageBook;
use crate::domain::clock::Watch;
use crate::domain::time::Time;
use std::sync::Arc;
use tokio::sync::{Mutex, Notify};

#[derive(Clone, Debug)]
pub struct AppState {
    pub db: Db,
    pub clock: Clock,
    /// What this process has seen of the clock.
    pub clock_watch: Arc<Mutex<Watch>>,
    pub chance: Chance,
    pub config: Arc<Config>,
    /// Who carries letters.
    pub mailer: Mailer,
    /// Password checks, bounded in number at once.
    pub hasher: Hasher,
    pub throttle: Arc<Throttle>,
    /// Uses of strings, counted here and written together.
    pub usage: Arc<UsageBook>,
    /// What is counted for whoever watches.
    pub metrics: Arc<Metrics>,
    /// What every string opens, in memory.
    pub grants: Arc<Index>,
    /// Calls with an idempotency key that run now.
    pub running: RunningCalls,
    /// Wakes whoever makes imports when one was started.
    pub imports_waiting: Arc<Notify>,
}

impl AppState {
    #[must_use]
    pub fn new(db: Db, clock: Clock, config: Config) -> AppState {
        let metrics = Metrics::with_commits(db.tally().map(Tally::sizes));
        AppState {
            db,
            clock,
            clock_watch: Arc::default(),
            chance: Chance,
            mailer: Mailer::new(&config),
            config: Arc::new(config),
            hasher: Hasher::default(),
            throttle: Arc::default(),
            usage: Arc::default(),
            metrics: Arc::new(metrics),
            grants: Arc::default(),
            running: RunningCalls::default(),
            imports_waiting: Arc::default(),
        }
    }

    /// Makes a transaction durable; when it comes back, the verify index of this process knows what changed, and the caller may be
    /// told. The one door: nothing else commits. Whoever says yes on what they have only read commits too: it may be of the same
    /// commit, and not be durable yet.
    pub async fn commit(&self, tx: Tx) -> Result<()> {
        let Some(changed) = tx.commit().await? else { return Ok(()) };
        grants::reach(&self.db, &self.clock, &self.grants, changed).await;
        Ok(())
    }

    #[must_use]
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// A new id, ordered by the clock.
    pub fn new_id(&self) -> anyhow::Result<String> {
        self.chance.id(self.now())
    }
}
