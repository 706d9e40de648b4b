//! A lost answer loses nothing: repeating a renewal gives the same successor as long as that lives, and then the next.

use crate::api::{OWN, is_live, manager, on_each, path_of, reissue, successor, text, verdict};
use crate::test_app::TestApp;
use latchkey::server::store::Db;
use latchkey::server::upkeep;
use serde_json::{Value, json};

async fn number_of(app: &TestApp, string: &str) -> i64 {
    app.api(string).get(OWN).await.json()["string"]["number"].as_i64().unwrap()
}

#[tokio::test]
async fn a_lost_answer_repeated_gives_the_same_string_on_each_database() {
    on_each(async |app| {
        let issued = app.token(|_| {}).await;
        let first = successor(&app, text(&issued)).await;
        app.pass_days(40);
        upkeep::tidy(&app.state).await.unwrap();
        assert_eq!(successor(&app, text(&issued)).await, first);
        assert_eq!(number_of(&app, &first).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_reissue_in_between_does_not_change_the_successor() {
    for older in ["keep", "24h", "7d"] {
        let app = TestApp::new().await;
        let issued = app.token(|_| {}).await;
        let first = successor(&app, text(&issued)).await;
        let reissued = reissue(&app, &manager(&app).await, &issued, older).await;
        assert_eq!(successor(&app, text(&issued)).await, first, "{older}");
        assert_eq!(number_of(&app, &reissued).await, 3, "{older}");
        assert!(is_live(&app, &reissued).await, "{older}");
    }
}

#[tokio::test]
async fn a_successor_that_was_retired_is_replaced_by_one_with_a_new_number() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let first = successor(&app, text(&issued)).await;
    let string = manager(&app).await;
    reissue(&app, &string, &issued, "keep").await;
    let retire = format!("{}/strings/2/retire", path_of(&issued));
    assert_eq!(app.api(&string).post(&retire, Value::Null).await.status, 200);
    let second = successor(&app, text(&issued)).await;
    assert_ne!(second, first);
    assert_eq!(number_of(&app, &second).await, 4);
    assert_eq!(verdict(&app, &first).await.1, "token_superseded");
    assert_eq!(successor(&app, text(&issued)).await, second, "the new one is repeated");
}

#[tokio::test]
async fn a_successor_that_expired_is_replaced_by_one_with_a_new_number() {
    on_each(async |app| {
        let issued = app.token(|raw| raw.expires = "1y".into()).await;
        let shorter = json!({ "version": 1, "expires": "7d" });
        let edited = app.api(&manager(&app).await).patch(&path_of(&issued), shorter).await;
        assert_eq!(edited.status, 200, "{}", edited.body);
        let first = successor(&app, text(&issued)).await;
        app.pass_days(7);
        assert_eq!(verdict(&app, &first).await.1, "token_expired");
        let second = successor(&app, text(&issued)).await;
        assert_eq!(number_of(&app, &second).await, 3);
        assert_eq!(verdict(&app, &first).await.1, "token_expired", "still by its own name");
        assert_eq!(successor(&app, text(&issued)).await, second);
    })
    .await;
}

#[tokio::test]
async fn each_string_of_a_token_has_a_successor_of_its_own() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let reissued = reissue(&app, &manager(&app).await, &issued, "keep").await;
    let (first, second) = (successor(&app, text(&issued)).await, successor(&app, &reissued).await);
    assert_ne!(first, second);
    assert_eq!((number_of(&app, &first).await, number_of(&app, &second).await), (3, 4));
}

/// How many rows still hold what a successor is derived with.
async fn salts(app: &TestApp) -> i64 {
    let count = "select count(*) from token_strings where salt is not null";
    match &app.state.db {
        Db::Sqlite { write, .. } => sqlx::query_scalar(count).fetch_one(write).await.unwrap(),
        Db::Postgres(pool) => sqlx::query_scalar(count).fetch_one(pool).await.unwrap(),
    }
}

#[tokio::test]
async fn the_derivation_is_forgotten_when_the_parent_dies() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let [expired, retired, revoked] =
        [app.token(|_| {}).await, app.token(|_| {}).await, app.token(|_| {}).await];
    for issued in [&expired, &retired, &revoked] {
        successor(&app, text(issued)).await;
    }
    assert_eq!(salts(&app).await, 3);
    app.api(&string).post(&format!("{}/revoke", path_of(&revoked)), Value::Null).await;
    assert_eq!(salts(&app).await, 2, "revoked");
    app.api(&string).post(&format!("{}/strings/1/retire", path_of(&retired)), Value::Null).await;
    assert_eq!(salts(&app).await, 1, "retired");
    app.pass_days(92);
    upkeep::tidy(&app.state).await.unwrap();
    assert_eq!(salts(&app).await, 0, "expired");
}
