//! *Reissue token*: the dialog, its four choices for the older strings, and the string at its one reveal.

use super::forms::{TOKENS, ids, is_hydrated, says, text_of, token};
use crate::caller::Answer;
use crate::test_app::TestApp;
use latchkey::domain::status::StringState;
use latchkey::domain::token::Token;

async fn dialog(app: &TestApp, token: &Token) -> Answer {
    app.ada().await.get(&format!("{TOKENS}/{}?dialog=reissue", token.id)).await
}

async fn reissue(app: &TestApp, token: &Token, older: &str, key: &str) -> Answer {
    let fields = [("action", "reissue"), ("older", older), ("idempotency_key", key)];
    app.ada().await.post(&format!("{TOKENS}/{}", token.id), &fields).await
}

#[tokio::test]
async fn the_dialog_offers_four_choices_and_keeps_by_default() {
    let app = TestApp::new().await;
    let made = app.token(|_| {}).await.token;
    let dialog = dialog(&app, &made).await;
    assert_eq!(dialog.status, 200);
    for label in ["Keep until their own expiry", "End in 24 hours", "End in 7 days", "End now"] {
        assert!(says(&dialog, label), "{label}");
    }
    let tag = |id: &str| {
        let (_, rest) = dialog.body.split_once(&format!("id=\"{id}\"")).unwrap();
        rest.split_once('>').unwrap().0.to_owned()
    };
    assert!(tag("older-keep").contains("checked") && !tag("older-now").contains("checked"));
    assert!(dialog.input("idempotency_key").is_some_and(|key| key.len() == 43));
}

#[tokio::test]
async fn each_choice_ends_the_older_strings_when_it_says() {
    for (older, ends) in [
        ("keep", "2027-02-21T10:00:00Z"),
        ("24h", "2026-11-22T10:00:00Z"),
        ("7d", "2026-11-28T10:00:00Z"),
        ("now", "2026-11-21T10:00:00Z"),
    ] {
        let app = TestApp::new().await;
        let made = app.token(|_| {}).await;
        let shown = reissue(&app, &made.token, older, "key").await;
        assert_eq!((shown.status, shown.header("cache-control")), (200, "no-store"));
        let string = shown.test_id("token-string").unwrap();
        assert!(!is_hydrated(&shown));
        let after = token(&app, &made.token.id).await;
        let first = after.strings.iter().find(|string| string.number == 1).unwrap();
        assert_eq!(first.ends_at().unwrap().rfc3339(), ends, "{older}");
        assert_eq!(app.api(&string).get("/api/v1/token").await.json()["string"]["number"], 2);
        let old = app.api(made.string.reveal()).get("/api/v1/token").await;
        assert_eq!(old.status, if older == "now" { 401 } else { 200 }, "{older}");
    }
}

#[tokio::test]
async fn the_same_reissue_sent_again_makes_no_third_string() {
    let app = TestApp::new().await;
    let made = app.token(|_| {}).await.token;
    let key = dialog(&app, &made).await.input("idempotency_key").unwrap();
    let first = reissue(&app, &made, "keep", &key).await;
    let again = reissue(&app, &made, "keep", &key).await;
    assert!(first.test_id("token-string").is_some() && again.test_id("token-string").is_none());
    assert!(says(&again, "Already made"));
    assert_eq!(token(&app, &made.id).await.strings.len(), 2);
}

#[tokio::test]
async fn a_choice_that_there_is_not_is_told_in_the_dialog() {
    let app = TestApp::new().await;
    let made = app.token(|_| {}).await.token;
    for older in ["", "later"] {
        let refused = reissue(&app, &made, older, "key").await;
        assert_eq!(refused.status, 422);
        assert!(text_of(&refused, "older-error").is_some(), "{}", refused.body);
        assert!(!is_hydrated(&refused));
    }
    assert_eq!(token(&app, &made.id).await, made);
}

#[tokio::test]
async fn an_expired_token_lives_again_and_a_revoked_one_does_not() {
    let app = TestApp::new().await;
    let made = app.token(|raw| raw.expires = "7d".into()).await.token;
    app.pass_days(8);
    assert_eq!(reissue(&app, &made, "keep", "one").await.status, 200);
    let after = token(&app, &made.id).await;
    assert_eq!(after.live_strings(app.state.now()).count(), 1);
    app.ada().await.post(&format!("{TOKENS}/{}", made.id), &[("action", "revoke")]).await;
    assert_eq!(reissue(&app, &made, "keep", "two").await.status, 409);
    assert_eq!(token(&app, &made.id).await.strings.len(), 2);
}

#[tokio::test]
async fn with_ten_live_strings_only_ending_the_older_ones_makes_room() {
    let app = TestApp::new().await;
    let made = app.token(|_| {}).await.token;
    for number in 2..=10 {
        assert_eq!(reissue(&app, &made, "keep", &format!("k{number}")).await.status, 200);
    }
    for older in ["keep", "24h", "7d"] {
        let refused = reissue(&app, &made, older, older).await;
        assert_eq!(refused.status, 409, "{older}");
        assert!(says(&refused, "10 live strings"));
    }
    assert_eq!(reissue(&app, &made, "now", "now").await.status, 200);
    let after = token(&app, &made.id).await;
    let live =
        after.strings.iter().filter(|it| it.state(None, app.state.now()) == StringState::Live);
    assert_eq!((live.count(), after.strings.len()), (1, 11));
}

/// Who cannot grant what the token holds is told why, and gets no dialog even by its address.
#[tokio::test]
async fn who_may_not_reissue_sees_why() {
    let app = TestApp::new().await;
    let made = app.token(|raw| raw.permissions = vec!["devices.control".into()]).await.token;
    let eve = app.member("Eve", &["access.manage", "read"], None).await;
    let page = eve.get(&format!("{TOKENS}/{}?dialog=reissue", made.id)).await;
    assert!(says(&page, "You cannot grant devices.control"));
    assert!(!page.body.contains("name=\"older\""));
    assert_eq!(ids(&page).len(), 1);
}
