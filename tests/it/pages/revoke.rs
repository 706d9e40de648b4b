//! *Revoke token* and *Retire*: the dialogs, and what stops.

use super::forms::{TOKENS, says, token};
use crate::test_app::TestApp;
use latchkey::domain::token::Older;
use latchkey::server::tokens::reissue;

#[tokio::test]
async fn a_revoked_token_opens_nothing_from_the_next_call_on() {
    let app = TestApp::new().await;
    let made = app.token(|_| {}).await;
    let (ada, page) = (app.ada().await, format!("{TOKENS}/{}", made.token.id));
    let dialog = ada.get(&format!("{page}?dialog=revoke")).await;
    assert!(says(&dialog, "Revoking is final") && dialog.body.contains("value=\"revoke\""));
    assert_eq!(app.api(made.string.reveal()).get("/api/v1/token").await.status, 200);
    let done = ada.post(&page, &[("action", "revoke")]).await;
    assert_eq!(
        (done.status, done.header("location")),
        (303, format!("{page}?done=revoked").as_str())
    );
    let call = app.api(made.string.reveal()).get("/api/v1/token").await;
    assert_eq!((call.status, call.code().as_str()), (401, "token_revoked"));
    let after = ada.get(&page).await;
    assert!(says(&after, "Revoked"));
    for gone in ["?dialog=reissue", "?dialog=revoke", "/edit\""] {
        assert!(!after.body.contains(&format!("{page}{gone}")), "{gone}");
    }
}

#[tokio::test]
async fn revoking_twice_is_told_and_changes_nothing() {
    let app = TestApp::new().await;
    let made = app.token(|_| {}).await.token;
    let (ada, page) = (app.ada().await, format!("{TOKENS}/{}", made.id));
    ada.post(&page, &[("action", "revoke")]).await;
    let before = token(&app, &made.id).await;
    app.pass_days(1);
    assert_eq!(ada.post(&page, &[("action", "revoke")]).await.status, 409);
    assert_eq!(token(&app, &made.id).await, before);
}

#[tokio::test]
async fn an_older_string_is_retired_alone() {
    let app = TestApp::new().await;
    let made = app.token(|_| {}).await;
    let id = &made.token.id;
    let newer = reissue::reissue(&app.state, &app.seat(), id, Older::Keep, None, None).await;
    let newer = newer.unwrap().done_now().unwrap();
    let (ada, page) = (app.ada().await, format!("{TOKENS}/{id}"));
    let dialog = ada.get(&format!("{page}?dialog=retire&number=1")).await;
    assert!(says(&dialog, "Retire string #1?"));
    let done = ada.post(&page, &[("action", "retire"), ("number", "1")]).await;
    assert_eq!(
        (done.status, done.header("location")),
        (303, format!("{page}?done=retired").as_str())
    );
    assert_eq!(app.api(made.string.reveal()).get("/api/v1/token").await.code(), "token_superseded");
    assert_eq!(app.api(newer.string.reveal()).get("/api/v1/token").await.status, 200);
}

#[tokio::test]
async fn the_newest_string_an_ended_one_and_one_that_never_was_are_not_retired() {
    let app = TestApp::new().await;
    let id = app.token(|_| {}).await.token.id;
    let newer = reissue::reissue(&app.state, &app.seat(), &id, Older::EndNow, None, None).await;
    newer.unwrap();
    let before = token(&app, &id).await;
    let (ada, page) = (app.ada().await, format!("{TOKENS}/{id}"));
    for (number, status) in [("2", 409), ("1", 409), ("3", 404), ("0", 404), ("x", 404), ("", 404)]
    {
        let refused = ada.post(&page, &[("action", "retire"), ("number", number)]).await;
        assert_eq!(refused.status, status, "{number}");
    }
    assert_eq!(token(&app, &id).await, before);
}

#[tokio::test]
async fn an_action_that_there_is_not_is_refused() {
    let app = TestApp::new().await;
    let made = app.token(|_| {}).await.token;
    let (ada, page) = (app.ada().await, format!("{TOKENS}/{}", made.id));
    for fields in [&[("action", "delete")][..], &[("action", "")], &[]] {
        assert_eq!(ada.post(&page, fields).await.status, 422, "{fields:?}");
    }
    assert_eq!(token(&app, &made.id).await, made);
}
