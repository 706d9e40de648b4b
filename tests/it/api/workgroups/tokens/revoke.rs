//! `POST …/tokens/{id}/revoke`: every string stops, for good.

use crate::api::{TOKENS, draft, is_live, manager, path_of, string_in, successor, text, verdict};
use crate::test_app::TestApp;
use serde_json::{Value, json};

#[tokio::test]
async fn every_string_stops_and_the_answer_says_when() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let second = successor(&app, text(&issued)).await;
    let path = format!("{}/revoke", path_of(&issued));
    let answer = app.api(&manager(&app).await).post(&path, Value::Null).await;
    assert_eq!((answer.status, &answer.json()["status"]), (200, &"revoked".into()));
    assert_eq!(answer.json()["revoked_at"], "2026-11-21T10:00:00Z");
    for string in [text(&issued), &second] {
        assert_eq!(verdict(&app, string).await, (401, "token_revoked".to_owned()));
    }
}

#[tokio::test]
async fn an_expired_token_can_be_revoked() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "7d".into()).await;
    app.pass_days(8);
    let path = format!("{}/revoke", path_of(&issued));
    assert_eq!(app.api(&manager(&app).await).post(&path, Value::Null).await.status, 200);
    assert_eq!(verdict(&app, text(&issued)).await.1, "token_revoked");
}

#[tokio::test]
async fn a_token_may_revoke_itself_and_what_it_made_lives_on() {
    let app = TestApp::new().await;
    let maker = app.token(|raw| raw.permissions = vec!["access.manage".into()]).await;
    let api = app.api(text(&maker));
    let made = string_in(&api.post(TOKENS, draft()).await);
    let answer = api.post(&format!("{}/revoke", path_of(&maker)), Value::Null).await;
    assert_eq!(answer.status, 200);
    assert_eq!(api.get(TOKENS).await.code(), "token_revoked");
    assert!(is_live(&app, &made).await);
}

#[tokio::test]
async fn a_revoked_token_leaves_the_list_unless_asked_for() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.owner = "Mill".into()).await;
    let string = manager(&app).await;
    let api = app.api(&string);
    api.post(&format!("{}/revoke", path_of(&issued)), Value::Null).await;
    let standing = api.get(&format!("{TOKENS}?search=mill")).await.json();
    assert_eq!(standing["items"], json!([]));
    for query in ["search=mill&revoked=1", "search=mill&status=revoked"] {
        let list = api.get(&format!("{TOKENS}?{query}")).await.json();
        assert_eq!(list["items"][0]["id"], issued.token.id, "{query}");
    }
}
