//! `POST …/tokens`: a new token, its string shown once.

use crate::api::{OWN, TOKENS, device_string, draft, manager, string_in};
use crate::test_app::TestApp;
use latchkey::domain::token_string::TokenString;
use serde_json::{Value, json};

#[tokio::test]
async fn a_new_token_is_answered_with_its_string_and_every_member() {
    let app = TestApp::new().await;
    let string = app.string_with(&["access.manage", "discovery"]).await;
    let mut body = draft();
    body["permissions"] = json!(["discovery"]);
    body["name"] = json!("staging");
    body["note"] = json!("Asked for by Maria");
    body["rate_limit"] = json!(90);
    let answer = app.api(&string).post(TOKENS, body).await;
    assert_eq!((answer.status, answer.header("cache-control")), (201, "no-store"));
    let made = answer.json();
    let expected = json!({
        "kind": "access", "owner": "South plant integrator", "email": "ops@south.example",
        "name": "staging", "expires": "1m", "can_renew": true, "permissions": ["discovery", "read"],
        "device_group": null, "device": null, "note": "Asked for by Maria", "rate_limit": 90,
        "status": "active", "expires_at": "2026-12-21T10:00:00Z", "created_at": "2026-11-21T10:00:00Z",
        "last_used_at": null, "version": 1,
    });
    for (member, value) in expected.as_object().unwrap() {
        assert_eq!(&made[member], value, "{member}");
    }
    let string = json!({
        "number": 1, "hint": made["hint"], "origin": "create", "issued_at": "2026-11-21T10:00:00Z",
        "expires_at": "2026-12-21T10:00:00Z", "retired_at": null, "last_used_at": null,
    });
    assert_eq!(made["strings"], json!([string]));
}

#[tokio::test]
async fn the_string_opens_what_was_asked_for_and_is_never_shown_again() {
    let app = TestApp::new().await;
    let manager = manager(&app).await;
    let made = app.api(&manager).post(TOKENS, draft()).await;
    let string = string_in(&made);
    let parsed = TokenString::parse(&string).unwrap();
    assert_eq!(made.json()["hint"], parsed.hint());
    assert_eq!(app.api(&string).get(OWN).await.json()["id"], made.json()["id"]);
    let path = format!("{TOKENS}/{}", made.json()["id"].as_str().unwrap());
    for path in [&path, TOKENS] {
        let answer = app.api(&manager).get(path).await;
        assert!(!answer.body.contains(&string[4..40]), "{path}");
    }
}

#[tokio::test]
async fn what_is_left_out_takes_its_default() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let body = json!({ "owner": "  Mill  ", "email": "ops@mill.example" });
    let made = app.api(&string).post(TOKENS, body).await.json();
    assert_eq!(made["owner"], "Mill");
    assert_eq!((&made["expires"], &made["can_renew"]), (&"1m".into(), &false.into()));
    assert_eq!((&made["permissions"], &made["name"]), (&json!(["read"]), &json!(null)));
}

#[tokio::test]
async fn a_token_for_a_device_is_a_device_token() {
    let app = TestApp::new().await;
    device_string(&app).await;
    let string = app.string_with(&["access.manage", "devices.manage"]).await;
    let body = json!({
        "owner": "Pump 1", "email": "ops@south.example", "device": "pump-1",
        "permissions": ["telemetry.send"],
    });
    let answer = app.api(&string).post(TOKENS, body).await;
    let made = answer.json();
    assert!(string_in(&answer).starts_with("lkd_"));
    assert_eq!((&made["kind"], &made["device"]), (&"device".into(), &"pump-1".into()));
    assert_eq!(
        (&made["expires"], &made["permissions"]),
        (&"never".into(), &json!(["telemetry.send"]))
    );
}

#[tokio::test]
async fn what_is_refused_by_name_makes_no_token() {
    let app = TestApp::new().await;
    device_string(&app).await;
    let string = manager(&app).await;
    let cases: [(&str, Value, &str); 12] = [
        ("owner", json!("   "), "Write 1 to 200 characters."),
        ("owner", json!("x".repeat(201)), "At most 200 characters; these are 201."),
        ("owner", json!("a\nb"), "Line breaks, tabs and other control characters are not allowed."),
        ("name", json!("x".repeat(81)), "At most 80 characters; these are 81."),
        ("expires", json!("never"), "The workgroup's policy asks access tokens to expire."),
        (
            "expires",
            json!("4m"),
            "Choose one of 7d, 14d, 1m, 2m, 3m, 6m, 1y, never; “4m” is none of them.",
        ),
        ("permissions", json!(["read", "fly"]), "There is no permission “fly”."),
        ("device_group", json!("Nowhere"), "There is no device group “Nowhere” here."),
        ("device", json!("pump-9"), "There is no device “pump-9” here."),
        ("note", json!("x".repeat(2001)), "At most 2000 characters; these are 2001."),
        ("rate_limit", json!(0), "Write requests per minute, a whole number from 1 to 1000000."),
        (
            "rate_limit",
            json!("1000001/m"),
            "Write requests per minute, a whole number from 1 to 1000000.",
        ),
    ];
    for (field, value, message) in cases {
        let mut body = draft();
        body[field] = value.clone();
        if field == "device" {
            body["permissions"] = json!([]);
        }
        let answer = app.api(&string).post(TOKENS, body).await;
        assert_eq!(answer.status, 422, "{field}: {value}");
        assert_eq!(
            answer.json()["errors"],
            json!([{ "field": field, "message": message }]),
            "{value}"
        );
    }
    let list = app.api(&string).get(&format!("{TOKENS}?search=south")).await;
    assert_eq!(list.json(), json!({ "items": [] }));
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_at_its_field() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    for email in [
        "",
        "nobody",
        "a@",
        "@b.example",
        "a b@c.example",
        "a@b.example\r\nBcc: x@y.example",
        "a@b.example, c@d.example",
    ] {
        let mut body = draft();
        body["email"] = json!(email);
        let answer = app.api(&string).post(TOKENS, body).await;
        assert_eq!(
            (answer.status, &answer.json()["errors"][0]["field"]),
            (422, &"email".into()),
            "{email:?}"
        );
    }
}

#[tokio::test]
async fn who_made_a_token_is_told_with_it() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let made = app.api(&string).post(TOKENS, draft()).await.json();
    assert!(made["created_by"].as_str().unwrap().contains("North plant integrator"), "{made}");
}
