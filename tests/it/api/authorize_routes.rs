//! `/api/v1/authorize?workgroup=…` where the workgroup has route policies: the proxy says what it was asked, and the line decides.

use super::{AUTHORIZE, device_string};
use crate::caller::Answer;
use crate::test_app::TestApp;
use latchkey::server::routes::edit::{RawRoutes, edit};
use std::sync::Arc;

const ROUTES: &str = "\
    GET /devices access read\n\
    GET /devices/{id} any read device={id}\n\
    POST /devices/{id}/telemetry device telemetry.send device={id}\n\
    POST /devices/{id}/control access devices.control device={id}\n\
    GET /reports/{*rest} access read device=any\n";

/// Harrow Valley behind a trusted nginx, with [`ROUTES`].
async fn behind_nginx(trusted: &str) -> TestApp {
    let mut app = TestApp::new().await;
    let mut config = (*app.state.config).clone();
    config.trusted_proxies = vec![trusted.parse().unwrap()];
    app.state.config = Arc::new(config);
    app.router = latchkey::server::http::door::Door::new(app.state.clone());
    set(&app, Some(ROUTES)).await;
    app
}

async fn set(app: &TestApp, text: Option<&str>) {
    let mut reader = app.state.db.read().await.unwrap();
    let known = latchkey::server::store::routes::find(&mut reader, &app.harrow.id).await.unwrap();
    drop(reader);
    let raw = RawRoutes {
        version: Some(known.version),
        text: text.map(str::to_owned),
        family: Some("original".into()),
    };
    edit(&app.state, &app.seat(), &raw, None).await.unwrap();
}

async fn ask(app: &TestApp, string: &str, query: &str, headers: &[(&str, &str)]) -> Answer {
    let caller = headers.iter().fold(app.api(string), |api, (name, value)| api.with(name, value));
    caller.get(&format!("{AUTHORIZE}?workgroup=harrow-valley{query}")).await
}

async fn verdict(app: &TestApp, string: &str, method: &str, target: &str) -> String {
    let headers = [("x-original-method", method), ("x-original-uri", target)];
    said(&ask(app, string, "", &headers).await)
}

fn said(answer: &Answer) -> String {
    match answer.status {
        204 => "204".to_owned(),
        status => format!("{status} {}", answer.code()),
    }
}

#[tokio::test]
async fn the_line_of_the_path_decides() {
    let app = behind_nginx("192.0.2.0/24").await;
    let device = device_string(&app).await;
    let reader = app.string_with(&["read"]).await;
    let driver = app.string_with(&["read", "devices.control"]).await;
    for (string, method, target, wanted) in [
        (&reader, "GET", "/devices", "204"),
        (&reader, "GET", "/devices?all=1", "204"),
        (&reader, "GET", "/devices/pump-1", "204"),
        (&reader, "GET", "/devices/pump-9", "403 not_found"),
        (&reader, "POST", "/devices", "403 insufficient_permissions"),
        (&reader, "GET", "/nothing", "403 insufficient_permissions"),
        (&reader, "POST", "/devices/pump-1/control", "403 insufficient_permissions"),
        (&driver, "POST", "/devices/pump-1/control", "204"),
        (&driver, "POST", "/devices/pump-1/telemetry", "403 wrong_token_type"),
        (&reader, "GET", "/reports/a/b", "204"),
        (&device, "POST", "/devices/pump-1/telemetry", "204"),
        (&device, "POST", "/devices/pump-2/telemetry", "403 not_found"),
        (&device, "GET", "/devices", "403 wrong_token_type"),
    ] {
        assert_eq!(verdict(&app, string, method, target).await, wanted, "{method} {target}");
    }
}

/// THREATS 14, 18: never more access than the plain path.
#[tokio::test]
async fn no_spelling_of_a_path_opens_more_than_the_plain_one() {
    let app = behind_nginx("192.0.2.0/24").await;
    let device = device_string(&app).await;
    for target in [
        "/devices/pump-1/../pump-2/telemetry",
        "/devices/pump-1/%2e%2e/pump-2/telemetry",
        "/devices/pump-1/%2E%2E/telemetry",
        "/devices//pump-1/telemetry",
        "//devices/pump-1/telemetry",
        "/devices/pump-1;x/telemetry",
        "/devices/pump-1%3bx/telemetry",
        "/devices/pump-1%2ftelemetry",
        "/devices/pump-1%5ctelemetry",
        "/devices/pump-1\\telemetry",
        "/devices/pump-1/./telemetry",
        "/devices/pump-1%00/telemetry",
        "/devices/pump%252d1/telemetry",
        "devices/pump-1/telemetry",
        "http://x/devices/pump-1/telemetry",
        "*",
        "",
    ] {
        assert_eq!(
            verdict(&app, &device, "POST", target).await,
            "403 insufficient_permissions",
            "{target}"
        );
    }
    assert_eq!(verdict(&app, &device, "POST", "/devices/pump%2D1/telemetry").await, "204");
}

#[tokio::test]
async fn only_the_one_family_of_a_trusted_proxy_counts() {
    let app = behind_nginx("192.0.2.0/24").await;
    let reader = app.string_with(&["read"]).await;
    let (method, uri) = (("x-original-method", "GET"), ("x-original-uri", "/devices"));
    let nothing = ("x-original-uri", "/nothing");
    let (other_method, other) = (("x-forwarded-method", "GET"), ("x-forwarded-uri", "/devices"));
    for (headers, wanted) in [
        (vec![method, uri], "204"),
        (vec![method, uri, other_method, ("x-forwarded-uri", "/nothing")], "204"),
        (vec![method, nothing, other_method, other], "403 insufficient_permissions"),
        (vec![other_method, other], "403 insufficient_permissions"),
        (vec![method], "403 insufficient_permissions"),
        (vec![uri], "403 insufficient_permissions"),
        (vec![], "403 insufficient_permissions"),
        (vec![method, uri, uri], "403 insufficient_permissions"),
        (vec![method, method, uri], "403 insufficient_permissions"),
        (vec![method, nothing, uri], "403 insufficient_permissions"),
    ] {
        let answer = ask(&app, &reader, "", &headers).await;
        assert_eq!(said(&answer), wanted, "{headers:?}");
    }
    // What the address asks for comes on top of what the line asks for.
    let asked = ask(&app, &reader, "&permission=tunnel", &[method, uri]).await;
    assert_eq!(said(&asked), "403 insufficient_permissions");
    let asked = ask(&app, &reader, "&permission=read", &[method, uri]).await;
    assert_eq!(said(&asked), "204");
    let device = device_string(&app).await;
    let telemetry =
        [("x-original-method", "POST"), ("x-original-uri", "/devices/pump-1/telemetry")];
    let asked = ask(&app, &device, "&permission=telemetry.send", &telemetry).await;
    assert_eq!(said(&asked), "204", "the line names the device");
}

#[tokio::test]
async fn a_stranger_says_nothing_of_what_was_asked() {
    let app = behind_nginx("198.51.100.0/24").await;
    let reader = app.string_with(&["read"]).await;
    assert_eq!(verdict(&app, &reader, "GET", "/devices").await, "403 insufficient_permissions");
}

#[tokio::test]
async fn an_edit_counts_at_once_and_without_policies_the_address_decides() {
    let app = behind_nginx("192.0.2.0/24").await;
    let reader = app.string_with(&["read"]).await;
    assert_eq!(verdict(&app, &reader, "GET", "/late").await, "403 insufficient_permissions");
    set(&app, Some("GET /late access read")).await;
    assert_eq!(verdict(&app, &reader, "GET", "/late").await, "204");
    assert_eq!(verdict(&app, &reader, "GET", "/devices").await, "403 insufficient_permissions");
    set(&app, None).await;
    assert_eq!(said(&ask(&app, &reader, "", &[]).await), "204");
    assert_eq!(
        said(&ask(&app, &reader, "&permission=tunnel", &[]).await),
        "403 insufficient_permissions"
    );
}
