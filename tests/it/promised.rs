//! Every answer of the API in the whole run, held against the OpenAPI document: the status, the media type, the headers and
//! the body. An answer that the document does not promise fails the test in which it was given.

use crate::caller::Answer;
use axum::http::Method;
use jsonschema::{Draft, Validator};
use latchkey::server::http::api::openapi;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(openapi::document("http://127.0.0.1:3000")).unwrap());

/// The validators that were made so far, by the schema that they stand for.
static MADE: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Holds one answer against the document. Other addresses promise nothing.
pub fn hold(method: &Method, path: &str, answer: &Answer) {
    let Some(operations) = operations(path) else { return };
    let called = format!("{method} {path}: {} {}", answer.status, answer.body);
    assert!(!answer.header("x-request-id").is_empty(), "no X-Request-Id: {called}");
    let name = method.as_str().to_lowercase();
    let bare = *method == Method::HEAD;
    const NAMED: [&str; 8] = ["get", "head", "post", "put", "patch", "delete", "options", "trace"];
    if !NAMED.contains(&name.as_str()) {
        // A document of this kind cannot name it.
        return;
    }
    if answer.status == 405 {
        // GET answers HEAD, but for the calls that refuse it.
        assert!(operations.get(&name).is_none(), "documented, and not answered: {called}");
        return;
    }
    let Some(operation) = operations.get(if bare { "get" } else { &name }) else {
        // The credentials are judged before the method.
        assert!(matches!(answer.status, 400 | 401), "answered, and not documented: {called}");
        return;
    };
    let promised = &operation["responses"][answer.status.to_string()];
    assert!(promised.is_object(), "a status that is not documented: {called}");
    let unpromised: Vec<_> =
        answer.headers.keys().filter(|name| is_unpromised(name, promised)).collect();
    assert!(unpromised.is_empty(), "headers that are not documented: {unpromised:?} {called}");
    let broken = broken(answer, promised);
    assert!(broken.is_empty(), "headers that are documented, and not there: {broken:?} {called}");
    if !bare {
        hold_body(promised, answer, &called);
    }
}

/// What a caller of the API acts upon; the headers for browsers are on every answer of the house.
fn is_unpromised(name: &axum::http::HeaderName, promised: &Value) -> bool {
    const TOLD: [&str; 17] = [
        "x-latchkey-token-expires",
        "link",
        "idempotency-replayed",
        "retry-after",
        "ratelimit",
        "ratelimit-policy",
        "www-authenticate",
        "etag",
        "x-latchkey-code",
        "x-latchkey-token",
        "x-latchkey-kind",
        "x-latchkey-owner",
        "x-latchkey-workgroup",
        "x-latchkey-permissions",
        "x-latchkey-device",
        "x-latchkey-device-group",
        "x-latchkey-legacy-scopes",
    ];
    let named = promised["headers"].as_object();
    let is_named =
        named.is_some_and(|it| it.keys().any(|key| key.eq_ignore_ascii_case(name.as_str())));
    TOLD.contains(&name.as_str()) && !is_named
}

/// Documented headers that callers count on, and that this answer lacks. The others are there only sometimes.
fn broken(answer: &Answer, promised: &Value) -> Vec<String> {
    const ALWAYS: [&str; 9] = [
        "www-authenticate",
        "cache-control",
        "etag",
        "x-latchkey-code",
        "x-latchkey-token",
        "x-latchkey-kind",
        "x-latchkey-owner",
        "x-latchkey-workgroup",
        "x-latchkey-permissions",
    ];
    let is_due = |name: &str| match name {
        "x-latchkey-token-expires" => answer.status < 400,
        "retry-after" => matches!(answer.status, 429 | 503),
        "ratelimit" | "ratelimit-policy" => answer.status == 429,
        name => ALWAYS.contains(&name),
    };
    let named = promised["headers"].as_object().into_iter().flatten();
    let names = named.map(|(name, _)| name.to_lowercase());
    names.filter(|name| is_due(name) && answer.header(name).is_empty()).collect()
}

fn hold_body(promised: &Value, answer: &Answer, called: &str) {
    let Some(contents) = promised["content"].as_object() else {
        assert_eq!(answer.body, "", "a body that is not documented: {called}");
        return;
    };
    let media = answer.header("content-type").split(';').next().unwrap_or_default();
    let content = contents.get(media);
    let content = content.unwrap_or_else(|| panic!("{media:?} is not documented: {called}"));
    if media.ends_with("json") {
        let wrong = complaints(&content["schema"], &answer.json());
        assert!(wrong.is_empty(), "{called}\nis not as documented: {wrong:#?}");
    }
}

/// What is wrong with a value by a schema of the document.
pub fn complaints(schema: &Value, value: &Value) -> Vec<String> {
    let validator = validator(schema);
    validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

fn validator(schema: &Value) -> Arc<Validator> {
    let key = schema.to_string();
    let mut made = MADE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    made.entry(key)
        .or_insert_with(|| {
            let components = &DOCUMENT["components"];
            let whole = json!({ "allOf": [schema], "components": components });
            let options = jsonschema::options().with_draft(Draft::Draft202012);
            Arc::new(options.should_validate_formats(true).build(&whole).unwrap())
        })
        .clone()
}

/// The path of the document that this address is one of.
fn operations(path: &str) -> Option<&'static Value> {
    let parts: Vec<_> = path.split('/').collect();
    let is_it = |template: &str| {
        let wanted: Vec<_> = template.split('/').collect();
        wanted.len() == parts.len()
            && wanted.iter().zip(&parts).all(|(wanted, part)| {
                wanted == part || (wanted.starts_with('{') && !part.is_empty())
            })
    };
    let paths = DOCUMENT["paths"].as_object()?;
    paths.iter().find(|(template, _)| is_it(template)).map(|(_, operations)| operations)
}
