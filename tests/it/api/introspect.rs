//! `POST /api/v1/introspect` (RFC 7662): what an API is told of the tokens of its own workgroup, and of no others.

use super::{INTROSPECT, LEGACY, device_string, legacy, text, unknown_string};
use crate::caller::Answer;
use crate::test_app::TestApp;
use axum::body::{Body, Bytes};
use axum::http::{Method, Request};
use futures_util::stream;
use latchkey::domain::rights::Seat;
use latchkey::server::grants;
use latchkey::server::tokens::revoke;

async fn examine(app: &TestApp, caller: &str, form: &str) -> Answer {
    examine_sent(app, caller, Body::from(form.to_owned())).await
}

async fn examine_sent(app: &TestApp, caller: &str, form: Body) -> Answer {
    let request = Request::post(INTROSPECT)
        .header("authorization", format!("Bearer {caller}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    app.send(request.unwrap()).await
}

/// As a slow client sends it.
fn in_pieces(form: &str, size: usize) -> Body {
    let pieces: Vec<_> = form.as_bytes().chunks(size).map(Bytes::copy_from_slice).collect();
    Body::from_stream(stream::iter(pieces.into_iter().map(std::io::Result::Ok)))
}

const NOTHING: &str = r#"{"active":false}"#;

#[tokio::test]
async fn an_active_token_is_told_of_whole() {
    let app = TestApp::new().await;
    let caller = app.string_with(&["tokens.introspect"]).await;
    let issued = app.token(|raw| raw.permissions = vec!["read".into(), "tunnel".into()]).await;
    let answer = examine(&app, &caller, &format!("token={}", text(&issued))).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-latchkey-token-expires"), "2027-02-21T10:00:00Z");
    let id = &issued.token.id;
    let wanted = serde_json::json!({
        "active": true, "token_type": "Bearer", "sub": id, "id": id, "scope": "read tunnel", "kind": "access",
        "owner": "North plant integrator", "workgroup": "harrow-valley", "permissions": ["read", "tunnel"],
        "device": null, "device_group": null, "expires_at": "2027-02-21T10:00:00Z", "exp": 1_803_204_000,
    });
    assert_eq!(answer.json(), wanted);
}

#[tokio::test]
async fn whether_it_may_is_told_with_the_code() {
    let app = TestApp::new().await;
    let caller = app.string_with(&["tokens.introspect"]).await;
    let (whole, device) = (app.string_with(&["read"]).await, device_string(&app).await);
    for (string, more, allowed, code) in [
        (&whole, "permission=read", true, None),
        (&whole, "permission=read&permission=tunnel", false, Some("insufficient_permissions")),
        (&whole, "device=pump-1", true, None),
        (&whole, "device=pump-9", false, Some("not_found")),
        (&device, "device=pump-1", true, None),
        (&device, "device=any", true, None),
        (&device, "permission=telemetry.send", false, Some("insufficient_permissions")),
    ] {
        let answer = examine(&app, &caller, &format!("token={string}&{more}")).await.json();
        assert_eq!(answer["active"], true);
        assert_eq!(answer["allowed"], allowed, "{more}");
        assert_eq!(answer["code"].as_str(), code, "{more}");
    }
}

#[tokio::test]
async fn everything_else_is_the_same_bytes() {
    let app = TestApp::new().await;
    let caller = app.string_with(&["tokens.introspect"]).await;
    app.user("Bea", "bea@brook.example").await;
    let brook = app.workgroup("Brook Mill", "bea@brook.example").await;
    let theirs = Seat { workgroup: brook, ..app.seat() };
    let raw = latchkey::domain::token_draft::RawDraft {
        owner: "Theirs".into(),
        email: "ops@brook.example".into(),
        expires: "1m".into(),
        permissions: vec!["read".into()],
        ..Default::default()
    };
    let made = latchkey::server::tokens::issue::issue(&app.state, &theirs, &raw, None, None).await;
    let foreign = *made.unwrap().done_now().unwrap();
    let revoked = app.token(|_| {}).await;
    revoke::revoke(&app.state, &app.seat(), &revoked.token.id, false, None, None).await.unwrap();
    let expired = app.token(|raw| raw.expires = "7d".into()).await;
    app.pass_days(8);
    let unknown = unknown_string();
    for string in [text(&foreign), text(&revoked), text(&expired), &unknown, "lka_short", "", "é"]
    {
        for more in ["", "&permission=read", "&device=any"] {
            let encoded = form_urlencoded_of(string);
            let answer = examine(&app, &caller, &format!("token={encoded}{more}")).await;
            assert_eq!((answer.status, answer.body.as_str()), (200, NOTHING), "{string}{more}");
        }
    }
}

fn form_urlencoded_of(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn it_needs_a_right_of_its_own() {
    let app = TestApp::new().await;
    let whole = app.string_with(&["read", "access.manage"]).await;
    let answer = examine(&app, &whole, &format!("token={whole}")).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "insufficient_permissions"));
    assert_eq!(answer.json()["required_permission"], "tokens.introspect");
    let device = device_string(&app).await;
    let answer = examine(&app, &device, &format!("token={device}")).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "wrong_token_type"));
    let answer = examine(&app, &unknown_string(), &format!("token={whole}")).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "invalid_token"));
    assert!(!answer.header("www-authenticate").is_empty());
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::HEAD] {
        let answer = app.api(&whole).call(method, INTROSPECT, Body::empty()).await;
        assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
    }
}

#[tokio::test]
async fn a_caller_whose_string_lives_is_told_when_it_ends_whatever_it_is_answered() {
    let app = TestApp::new().await;
    let caller = app.string_with(&["tokens.introspect"]).await;
    let (plain, device) = (app.string_with(&["read"]).await, device_string(&app).await);
    let own = format!("token={caller}");
    let long = format!("token={}", "x".repeat(20_000));
    let date = "2027-02-21T10:00:00Z";
    for (caller, form, status, ends) in [
        (&caller, own.as_str(), 200, date),
        (&caller, "token=lka_x", 200, date),
        (&caller, "", 422, date),
        (&caller, long.as_str(), 413, date),
        (&plain, own.as_str(), 403, date),
        (&device, own.as_str(), 403, "never"),
        (&unknown_string(), own.as_str(), 401, ""),
    ] {
        let answer = examine(&app, caller, form).await;
        let told = answer.header("x-latchkey-token-expires");
        assert_eq!((answer.status, told), (status, ends), "{form:.20}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_bound_caller_learns_of_its_own_alone() {
    let app = TestApp::new().await;
    let second = latchkey::server::devices::register::RawDevice {
        external_id: "pump-2".into(),
        name: "Pump 2".into(),
        ..Default::default()
    };
    latchkey::server::devices::register::register(&app.state, &app.seat(), &second, None)
        .await
        .unwrap();
    let (pump, whole) = (device_string(&app).await, app.string_with(&["read"]).await);
    let rule = latchkey::server::devices::groups::RawRule::In(vec!["pump-1".into()]);
    crate::pages::device_groups::group(&app, "North", rule).await;
    let rule = latchkey::server::devices::groups::RawRule::In(vec!["pump-2".into()]);
    crate::pages::device_groups::group(&app, "Nothing", rule).await;
    let of = async |group: &str| {
        let issued = app.token(|raw| {
            raw.device_group = group.into();
            raw.permissions = vec!["tokens.introspect".into()];
        });
        text(&issued.await).to_owned()
    };
    let (north, other, nothing) = (of("North").await, of("North").await, of("Nothing").await);
    for (caller, string, active) in [
        (&north, &other, true),
        (&north, &pump, true),
        (&north, &whole, false),
        (&north, &nothing, false),
        (&nothing, &pump, false),
    ] {
        let answer = examine(&app, caller, &format!("token={string}")).await;
        assert_eq!(answer.json()["active"], active);
    }
}

#[tokio::test]
async fn the_token_examined_is_charged_and_never_its_caller() {
    let app = TestApp::new().await;
    let caller = app.token(|raw| {
        raw.permissions = vec!["tokens.introspect".into()];
        raw.rate_limit = "1".into();
    });
    let caller = text(&caller.await).to_owned();
    let issued = app.token(|raw| raw.rate_limit = "2".into()).await;
    let form = format!("token={}", text(&issued));
    for _ in 0..2 {
        assert!(examine(&app, &caller, &form).await.json().get("allowed").is_none());
    }
    let limited = examine(&app, &caller, &form).await;
    assert_eq!(limited.status, 200);
    let facts = limited.json();
    assert_eq!((&facts["active"], &facts["allowed"]), (&true.into(), &false.into()));
    assert_eq!(facts["code"], "rate_limited");
    assert!(facts["retry_after"].as_i64().unwrap() >= 1);
}

#[tokio::test]
async fn a_form_that_comes_in_pieces_is_read_whole() {
    let app = TestApp::new().await;
    let caller = app.string_with(&["tokens.introspect"]).await;
    let form = format!("token={}&permission=read", app.string_with(&["read"]).await);
    let whole = examine(&app, &caller, &form).await;
    assert_eq!(whole.json()["allowed"], true);
    for size in [1, 7, 60] {
        let answer = examine_sent(&app, &caller, in_pieces(&form, size)).await;
        assert_eq!((answer.status, &answer.body), (200, &whole.body), "{size} at a time");
    }
}

#[tokio::test]
async fn what_is_no_question_is_refused_with_all_that_is_wrong() {
    let app = TestApp::new().await;
    let caller = app.string_with(&["tokens.introspect"]).await;
    for (form, fields) in [
        ("", vec!["token"]),
        ("permission=read", vec!["token"]),
        ("token=a&token=b", vec!["token"]),
        ("token=a&device=1&device=2", vec!["device"]),
        ("tokn=a&kind=access", vec!["tokn", "kind", "token"]),
    ] {
        let answer = examine(&app, &caller, form).await;
        assert_eq!((answer.status, answer.code().as_str()), (422, "invalid_input"), "{form}");
        let errors = answer.json()["errors"].clone();
        let named: Vec<_> =
            errors.as_array().unwrap().iter().map(|it| it["field"].clone()).collect();
        assert_eq!(named, fields, "{form}");
    }
    let json = app.api(&caller).post(INTROSPECT, serde_json::json!({ "token": caller })).await;
    assert_eq!((json.status, json.code().as_str()), (415, "unsupported_media_type"));
    let long = format!("token={}", "a".repeat(17_000));
    for form in [Body::from(long.clone()), in_pieces(&long, 1_000)] {
        let answer = examine_sent(&app, &caller, form).await;
        assert_eq!((answer.status, answer.code().as_str()), (413, "too_large"));
    }
}

#[tokio::test]
async fn a_legacy_token_shows_its_scopes() {
    let app = TestApp::new().await;
    let caller = app.string_with(&["tokens.introspect"]).await;
    legacy(&app).await;
    grants::fill(&app.state.db, &app.state.clock, &app.state.grants).await.unwrap();
    let facts = examine(&app, &caller, &format!("token={LEGACY}&permission=read")).await.json();
    assert_eq!(facts["legacy_scopes"], serde_json::json!(["plant.all"]));
    assert_eq!((&facts["kind"], &facts["allowed"]), (&"legacy".into(), &false.into()));
}
