//! A late caller: told why for a year, and counted.

use super::{apps, purged, run_sql, tokens, week};
use crate::pages::forms::{TOKENS, says};
use crate::pages::import_tokens::{file, imported};
use crate::test_app::TestApp;
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::tombstone::Tombstone;
use latchkey::server::secret;
use latchkey::server::store;
use latchkey::server::tokens::{renew, revoke, verify};

async fn grave(app: &TestApp, issued: &IssuedToken) -> Option<Tombstone> {
    let mut reader = app.state.db.read().await.unwrap();
    store::tombstones::find(&mut reader, &secret::hash(&issued.string)).await.unwrap()
}

#[tokio::test]
async fn whoever_calls_late_is_told_why_for_a_year() {
    for app in apps().await {
        let expired = week(&app).await;
        let presented = verify::present(&app.state, expired.string.reveal(), "192.0.2.7").await;
        let newer =
            renew::renew(&app.state, &presented.unwrap(), expired.string.reveal(), "x").await;
        let revoked = week(&app).await;
        let id = &revoked.token.id;
        revoke::revoke(&app.state, &app.seat(), id, false, None, None).await.unwrap();
        app.pass_days(35);
        assert_eq!(purged(&app).await, tokens(2));
        let newer = newer.unwrap();
        for (issued, code) in
            [(&expired, "token_expired"), (&newer, "token_expired"), (&revoked, "token_revoked")]
        {
            let answer = app.api(issued.string.reveal()).get("/api/v1/token").await;
            assert_eq!((answer.status, answer.code().as_str()), (401, code));
            let at = answer.json()["expired_at"].as_str().map(str::to_owned);
            let expected = (code == "token_expired").then(|| "2026-11-28T10:00:00Z".to_owned());
            assert_eq!(at, expected);
            assert!(answer.header("www-authenticate").contains("invalid_token"));
        }
        app.pass_days(365);
        assert_eq!(purged(&app).await.tombstones, 3);
        let answer = app.api(expired.string.reveal()).get("/api/v1/token").await;
        assert_eq!(answer.code(), "invalid_token");
    }
}

#[tokio::test]
async fn late_calls_are_counted_and_shown_below_the_list() {
    let app = TestApp::new().await;
    let issued = app
        .token(|raw| {
            (raw.owner, raw.expires) = ("<i>Old</i> bridge".into(), "7d".into());
        })
        .await;
    app.token(|raw| raw.expires = "1y".into()).await;
    app.pass_days(35);
    purged(&app).await;
    let ada = app.ada().await;
    assert!(!says(&ada.get(TOKENS).await, "Removed, and still used"));
    for address in ["203.0.113.8", "203.0.113.9"] {
        let call = verify::present(&app.state, issued.string.reveal(), address).await;
        assert!(call.is_err());
        app.state.clock.advance(60);
    }
    app.flush().await;
    let knocks = grave(&app, &issued).await.unwrap().knocks.unwrap();
    assert_eq!((knocks.calls, knocks.last_from.as_str()), (2, "203.0.113.9"));
    let list = ada.get(TOKENS).await;
    for words in [
        "Removed, and still used",
        "2 calls refused, last",
        "from 203.0.113.9",
        "expired 28 days ago",
    ] {
        assert!(says(&list, words), "{words}");
    }
    assert!(says(&list, "&lt;i&gt;Old&lt;/i&gt; bridge") && !list.body.contains("<i>Old</i>"));
    app.pass_days(31);
    assert!(!says(&ada.get(TOKENS).await, "Removed, and still used"), "nobody calls any more");
}

#[tokio::test]
async fn who_is_bound_to_a_group_or_elsewhere_sees_no_removed_strings() {
    let app = TestApp::new().await;
    crate::pages::device_groups::planted(&app).await;
    let issued = week(&app).await;
    app.pass_days(35);
    purged(&app).await;
    assert!(verify::present(&app.state, issued.string.reveal(), "203.0.113.9").await.is_err());
    app.flush().await;
    let mia = app.member("Mia", &["read", "access.manage"], Some("North")).await;
    let noa = app.member("Noa", &["read", "access.manage"], None).await;
    let cases = [(&mia, false), (&noa, true)];
    for (browser, seen) in cases {
        let list = browser.get(TOKENS).await;
        assert_eq!((list.status, says(&list, "203.0.113.9")), (200, seen));
    }
    app.workgroup("Brook Mill", "ada@harrow.example").await;
    let list = app.ada().await.get("/brook-mill/settings/tokens").await;
    assert!(list.status == 200 && !says(&list, "203.0.113.9"));
}

#[tokio::test]
async fn a_legacy_hash_that_is_brought_over_anew_wins_over_its_tombstone() {
    let app = TestApp::new().await;
    let string = "old portal's own string";
    imported(&app, &file(&[("Old portal", string, "2026-12-01")])).await;
    app.pass_days(45);
    assert_eq!(purged(&app).await, tokens(1));
    let code = async || app.api(string).get("/api/v1/token").await.code();
    assert_eq!(code().await, "token_expired");
    app.flush().await;
    imported(&app, &file(&[("Old portal", string, "2027-12-01")])).await;
    assert_ne!(code().await, "token_expired");
    run_sql(&app, "update token_strings set expires_at = 1").await;
    run_sql(&app, "update tokens set expires_at = 1, sort_at = 1, remove_at = 1").await;
    assert_eq!(purged(&app).await, tokens(1), "and it leaves again");
    let mut reader = app.state.db.read().await.unwrap();
    let hash = secret::sha256(string.as_bytes());
    let grave = store::tombstones::find(&mut reader, &hash).await.unwrap().unwrap();
    assert_eq!((grave.expires_at.map(|at| at.0), grave.knocks), (Some(1), None));
    drop(reader);
    assert_eq!(app.api("no string at all").get("/api/v1/token").await.code(), "malformed_token");
}
