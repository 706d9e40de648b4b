//! Databases of an older version with data in them, brought up to date: one on each engine there is.

use crate::test_app::{TestApp, postgres_database};
use latchkey::server::store::{self, Db};
use secrecy::SecretString;

/// Statements that fill a database; a hash is written in the words of the engine.
pub type Rows = fn(&dyn Fn(&str) -> String) -> Vec<String>;

/// Installations over databases of this version that held these rows when they were brought up to date.
pub async fn upgraded(version: i64, rows: Rows) -> Vec<TestApp> {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("latchkey.db").display());
    let mut all = vec![one(version, rows, url, folder).await];
    if let Some(url) = postgres_database().await {
        all.push(one(version, rows, url, tempfile::tempdir().unwrap()).await);
    }
    all
}

async fn one(version: i64, rows: Rows, url: String, folder: tempfile::TempDir) -> TestApp {
    let db = Db::open(&SecretString::from(url.clone())).await.unwrap();
    match &db {
        Db::Sqlite { write, .. } => {
            sqlx::migrate!("migrations/sqlite").run_to(version, write).await.unwrap();
            for sql in rows(&|hex| format!("x'{hex}'")) {
                sqlx::query(sqlx::AssertSqlSafe(sql)).execute(write).await.unwrap();
            }
        }
        Db::Postgres(pool) => {
            sqlx::migrate!("migrations/postgres").run_to(version, pool).await.unwrap();
            for sql in rows(&|hex| format!("decode('{hex}', 'hex')")) {
                sqlx::query(sqlx::AssertSqlSafe(sql)).execute(pool).await.unwrap();
            }
        }
    }
    store::migrate(&db).await.unwrap();
    db.close().await;
    TestApp::over(&url, folder).await
}
