//! 403 and 429 of a renewal.

use crate::api::{LEGACY, OWN, device_string, legacy, renew, shown, sql, successor, text};
use crate::test_app::TestApp;
use latchkey::domain::time::HOUR;

#[tokio::test]
async fn a_token_whose_renewal_is_off_does_not_renew() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.can_renew = false).await;
    insta::assert_snapshot!(shown(&renew(&app, text(&issued)).await), @r#"
    403
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="insufficient_scope", error_description="Renewal is not turned on for this token. Ask the workgroup's owners for a new string."
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"renewal_not_enabled","detail":"Renewal is not turned on for this token. Ask the workgroup's owners for a new string.","status":403,"title":"This token cannot be renewed","type":"urn:latchkey:problem:renewal_not_enabled"}
    "#);
}

#[tokio::test]
async fn a_string_that_does_not_expire_has_nothing_to_renew() {
    let app = TestApp::new().await;
    let string = device_string(&app).await;
    sql(&app, "update tokens set can_renew = 1").await;
    insta::assert_snapshot!(shown(&renew(&app, &string).await), @r#"
    403
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="insufficient_scope", error_description="This string does not expire, so there is nothing to renew."
    cache-control: no-store
    x-latchkey-token-expires: never
    {"code":"renewal_not_enabled","detail":"This string does not expire, so there is nothing to renew.","status":403,"title":"This token cannot be renewed","type":"urn:latchkey:problem:renewal_not_enabled"}
    "#);
}

#[tokio::test]
async fn a_legacy_token_does_not_renew() {
    let app = TestApp::new().await;
    let issued = legacy(&app).await;
    assert!(issued.token.can_renew, "it would renew if it were not a legacy one");
    let shown_own = app.api(LEGACY).get(OWN).await.json();
    assert_eq!(
        (&shown_own["kind"], &shown_own["scopes"][0]),
        (&"legacy".into(), &"plant.all".into())
    );
    insta::assert_snapshot!(shown(&renew(&app, LEGACY).await), @r#"
    403
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="insufficient_scope", error_description="A legacy token cannot be edited, renewed or reissued. Replace it by a new token."
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T10:00:00Z
    {"code":"legacy_token","detail":"A legacy token cannot be edited, renewed or reissued. Replace it by a new token.","status":403,"title":"A legacy token cannot do this","type":"urn:latchkey:problem:legacy_token"}
    "#);
}

#[tokio::test]
async fn an_eleventh_live_string_is_renewed_too_often() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let mut last = text(&issued).to_owned();
    for _ in 2..=10 {
        app.state.clock.advance(HOUR);
        last = successor(&app, &last).await;
    }
    insta::assert_snapshot!(shown(&renew(&app, &last).await), @r#"
    429
    content-type: application/problem+json
    retry-after: 7916400
    cache-control: no-store
    x-latchkey-token-expires: 2027-02-21T19:00:00Z
    {"code":"renewed_too_often","detail":"This token already has 10 live strings. Use one of them, retire older ones, or wait until one ends.","retry_after":7916400,"status":429,"title":"Too many live strings","type":"urn:latchkey:problem:renewed_too_often"}
    "#);
}
