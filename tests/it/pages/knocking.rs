//! Still knocking: tokens that are used after their end, on the list and on their own page.

use super::device_groups::planted;
use super::forms::{TOKENS, ids, says, statuses};
use crate::api::on_each;
use crate::test_app::TestApp;
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::time::MINUTE;
use latchkey::domain::token::Older;
use latchkey::domain::token_draft::RawEdit;
use latchkey::server::tokens::{edit, reissue, revoke, show, verify};

async fn knock(app: &TestApp, issued: &IssuedToken, times: usize, from: &str) {
    for _ in 0..times {
        let call = verify::present(&app.state, issued.string.reveal(), from).await;
        assert!(call.is_err());
    }
    app.flush().await;
}

async fn calls(app: &TestApp, issued: &IssuedToken) -> i64 {
    let token = show::one(&app.state, &app.seat(), &issued.token.id).await.unwrap();
    token.knocks.map_or(0, |knocks| knocks.calls)
}

/// An expired one and a revoked one that are used, and one of each kind that is not.
async fn broken(app: &TestApp) -> [IssuedToken; 2] {
    let week = async |owner: &str| {
        let owner = owner.to_owned();
        app.token(|raw| (raw.owner, raw.expires) = (owner, "7d".into())).await
    };
    let (expired, _quiet) = (week("Old bridge").await, week("Quiet").await);
    let (revoked, alive) = (week("Old ferry").await, app.token(|_| {}).await);
    revoke::revoke(&app.state, &app.seat(), &revoked.token.id, false, None, None).await.unwrap();
    app.pass_days(8);
    knock(app, &expired, 1_198, "203.0.113.8").await;
    app.state.clock.advance(2 * MINUTE);
    knock(app, &expired, 1, "203.0.113.9").await;
    knock(app, &revoked, 3, "2001:db8::7").await;
    assert!(verify::present(&app.state, alive.string.reveal(), "192.0.2.7").await.is_ok());
    app.flush().await;
    [expired, revoked]
}

#[tokio::test]
async fn the_list_counts_them_and_says_how_often_when_last_and_from_where() {
    let app = TestApp::new().await;
    assert!(!says(&app.ada().await.get(TOKENS).await, "Still knocking"));
    let [expired, revoked] = broken(&app).await;
    app.state.clock.advance(2 * MINUTE);
    let ada = app.ada().await;
    let list = ada.get(TOKENS).await;
    assert!(says(&list, "Still knocking2"), "{}", list.body);
    for words in ["Still used 2 min ago", "1\u{202f}199 refused, from 203.0.113.9"] {
        assert!(says(&list, words), "{words}");
    }
    let narrowed = ada.get(&format!("{TOKENS}?knocking=1")).await;
    assert_eq!(ids(&narrowed).len(), 2);
    assert_eq!(statuses(&narrowed), ["expired", "revoked"]);
    assert!(says(&narrowed, "3 refused, from 2001:db8::7"));
    assert!(narrowed.body.contains("name=\"knocking\" value=\"1\""), "the search keeps it");
    let searched = ada.get(&format!("{TOKENS}?knocking=1&search=ferry")).await;
    assert_eq!(ids(&searched), [revoked.token.id]);
    let nothing = ada.get(&format!("{TOKENS}?knocking=1&search=zzz")).await;
    assert!(says(&nothing, "No token is used after its end and matches"));
    let page = ada.get(&format!("{TOKENS}/{}", expired.token.id)).await;
    for words in [
        "After its end: 1\u{202f}199 calls refused",
        "since 28 Nov 2026, last from 203.0.113.9 2 minutes ago",
    ] {
        assert!(says(&page, words), "{words}: {}", page.body);
    }
}

#[tokio::test]
async fn pages_of_those_that_knock_go_both_ways() {
    let app = TestApp::new().await;
    let mut made = Vec::new();
    for _ in 0..53 {
        made.push(app.token(|raw| raw.expires = "7d".into()).await);
    }
    app.pass_days(8);
    for issued in &made {
        let _ = verify::present(&app.state, issued.string.reveal(), "203.0.113.8").await;
    }
    app.flush().await;
    let ada = app.ada().await;
    let first = ada.get(&format!("{TOKENS}?knocking=1")).await;
    assert_eq!(ids(&first).len(), 50);
    assert!(says(&first, "50 of 53 on this page"));
    let (_, rest) = first.body.split_once("knocking=1&amp;after=").unwrap();
    let cursor = rest.split('"').next().unwrap();
    let second = ada.get(&format!("{TOKENS}?knocking=1&after={cursor}")).await;
    assert_eq!(ids(&second).len(), 3);
    let (_, rest) = second.body.split_once("knocking=1&amp;before=").unwrap();
    let cursor = rest.split('"').next().unwrap();
    let back = ada.get(&format!("{TOKENS}?knocking=1&before={cursor}")).await;
    assert_eq!(ids(&back), ids(&first));
}

#[tokio::test]
async fn a_token_that_lives_again_is_forgiven_and_an_edit_forgives_nothing() {
    on_each(lives_again).await;
}

async fn lives_again(app: TestApp) {
    let issued = app.token(|raw| raw.expires = "7d".into()).await;
    let id = &issued.token.id;
    app.pass_days(7);
    app.state.clock.advance(20);
    knock(&app, &issued, 2, "203.0.113.8").await;
    assert_eq!(calls(&app, &issued).await, 2);
    let raw = RawEdit { version: 1, note: Some("called them".into()), ..RawEdit::default() };
    edit::edit(&app.state, &app.seat(), id, &raw, None).await.unwrap();
    assert_eq!(calls(&app, &issued).await, 2, "it is as dead as before");
    reissue::reissue(&app.state, &app.seat(), id, Older::Keep, None, None).await.unwrap();
    assert_eq!(calls(&app, &issued).await, 0);
    knock(&app, &issued, 2, "203.0.113.8").await;
    assert_eq!(calls(&app, &issued).await, 0, "its first string has ended, the token has not");
    assert!(!says(&app.ada().await.get(TOKENS).await, "Still knocking"));
    revoke::revoke(&app.state, &app.seat(), id, false, None, None).await.unwrap();
    knock(&app, &issued, 1, "203.0.113.8").await;
    assert_eq!(calls(&app, &issued).await, 1);
}

#[tokio::test]
async fn who_is_bound_to_a_group_counts_those_that_they_see() {
    let app = TestApp::new().await;
    planted(&app).await;
    broken(&app).await;
    let own =
        app.token(|raw| (raw.device_group, raw.expires) = ("North".into(), "7d".into())).await;
    app.pass_days(8);
    knock(&app, &own, 1, "198.51.100.4").await;
    let mia = app.member("Mia", &["read", "access.manage"], Some("North")).await;
    let list = mia.get(&format!("{TOKENS}?knocking=1")).await;
    assert!(says(&list, "Still knocking1"), "{}", list.body);
    assert_eq!(ids(&list), [own.token.id]);
    assert!(says(&app.ada().await.get(TOKENS).await, "Still knocking3"));
}

#[tokio::test]
async fn the_api_tells_of_tokens_as_before() {
    let app = TestApp::new().await;
    broken(&app).await;
    let string = app.string_with(&["access.manage"]).await;
    let list = app.api(&string).get("/api/v1/workgroups/harrow-valley/tokens").await;
    assert_eq!(list.status, 200);
    assert!(!list.body.contains("knock") && !list.body.contains("removed"), "{}", list.body);
}
