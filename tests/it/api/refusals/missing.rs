//! 404: what is not there, and what is not there for this caller: the same bytes.

use crate::api::{TOKENS, manager, shown, text, verdict};
use crate::caller::{Answer, Api};
use crate::test_app::TestApp;
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::rights::Seat;
use latchkey::domain::token_draft::RawDraft;
use latchkey::server::tokens::issue::issue;
use serde_json::{Value, json};

/// A token of another workgroup.
async fn of_mill_lane(app: &TestApp) -> IssuedToken {
    let workgroup = app.workgroup("Mill Lane", "ada@harrow.example").await;
    let seat = Seat { workgroup, ..app.seat() };
    let raw = RawDraft {
        owner: "Mill".into(),
        email: "ops@mill.example".into(),
        permissions: vec!["access.manage".into()],
        can_renew: true,
        ..RawDraft::default()
    };
    *issue(&app.state, &seat, &raw, None, None).await.unwrap().done_now().unwrap()
}

/// Every call that names a token, in an order that would end it.
async fn every_call(api: &Api<'_>, path: &str) -> Vec<Answer> {
    vec![
        api.get(path).await,
        api.patch(path, json!({ "version": 1, "owner": "Mine" })).await,
        api.post(&format!("{path}/reissue"), json!({ "older": "now" })).await,
        api.post(&format!("{path}/strings/1/retire"), Value::Null).await,
        api.post(&format!("{path}/revoke"), Value::Null).await,
    ]
}

#[tokio::test]
async fn another_workgroup_does_not_exist() {
    let app = TestApp::new().await;
    of_mill_lane(&app).await;
    let string = manager(&app).await;
    let api = app.api(&string);
    let other = api.get("/api/v1/workgroups/mill-lane/tokens").await;
    let unknown = api.get("/api/v1/workgroups/no-such-one/tokens").await;
    assert_eq!(shown(&other), shown(&unknown));
    insta::assert_snapshot!(shown(&other), @r#"
    404
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"not_found","detail":"There is no such workgroup here.","status":404,"title":"Not found","type":"urn:latchkey:problem:not_found"}
    "#);
}

#[tokio::test]
async fn an_unknown_token_is_not_found() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let answer = app.api(&string).get(&format!("{TOKENS}/no-such-token")).await;
    insta::assert_snapshot!(shown(&answer), @r#"
    404
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"not_found","detail":"There is no such token here.","status":404,"title":"Not found","type":"urn:latchkey:problem:not_found"}
    "#);
}

#[tokio::test]
async fn another_workgroups_token_is_as_unknown_as_any_to_every_call() {
    let app = TestApp::new().await;
    let mill = of_mill_lane(&app).await;
    let string = manager(&app).await;
    let api = app.api(&string);
    let theirs = every_call(&api, &format!("{TOKENS}/{}", mill.token.id)).await;
    let nobodys = every_call(&api, &format!("{TOKENS}/0192-no-such-token")).await;
    for (theirs, nobodys) in theirs.iter().zip(&nobodys) {
        assert_eq!((theirs.status, shown(theirs)), (404, shown(nobodys)));
    }
    let at_home = format!("/api/v1/workgroups/mill-lane/tokens/{}", mill.token.id);
    for answer in every_call(&api, &at_home).await {
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"));
    }
    assert_eq!(verdict(&app, text(&mill)).await.0, 200, "nothing happened to it");
}

#[tokio::test]
async fn a_string_number_that_was_never_given_is_not_found() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let string = manager(&app).await;
    for number in ["2", "0", "-1", "x", "99999999999999999999"] {
        let path = format!("{TOKENS}/{}/strings/{number}/retire", issued.token.id);
        let answer = app.api(&string).post(&path, Value::Null).await;
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "#{number}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_of_ours_is_not_found_as_a_problem() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    for path in ["/api/v1/nothing", "/api/v1/workgroups/%FF/tokens"] {
        let answer = app.api(&string).get(path).await;
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{path}");
    }
}
