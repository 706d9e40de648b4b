//! SQLite's writers take turns: those that wait at the same time share one durable commit, each in a savepoint of its own.
//!
//! One task owns the connection and lends it. Whoever holds a [`Turn`] gives it back by keeping what was done or by dropping
//! it, at any time; everything that opens, settles and commits runs in the task, which nobody cancels.

mod desk;

use super::writes::Writes;
use crate::server::error::{Error, Result};
use crate::server::metrics::Sizes;
use desk::Desk;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

/// How many share a commit at most.
pub(super) const MOST: usize = 256;
/// How long a use case waits for its turn before it is refused as a fault.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who waits for a turn.
type Asker = oneshot::Sender<Result<Turn>>;
/// The number of the last change in the commit, or why nothing of it was kept.
type Outcome = std::result::Result<Option<i64>, String>;

/// Where writers ask for their turn.
#[derive(Clone, Debug)]
pub struct Turns {
    asked: mpsc::UnboundedSender<Asker>,
    tally: Arc<Tally>,
    lent: Lent,
}

/// How many use cases were made durable, in how many commits.
#[derive(Debug, Default)]
pub struct Tally {
    kept: AtomicU64,
    commits: AtomicU64,
    sizes: Sizes,
}

impl Tally {
    #[must_use]
    pub fn kept(&self) -> u64 {
        self.kept.load(Ordering::Relaxed)
    }

    #[must_use]
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// How many use cases each commit held.
    #[must_use]
    pub fn sizes(&self) -> Sizes {
        self.sizes.clone()
    }

    fn add(&self, kept: usize) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.kept.fetch_add(kept as u64, Ordering::Relaxed);
        self.sizes.add(kept);
    }
}

/// Whether the connection is lent. Some errors end the whole transaction (the disk is full, say); a statement that a use case
/// runs after one would commit by itself, so while the connection is lent its commit hook says no to every commit.
#[derive(Clone, Debug, Default)]
pub(super) struct Lent(Arc<AtomicBool>);

impl Lent {
    fn is(&self, lent: bool) {
        self.0.store(lent, Ordering::SeqCst);
    }

    /// Lets a new connection ask.
    pub(super) async fn guard(self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        let may_commit = move || !self.0.load(Ordering::SeqCst);
        connection.lock_handle().await?.set_commit_hook(may_commit);
        Ok(())
    }
}

impl Turns {
    /// Turns on the one connection of this pool, up to `most` in a commit.
    pub(super) fn on(pool: SqlitePool, lent: Lent, most: usize) -> Turns {
        let (asked, askers) = mpsc::unbounded_channel();
        let tally = Arc::<Tally>::default();
        let (desk_lent, desk_tally) = (lent.clone(), tally.clone());
        tokio::spawn(Desk::new(pool, askers, desk_lent, most, desk_tally).run());
        Turns { asked, tally, lent }
    }

    /// The same connection, where each use case has a commit of its own.
    pub(super) fn alone(&self, pool: SqlitePool) -> Turns {
        Turns::on(pool, self.lent.clone(), 1)
    }

    /// Waits for its turn, in the order of asking.
    pub(super) async fn take(&self) -> Result<Turn> {
        let (asker, granted) = oneshot::channel();
        self.asked.send(asker).map_err(|_| gone())?;
        let waited = timeout(PATIENCE, granted).await;
        let granted = waited.map_err(|_| {
            anyhow::anyhow!("the database was not free to write within {} s", PATIENCE.as_secs())
        })?;
        granted.map_err(|_| gone())?
    }

    pub(super) fn tally(&self) -> &Tally {
        &self.tally
    }
}

/// The connection, inside of a savepoint. Dropped, it undoes what was done in it and nothing else.
pub(super) struct Turn {
    /// Both until it is given back.
    held: Option<(PoolConnection<Sqlite>, oneshot::Sender<Back>)>,
}

/// A turn that has ended.
struct Back {
    connection: PoolConnection<Sqlite>,
    /// `None`: it is to be undone.
    kept: Option<Kept>,
}

/// Who waits for the commit, what is still to be written for them, and whether they noted a change.
struct Kept {
    told: oneshot::Sender<Outcome>,
    writes: Writes,
    noted: bool,
}

impl Turn {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        let held = self.held.as_mut();
        &mut held.expect("the connection is held until the turn is given back, which ends it").0
    }

    /// Comes back when what was done, and these writes, are durable, with the last change of the whole commit: what was read here
    /// may be of somebody before. Dropped meanwhile, it is committed all the same, since others have built on it.
    pub(super) async fn keep(mut self, writes: Writes, noted: bool) -> Result<Option<i64>> {
        let (told, outcome) = oneshot::channel();
        self.give_back(Some(Kept { told, writes, noted }));
        let outcome = outcome.await.map_err(|_| gone())?;
        outcome.map_err(|why| anyhow::anyhow!("nothing was committed: {why}").into())
    }

    fn give_back(&mut self, kept: Option<Kept>) {
        if let Some((connection, back)) = self.held.take() {
            // Nobody is there to take it only when the whole program ends.
            drop(back.send(Back { connection, kept }));
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.give_back(None);
    }
}

fn gone() -> Error {
    Error::Fault(anyhow::anyhow!("the task that writes has ended"))
}
