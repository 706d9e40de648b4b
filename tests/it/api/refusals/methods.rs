//! 405: a method that an address does not answer, with those that it does.

use crate::api::{OWN, RENEW, RETIRE_OLDER, REVOKE, TOKENS, call_with, is_live, shown, text};
use crate::test_app::TestApp;
use axum::http::Method;
use std::collections::BTreeSet;

#[tokio::test]
async fn options_on_renew_is_answered_with_what_is_allowed() {
    let app = TestApp::new().await;
    insta::assert_snapshot!(shown(&call_with(&app, Method::OPTIONS, RENEW, &[]).await), @r#"
    405
    content-type: application/problem+json
    allow: GET, POST
    cache-control: no-store
    {"code":"method_not_allowed","detail":"This address does not answer this method.","status":405,"title":"Method not allowed","type":"urn:latchkey:problem:method_not_allowed"}
    "#);
}

#[tokio::test]
async fn head_and_options_change_nothing_and_name_the_methods() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let line = format!("Bearer {}", text(&issued));
    let addresses = [(OWN, "GET"), (RENEW, "GET, POST"), (REVOKE, "POST"), (RETIRE_OLDER, "POST")];
    for (path, allow) in addresses {
        for method in [Method::HEAD, Method::OPTIONS] {
            for lines in [&[][..], &[line.as_bytes()][..]] {
                let answer = call_with(&app, method.clone(), path, lines).await;
                assert_eq!(
                    (answer.status, answer.header("allow")),
                    (405, allow),
                    "{method} {path}"
                );
            }
        }
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            let answer = call_with(&app, method.clone(), path, &[line.as_bytes()]).await;
            assert_eq!((answer.status, answer.header("allow")), (405, allow), "{method} {path}");
        }
    }
    let own = app.api(text(&issued)).get(OWN).await.json();
    assert_eq!(own["strings"].as_array().unwrap().len(), 1, "nothing was renewed");
    assert!(is_live(&app, text(&issued)).await, "nothing was revoked");
}

#[tokio::test]
async fn the_management_addresses_name_their_methods() {
    let app = TestApp::new().await;
    let string = app.string_with(&["access.manage"]).await;
    let line = format!("Bearer {string}");
    let token = format!("{TOKENS}/some-id");
    let addresses = [
        (TOKENS.to_owned(), BTreeSet::from(["GET", "HEAD", "POST"])),
        (token.clone(), BTreeSet::from(["GET", "HEAD", "PATCH"])),
        (format!("{token}/reissue"), BTreeSet::from(["POST"])),
        (format!("{token}/revoke"), BTreeSet::from(["POST"])),
        (format!("{token}/strings/1/retire"), BTreeSet::from(["POST"])),
    ];
    for (path, allowed) in addresses {
        for method in [Method::DELETE, Method::PUT, Method::OPTIONS] {
            let answer = call_with(&app, method.clone(), &path, &[line.as_bytes()]).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (405, "method_not_allowed"),
                "{method} {path}"
            );
            let named: BTreeSet<_> = answer.header("allow").split(',').map(str::trim).collect();
            assert_eq!(named, allowed, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn head_on_a_list_is_judged_as_get_is() {
    let app = TestApp::new().await;
    let line = format!("Bearer {}", app.string_with(&["access.manage"]).await);
    let unknown = format!("{TOKENS}/no-such-token");
    for (path, lines, status) in [
        (TOKENS, &[line.as_bytes()][..], 200),
        (TOKENS, &[][..], 401),
        (&unknown, &[line.as_bytes()][..], 404),
        (&unknown, &[b"Basic eA==".as_slice()][..], 401),
    ] {
        let answer = call_with(&app, Method::HEAD, path, lines).await;
        assert_eq!((answer.status, answer.body.as_str()), (status, ""), "{path}");
    }
}
