//! Two native drivers behind one face: how connections are opened, read from, and written through.

use super::changes;
use super::turns::{Lent, MOST, Tally, Turn, Turns};
use super::writes::{Writes, Writing};
use crate::server::error::{Error, Result};
use anyhow::{Context, bail};
use secrecy::{ExposeSecret, SecretString};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};
use std::path::PathBuf;
use std::time::Duration;

/// How long a request waits for a connection before it is refused as a fault.
const PATIENCE: Duration = Duration::from_secs(5);
/// How PostgreSQL opens a use case: it waits as long for its turn as on SQLite, and a server that stands still in the middle of
/// one loses it, so that it keeps nobody else from writing.
const OPEN_POSTGRES: &str = "set local lock_timeout = '20s';
    set local idle_in_transaction_session_timeout = '10s';
    select 1 from installation where only_row = 1 for update";

#[derive(Clone, Debug)]
pub enum Db {
    /// One writer and a few read-only connections: writers take turns here instead of meeting SQLITE_BUSY. What runs on
    /// `write` itself runs between their commits.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
        turns: Turns,
        file: PathBuf,
    },
    Postgres(PgPool),
}

/// A connection to read from.
pub enum Reader {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// The transaction of one use case. Dropped without a commit, it leaves nothing behind.
pub struct Tx {
    under: Under,
    /// Whether a change was noted in it.
    noted: bool,
}

/// What either driver knows of it.
enum Under {
    Sqlite(Turn, Writes),
    Postgres(Transaction<'static, Postgres>),
}

/// The connection of either engine.
pub enum Lane<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

/// What can be read from.
pub trait Lanes: Send {
    /// The connection, once everything that was written before is done.
    fn lane(&mut self) -> impl Future<Output = sqlx::Result<Lane<'_>>> + Send;
}

impl Lanes for Reader {
    async fn lane(&mut self) -> sqlx::Result<Lane<'_>> {
        Ok(match self {
            Reader::Sqlite(connection) => Lane::Sqlite(connection),
            Reader::Postgres(connection) => Lane::Postgres(connection),
        })
    }
}

impl Lanes for Tx {
    async fn lane(&mut self) -> sqlx::Result<Lane<'_>> {
        match &mut self.under {
            Under::Sqlite(turn, writes) => {
                writes.run(turn.connection()).await?;
                Ok(Lane::Sqlite(turn.connection()))
            }
            Under::Postgres(transaction) => Ok(Lane::Postgres(transaction)),
        }
    }
}

impl From<Transaction<'static, Postgres>> for Tx {
    fn from(transaction: Transaction<'static, Postgres>) -> Tx {
        Tx { under: Under::Postgres(transaction), noted: false }
    }
}

impl From<sqlx::Error> for Error {
    fn from(fault: sqlx::Error) -> Error {
        Error::Fault(anyhow::Error::new(fault).context("the database failed"))
    }
}

impl Db {
    /// Opens the database; a missing SQLite file is created, with its folder.
    pub async fn open(url: &SecretString) -> anyhow::Result<Db> {
        Db::open_or_create(url, true).await
    }

    /// Opens a database that is there already; nothing is created.
    pub async fn open_existing(url: &SecretString) -> anyhow::Result<Db> {
        Db::open_or_create(url, false).await
    }

    async fn open_or_create(url: &SecretString, create: bool) -> anyhow::Result<Db> {
        let url = url.expose_secret();
        if url.starts_with("postgres") {
            return Db::open_postgres(url).await;
        }
        Db::open_sqlite(url, create).await
    }

    async fn open_postgres(url: &str) -> anyhow::Result<Db> {
        let options: PgConnectOptions =
            url.parse().map_err(|_| anyhow::anyhow!("the database URL cannot be read"))?;
        let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(PATIENCE);
        let pool = pool.connect_with(options).await.context("the database cannot be reached")?;
        Ok(Db::Postgres(pool))
    }

    async fn open_sqlite(url: &str, create: bool) -> anyhow::Result<Db> {
        let options: SqliteConnectOptions =
            url.parse().context("the database URL cannot be read")?;
        let options = options
            .create_if_missing(create)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE)
            .foreign_keys(true);
        // Setting the mode would write to a file that may not be ours; one of ours keeps it.
        let options = if create { options.journal_mode(SqliteJournalMode::Wal) } else { options };
        let file = options.get_filename().to_path_buf();
        if !create && !file.exists() {
            bail!(
                "there is no database at {}; run latchkey serve or latchkey migrate first",
                file.display()
            );
        }
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        }
        let opened = || format!("the database {} cannot be opened", file.display());
        let lent = Lent::default();
        let write = writer(&lent);
        let write = write.connect_with(options.clone()).await.with_context(opened)?;
        let durable: i64 = sqlx::query_scalar("pragma synchronous")
            .fetch_one(&write)
            .await
            .with_context(opened)?;
        anyhow::ensure!(
            durable == 2,
            "SQLite does not write durably here (synchronous is {durable})"
        );
        let read = SqlitePoolOptions::new().max_connections(4).acquire_timeout(PATIENCE);
        let read = read.connect_with(options.read_only(true)).await.with_context(opened)?;
        Ok(Db::Sqlite { turns: Turns::on(write.clone(), lent, MOST), read, write, file })
    }

    pub async fn read(&self) -> Result<Reader> {
        Ok(match self {
            Db::Sqlite { read, .. } => Reader::Sqlite(read.acquire().await?),
            Db::Postgres(pool) => Reader::Postgres(pool.acquire().await?),
        })
    }

    /// Begins the transaction of a use case and waits its turn: on both engines there is one writer at a time, so what a
    /// use case reads in its transaction is still true when it writes, and nothing is ever tried again.
    pub async fn begin(&self) -> Result<Tx> {
        match self {
            Db::Sqlite { turns, .. } => {
                let under = Under::Sqlite(turns.take().await?, Writes::default());
                Ok(Tx { under, noted: false })
            }
            Db::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                sqlx::raw_sql(OPEN_POSTGRES).execute(&mut *transaction).await?;
                Ok(transaction.into())
            }
        }
    }

    /// How many use cases SQLite made durable in how many commits; PostgreSQL commits each by itself.
    #[must_use]
    pub fn tally(&self) -> Option<&Tally> {
        match self {
            Db::Sqlite { turns, .. } => Some(turns.tally()),
            Db::Postgres(_) => None,
        }
    }

    /// The same database, where each use case has a commit of its own: to measure what sharing saves.
    #[must_use]
    pub fn one_by_one(&self) -> Db {
        let mut db = self.clone();
        if let Db::Sqlite { write, turns, .. } = &mut db {
            *turns = turns.alone(write.clone());
        }
        db
    }

    /// Closes every connection, so that SQLite folds its log into the file.
    pub async fn close(&self) {
        match self {
            Db::Sqlite { read, write, .. } => {
                read.close().await;
                write.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes everything durable. Only after it, and after the verify index has taken up what changed, may a caller be told: so use
    /// cases commit through [`AppState::commit`](crate::server::state::AppState::commit). Gives the number of the last change, on
    /// SQLite of all that share the commit.
    pub async fn commit(mut self) -> Result<Option<i64>> {
        let last = match &self.under {
            Under::Postgres(_) if self.noted => Some(changes::last(&mut self).await?),
            _ => None,
        };
        match self.under {
            Under::Sqlite(turn, writes) => turn.keep(writes, self.noted).await,
            Under::Postgres(transaction) => {
                transaction.commit().await?;
                Ok(last)
            }
        }
    }

    /// A change was noted in this transaction.
    pub(super) fn note(&mut self) {
        self.noted = true;
    }

    /// Where a write goes of which nothing is asked but that it is done.
    pub(super) async fn writing(&mut self) -> sqlx::Result<Writing<'_>> {
        match &mut self.under {
            Under::Sqlite(turn, writes) => {
                if writes.is_full() {
                    writes.run(turn.connection()).await?;
                }
                Ok(Writing::Sqlite(writes))
            }
            Under::Postgres(transaction) => Ok(Writing::Postgres(transaction)),
        }
    }
}

/// One connection, which says no to a commit while it is lent.
fn writer(lent: &Lent) -> SqlitePoolOptions {
    let lent = lent.clone();
    SqlitePoolOptions::new().max_connections(1).acquire_timeout(4 * PATIENCE).after_connect(
        move |connection, _| {
            let lent = lent.clone();
            Box::pin(async move { lent.guard(connection).await })
        },
    )
}
