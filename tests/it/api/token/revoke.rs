//! `POST /api/v1/token/revoke`: whoever holds a live string ends the whole token.

use crate::api::{OWN, RENEW, RETIRE_OLDER, REVOKE, manager, path_of, successor, text, verdict};
use crate::test_app::TestApp;
use serde_json::Value;

#[tokio::test]
async fn any_live_string_revokes_all_of_them() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let second = successor(&app, text(&issued)).await;
    let third = successor(&app, &second).await;
    let answer = app.api(&second).post(REVOKE, Value::Null).await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    for string in [text(&issued), &second, &third] {
        assert_eq!(verdict(&app, string).await, (401, "token_revoked".to_owned()));
    }
}

#[tokio::test]
async fn a_revoked_token_refuses_every_call_of_its_holder() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let holder = app.api(text(&issued));
    holder.post(REVOKE, Value::Null).await;
    for path in [RENEW, REVOKE, RETIRE_OLDER] {
        let answer = holder.post(path, Value::Null).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "token_revoked"), "{path}");
    }
    for path in [OWN, RENEW] {
        assert_eq!(holder.get(path).await.code(), "token_revoked", "{path}");
    }
}

#[tokio::test]
async fn the_owners_see_who_revoked_it_and_when() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    app.api(text(&issued)).post(REVOKE, Value::Null).await;
    let shown = app.api(&manager(&app).await).get(&path_of(&issued)).await.json();
    assert_eq!(
        (&shown["status"], &shown["revoked_at"]),
        (&"revoked".into(), &"2026-11-21T10:00:00Z".into())
    );
}

#[tokio::test]
async fn other_tokens_of_the_same_owner_live_on() {
    let app = TestApp::new().await;
    let (issued, other) = (app.token(|_| {}).await, app.token(|_| {}).await);
    app.api(text(&issued)).post(REVOKE, Value::Null).await;
    assert_eq!(verdict(&app, text(&other)).await.0, 200);
}
