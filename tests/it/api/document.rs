//! `/api/v1/openapi.json`: the document says what the API does, whole and to anybody. That every answer is as documented is held in `promised.rs`, in every test.

use crate::promised::{DOCUMENT, complaints};
use crate::test_app::TestApp;
use axum::body::Body;
use axum::http::{Method, Request, header};
use latchkey::domain::refusal::Code;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

const ADDRESS: &str = "/api/v1/openapi.json";

pub(super) fn operations() -> Vec<(String, Method, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let of = |(path, operations): (&String, &'static Value)| {
        let operations: &'static Map<String, Value> = operations.as_object().unwrap();
        let path = path.clone();
        operations.iter().map(move |(name, operation)| {
            let method = Method::from_bytes(name.to_uppercase().as_bytes()).unwrap();
            (path.clone(), method, operation)
        })
    };
    paths.iter().flat_map(of).collect()
}

/// An address of the path, with names that nothing has.
fn address(path: &str) -> String {
    let part = |part: &str| match part {
        "{workgroup}" => "harrow-valley".to_owned(),
        "{number}" => "7".to_owned(),
        named if named.starts_with('{') => "nobody".to_owned(),
        plain => plain.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn the_document_is_served_to_anybody_and_kept_by_its_tag() {
    let app = TestApp::at("https://tokens.harrow.example").await;
    let answer = app.stranger().get(ADDRESS).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    assert_eq!(answer.header("cache-control"), "public, no-cache");
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], "https://tokens.harrow.example");
    let tag = answer.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.len() == 34, "{tag}");
    for (sent, status) in
        [(tag.as_str(), 304), (&format!("W/{tag}, \"x\""), 304), ("*", 304), ("\"x\"", 200)]
    {
        let request = Request::get(ADDRESS).header(header::IF_NONE_MATCH, sent);
        let again = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((again.status, again.body.is_empty()), (status, status == 304), "{sent}");
        assert_eq!(again.header("etag"), tag, "{sent}");
    }
}

/// The router is made of the same table; this holds where a layer or a second table would part them.
#[tokio::test]
async fn every_operation_of_the_document_is_answered_by_a_handler_and_asks_for_the_token_it_says() {
    let app = TestApp::new().await;
    let string = app.string_with(&["access.manage", "devices.manage"]).await;
    let mut seen = 0;
    for (path, method, operation) in operations() {
        let request = Request::builder().method(&method).uri(address(&path));
        let bare = app.send(request.body(Body::empty()).unwrap()).await;
        let is_public = operation["security"] == serde_json::json!([{}]);
        let expected = if is_public { vec![200, 503] } else { vec![401] };
        assert!(expected.contains(&bare.status), "{method} {path}: {}", bare.status);
        if !is_public && !path.ends_with("/token/revoke") {
            let answer =
                app.api(&string).call(method.clone(), &address(&path), Body::empty()).await;
            assert_ne!(answer.status, 405, "{method} {path}");
            let nowhere = "There is no such address in this API.";
            assert!(!answer.body.contains(nowhere), "{method} {path}");
        }
        seen += 1;
    }
    assert!(seen >= 27, "only {seen} operations were found");
}

#[test]
fn operations_have_names_of_their_own_and_words() {
    let operations = operations();
    let text =
        |operation: &Value, name: &str| operation[name].as_str().unwrap_or_default().to_owned();
    let names: BTreeSet<_> = operations.iter().map(|(.., it)| text(it, "operationId")).collect();
    assert_eq!(names.len(), operations.len());
    let tags = DOCUMENT["tags"].as_array().unwrap();
    for (path, method, operation) in operations {
        assert!(!text(operation, "operationId").is_empty(), "{method} {path}");
        assert!(!text(operation, "summary").is_empty(), "{method} {path}");
        assert!(tags.iter().any(|tag| tag["name"] == operation["tags"][0]), "{method} {path}");
    }
}

#[test]
fn every_refusal_is_in_the_document() {
    let described = DOCUMENT["info"]["description"].as_str().unwrap();
    let of_problem = &DOCUMENT["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    for code in Code::ALL {
        let row = format!("| {} | `{}` | {} |", code.status(), code.as_str(), code.title());
        assert!(described.contains(&row), "{row}");
        assert!(of_problem.as_array().unwrap().iter().any(|it| it == code.as_str()), "{row}");
    }
}

/// Gives every example of the document with the schema that it is an example of.
fn examples(node: &'static Value, found: &mut Vec<(&'static Value, &'static Value)>) {
    if let (Some(schema), Some(example)) = (node.get("schema"), node.get("example")) {
        found.push((schema, example));
    }
    if let (Some(schema), Some(Value::Object(named))) = (node.get("schema"), node.get("examples")) {
        found.extend(named.values().map(|example| (schema, &example["value"])));
    }
    match node {
        Value::Object(members) => members.values().for_each(|it| examples(it, found)),
        Value::Array(items) => items.iter().for_each(|it| examples(it, found)),
        _ => {}
    }
}

#[test]
fn every_example_is_valid_by_its_own_schema() {
    let mut found = Vec::new();
    examples(&DOCUMENT["paths"], &mut found);
    assert!(found.len() > 100, "only {} examples were found", found.len());
    for (schema, example) in found {
        let wrong = complaints(schema, example);
        assert!(wrong.is_empty(), "{example}: {wrong:#?}");
    }
}

#[test]
fn a_member_more_or_less_is_noticed() {
    let named = |name: &str| serde_json::json!({ "$ref": format!("#/components/schemas/{name}") });
    let policy = serde_json::json!({
        "workgroup": "w", "name": "W", "longest_lifetime": "1y", "non_expiring": false,
        "notice_stages": [1], "notice_hour": 8, "time_zone": "UTC", "version": 1,
    });
    assert!(complaints(&named("Policy"), &policy).is_empty());
    for (name, value) in
        [("more", Value::Null), ("notice_hour", 24.into()), ("version", "1".into())]
    {
        let mut wrong = policy.clone();
        wrong[name] = value;
        assert!(!complaints(&named("Policy"), &wrong).is_empty(), "{name}");
    }
    let mut less = policy;
    less.as_object_mut().unwrap().remove("name");
    assert!(!complaints(&named("Policy"), &less).is_empty());
}
