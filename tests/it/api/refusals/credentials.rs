//! 400 and 401: no string, two, or none of ours.

use crate::api::{OWN, RENEW, RETIRE_OLDER, REVOKE, TOKENS, call_with, shown, unknown_string};
use crate::test_app::TestApp;
use axum::http::Method;

async fn shown_for(lines: &[&str]) -> String {
    let app = TestApp::new().await;
    let lines: Vec<_> = lines.iter().map(|line| line.as_bytes()).collect();
    shown(&call_with(&app, Method::GET, OWN, &lines).await)
}

#[tokio::test]
async fn two_authorization_headers_are_duplicate_credentials() {
    insta::assert_snapshot!(shown_for(&["Bearer lka_x", "Bearer lka_x"]).await, @r#"
    400
    content-type: application/problem+json
    cache-control: no-store
    {"code":"duplicate_credentials","detail":"The request carries two Authorization headers. Send exactly one.","status":400,"title":"Two Authorization headers","type":"urn:latchkey:problem:duplicate_credentials"}
    "#);
}

#[tokio::test]
async fn no_authorization_header_is_a_missing_token() {
    insta::assert_snapshot!(shown_for(&[]).await, @r#"
    401
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey"
    cache-control: no-store
    {"code":"missing_token","detail":"This call needs a token in the header “Authorization: Bearer <token string>”.","status":401,"title":"No token was sent","type":"urn:latchkey:problem:missing_token"}
    "#);
}

#[tokio::test]
async fn another_scheme_is_a_missing_bearer_prefix() {
    insta::assert_snapshot!(shown_for(&["Basic bGF0Y2g6a2V5"]).await, @r#"
    401
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey"
    cache-control: no-store
    {"code":"missing_bearer_prefix","detail":"The Authorization header must be “Bearer <token string>”; the word Bearer is missing.","status":401,"title":"The Authorization header is not a Bearer one","type":"urn:latchkey:problem:missing_bearer_prefix"}
    "#);
}

#[tokio::test]
async fn a_foreign_prefix_is_malformed() {
    insta::assert_snapshot!(shown_for(&["Bearer ghp_0123456789"]).await, @r#"
    401
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="invalid_token", error_description="This is not a token string: it does not begin with lka_ or lkd_. Copy the whole string again."
    cache-control: no-store
    {"code":"malformed_token","detail":"This is not a token string: it does not begin with lka_ or lkd_. Copy the whole string again.","status":401,"title":"Not a token string","type":"urn:latchkey:problem:malformed_token"}
    "#);
}

#[tokio::test]
async fn a_truncated_string_is_malformed() {
    let line = format!("Bearer {}", &unknown_string()[..41]);
    insta::assert_snapshot!(shown_for(&[&line]).await, @r#"
    401
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="invalid_token", error_description="This is not a token string: it is not 42 characters long. Copy the whole string again."
    cache-control: no-store
    {"code":"malformed_token","detail":"This is not a token string: it is not 42 characters long. Copy the whole string again.","status":401,"title":"Not a token string","type":"urn:latchkey:problem:malformed_token"}
    "#);
}

#[tokio::test]
async fn a_character_outside_of_the_alphabet_is_malformed() {
    let line = format!("Bearer {}", unknown_string().replacen('0', "-", 1));
    insta::assert_snapshot!(shown_for(&[&line]).await, @r#"
    401
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="invalid_token", error_description="This is not a token string: it holds a character other than 0-9, A-Z and a-z. Copy the whole string again."
    cache-control: no-store
    {"code":"malformed_token","detail":"This is not a token string: it holds a character other than 0-9, A-Z and a-z. Copy the whole string again.","status":401,"title":"Not a token string","type":"urn:latchkey:problem:malformed_token"}
    "#);
}

#[tokio::test]
async fn a_typo_is_malformed_by_its_checksum() {
    let line = format!("Bearer {}", unknown_string().replacen('0', "1", 1));
    insta::assert_snapshot!(shown_for(&[&line]).await, @r#"
    401
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="invalid_token", error_description="This is not a token string: its checksum does not fit, so a character is wrong or missing. Copy the whole string again."
    cache-control: no-store
    {"code":"malformed_token","detail":"This is not a token string: its checksum does not fit, so a character is wrong or missing. Copy the whole string again.","status":401,"title":"Not a token string","type":"urn:latchkey:problem:malformed_token"}
    "#);
}

#[tokio::test]
async fn a_well_formed_string_that_no_token_has_is_invalid() {
    let line = format!("Bearer {}", unknown_string());
    insta::assert_snapshot!(shown_for(&[&line]).await, @r#"
    401
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="invalid_token", error_description="No token has this string. It may belong to another installation, or have been removed long ago."
    cache-control: no-store
    {"code":"invalid_token","detail":"No token has this string. It may belong to another installation, or have been removed long ago.","status":401,"title":"Unknown token","type":"urn:latchkey:problem:invalid_token"}
    "#);
}

#[tokio::test]
async fn every_call_refuses_bad_credentials_alike() {
    let app = TestApp::new().await;
    let token = format!("{TOKENS}/some-id");
    let calls = [
        (Method::GET, OWN.to_owned()),
        (Method::GET, RENEW.to_owned()),
        (Method::POST, RENEW.to_owned()),
        (Method::POST, REVOKE.to_owned()),
        (Method::POST, RETIRE_OLDER.to_owned()),
        (Method::GET, TOKENS.to_owned()),
        (Method::POST, TOKENS.to_owned()),
        (Method::GET, token.clone()),
        (Method::PATCH, token.clone()),
        (Method::POST, format!("{token}/reissue")),
        (Method::POST, format!("{token}/revoke")),
        (Method::POST, format!("{token}/strings/1/retire")),
    ];
    let unknown = format!("Bearer {}", unknown_string());
    let bad: [&[&[u8]]; 5] =
        [&[], &[b"Basic eA=="], &[b"Bearer x"], &[unknown.as_bytes()], &[b"Bearer x", b"Bearer y"]];
    for lines in bad {
        let expected = shown(&call_with(&app, Method::GET, OWN, lines).await);
        for (method, path) in &calls {
            let answer = call_with(&app, method.clone(), path, lines).await;
            assert_eq!(shown(&answer), expected, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn credentials_count_only_in_the_header() {
    let app = TestApp::new().await;
    let string = app.string_with(&["access.manage"]).await;
    for path in [
        format!("{OWN}?access_token={string}"),
        format!("{OWN}?token={string}"),
        format!("{TOKENS}?authorization=Bearer%20{string}"),
    ] {
        let answer = call_with(&app, Method::GET, &path, &[]).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "missing_token"), "{path}");
    }
    let ada = app.ada().await;
    for path in [OWN, TOKENS] {
        let answer = ada.get(path).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "missing_token"), "{path}");
    }
    let answer = ada.post(REVOKE, &[("access_token", &string), ("token", &string)]).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "missing_token"));
}
