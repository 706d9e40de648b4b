//! 403: the wrong kind of token, or too few rights.

use crate::api::{LEGACY, TOKENS, device_string, draft, legacy, manager, path_of, shown, text};
use crate::test_app::TestApp;
use serde_json::{Value, json};

#[tokio::test]
async fn a_device_token_manages_nothing() {
    let app = TestApp::new().await;
    let string = device_string(&app).await;
    insta::assert_snapshot!(shown(&app.api(&string).get(TOKENS).await), @r#"
    403
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="insufficient_scope", error_description="This call needs an access token; this is a device token."
    cache-control: no-store
    x-latchkey-token-expires: never
    {"code":"wrong_token_type","detail":"This call needs an access token; this is a device token.","status":403,"title":"Wrong kind of token","type":"urn:latchkey:problem:wrong_token_type"}
    "#);
}

#[tokio::test]
async fn a_legacy_token_manages_nothing_whatever_its_scopes_say() {
    let app = TestApp::new().await;
    legacy(&app).await;
    let answer = app.api(LEGACY).get(TOKENS).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "wrong_token_type"));
}

#[tokio::test]
async fn a_caller_without_manage_access_is_told_what_is_missing() {
    let app = TestApp::new().await;
    let string = app.string_with(&["devices.manage", "tokens.introspect"]).await;
    insta::assert_snapshot!(shown(&app.api(&string).get(TOKENS).await), @r#"
    403
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="insufficient_scope", error_description="This needs Manage access in Harrow Valley. An owner of the workgroup can give it.", scope="access.manage"
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"insufficient_permissions","detail":"This needs Manage access in Harrow Valley. An owner of the workgroup can give it.","required_permission":"access.manage","status":403,"title":"A permission is missing","type":"urn:latchkey:problem:insufficient_permissions"}
    "#);
}

#[tokio::test]
async fn no_call_of_the_management_works_without_manage_access() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let string = app.string_with(&["devices.manage"]).await;
    let (api, path) = (app.api(&string), path_of(&issued));
    let answers = [
        api.post(TOKENS, draft()).await,
        api.get(&path).await,
        api.patch(&path, json!({ "version": 1, "owner": "Mine" })).await,
        api.post(&format!("{path}/reissue"), Value::Null).await,
        api.post(&format!("{path}/strings/1/retire"), Value::Null).await,
        api.post(&format!("{path}/revoke"), Value::Null).await,
    ];
    for answer in answers {
        assert_eq!(answer.status, 403, "{}", answer.body);
        assert_eq!(answer.json()["required_permission"], "access.manage");
    }
}

#[tokio::test]
async fn a_token_grants_nothing_that_it_does_not_hold() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let mut body = draft();
    body["permissions"] = json!(["devices.control"]);
    insta::assert_snapshot!(shown(&app.api(&string).post(TOKENS, body).await), @r#"
    403
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="insufficient_scope", error_description="You cannot grant devices.control: you do not hold it yourself at present.", scope="devices.control"
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"insufficient_permissions","detail":"You cannot grant devices.control: you do not hold it yourself at present.","required_permission":"devices.control","status":403,"title":"A permission is missing","type":"urn:latchkey:problem:insufficient_permissions"}
    "#);
}

#[tokio::test]
async fn a_token_never_grants_manage_access() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let mut body = draft();
    body["permissions"] = json!(["access.manage"]);
    insta::assert_snapshot!(shown(&app.api(&string).post(TOKENS, body).await), @r#"
    403
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="insufficient_scope", error_description="A token never grants Manage access. A person with that permission can.", scope="access.manage"
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"insufficient_permissions","detail":"A token never grants Manage access. A person with that permission can.","required_permission":"access.manage","status":403,"title":"A permission is missing","type":"urn:latchkey:problem:insufficient_permissions"}
    "#);
}

#[tokio::test]
async fn a_token_reissues_nothing_that_it_could_not_grant() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    for (permission, expected) in [("devices.control", 403), ("access.manage", 403), ("read", 200)]
    {
        let issued = app.token(|raw| raw.permissions = vec![permission.into()]).await;
        let path = format!("{}/reissue", path_of(&issued));
        let answer = app.api(&string).post(&path, Value::Null).await;
        assert_eq!(answer.status, expected, "{permission}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_token_never_edits_or_reissues_itself() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.permissions = vec!["access.manage".into()]).await;
    let (api, path) = (app.api(text(&issued)), path_of(&issued));
    let edited = api.patch(&path, json!({ "version": 1, "expires": "1y" })).await;
    let reissued = api.post(&format!("{path}/reissue"), Value::Null).await;
    assert_eq!(shown(&edited), shown(&reissued));
    insta::assert_snapshot!(shown(&edited), @r#"
    403
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="insufficient_scope", error_description="A token cannot edit or reissue itself. To get its next string it renews."
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"insufficient_permissions","detail":"A token cannot edit or reissue itself. To get its next string it renews.","status":403,"title":"A permission is missing","type":"urn:latchkey:problem:insufficient_permissions"}
    "#);
}
