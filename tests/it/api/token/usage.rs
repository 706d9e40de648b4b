//! The last use of every string, and how often it was used: counted beside the request, shown once written.

use crate::api::{OWN, RENEW, REVOKE, call_with, manager, path_of, successor, text};
use crate::test_app::TestApp;
use axum::http::Method;
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::token::DayUse;
use latchkey::server::store;
use serde_json::{Value, json};

/// Number of the string, allowed, refused; for each string and day, oldest day first.
async fn uses(app: &TestApp, issued: &IssuedToken) -> Vec<(i64, i64, i64)> {
    app.flush().await;
    let mut reader = app.state.db.read().await.unwrap();
    let ids = [issued.token.id.clone()];
    let uses = store::uses::list_of_tokens(&mut reader, &ids, 0).await.unwrap();
    let counts = |(_, day): (String, DayUse)| (day.number, day.allowed, day.refused);
    uses.into_iter().map(counts).collect()
}

#[tokio::test]
async fn every_string_has_counts_of_its_own_for_each_day() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let second = successor(&app, text(&issued)).await;
    app.api(text(&issued)).get(OWN).await;
    app.api(&second).get(OWN).await;
    assert_eq!(uses(&app, &issued).await, [(1, 2, 0), (2, 1, 0)]);
    app.pass_days(1);
    app.api(&second).get(OWN).await;
    app.api(&second).get(RENEW).await;
    assert_eq!(uses(&app, &issued).await, [(1, 2, 0), (2, 1, 0), (2, 2, 0)]);
}

#[tokio::test]
async fn the_last_use_is_shown_to_the_minute_once_it_is_written() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let second = successor(&app, text(&issued)).await;
    app.flush().await;
    let string = manager(&app).await;
    app.state.clock.advance(12 * 60 + 34);
    app.api(&second).get(OWN).await;
    let path = path_of(&issued);
    let before = app.api(&string).get(&path).await.json();
    assert_eq!(before["strings"][1]["last_used_at"], json!(null), "no request waits for a write");
    app.flush().await;
    let shown = app.api(&string).get(&path).await.json();
    assert_eq!(shown["strings"][0]["last_used_at"], "2026-11-21T10:00:00Z");
    assert_eq!(shown["strings"][1]["last_used_at"], "2026-11-21T10:12:00Z");
    assert_eq!(shown["last_used_at"], "2026-11-21T10:12:00Z");
}

#[tokio::test]
async fn the_use_of_an_ended_string_is_counted_as_refused() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "7d".into()).await;
    app.pass_days(7);
    app.api(text(&issued)).get(OWN).await;
    app.api(text(&issued)).get(RENEW).await;
    assert_eq!(uses(&app, &issued).await, [(1, 0, 2)]);
    let shown = app.api(&manager(&app).await).get(&path_of(&issued)).await.json();
    assert_eq!(shown["strings"][0]["last_used_at"], "2026-11-28T10:00:00Z", "who is broken now");
}

#[tokio::test]
async fn a_revoked_or_retired_string_that_knocks_is_counted_too() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let second = successor(&app, text(&issued)).await;
    app.api(&second).post("/api/v1/token/retire-older", Value::Null).await;
    app.api(text(&issued)).get(OWN).await;
    app.api(&second).post(REVOKE, Value::Null).await;
    app.api(&second).get(OWN).await;
    assert_eq!(uses(&app, &issued).await, [(1, 1, 1), (2, 2, 1)]);
}

#[tokio::test]
async fn what_is_no_string_of_a_token_is_counted_nowhere() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let line = format!("Bearer {}x", text(&issued));
    call_with(&app, Method::GET, OWN, &[line.as_bytes()]).await;
    call_with(&app, Method::GET, OWN, &[]).await;
    assert_eq!(uses(&app, &issued).await, []);
}
