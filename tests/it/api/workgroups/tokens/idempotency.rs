//! `Idempotency-Key`: a call that was sent twice does its work once.

use crate::api::{TOKENS, draft, is_live, manager, on_each, path_of, string_in, text};
use crate::caller::Answer;
use crate::test_app::TestApp;
use latchkey::domain::time::DAY;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinSet;

async fn post_once(app: &TestApp, string: &str, key: &str, path: &str, body: Value) -> Answer {
    app.api(string).with("idempotency-key", key).post(path, body).await
}

/// The tokens that [`draft`] made.
async fn made(app: &TestApp, string: &str) -> usize {
    let list = app.api(string).get(&format!("{TOKENS}?search=south&revoked=1")).await.json();
    list["items"].as_array().unwrap().len()
}

/// The first answer without its string.
fn without_string(answer: &Answer) -> Value {
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("token");
    body
}

#[tokio::test]
async fn a_repeat_gives_the_first_answer_without_the_string_and_says_so() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let first = post_once(&app, &string, "k1", TOKENS, draft()).await;
    assert_eq!((first.status, first.header("idempotency-replayed")), (201, ""));
    app.state.clock.advance(3600);
    let again = post_once(&app, &string, "k1", TOKENS, draft()).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, "true"));
    assert_eq!(again.json(), without_string(&first));
    assert!(again.json().get("token").is_none());
    assert_eq!(made(&app, &string).await, 1);
}

#[tokio::test]
async fn each_post_of_the_management_is_done_once() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    for call in ["reissue", "strings/1/retire", "revoke"] {
        let issued = app.token(|_| {}).await;
        let path = path_of(&issued);
        app.api(&string).post(&format!("{path}/reissue"), Value::Null).await;
        let address = format!("{path}/{call}");
        let first = post_once(&app, &string, "k1", &address, Value::Null).await;
        assert_eq!((first.status, first.header("idempotency-replayed")), (200, ""), "{call}");
        let again = post_once(&app, &string, "k1", &address, Value::Null).await;
        assert_eq!((again.status, again.header("idempotency-replayed")), (200, "true"), "{call}");
        assert_eq!(again.json(), without_string(&first), "{call}");
        let strings = app.api(&string).get(&path).await.json()["strings"].as_array().unwrap().len();
        assert_eq!(strings, if call == "reissue" { 3 } else { 2 }, "{call}");
    }
}

#[tokio::test]
async fn another_body_under_the_same_key_is_refused() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    post_once(&app, &string, "k1", TOKENS, draft()).await;
    let mut other = draft();
    other["name"] = json!("staging");
    let answer = post_once(&app, &string, "k1", TOKENS, other).await;
    insta::assert_snapshot!(crate::api::shown(&answer), @r#"
    422
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"invalid_input","detail":"This Idempotency-Key was already used with another body. Use a new key for a new call.","status":422,"title":"Some of the input is not valid","type":"urn:latchkey:problem:invalid_input"}
    "#);
    assert_eq!(made(&app, &string).await, 1);
}

#[tokio::test]
async fn a_key_belongs_to_its_caller() {
    let app = TestApp::new().await;
    let (one, other) = (manager(&app).await, manager(&app).await);
    post_once(&app, &one, "k1", TOKENS, draft()).await;
    let answer = post_once(&app, &other, "k1", TOKENS, draft()).await;
    assert_eq!((answer.status, answer.header("idempotency-replayed")), (201, ""));
    assert_eq!(made(&app, &one).await, 2);
    let renewed = crate::api::successor(&app, &one).await;
    let answer = post_once(&app, &renewed, "k1", TOKENS, draft()).await;
    assert_eq!(
        answer.header("idempotency-replayed"),
        "true",
        "a renewed string is the same caller"
    );
}

#[tokio::test]
async fn a_key_belongs_to_its_address() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let (one, other) = (app.token(|_| {}).await, app.token(|_| {}).await);
    for issued in [&one, &other] {
        let path = format!("{}/revoke", path_of(issued));
        let answer = post_once(&app, &string, "k1", &path, Value::Null).await;
        assert_eq!((answer.status, answer.header("idempotency-replayed")), (200, ""));
        assert!(!is_live(&app, text(issued)).await);
    }
}

#[tokio::test]
async fn a_key_is_forgotten_after_24_hours() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    post_once(&app, &string, "k1", TOKENS, draft()).await;
    app.state.clock.advance(DAY - 1);
    let replayed = post_once(&app, &string, "k1", TOKENS, draft()).await;
    assert_eq!(replayed.header("idempotency-replayed"), "true");
    app.state.clock.advance(1);
    let anew = post_once(&app, &string, "k1", TOKENS, draft()).await;
    assert_eq!((anew.status, anew.header("idempotency-replayed")), (201, ""));
    assert!(is_live(&app, &string_in(&anew)).await);
    assert_eq!(made(&app, &string).await, 2);
}

#[tokio::test]
async fn a_refused_call_does_not_use_its_key_up() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let refused = post_once(&app, &string, "k1", TOKENS, json!({ "owner": "" })).await;
    assert_eq!(refused.status, 422);
    let answer = post_once(&app, &string, "k1", TOKENS, draft()).await;
    assert_eq!((answer.status, answer.header("idempotency-replayed")), (201, ""));
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    for key in ["", &"x".repeat(256), "schlüssel"] {
        let answer = post_once(&app, &string, key, TOKENS, draft()).await;
        assert_eq!(
            (answer.status, &answer.json()["errors"][0]["field"]),
            (422, &"Idempotency-Key".into()),
            "{key}"
        );
    }
    assert_eq!(post_once(&app, &string, &"x".repeat(255), TOKENS, draft()).await.status, 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_at_the_same_time_make_one_token_on_each_database() {
    on_each(async |app| {
        let (string, app) = (manager(&app).await, Arc::new(app));
        let mut calls = JoinSet::new();
        for _ in 0..20 {
            let (app, string) = (app.clone(), string.clone());
            calls.spawn(async move { post_once(&app, &string, "k1", TOKENS, draft()).await });
        }
        let answers = calls.join_all().await;
        let shown = answers
            .iter()
            .filter(|answer| answer.status == 201 && answer.json().get("token").is_some());
        assert_eq!(shown.count(), 1, "the string is shown once");
        for answer in &answers {
            let replayed = answer.header("idempotency-replayed") == "true";
            let expected = if answer.status == 409 { "conflict" } else { "" };
            assert!(answer.status == 201 || answer.status == 409, "{}", answer.body);
            assert_eq!(answer.json()["code"].as_str().unwrap_or_default(), expected);
            assert!(answer.status == 409 || replayed || answer.json().get("token").is_some());
        }
        assert_eq!(made(&app, &string).await, 1);
    })
    .await;
}
