//! The store's contract: the same tests on SQLite and, where the run was given one, on PostgreSQL.

mod addresses;
mod changes;
mod counts;
mod devices;
mod forgetting;
mod fourth_version;
mod imports;
mod migrations;
mod older;
mod pages;
mod people;
mod record;
mod routes;
mod rows;
mod schema;
mod served;
mod shared_commits;
mod stood_still;
mod third_version;
mod usage;

use crate::test_app::TestApp;
use latchkey::server::store::Db;

/// Reads from whichever engine the app runs on.
macro_rules! ask {
    ($app:expr, $fetch:ident, $query:expr) => {{
        use latchkey::server::store::{Lane, Lanes};
        let mut reader = $app.state.db.read().await.unwrap();
        match reader.lane().await.unwrap() {
            Lane::Sqlite(connection) => $query.$fetch(connection).await.unwrap(),
            Lane::Postgres(connection) => $query.$fetch(connection).await.unwrap(),
        }
    }};
}
use ask;

/// A fresh installation on each engine there is.
async fn apps() -> Vec<TestApp> {
    let mut apps = vec![TestApp::new().await];
    apps.extend(TestApp::on_postgres().await);
    apps
}

fn engine(app: &TestApp) -> &'static str {
    match app.state.db {
        Db::Sqlite { .. } => "SQLite",
        Db::Postgres(_) => "PostgreSQL",
    }
}
