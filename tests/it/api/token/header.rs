//! The Authorization header in forty shapes: each has its answer, and none of them is a fault.

use crate::api::{OWN, call_with, text, unknown_string};
use crate::test_app::TestApp;
use axum::http::Method;

/// What stands in the header, `@` being a live string; the status and the code.
const SHAPES: [(&[&str], u16, &str); 40] = [
    (&["Bearer @"], 200, ""),
    (&["bearer @"], 200, ""),
    (&["BEARER @"], 200, ""),
    (&["bEaReR @"], 200, ""),
    (&["Bearer   @"], 200, ""),
    (&["Bearer\t@"], 200, ""),
    (&["  Bearer @  "], 200, ""),
    (&["Bearer: @"], 200, ""),
    (&["bearer:@"], 200, ""),
    (&["Bearer : @"], 200, ""),
    (&[], 401, "missing_token"),
    (&[""], 401, "missing_bearer_prefix"),
    (&["   "], 401, "missing_bearer_prefix"),
    (&["@"], 401, "missing_bearer_prefix"),
    (&["Basic @"], 401, "missing_bearer_prefix"),
    (&["Token @"], 401, "missing_bearer_prefix"),
    (&["Bearer@"], 401, "missing_bearer_prefix"),
    (&["Bearer=@"], 401, "missing_bearer_prefix"),
    (&["Bearer_ @"], 401, "missing_bearer_prefix"),
    (&["\"Bearer @\""], 401, "missing_bearer_prefix"),
    (&["Authorization: Bearer @"], 401, "missing_bearer_prefix"),
    (&["Basic eA==, Bearer @"], 401, "missing_bearer_prefix"),
    (&["Béarer @"], 401, "missing_bearer_prefix"),
    (&["Bearer"], 401, "malformed_token"),
    (&["Bearer:"], 401, "malformed_token"),
    (&["Bearer \"@\""], 401, "malformed_token"),
    (&["Bearer '@'"], 401, "malformed_token"),
    (&["Bearer <@>"], 401, "malformed_token"),
    (&["Bearer token=@"], 401, "malformed_token"),
    (&["Bearer Bearer @"], 401, "malformed_token"),
    (&["Bearer @ @"], 401, "malformed_token"),
    (&["Bearer @,@"], 401, "malformed_token"),
    (&["Bearer @, Basic eA=="], 401, "malformed_token"),
    (&["Bearer @x"], 401, "malformed_token"),
    (&["Bearer @é"], 401, "malformed_token"),
    (&["Bearer ::@"], 401, "malformed_token"),
    (&["Bearer eyJhbGciOiJub25lIn0.e30."], 401, "malformed_token"),
    (&["Bearer ?"], 401, "invalid_token"),
    (&["Bearer @", "Bearer @"], 400, "duplicate_credentials"),
    (&["Bearer @", ""], 400, "duplicate_credentials"),
];

#[tokio::test]
async fn forty_shapes_of_the_header_have_their_answers() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    for (shape, status, code) in SHAPES {
        let filled = |line: &&str| line.replace('@', text(&issued)).replace('?', &unknown_string());
        let lines: Vec<String> = shape.iter().map(filled).collect();
        let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
        let answer = call_with(&app, Method::GET, OWN, &lines).await;
        let own = if answer.status == 200 { String::new() } else { answer.code() };
        assert_eq!((answer.status, own.as_str()), (status, code), "{shape:?}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_malformed() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let good = format!("Bearer {}", text(&issued)).into_bytes();
    for byte in [0x80, 0xc3, 0xff] {
        let line = [&good[..], &[byte]].concat();
        let answer = call_with(&app, Method::GET, OWN, &[&line]).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "malformed_token"), "{byte:x}");
    }
}

#[tokio::test]
async fn a_string_in_the_wrong_case_or_with_another_prefix_is_malformed() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let string = text(&issued);
    let swapped = format!("lkd_{}", &string[4..]);
    for wrong in [string.to_uppercase(), string.to_lowercase(), swapped, string[1..].to_owned()] {
        let line = format!("Bearer {wrong}");
        let answer = call_with(&app, Method::GET, OWN, &[line.as_bytes()]).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "malformed_token"));
    }
}

#[tokio::test]
async fn a_header_of_sixty_kilobytes_is_malformed() {
    let app = TestApp::new().await;
    let line = format!("Bearer lka_{}", "x".repeat(60_000));
    let answer = call_with(&app, Method::GET, OWN, &[line.as_bytes()]).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "malformed_token"));
    assert!(answer.body.len() < 1000 && !answer.body.contains("xxxx"), "it is not repeated");
}
