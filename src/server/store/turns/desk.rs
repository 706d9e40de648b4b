//! The task that owns the connection: it opens a commit, lends the connection to one after another, settles and commits.

use super::{Asker, Back, Kept, Lent, Outcome, Tally, Turn};
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

/// A commit that has been collected for so long takes in nobody else: whoever came first waits for their answer.
const COLLECTED_FOR: Duration = Duration::from_millis(50);

const OPEN: &str = "begin immediate; savepoint turn";
/// These two leave an empty savepoint, for whoever is next.
const KEEP: &str = "release turn; savepoint turn";
const UNDO: &str = "rollback to turn";
const COMMIT: &str = "commit";
/// The same, with the number of the last change.
const COMMIT_NOTED: &str = "select change_number from installation where only_row = 1; commit";
const UNDO_ALL: &str = "rollback";

/// The task that owns the connection.
pub(super) struct Desk {
    pool: SqlitePool,
    /// While there is one commit after another.
    connection: Option<PoolConnection<Sqlite>>,
    askers: mpsc::UnboundedReceiver<Asker>,
    lent: Lent,
    most: usize,
    tally: Arc<Tally>,
}

/// One commit while it is collected.
struct Batch {
    kept: Vec<oneshot::Sender<Outcome>>,
    /// Whether one of them noted a change.
    noted: bool,
    began: Instant,
}

impl Desk {
    pub(super) fn new(
        pool: SqlitePool,
        askers: mpsc::UnboundedReceiver<Asker>,
        lent: Lent,
        most: usize,
        tally: Arc<Tally>,
    ) -> Desk {
        Desk { pool, connection: None, askers, lent, most, tally }
    }

    pub(super) async fn run(mut self) {
        while let Some(asker) = self.askers.recv().await {
            match self.open().await {
                Ok(connection) => self.collect(connection, asker).await,
                Err(fault) => drop(asker.send(Err(fault.into()))),
            }
        }
    }

    async fn open(&mut self) -> sqlx::Result<PoolConnection<Sqlite>> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.pool.acquire().await?,
        };
        match run(&mut connection, OPEN).await {
            Ok(()) => Ok(connection),
            Err(fault) => {
                discard(connection).await;
                Err(fault)
            }
        }
    }

    /// One commit: lends the connection to `asker` and to whoever else waits by then, and tells all who kept something.
    async fn collect(&mut self, mut connection: PoolConnection<Sqlite>, mut asker: Asker) {
        let mut batch = Batch { kept: Vec::new(), noted: false, began: Instant::now() };
        loop {
            let Ok(back) = self.lend(connection, asker).await else {
                self.lent.is(false);
                return batch.tell(&Err("the connection was lost".to_owned()));
            };
            connection = back.connection;
            // Where an error has ended the transaction underneath, the savepoint is gone and this fails.
            let settled = batch.settle(&mut connection, back.kept).await;
            if settled.is_ok()
                && !batch.is_full(self.most)
                && let Some(next) = self.waiting()
            {
                asker = next;
                continue;
            }
            // Everything that was asked of the connection while it was lent has been answered by now.
            self.lent.is(false);
            let ended = match settled {
                Ok(()) => batch.end(&mut connection).await,
                Err(fault) => Err(fault),
            };
            return self.tell(connection, batch, ended).await;
        }
    }

    /// Unless `asker` still wants it, the turn is dropped here and comes back at once.
    async fn lend(
        &self,
        connection: PoolConnection<Sqlite>,
        asker: Asker,
    ) -> Result<Back, oneshot::error::RecvError> {
        let (back, ended) = oneshot::channel();
        self.lent.is(true);
        drop(asker.send(Ok(Turn { held: Some((connection, back)) })));
        ended.await
    }

    async fn tell(
        &mut self,
        connection: PoolConnection<Sqlite>,
        batch: Batch,
        ended: sqlx::Result<Option<i64>>,
    ) {
        let outcome = match ended {
            Ok(last) => {
                self.connection = (!self.askers.is_empty()).then_some(connection);
                if !batch.kept.is_empty() {
                    self.tally.add(batch.kept.len());
                }
                Ok(last)
            }
            Err(fault) => {
                discard(connection).await;
                Err(fault.to_string())
            }
        };
        batch.tell(&outcome);
    }

    /// Who waits now, if anybody; those who gave up are passed over.
    fn waiting(&mut self) -> Option<Asker> {
        loop {
            let asker = self.askers.try_recv().ok()?;
            if !asker.is_closed() {
                return Some(asker);
            }
        }
    }
}

impl Batch {
    /// Settles a savepoint: takes in whoever kept something, once all of it is written.
    async fn settle(
        &mut self,
        connection: &mut SqliteConnection,
        kept: Option<Kept>,
    ) -> sqlx::Result<()> {
        let Some(Kept { told, mut writes, noted }) = kept else {
            return run(connection, UNDO).await;
        };
        match writes.run_and(connection, KEEP).await {
            Ok(()) => {
                self.kept.push(told);
                self.noted |= noted;
                Ok(())
            }
            Err(fault) => {
                drop(told.send(Err(fault.to_string())));
                run(connection, UNDO).await
            }
        }
    }

    fn is_full(&self, most: usize) -> bool {
        self.kept.len() >= most || self.began.elapsed() >= COLLECTED_FOR
    }

    /// Ends it; gives the number of the last change.
    async fn end(&self, connection: &mut SqliteConnection) -> sqlx::Result<Option<i64>> {
        if self.kept.is_empty() {
            return run(connection, UNDO_ALL).await.map(|()| None);
        }
        if !self.noted {
            return run(connection, COMMIT).await.map(|()| None);
        }
        let numbers = sqlx::query_scalar(COMMIT_NOTED).fetch_all(connection).await?;
        Ok(numbers.into_iter().next())
    }

    fn tell(self, outcome: &Outcome) {
        for told in self.kept {
            drop(told.send(outcome.clone()));
        }
    }
}

async fn run(connection: &mut SqliteConnection, sql: &'static str) -> sqlx::Result<()> {
    sqlx::query(sql).execute(connection).await.map(drop)
}

/// Gives up a connection whose state is not known; closing it undoes what is open.
async fn discard(connection: PoolConnection<Sqlite>) {
    if let Err(fault) = connection.close().await {
        tracing::warn!(%fault, "a connection that failed could not be closed well");
    }
}
