//! `/api/docs`: the page of the API needs nobody else, and gives the licences of what it is made of.

use crate::test_app::TestApp;
use serde_json::Value;

#[tokio::test]
async fn the_page_of_the_api_may_reach_nothing_but_this_installation() {
    let app = TestApp::new().await;
    let [page, other] =
        [app.stranger().get("/api/docs").await, app.stranger().get("/api/docs").await];
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    let policy = page.header("content-security-policy");
    assert_ne!(policy, other.header("content-security-policy"), "the nonce is made anew");
    for directive in ["default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'"] {
        assert!(policy.contains(directive), "{policy}");
    }
    let scripts = policy.split(';').find(|it| it.trim().starts_with("script-src")).unwrap();
    assert!(scripts.contains("'nonce-") && !scripts.contains("unsafe"), "{scripts}");
    for elsewhere in ["http://", "https://", "src=\"//"] {
        assert!(!page.body.contains(elsewhere), "{}", page.body);
    }
    assert!(page.body.contains("/api/v1/openapi.json"), "with Scalar or without it");
}

#[expect(
    clippy::disallowed_methods,
    reason = "whether a test may be skipped is said by environment"
)]
fn is_packed() -> bool {
    let packed = std::path::Path::new("target/scalar/standalone.js.gz").exists();
    if !packed {
        assert!(std::env::var("CI").is_err(), "CI=true, but scripts/setup.sh has packed no Scalar");
        eprintln!("SKIPPED: no page of the API (scripts/setup.sh packs it)");
    }
    packed
}

/// Whoever passes Scalar on, as every installation does, gives its licence and those of what it holds along.
#[tokio::test]
async fn the_page_of_the_api_gives_the_licences_of_all_that_it_is_made_of() {
    if !is_packed() {
        return;
    }
    let app = TestApp::new().await;
    let page = app.stranger().get("/api/docs").await;
    let (_, link) = page.body.split_once("<footer").expect("Scalar comes with its licences");
    let address = link.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(page.body.contains(&format!("<link rel=\"license\" href=\"{address}\">")));
    let given = app.stranger().get(address).await;
    assert_eq!((given.status, given.header("content-type")), (200, "text/plain; charset=utf-8"));
    let installed = std::fs::read_to_string("node_modules/@scalar/api-reference/package.json");
    let installed: Value = serde_json::from_str(&installed.unwrap()).unwrap();
    let scalar = format!("@scalar/api-reference {} (MIT)", installed["version"].as_str().unwrap());
    for words in [
        scalar.as_str(),
        "Copyright (c) 2023-present Scalar",
        "Permission is hereby granted, free of charge",
        "@vue/runtime-core ",
        "Copyright (c) 2018-present, Yuxi (Evan) You",
        "@codemirror/view ",
        "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION",
    ] {
        assert!(given.body.contains(words), "{words}");
    }
    assert_eq!(given.body.matches("undefined").count(), 0);
}
