//! `POST …/tokens/{id}/strings/{number}/retire`: any live string but the newest ends.

use crate::api::{OWN, is_live, manager, path_of, reissue, successor, text, verdict};
use crate::test_app::TestApp;
use serde_json::Value;

#[tokio::test]
async fn a_retired_string_ends_now_and_the_others_live_on() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let second = successor(&app, text(&issued)).await;
    let third = successor(&app, &second).await;
    let path = format!("{}/strings/2/retire", path_of(&issued));
    let answer = app.api(&manager(&app).await).post(&path, Value::Null).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["strings"][1]["retired_at"], "2026-11-21T10:00:00Z");
    assert!(answer.json().get("token").is_none());
    assert_eq!(verdict(&app, &second).await.1, "token_superseded");
    assert!(is_live(&app, text(&issued)).await && is_live(&app, &third).await);
}

#[tokio::test]
async fn the_token_then_expires_with_the_last_string_that_is_left() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "1y".into()).await;
    let (path, string) = (path_of(&issued), manager(&app).await);
    app.api(&string).patch(&path, serde_json::json!({ "version": 1, "expires": "7d" })).await;
    let second = reissue(&app, &string, &issued, "keep").await;
    let answer = app.api(&string).post(&format!("{path}/strings/1/retire"), Value::Null).await;
    assert_eq!(answer.json()["expires_at"], "2026-11-28T10:00:00Z");
    assert_eq!(app.api(&second).get(OWN).await.json()["expires_at"], "2026-11-28T10:00:00Z");
}

#[tokio::test]
async fn a_string_that_was_to_end_later_can_be_retired_now() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let string = manager(&app).await;
    reissue(&app, &string, &issued, "7d").await;
    let path = format!("{}/strings/1/retire", path_of(&issued));
    assert_eq!(app.api(&string).post(&path, Value::Null).await.status, 200);
    assert_eq!(verdict(&app, text(&issued)).await.1, "token_superseded");
}
