//! `POST …/tokens/{id}/reissue`: a fresh string, and an end for the older ones as chosen.

use crate::api::{is_live, manager, path_of, reissue, string_in, successor, text, verdict};
use crate::test_app::TestApp;
use latchkey::domain::time::{DAY, HOUR};
use serde_json::{Value, json};

#[tokio::test]
async fn the_older_strings_end_as_chosen_to_the_second() {
    for (older, seconds) in [("24h", DAY), ("7d", 7 * DAY), ("keep", 92 * DAY)] {
        let app = TestApp::new().await;
        let issued = app.token(|_| {}).await;
        let second = successor(&app, text(&issued)).await;
        let third = reissue(&app, &manager(&app).await, &issued, older).await;
        app.state.clock.advance(seconds - 1);
        for string in [text(&issued), &second, &third] {
            assert!(is_live(&app, string).await, "{older}: a second before");
        }
        app.state.clock.advance(1);
        let code = if older == "keep" { "token_expired" } else { "token_superseded" };
        for string in [text(&issued), &second] {
            assert_eq!(verdict(&app, string).await, (401, code.to_owned()), "{older}");
        }
    }
}

#[tokio::test]
async fn now_ends_the_older_strings_at_once() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let second = successor(&app, text(&issued)).await;
    let third = reissue(&app, &manager(&app).await, &issued, "now").await;
    for string in [text(&issued), &second] {
        assert_eq!(verdict(&app, string).await.1, "token_superseded");
    }
    assert!(is_live(&app, &third).await);
}

#[tokio::test]
async fn nothing_said_keeps_them() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let path = format!("{}/reissue", path_of(&issued));
    let string = manager(&app).await;
    for body in [Value::Null, json!({})] {
        let answer = app.api(&string).post(&path, body).await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
        assert!(is_live(&app, &string_in(&answer)).await);
    }
    assert!(is_live(&app, text(&issued)).await);
}

#[tokio::test]
async fn a_string_that_ends_sooner_by_itself_keeps_its_own_end() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "7d".into()).await;
    let string = manager(&app).await;
    app.pass_days(3);
    reissue(&app, &string, &issued, "7d").await;
    app.pass_days(4);
    assert_eq!(
        verdict(&app, text(&issued)).await.1,
        "token_expired",
        "after its own 7 days, not 10"
    );
}

#[tokio::test]
async fn a_second_choice_never_gives_a_string_back_its_time() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let string = manager(&app).await;
    reissue(&app, &string, &issued, "24h").await;
    app.state.clock.advance(HOUR);
    reissue(&app, &string, &issued, "7d").await;
    reissue(&app, &string, &issued, "keep").await;
    app.state.clock.advance(23 * HOUR);
    assert_eq!(verdict(&app, text(&issued)).await.1, "token_superseded");
}

#[tokio::test]
async fn a_reissue_takes_todays_settings_and_answers_with_its_own_expiry() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "1y".into()).await;
    let (path, string) = (path_of(&issued), manager(&app).await);
    app.pass_days(10);
    app.api(&string).patch(&path, json!({ "version": 1, "expires": "14d" })).await;
    let answer = app.api(&string).post(&format!("{path}/reissue"), Value::Null).await;
    let made = answer.json();
    assert_eq!(
        (&made["expires_at"], &made["status"]),
        (&"2026-12-15T10:00:00Z".into(), &"active".into())
    );
    let last = made["strings"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["number"], &last["origin"], &last["hint"]),
        (&2.into(), &"reissue".into(), &made["hint"])
    );
}

#[tokio::test]
async fn an_expired_token_comes_back_by_a_reissue() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "7d".into()).await;
    let string = manager(&app).await;
    app.pass_days(20);
    assert_eq!(app.api(&string).get(&path_of(&issued)).await.json()["status"], "expired");
    let second = reissue(&app, &string, &issued, "keep").await;
    assert!(is_live(&app, &second).await);
    assert_eq!(app.api(&string).get(&path_of(&issued)).await.json()["status"], "active");
    assert_eq!(verdict(&app, text(&issued)).await.1, "token_expired");
}

#[tokio::test]
async fn a_legacy_token_is_neither_edited_nor_reissued_but_revoked() {
    let app = TestApp::new().await;
    let issued = crate::api::legacy(&app).await;
    let (path, string) = (path_of(&issued), manager(&app).await);
    let api = app.api(&string);
    let refused = [
        api.patch(&path, json!({ "version": 1, "owner": "Mine" })).await,
        api.post(&format!("{path}/reissue"), Value::Null).await,
    ];
    for answer in refused {
        assert_eq!((answer.status, answer.code().as_str()), (403, "legacy_token"));
    }
    assert_eq!(api.post(&format!("{path}/revoke"), Value::Null).await.status, 200);
    assert_eq!(verdict(&app, crate::api::LEGACY).await.1, "token_revoked");
}
