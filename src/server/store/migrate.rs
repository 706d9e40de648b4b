//! Brings a database up to date, and refuses to touch one that is newer than the program.

use super::{Db, Lane, Lanes, devices, permissions};
use crate::domain::permission::catalogue_at_first_start;
use crate::server::error::Result;
use anyhow::{Context, bail};
use sqlx::migrate::Migrator;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Applies what is missing. A database that is newer than the program is left untouched.
pub async fn migrate(db: &Db) -> anyhow::Result<()> {
    let (found, own) = (version(db).await?, own_version(db));
    if found > own {
        bail!(newer(found, own));
    }
    match db {
        Db::Sqlite { write, .. } => SQLITE.run(write).await,
        Db::Postgres(pool) => POSTGRES.run(pool).await,
    }
    .context("the database could not be brought up to date")?;
    fill_devices(db).await?;
    Ok(fill_catalogue(db).await?)
}

/// Names in lower case and the searched text of devices from before there were any; a part at a time, so that an
/// interrupted start goes on where it ended.
async fn fill_devices(db: &Db) -> Result<()> {
    loop {
        let mut tx = db.begin().await?;
        let filled = devices::mark_folded(&mut tx).await?;
        tx.commit().await?;
        if filled == 0 {
            return Ok(());
        }
    }
}

/// The permissions that an installation starts with. Where there are any, administrators have the say.
async fn fill_catalogue(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    if permissions::list(&mut tx).await?.is_empty() {
        for (position, permission) in (0..).zip(catalogue_at_first_start()) {
            permissions::insert(&mut tx, &permission, position).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// For commands beside a running server: both must speak the same schema.
pub async fn require_equal_schema(db: &Db) -> anyhow::Result<()> {
    match (version(db).await?, own_version(db)) {
        (found, own) if found == own => Ok(()),
        (found, own) if found > own => bail!(newer(found, own)),
        (0, _) => bail!("the database is empty; run latchkey serve or latchkey migrate first"),
        (found, own) => bail!(
            "the database has schema {found}, this program needs {own}; run latchkey migrate first"
        ),
    }
}

fn newer(found: i64, own: i64) -> String {
    format!(
        "the database has schema {found}, but this program only knows {own}; use the newer program. Nothing was touched"
    )
}

fn own_version(db: &Db) -> i64 {
    let migrator = match db {
        Db::Sqlite { .. } => &SQLITE,
        Db::Postgres(_) => &POSTGRES,
    };
    migrator.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The newest migration that the database has; 0 for an empty one.
async fn version(db: &Db) -> Result<i64> {
    let mut reader = db.read().await?;
    let known = match reader.lane().await? {
        Lane::Sqlite(connection) => {
            let sql = "select count(*) from sqlite_schema where name = '_sqlx_migrations'";
            sqlx::query_scalar::<_, i64>(sql).fetch_one(connection).await?
        }
        Lane::Postgres(connection) => {
            let sql = "select count(*) from pg_tables where tablename = '_sqlx_migrations' and schemaname = current_schema()";
            sqlx::query_scalar::<_, i64>(sql).fetch_one(connection).await?
        }
    };
    if known == 0 {
        return Ok(0);
    }
    let sql = "select coalesce(max(version), 0) from _sqlx_migrations";
    Ok(super::on!(&mut reader, c => sqlx::query_scalar(sql).fetch_one(c).await)?)
}
