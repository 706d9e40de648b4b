//! U+0000, which one of the databases keeps in no text: wherever it stands, it is refused, and no fault of ours.

use crate::api::{TOKENS, draft, on_each};
use crate::test_app::TestApp;
use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

const WORKGROUP: &str = "/api/v1/workgroups/harrow-valley";

#[tokio::test]
async fn in_an_address_it_names_nothing() {
    on_each(async |app| {
        let string = app.string_with(&["access.manage", "devices.manage"]).await;
        for (method, path) in [
            (Method::GET, "tokens/%00"),
            (Method::PATCH, "tokens/a%00"),
            (Method::POST, "tokens/%00/revoke"),
            (Method::GET, "devices/%00"),
            (Method::DELETE, "devices/%00"),
            (Method::DELETE, "device-groups/%00"),
        ] {
            let answer =
                app.api(&string).call(method, &format!("{WORKGROUP}/{path}"), Body::empty()).await;
            assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn in_a_query_or_a_body_its_place_is_named() {
    on_each(async |app| {
        let string = app.string_with(&["access.manage", "devices.manage"]).await;
        for list in ["tokens", "devices", "device-groups"] {
            let answer = app.api(&string).get(&format!("{WORKGROUP}/{list}?search=a%00b")).await;
            assert_eq!((answer.status, fields(&answer.json())), (422, vec!["search".to_owned()]));
        }
        for (name, value) in [
            ("owner", json!("a\u{0}")),
            ("device_group", json!("\u{0}")),
            ("device", json!("pump\u{0}")),
            ("permissions", json!(["read", "\u{0}"])),
        ] {
            refused_in(&app, &string, TOKENS, draft(), name, value).await;
        }
        let device = json!({ "external_id": "pump-1", "name": "Pump 1" });
        let devices = format!("{WORKGROUP}/devices");
        for value in [json!({ "a\u{0}": "b" }), json!({ "a": "\u{0}" })] {
            refused_in(&app, &string, &devices, device.clone(), "metadata", value).await;
        }
    })
    .await;
}

async fn refused_in(
    app: &TestApp,
    string: &str,
    path: &str,
    mut body: Value,
    name: &str,
    value: Value,
) {
    body[name] = value;
    let answer = app.api(string).post(path, body).await;
    assert_eq!(answer.status, 422, "{name}: {}", answer.body);
    assert!(fields(&answer.json()).contains(&name.to_owned()), "{name}: {}", answer.body);
}

fn fields(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().unwrap().iter();
    errors.map(|error| error["field"].as_str().unwrap().to_owned()).collect()
}
