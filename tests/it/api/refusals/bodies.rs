//! 413, 415 and 422: a body that cannot be taken, with everything that is wrong said at once.

use crate::api::{TOKENS, draft, manager, path_of, shown};
use crate::caller::Answer;
use crate::test_app::TestApp;
use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};

const LIMIT: usize = 64 * 1024;

/// Posts a body of this media type to the tokens' address.
async fn post_as(app: &TestApp, string: &str, kind: Option<&str>, body: String) -> Answer {
    let mut request =
        Request::post(TOKENS).header(header::AUTHORIZATION, format!("Bearer {string}"));
    if let Some(kind) = kind {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    app.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_body_over_64_kib_is_too_large() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let answer = post_as(&app, &string, Some("application/json"), " ".repeat(LIMIT + 1)).await;
    insta::assert_snapshot!(shown(&answer), @r#"
    413
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"too_large","detail":"The body is larger than 64 KiB.","status":413,"title":"The body is too large","type":"urn:latchkey:problem:too_large"}
    "#);
}

#[tokio::test]
async fn every_call_that_takes_a_body_has_the_same_limit() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let path = path_of(&app.token(|_| {}).await);
    let calls = [
        (Method::POST, TOKENS.to_owned()),
        (Method::PATCH, path.clone()),
        (Method::POST, format!("{path}/reissue")),
    ];
    for (method, path) in calls {
        for (length, status) in [(LIMIT, 422), (LIMIT + 1, 413)] {
            let answer =
                app.api(&string).call(method.clone(), &path, Body::from(" ".repeat(length))).await;
            assert_eq!(answer.status, status, "{method} {path}, {length} bytes");
        }
    }
}

#[tokio::test]
async fn a_body_that_is_not_json_by_its_type_is_unsupported() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let good = draft().to_string();
    let refused = post_as(&app, &string, Some("text/plain"), good.clone()).await;
    insta::assert_snapshot!(shown(&refused), @r#"
    415
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"unsupported_media_type","detail":"Send the body as JSON, with the header “Content-Type: application/json”.","status":415,"title":"Unsupported media type","type":"urn:latchkey:problem:unsupported_media_type"}
    "#);
    for kind in
        [None, Some(""), Some("application/x-www-form-urlencoded"), Some("application/jsonp")]
    {
        let answer = post_as(&app, &string, kind, good.clone()).await;
        assert_eq!(shown(&answer), shown(&refused), "{kind:?}");
    }
    for kind in ["application/json", "Application/JSON; charset=utf-8"] {
        assert_eq!(post_as(&app, &string, Some(kind), good.clone()).await.status, 201, "{kind}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused_by_its_place() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let broken = post_as(&app, &string, Some("application/json"), "{\n\"owner\": }".into()).await;
    insta::assert_snapshot!(shown(&broken), @r#"
    422
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"invalid_input","detail":"The body is not JSON: line 2, column 10.","status":422,"title":"Some of the input is not valid","type":"urn:latchkey:problem:invalid_input"}
    "#);
    for body in ["[]", "null", "3", "\"x\"", "", "{", "{\"owner\":\"a\"} x", &"[".repeat(60_000)] {
        let answer = post_as(&app, &string, Some("application/json"), body.into()).await;
        let start: String = body.chars().take(20).collect();
        assert_eq!((answer.status, answer.code().as_str()), (422, "invalid_input"), "{start}");
    }
}

#[tokio::test]
async fn everything_wrong_with_a_new_token_is_said_at_once() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let body = json!({
        "id": "mine", "expires_at": "2099-01-01T00:00:00Z",
        "owner": 7, "email": "nobody", "name": "x".repeat(81), "expires": "4m", "can_renew": "yes",
        "permissions": ["fly"], "device_group": "Nowhere", "note": "\u{7}", "rate_limit": 0,
    });
    insta::assert_snapshot!(shown(&app.api(&string).post(TOKENS, body).await), @r#"
    422
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"invalid_input","detail":"11 fields are not valid; nothing was changed.","errors":[{"field":"owner","message":"Write a text."},{"field":"can_renew","message":"Write true or false."},{"field":"expires_at","message":"A new token has no such member."},{"field":"id","message":"A new token has no such member."},{"field":"email","message":"Write one e-mail address, such as ops@example.com."},{"field":"name","message":"At most 80 characters; these are 81."},{"field":"expires","message":"Choose one of 7d, 14d, 1m, 2m, 3m, 6m, 1y, never; “4m” is none of them."},{"field":"permissions","message":"There is no permission “fly”."},{"field":"note","message":"Control characters other than line breaks are not allowed."},{"field":"rate_limit","message":"Write requests per minute, a whole number from 1 to 1000000."},{"field":"device_group","message":"There is no device group “Nowhere” here."}],"status":422,"title":"Some of the input is not valid","type":"urn:latchkey:problem:invalid_input"}
    "#);
}

#[tokio::test]
async fn members_of_a_wrong_type_are_refused_each_with_what_to_write() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let texts = ["owner", "email", "name", "expires", "device_group", "device", "note"];
    let wrong: Vec<(&str, Value)> = texts
        .iter()
        .flat_map(|field| {
            [json!(7), json!(true), json!(["x"]), json!({})].map(|value| (*field, value))
        })
        .chain([json!("true"), json!(1), json!(null)].map(|value| ("can_renew", value)))
        .chain(
            [json!("read"), json!([1]), json!(null), json!({})].map(|value| ("permissions", value)),
        )
        .chain([json!(1.5), json!([]), json!(true), json!(-1)].map(|value| ("rate_limit", value)))
        .collect();
    for (field, value) in wrong {
        let mut body = draft();
        body[field] = value.clone();
        let answer = app.api(&string).post(TOKENS, body).await;
        assert_eq!(answer.status, 422, "{field}: {value}");
        let errors = answer.json()["errors"].clone();
        assert_eq!(errors.as_array().unwrap().len(), 1, "{field}: {value}: {errors}");
        assert_eq!(errors[0]["field"], field);
    }
}

#[tokio::test]
async fn an_edit_takes_only_what_an_edit_may_change() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let path = path_of(&app.token(|_| {}).await);
    let body = json!({
        "permissions": ["access.manage"], "device_group": "Pumps", "device": "pump-1",
        "expires_at": null, "workgroup": "mill-lane", "owner": "", "can_renew": 1,
    });
    insta::assert_snapshot!(shown(&app.api(&string).patch(&path, body).await), @r#"
    422
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"invalid_input","detail":"8 fields are not valid; nothing was changed.","errors":[{"field":"can_renew","message":"Write true or false."},{"field":"version","message":"Send the version of the token that you saw."},{"field":"device","message":"This member cannot be changed."},{"field":"device_group","message":"This member cannot be changed."},{"field":"expires_at","message":"This member cannot be changed."},{"field":"permissions","message":"This member cannot be changed."},{"field":"workgroup","message":"This member cannot be changed."},{"field":"owner","message":"Write 1 to 200 characters."}],"status":422,"title":"Some of the input is not valid","type":"urn:latchkey:problem:invalid_input"}
    "#);
}

#[tokio::test]
async fn a_reissue_takes_one_of_four_choices_and_nothing_else() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let path = format!("{}/reissue", path_of(&app.token(|_| {}).await));
    let body = json!({ "older": "tomorrow", "expires": "1y", "permissions": ["access.manage"] });
    insta::assert_snapshot!(shown(&app.api(&string).post(&path, body).await), @r#"
    422
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"invalid_input","detail":"3 fields are not valid; nothing was changed.","errors":[{"field":"older","message":"Choose one of keep, 24h, 7d, now."},{"field":"expires","message":"A reissue takes only “older”."},{"field":"permissions","message":"A reissue takes only “older”."}],"status":422,"title":"Some of the input is not valid","type":"urn:latchkey:problem:invalid_input"}
    "#);
}

#[tokio::test]
async fn everything_wrong_with_a_question_is_said_at_once() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let path = format!("{TOKENS}?limit=101&status=asleep&use=often&cursor=x");
    insta::assert_snapshot!(shown(&app.api(&string).get(&path).await), @r#"
    422
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"invalid_input","detail":"4 fields are not valid; nothing was changed.","errors":[{"field":"limit","message":"Write a whole number from 1 to 100."},{"field":"status","message":"Choose one of active, expiring, expired, revoked."},{"field":"use","message":"Choose one of never, unused60; any number of days will do."},{"field":"cursor","message":"Take the cursor from the Link header of the page before."}],"status":422,"title":"Some of the input is not valid","type":"urn:latchkey:problem:invalid_input"}
    "#);
}
