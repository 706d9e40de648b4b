//! Periodic work: what a round does, and that nothing counted is lost when it stops.

use crate::test_app::TestApp;
use latchkey::server::state::AppState;
use latchkey::server::store::Db;
use latchkey::server::tokens::{show, verify};
use latchkey::server::{scheduler, upkeep};
use tokio::sync::oneshot;

/// Runs a scheduler that was told to stop before it began: what is left is what it does at its end.
async fn stop_at_once(state: &AppState) {
    let (stop, stopped) = oneshot::channel();
    drop(stop);
    scheduler::run(state.clone(), stopped).await;
}

#[tokio::test]
async fn a_scheduler_that_stops_has_written_every_use_that_was_counted() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    verify::present(&app.state, issued.string.reveal(), "192.0.2.7").await.unwrap();
    let used =
        async || show::one(&app.state, &app.seat(), &issued.token.id).await.unwrap().last_used_at();
    assert_eq!(used().await, None, "uses are counted in memory first");
    stop_at_once(&app.state).await;
    assert_eq!(used().await, Some(app.state.now()));
}

#[tokio::test]
async fn the_first_round_tidies_and_a_stop_is_clean() {
    let app = TestApp::new().await;
    let (stop, stopped) = oneshot::channel();
    let background = tokio::spawn(scheduler::run(app.state.clone(), stopped));
    while upkeep::last_tidied(&app.state).await.unwrap() != app.state.now() {
        assert!(!background.is_finished(), "it ended without having tidied");
    }
    stop.send(()).unwrap();
    background.await.unwrap();
}

/// A full disk or a database that is away must not lose what was counted.
#[tokio::test]
async fn a_round_that_fails_keeps_what_was_counted_for_the_next() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    verify::present(&app.state, issued.string.reveal(), "192.0.2.7").await.unwrap();
    let broken = AppState { db: closed(&app).await, ..app.state.clone() };
    stop_at_once(&broken).await;
    stop_at_once(&app.state).await;
    let token = show::one(&app.state, &app.seat(), &issued.token.id).await.unwrap();
    assert_eq!(token.last_used_at(), Some(app.state.now()));
}

/// Another opening of the same database, closed again: whatever is asked of it fails.
async fn closed(app: &TestApp) -> Db {
    let db = Db::open(&app.state.config.database_url).await.unwrap();
    db.close().await;
    db
}
