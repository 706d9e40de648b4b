//! What the document promises beside bodies: an example for each refusal, and the headers that proxies and clients act upon.

use super::document::operations;
use crate::promised::DOCUMENT;
use serde_json::Value;
use std::collections::BTreeSet;

/// Every refusal of every operation: the operation, the status and what stands there of it.
fn refusals() -> impl Iterator<Item = (String, &'static str, &'static Value)> {
    operations().into_iter().flat_map(|(path, method, operation)| {
        let answers = operation["responses"].as_object().unwrap().iter();
        let refusals = answers
            .filter(|(_, answer)| answer["content"].get("application/problem+json").is_some());
        refusals.map(move |(status, answer)| (format!("{method} {path}"), status.as_str(), answer))
    })
}

#[test]
fn each_code_that_an_operation_lists_has_an_example_that_says_what_it_would() {
    let mut seen = 0;
    for (operation, status, answer) in refusals() {
        let content = &answer["content"]["application/problem+json"];
        let codes = &content["schema"]["allOf"][1]["properties"]["code"]["enum"];
        for code in codes.as_array().unwrap() {
            let code = code.as_str().unwrap();
            let example = &content["examples"][code]["value"];
            let called = format!("{operation} {status} {code}: {example}");
            assert_eq!(example["status"].to_string(), status, "{called}");
            let detail = example["detail"].as_str().unwrap_or_default();
            let title = example["title"].as_str().unwrap();
            assert!(detail.ends_with('.') && detail != title, "{called}");
            let wait = matches!(code, "rate_limited" | "renewed_too_often" | "unavailable");
            assert_eq!(example["retry_after"].is_u64(), wait, "{called}");
            let of_devices = operation.contains("/devices") || operation.contains("/device-groups");
            if code == "insufficient_permissions" {
                let named = example["required_permission"].as_str().unwrap();
                assert_eq!(named == "devices.manage", of_devices, "{called}");
            }
            seen += 1;
        }
    }
    assert!(seen > 300, "only {seen} were found");
}

#[test]
fn the_headers_of_verification_are_in_the_document() {
    let headers = |path: &str, method: &str, status: &str| -> BTreeSet<&'static str> {
        let answer = &DOCUMENT["paths"][path][method]["responses"][status];
        let headers = answer["headers"].as_object().unwrap_or_else(|| panic!("{path} {status}"));
        headers.keys().map(String::as_str).collect()
    };
    const COMMON: [&str; 2] = ["X-Request-Id", "X-Latchkey-Token-Expires"];
    const LIMITED: [&str; 3] = ["Retry-After", "RateLimit", "RateLimit-Policy"];
    const REFUSED: [&str; 2] = ["WWW-Authenticate", "X-Latchkey-Code"];
    const ALLOWED: [&str; 9] = [
        "Cache-Control",
        "X-Latchkey-Token",
        "X-Latchkey-Kind",
        "X-Latchkey-Owner",
        "X-Latchkey-Workgroup",
        "X-Latchkey-Permissions",
        "X-Latchkey-Device",
        "X-Latchkey-Device-Group",
        "X-Latchkey-Legacy-Scopes",
    ];
    let cases: [(&str, &[&str]); 8] = [
        ("204", &ALLOWED),
        ("400", &REFUSED[1..]),
        ("401", &REFUSED),
        ("403", &[LIMITED.as_slice(), REFUSED.as_slice()].concat()),
        ("404", &REFUSED[1..]),
        ("422", &REFUSED[1..]),
        ("429", &[LIMITED.as_slice(), &REFUSED[1..]].concat()),
        ("503", &["Retry-After", "X-Latchkey-Code"]),
    ];
    for method in ["get", "post", "put", "patch", "delete", "options"] {
        for (status, expected) in &cases {
            let expected = COMMON.iter().chain(*expected).copied().collect();
            assert_eq!(headers("/api/v1/authorize", method, status), expected, "{method} {status}");
        }
    }
    let introspect = |status| headers("/api/v1/introspect", "post", status);
    assert_eq!(introspect("200"), BTreeSet::from(COMMON));
    assert!(introspect("401").contains("WWW-Authenticate"));
    assert!(introspect("403").contains("WWW-Authenticate"));
    assert!(introspect("503").contains("Retry-After"));
    for method in ["get", "post"] {
        let renewed = |status| headers("/api/v1/token/renew", method, status);
        assert!(renewed("200").contains("Cache-Control"), "{method}");
        assert!(LIMITED.iter().all(|name| renewed("429").contains(name)), "{method}");
    }
}

#[test]
fn what_a_proxy_sends_along_is_in_the_document() {
    let names = |method: &str| -> BTreeSet<&'static str> {
        let parameters = &DOCUMENT["paths"]["/api/v1/authorize"][method]["parameters"];
        parameters.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect()
    };
    let expected = BTreeSet::from([
        "workgroup",
        "permission",
        "device",
        "kind",
        "statuses",
        "X-Forwarded-Method",
        "X-Forwarded-Uri",
        "X-Original-Method",
        "X-Original-URI",
    ]);
    assert_eq!(names("get"), expected);
    assert_eq!(names("post"), expected);
}
