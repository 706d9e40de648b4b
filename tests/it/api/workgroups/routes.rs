//! `/api/v1/workgroups/{workgroup}/routes`: read, tried and set with Manage access.

use crate::caller::Answer;
use crate::test_app::TestApp;
use axum::body::Body;
use axum::http::Method;
use latchkey::domain::activity::{Activity, Verb};
use latchkey::server::routes::edit::{RawRoutes, edit};
use latchkey::server::store;
use serde_json::{Value, json};

const ROUTES: &str = "/api/v1/workgroups/harrow-valley/routes";
const TRY: &str = "/api/v1/workgroups/harrow-valley/routes/try";
const TEXT: &str =
    "# one\nGET|HEAD /devices/{id} any read device={id}\n* /admin/{*rest} access tunnel";

async fn set(app: &TestApp) {
    let raw =
        RawRoutes { version: Some(0), text: Some(TEXT.into()), family: Some("forwarded".into()) };
    edit(&app.state, &app.seat(), &raw, None).await.unwrap();
}

async fn put(app: &TestApp, string: &str, body: Value) -> Answer {
    app.api(string).call(Method::PUT, ROUTES, Body::from(body.to_string())).await
}

/// A token that manages access in one device group.
async fn bound(app: &TestApp) -> String {
    crate::pages::device_groups::planted(app).await;
    let issued = app.token(|raw| {
        raw.permissions = vec!["access.manage".into()];
        raw.device_group = "North".into();
    });
    issued.await.string.reveal().to_owned()
}

/// What the record has of them, the newest first.
async fn record_of(app: &TestApp) -> Vec<Activity> {
    let mut reader = app.state.db.read().await.unwrap();
    let id = &app.harrow.id;
    let rows = store::activity::list_of_subject(&mut reader, id, id, 9).await.unwrap();
    rows.into_iter().filter(|row| row.verb == Verb::RoutesChanged).collect()
}

#[tokio::test]
async fn a_token_that_manages_access_reads_them() {
    let app = TestApp::new().await;
    let string = app.string_with(&["access.manage"]).await;
    let none = app.api(&string).get(ROUTES).await.json();
    assert_eq!(
        none,
        json!({ "workgroup": "harrow-valley", "routes": null, "family": null, "lines": [], "version": 0 })
    );
    set(&app).await;
    let answer = app.api(&string).get(ROUTES).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({
            "workgroup": "harrow-valley",
            "routes": TEXT,
            "family": "forwarded",
            "lines": [
                {
                    "line": 2, "methods": ["GET", "HEAD"], "path": "/devices/{id}", "kind": "any",
                    "permissions": ["read"], "device": "{id}",
                },
                {
                    "line": 3, "methods": [], "path": "/admin/{*rest}", "kind": "access",
                    "permissions": ["tunnel"], "device": null,
                },
            ],
            "version": 1,
        })
    );
}

#[tokio::test]
async fn others_neither_read_nor_try_them() {
    let app = TestApp::new().await;
    set(&app).await;
    let trial = json!({ "method": "GET", "path": "/admin/x" });
    let read = app.string_with(&["read"]).await;
    for answer in [app.api(&read).get(ROUTES).await, app.api(&read).post(TRY, trial.clone()).await]
    {
        assert_eq!((answer.status, answer.code().as_str()), (403, "insufficient_permissions"));
        assert!(!answer.body.contains("/admin/{*rest}"));
    }
    let bound = bound(&app).await;
    let bound = app.api(&bound).get(ROUTES).await;
    assert_eq!((bound.status, bound.code().as_str()), (403, "insufficient_permissions"));
    app.workgroup("Brook Mill", "ada@harrow.example").await;
    let manager = app.string_with(&["access.manage"]).await;
    for path in ["routes", "routes/try"] {
        let other = format!("/api/v1/workgroups/brook-mill/{path}");
        let answer = match path {
            "routes" => app.api(&manager).get(&other).await,
            _ => app.api(&manager).post(&other, trial.clone()).await,
        };
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"));
    }
    assert_eq!(app.api("nothing").get(ROUTES).await.status, 401);
    assert_eq!(app.api(&manager).patch(ROUTES, json!({})).await.status, 405);
}

#[tokio::test]
async fn a_token_sets_and_removes_them() {
    let app = TestApp::new().await;
    let string = app.string_with(&["access.manage", "read"]).await;
    let text = "GET /a access read\n* /b/{*rest} any";
    let body = json!({ "version": 0, "routes": text, "family": "original" });
    let answer = put(&app, &string, body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let set = answer.json();
    assert_eq!((&set["version"], &set["routes"]), (&json!(1), &json!(text)));
    assert_eq!(
        (&set["family"], &set["lines"][1]["path"]),
        (&json!("original"), &json!("/b/{*rest}"))
    );
    assert_eq!(app.api(&string).get(ROUTES).await.json(), set);
    // The family that stands is kept, and so is a text that was changed meanwhile.
    let changed = put(&app, &string, json!({ "version": 1, "routes": "GET /a any" })).await.json();
    assert_eq!((&changed["version"], &changed["family"]), (&json!(2), &json!("original")));
    let late = put(&app, &string, json!({ "version": 1, "routes": null })).await;
    assert_eq!((late.status, late.code().as_str()), (409, "conflict"));
    assert!(late.body.contains("Token "), "who was the last: {}", late.body);
    let removed = put(&app, &string, json!({ "version": 2, "routes": null })).await.json();
    assert_eq!((&removed["routes"], &removed["family"]), (&Value::Null, &Value::Null));
    let rows = record_of(&app).await;
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.denied.is_none() && row.actor.starts_with("Token ")));
}

#[tokio::test]
async fn what_is_wrong_with_them_is_said_by_line_and_changes_nothing() {
    let app = TestApp::new().await;
    let string = app.string_with(&["access.manage", "read"]).await;
    let errors = |answer: Answer| {
        assert_eq!((answer.status, answer.code().as_str()), (422, "invalid_input"));
        let errors = answer.json()["errors"].take();
        let error = |it: &Value| format!("{}: {}", it["field"], it["message"]).replace('"', "");
        errors.as_array().unwrap().iter().map(error).collect::<Vec<_>>()
    };
    let never = "GET /a any\nGET /a access\nGET /b any nosuch\nGET c any";
    let wrong = json!({ "version": 0, "routes": never, "family": "apache" });
    let said = errors(put(&app, &string, wrong).await);
    assert_eq!(said.len(), 4, "{said:#?}");
    for (said, start) in said.iter().zip(["line 2:", "line 3:", "line 4:"]) {
        assert!(said.starts_with(&format!("routes: {start}")), "{said}");
    }
    assert!(said[3].starts_with("family: "), "{said:?}");
    let empty = json!({ "version": 0, "routes": "# nothing", "family": "original" });
    assert!(errors(put(&app, &string, empty).await)[0].starts_with("routes: "));
    let odd = errors(put(&app, &string, json!({ "odd": 1 })).await);
    assert_eq!(odd.len(), 3, "{odd:#?}");
    assert_eq!(put(&app, &string, json!(1)).await.status, 422);
    assert_eq!(app.api(&string).get(ROUTES).await.json()["version"], 0);
    assert!(record_of(&app).await.is_empty());
}

/// Whoever could drop a line that asks for `tunnel` would open what it does not hold.
#[tokio::test]
async fn a_token_sets_no_lines_that_ask_for_more_than_it_holds() {
    let app = TestApp::new().await;
    set(&app).await;
    let string = app.string_with(&["access.manage", "devices.manage", "read"]).await;
    for text in [Some("GET /a any"), Some(TEXT), None] {
        let answer = put(&app, &string, json!({ "version": 1, "routes": text })).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "insufficient_permissions"));
        assert_eq!(answer.json()["required_permission"], "tunnel");
    }
    assert_eq!(app.api(&string).get(ROUTES).await.json()["routes"], TEXT);
    let denied = record_of(&app).await;
    let denied: Vec<_> = denied.iter().filter(|row| row.denied.is_some()).collect();
    assert_eq!(denied.len(), 1, "the same denial once a minute");
    assert_eq!(denied[0].verb, Verb::RoutesChanged);
    assert!(denied[0].actor.starts_with("Token "));
    let holding = app.string_with(&["access.manage", "read", "tunnel"]).await;
    let answer = put(&app, &holding, json!({ "version": 1, "routes": "GET /a any" })).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let more = json!({ "version": 2, "routes": "GET /a any tunnel" });
    assert_eq!(put(&app, &string, more).await.status, 403, "a line that is to stand");
}

#[tokio::test]
async fn no_bound_token_sets_them() {
    let app = TestApp::new().await;
    let bound = bound(&app).await;
    let body = json!({ "version": 0, "routes": "GET /a any", "family": "original" });
    let answer = put(&app, &bound, body).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "insufficient_permissions"));
    assert!(answer.body.contains("North"), "{}", answer.body);
    let manager = app.string_with(&["access.manage"]).await;
    assert_eq!(app.api(&manager).get(ROUTES).await.json()["version"], 0);
}

#[tokio::test]
async fn a_request_is_tried() {
    let app = TestApp::new().await;
    let string = app.string_with(&["access.manage"]).await;
    let trial = json!({ "method": "PUT", "path": "/admin/x?y", "permissions": ["tunnel"] });
    let none = app.api(&string).post(TRY, trial.clone()).await;
    assert_eq!((none.status, none.code().as_str()), (404, "not_found"));
    set(&app).await;
    let answer = app.api(&string).post(TRY, trial).await.json();
    assert_eq!((&answer["allowed"], &answer["code"]), (&json!(true), &Value::Null));
    assert_eq!(answer["route"]["line"], 3);
    let refused = json!({ "method": "PUT", "path": "/admin/x", "kind": "device", "device": "d" });
    let refused = app.api(&string).post(TRY, refused).await.json();
    assert_eq!(
        (&refused["allowed"], &refused["code"]),
        (&json!(false), &json!("wrong_token_type"))
    );
    let nowhere = json!({ "method": "GET", "path": "/a/../admin/x", "permissions": ["tunnel"] });
    let nowhere = app.api(&string).post(TRY, nowhere).await.json();
    assert_eq!((&nowhere["allowed"], &nowhere["route"]), (&json!(false), &Value::Null));
}

#[tokio::test]
async fn a_text_that_is_not_kept_is_tried_and_its_wrong_lines_are_named() {
    let app = TestApp::new().await;
    let string = app.string_with(&["access.manage"]).await;
    let trial = |text: &str| json!({ "method": "GET", "path": "/a", "routes": text });
    let answer = app.api(&string).post(TRY, trial("GET /a any")).await.json();
    assert_eq!(answer["allowed"], true);
    assert_eq!(app.api(&string).get(ROUTES).await.json()["version"], 0, "it is not kept");
    let wrong = app.api(&string).post(TRY, trial("GET /a any\nx\nGET b none")).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (422, "invalid_input"));
    let errors = wrong.json()["errors"].take();
    let errors = errors.as_array().unwrap();
    assert!(errors.iter().all(|error| error["field"] == "routes"));
    let lines: Vec<_> =
        errors.iter().map(|error| &error["message"].as_str().unwrap()[..7]).collect();
    assert_eq!(lines, ["line 2:", "line 3:", "line 3:"]);
    let empty = app.api(&string).post(TRY, json!({ "odd": 1, "kind": 2 })).await;
    assert_eq!(empty.status, 422);
    let fields: Vec<_> = empty.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(fields, ["kind", "odd", "method", "path"]);
}
