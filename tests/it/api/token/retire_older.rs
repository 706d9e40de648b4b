//! `POST /api/v1/token/retire-older`: the holder ends all strings with a lower number in one call.

use crate::api::{OWN, RETIRE_OLDER, is_live, manager, reissue, successor, text, verdict};
use crate::test_app::TestApp;
use serde_json::{Value, json};

#[tokio::test]
async fn lower_numbers_end_and_higher_ones_stay() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let second = successor(&app, text(&issued)).await;
    let third = successor(&app, &second).await;
    let fourth = successor(&app, &third).await;
    let answer = app.api(&third).post(RETIRE_OLDER, Value::Null).await;
    assert_eq!((answer.status, answer.json()), (200, json!({ "retired": [1, 2] })));
    for string in [text(&issued), &second] {
        assert_eq!(verdict(&app, string).await, (401, "token_superseded".to_owned()));
    }
    assert!(is_live(&app, &third).await && is_live(&app, &fourth).await);
}

#[tokio::test]
async fn repeating_it_retires_nothing_more() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let second = successor(&app, text(&issued)).await;
    let holder = app.api(&second);
    holder.post(RETIRE_OLDER, Value::Null).await;
    assert_eq!(holder.post(RETIRE_OLDER, Value::Null).await.json(), json!({ "retired": [] }));
    let first = app.token(|_| {}).await;
    let answer = app.api(text(&first)).post(RETIRE_OLDER, Value::Null).await;
    assert_eq!((answer.status, answer.json()), (200, json!({ "retired": [] })));
}

#[tokio::test]
async fn only_strings_that_live_are_named() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "7d".into()).await;
    app.pass_days(6);
    let second = successor(&app, text(&issued)).await;
    app.pass_days(1);
    let third = successor(&app, &second).await;
    let answer = app.api(&third).post(RETIRE_OLDER, Value::Null).await;
    assert_eq!(answer.json(), json!({ "retired": [2] }));
    assert_eq!(verdict(&app, text(&issued)).await.1, "token_expired", "#1 ended by itself");
}

#[tokio::test]
async fn a_string_that_was_to_end_later_ends_now() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let second = reissue(&app, &manager(&app).await, &issued, "7d").await;
    let answer = app.api(&second).post(RETIRE_OLDER, Value::Null).await;
    assert_eq!(answer.json(), json!({ "retired": [1] }));
    assert_eq!(verdict(&app, text(&issued)).await.1, "token_superseded");
    let own = app.api(&second).get(OWN).await.json();
    assert_eq!(own["strings"][0]["retired_at"], "2026-11-21T10:00:00Z");
}
