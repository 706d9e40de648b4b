//! 409: changed in between, over already, or one too many.

use crate::api::{manager, path_of, reissue, shown, text};
use crate::test_app::TestApp;
use serde_json::{Value, json};

#[tokio::test]
async fn an_edit_of_an_older_version_names_the_change_in_between() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let string = manager(&app).await;
    let (api, path) = (app.api(&string), path_of(&issued));
    app.state.clock.advance(60);
    let first = api.patch(&path, json!({ "version": 1, "name": "staging" })).await;
    assert_eq!((first.status, &first.json()["version"]), (200, &2.into()));
    let second = api.patch(&path, json!({ "version": 1, "owner": "South plant" })).await;
    insta::assert_snapshot!(shown(&second), @r#"
    409
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"conflict","detail":"Somebody changed this token after you opened it. Token North plant integrator was the last, on 21 Nov 2026, 10:01 UTC (Name: staging). Nothing of yours was saved; look at the token as it is now, then save again.","status":409,"title":"In conflict with the present state","type":"urn:latchkey:problem:conflict"}
    "#);
    assert_eq!(api.get(&path).await.body, first.body, "nothing was overwritten");
}

#[tokio::test]
async fn what_is_revoked_is_final() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let string = manager(&app).await;
    let (api, path) = (app.api(&string), path_of(&issued));
    assert_eq!(api.post(&format!("{path}/revoke"), Value::Null).await.status, 200);
    let again = api.post(&format!("{path}/revoke"), Value::Null).await;
    let others = [
        api.patch(&path, json!({ "version": 2, "owner": "South plant" })).await,
        api.post(&format!("{path}/reissue"), Value::Null).await,
        api.post(&format!("{path}/strings/1/retire"), Value::Null).await,
    ];
    for other in others {
        assert_eq!(shown(&other), shown(&again));
    }
    insta::assert_snapshot!(shown(&again), @r#"
    409
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"conflict","detail":"The token was revoked on 21 Nov 2026, 10:00 UTC. That is final; make a new one.","status":409,"title":"In conflict with the present state","type":"urn:latchkey:problem:conflict"}
    "#);
}

#[tokio::test]
async fn a_reissue_that_would_be_the_eleventh_live_string_is_a_conflict() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let string = manager(&app).await;
    for _ in 2..=10 {
        reissue(&app, &string, &issued, "keep").await;
    }
    let path = format!("{}/reissue", path_of(&issued));
    for older in ["keep", "24h", "7d"] {
        let answer = app.api(&string).post(&path, json!({ "older": older })).await;
        assert_eq!((answer.status, answer.code().as_str()), (409, "conflict"), "{older}");
    }
    let answer = app.api(&string).post(&path, Value::Null).await;
    insta::assert_snapshot!(shown(&answer), @r#"
    409
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"conflict","detail":"The token already has 10 live strings. Choose to end the older ones now, or retire some first.","status":409,"title":"In conflict with the present state","type":"urn:latchkey:problem:conflict"}
    "#);
    assert!(crate::api::is_live(&app, text(&issued)).await, "nothing alive is harmed");
    let newest = reissue(&app, &string, &issued, "now").await;
    assert!(crate::api::is_live(&app, &newest).await, "there is room once the older ones end");
}

#[tokio::test]
async fn the_newest_string_is_not_retired_alone() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let string = manager(&app).await;
    let path = format!("{}/strings/1/retire", path_of(&issued));
    insta::assert_snapshot!(shown(&app.api(&string).post(&path, Value::Null).await), @r##"
    409
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"conflict","detail":"#1 is the newest string and cannot be retired alone. Reissue the token, or revoke it.","status":409,"title":"In conflict with the present state","type":"urn:latchkey:problem:conflict"}
    "##);
}

#[tokio::test]
async fn a_string_that_has_ended_is_not_retired_again() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let string = manager(&app).await;
    reissue(&app, &string, &issued, "now").await;
    let path = format!("{}/strings/1/retire", path_of(&issued));
    insta::assert_snapshot!(shown(&app.api(&string).post(&path, Value::Null).await), @r##"
    409
    content-type: application/problem+json
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"conflict","detail":"#1 has already ended.","status":409,"title":"In conflict with the present state","type":"urn:latchkey:problem:conflict"}
    "##);
}
