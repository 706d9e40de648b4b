//! 401: a string that was one of ours, and why it no longer opens anything.

use crate::api::{OWN, REVOKE, manager, path_of, reissue, shown, text, verdict};
use crate::test_app::TestApp;
use latchkey::domain::lifetime::Lifetime;
use latchkey::domain::time::DAY;
use serde_json::Value;

#[tokio::test]
async fn an_expired_string_is_told_when_it_expired() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "7d".into()).await;
    app.pass_days(7);
    let answer = app.api(text(&issued)).get(OWN).await;
    insta::assert_snapshot!(shown(&answer), @r#"
    401
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="invalid_token", error_description="This token string (#1) expired on 28 Nov 2026, 10:00 UTC. Use a newer string, or ask the workgroup's owners for one."
    cache-control: no-store
    {"code":"token_expired","detail":"This token string (#1) expired on 28 Nov 2026, 10:00 UTC. Use a newer string, or ask the workgroup's owners for one.","expired_at":"2026-11-28T10:00:00Z","status":401,"title":"The token string has expired","type":"urn:latchkey:problem:token_expired"}
    "#);
}

#[tokio::test]
async fn a_string_of_every_lifetime_is_dead_at_its_expiry_to_the_second() {
    for lifetime in Lifetime::ALL.into_iter().filter(|lifetime| lifetime.expires()) {
        let app = TestApp::new().await;
        let issued = app.token(|raw| raw.expires = lifetime.code().into()).await;
        let life = lifetime.end(app.state.now()).unwrap().0 - app.state.now().0;
        app.state.clock.advance(life - 1);
        assert_eq!(verdict(&app, text(&issued)).await.0, 200, "{lifetime}: the second before");
        app.state.clock.advance(1);
        let (status, code) = verdict(&app, text(&issued)).await;
        assert_eq!((status, code.as_str()), (401, "token_expired"), "{lifetime}: its last second");
    }
}

#[tokio::test]
async fn a_revoked_token_is_told_so() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let holder = app.api(text(&issued));
    assert_eq!(holder.post(REVOKE, Value::Null).await.status, 204);
    insta::assert_snapshot!(shown(&holder.get(OWN).await), @r#"
    401
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="invalid_token", error_description="This token was revoked; none of its strings opens anything. Ask the workgroup's owners for a new token."
    cache-control: no-store
    {"code":"token_revoked","detail":"This token was revoked; none of its strings opens anything. Ask the workgroup's owners for a new token.","status":401,"title":"The token was revoked","type":"urn:latchkey:problem:token_revoked"}
    "#);
}

#[tokio::test]
async fn a_retired_string_is_superseded() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    reissue(&app, &manager(&app).await, &issued, "now").await;
    let answer = app.api(text(&issued)).get(OWN).await;
    insta::assert_snapshot!(shown(&answer), @r#"
    401
    content-type: application/problem+json
    www-authenticate: Bearer realm="latchkey", error="invalid_token", error_description="This token string (#1) was retired before its expiry. Use a newer string of the same token."
    cache-control: no-store
    {"code":"token_superseded","detail":"This token string (#1) was retired before its expiry. Use a newer string of the same token.","status":401,"title":"The token string was replaced","type":"urn:latchkey:problem:token_superseded"}
    "#);
}

#[tokio::test]
async fn the_first_reason_that_fits_is_told() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "7d".into()).await;
    let manager = app.token(|raw| raw.permissions = vec!["access.manage".into()]).await;
    reissue(&app, text(&manager), &issued, "24h").await;
    app.state.clock.advance(DAY - 1);
    assert_eq!(verdict(&app, text(&issued)).await.0, 200, "it ends in 24 hours, not before");
    app.state.clock.advance(1);
    assert_eq!(verdict(&app, text(&issued)).await.1, "token_superseded");
    app.pass_days(30);
    assert_eq!(
        verdict(&app, text(&issued)).await.1,
        "token_superseded",
        "it ended before its expiry"
    );
    let revoked =
        app.api(text(&manager)).post(&format!("{}/revoke", path_of(&issued)), Value::Null).await;
    assert_eq!(revoked.status, 200);
    assert_eq!(verdict(&app, text(&issued)).await.1, "token_revoked");
}

#[tokio::test]
async fn every_answer_to_a_live_string_says_when_it_ends() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.permissions = vec!["access.manage".into()]).await;
    let holder = app.api(text(&issued));
    let answers = [
        holder.get(OWN).await,
        holder.get("/api/v1/workgroups/nobody/tokens").await,
        holder.get("/api/v1/workgroups/harrow-valley/tokens?limit=0").await,
        holder.post("/api/v1/workgroups/harrow-valley/tokens", Value::Null).await,
        holder.post(&format!("{}/reissue", path_of(&issued)), Value::Null).await,
    ];
    for answer in answers {
        let ends = answer.header("x-latchkey-token-expires");
        assert_eq!(ends, "2027-02-21T10:00:00Z", "{} {}", answer.status, answer.body);
        assert!(!answer.header("x-request-id").is_empty());
    }
}

#[tokio::test]
async fn a_string_that_was_set_to_end_sooner_says_so() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    reissue(&app, &manager(&app).await, &issued, "24h").await;
    let answer = app.api(text(&issued)).get(OWN).await;
    assert_eq!(answer.header("x-latchkey-token-expires"), "2026-11-22T10:00:00Z");
}
