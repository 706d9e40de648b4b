//! Everything that the database holds, as text: to see that nothing was changed, and what is never kept.

use crate::test_app::TestApp;
use sqlx::{AssertSqlSafe, SqlitePool};

/// Every row of every table, each value as SQLite quotes it.
pub async fn dump(app: &TestApp) -> Vec<String> {
    let url = format!("sqlite://{}?mode=ro", app.folder.path().join("latchkey.db").display());
    let pool = SqlitePool::connect(&url).await.unwrap();
    let tables = "select name from sqlite_master where type = 'table' order by name";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&pool).await.unwrap();
    let mut rows = Vec::new();
    for table in tables {
        let columns = format!("select name from pragma_table_info('{table}')");
        let columns: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(columns)).fetch_all(&pool).await.unwrap();
        let values: Vec<_> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
        let values = values.join(" || ', ' || ");
        let query = format!("select '{table}: ' || {values} from \"{table}\" order by 1");
        let found: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&pool).await.unwrap();
        rows.extend(found);
    }
    pool.close().await;
    rows
}

/// Writes past the program: what no page offers, or what another version left behind.
pub async fn execute(app: &TestApp, sql: &'static str) {
    let url = format!("sqlite://{}", app.folder.path().join("latchkey.db").display());
    let pool = SqlitePool::connect(&url).await.unwrap();
    sqlx::query(sql).execute(&pool).await.unwrap();
    pool.close().await;
}

/// What a question that is answered with one text a row says.
pub async fn ask(app: &TestApp, sql: &'static str) -> Vec<String> {
    let url = format!("sqlite://{}?mode=ro", app.folder.path().join("latchkey.db").display());
    let pool = SqlitePool::connect(&url).await.unwrap();
    let rows = sqlx::query_scalar(sql).fetch_all(&pool).await.unwrap();
    pool.close().await;
    rows
}

/// The same on whichever engine the app runs on.
pub async fn execute_anywhere(app: &TestApp, sql: &str) {
    use secrecy::ExposeSecret;
    let url = app.state.config.database_url.expose_secret();
    if url.starts_with("sqlite") {
        let pool = SqlitePool::connect(url).await.unwrap();
        sqlx::query(AssertSqlSafe(sql)).execute(&pool).await.unwrap();
        pool.close().await;
    } else {
        let pool = sqlx::PgPool::connect(url).await.unwrap();
        sqlx::query(AssertSqlSafe(sql)).execute(&pool).await.unwrap();
        pool.close().await;
    }
}
