//! `latchkey migrate`, and how every command comes to its database: the one file of this face that opens the store.

use super::answer::Answer;
use crate::server::clock::Clock;
use crate::server::config::Config;
use crate::server::state::AppState;
use crate::server::store::{self, Db, ServerLease};

pub async fn run(config: Config) -> anyhow::Result<Answer> {
    let (state, _lease) = up_to_date(config).await?;
    state.db.close().await;
    Ok(Answer::text("The database is up to date."))
}

/// The installation brought up to date, under the server's lock; a missing SQLite file is created.
pub async fn up_to_date(config: Config) -> anyhow::Result<(AppState, ServerLease)> {
    let db = Db::open(&config.database_url).await?;
    match migrate(&db).await {
        Ok(lease) => Ok((AppState::new(db, Clock::system(), config), lease)),
        Err(error) => turned_away(&db, error).await,
    }
}

/// The installation as it is, beside a running server or none; whoever is not of the same schema is turned away.
pub async fn beside(config: Config) -> anyhow::Result<AppState> {
    let db = Db::open_existing(&config.database_url).await?;
    match store::require_equal_schema(&db).await {
        Ok(()) => Ok(AppState::new(db, Clock::system(), config)),
        Err(error) => turned_away(&db, error).await,
    }
}

/// The installation as it is, or made: for the demonstration, which may begin with nothing.
pub async fn beside_or_made(config: Config) -> anyhow::Result<AppState> {
    let db = Db::open(&config.database_url).await?;
    if store::require_equal_schema(&db).await.is_err()
        && let Err(error) = migrate(&db).await
    {
        return turned_away(&db, error).await;
    }
    Ok(AppState::new(db, Clock::system(), config))
}

async fn migrate(db: &Db) -> anyhow::Result<ServerLease> {
    let lease = ServerLease::take(db)?;
    store::migrate(db).await?;
    Ok(lease)
}

/// Leaves a database as it was found: an open one would keep its log beside it.
async fn turned_away<T>(db: &Db, error: anyhow::Error) -> anyhow::Result<T> {
    db.close().await;
    Err(error)
}
