//! PostgreSQL: a server that stands still in the middle of a write is passed by.

use crate::test_app::TestApp;
use latchkey::server::store::Db;
use latchkey::server::store::changes::{self, Subject};
use std::time::Duration;
use tokio::time::timeout;

#[tokio::test]
async fn whoever_stands_still_in_a_use_case_loses_it_and_the_next_has_its_turn() {
    let Some(app) = TestApp::on_postgres().await else { return };
    let other = Db::open(&app.state.config.database_url).await.unwrap();
    let mut still = app.state.db.begin().await.unwrap();
    changes::insert(&mut still, Subject::Token, "still").await.unwrap();
    let next = async {
        let mut tx = other.begin().await.unwrap();
        changes::insert(&mut tx, Subject::Token, "next").await.unwrap();
        tx.commit().await.unwrap();
    };
    timeout(Duration::from_secs(18), next).await.expect("it waits for a server that stands still");
    assert!(changes::insert(&mut still, Subject::Token, "late").await.is_err());
    drop(still);
    let mut reader = app.state.db.read().await.unwrap();
    let all = changes::list_since(&mut reader, 0, 1_000).await.unwrap();
    let known = |id: &str| all.iter().any(|(.., known)| known == id);
    assert!(known("next") && !known("still") && !known("late"));
}
