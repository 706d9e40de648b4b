//! Strings: four weeks after their own end, though the token lives; numbers and the token's own dates stay.

use super::{apps, now_is, purged, run_sql, strings, tokens, week};
use crate::pages::forms::{TOKENS, ids};
use crate::test_app::TestApp;
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::time::DAY;
use latchkey::server::tokens::purge;
use latchkey::server::tokens::{renew, retire, verify};

async fn renewed(app: &TestApp, issued: &IssuedToken) -> IssuedToken {
    let text = issued.string.reveal();
    let presented = verify::present(&app.state, text, "192.0.2.7").await.unwrap();
    renew::renew(&app.state, &presented, text, "192.0.2.7").await.unwrap()
}

#[tokio::test]
async fn a_string_leaves_four_weeks_after_its_expiry_and_its_token_stays() {
    for app in apps().await {
        let first = app.token(|raw| raw.expires = "1m".into()).await;
        app.pass_days(20);
        let second = renewed(&app, &first).await;
        app.pass_days(20);
        let third = renewed(&app, &second).await;
        let end = first.token.expires_at.unwrap();
        app.state.clock.advance(end.0 + 28 * DAY - 1 - app.state.now().0);
        assert_eq!(purged(&app).await, strings(0), "the second before");
        app.state.clock.advance(1);
        assert_eq!(purged(&app).await, strings(1));
        let token = now_is(&app, &first).await;
        assert_eq!(token.strings.iter().map(|it| it.number).collect::<Vec<_>>(), [3, 2]);
        assert_eq!(token.expires_at, third.token.expires_at);
        assert!(verify::present(&app.state, third.string.reveal(), "192.0.2.7").await.is_ok());
        assert_eq!(renewed(&app, &third).await.number, 4, "no number is used again");
        assert_eq!(purged(&app).await, strings(0), "once");
    }
}

#[tokio::test]
async fn a_retired_string_leaves_four_weeks_after_its_retirement() {
    for app in apps().await {
        let first = app.token(|raw| raw.expires = "1y".into()).await;
        let second = renewed(&app, &first).await;
        retire::retire(&app.state, &app.seat(), &first.token.id, 1, None, None).await.unwrap();
        app.state.clock.advance(28 * DAY - 1);
        assert_eq!(purged(&app).await, strings(0));
        app.state.clock.advance(1);
        assert_eq!(purged(&app).await, strings(1));
        let answer = app.api(first.string.reveal()).get("/api/v1/token").await;
        assert_eq!(answer.code(), "token_superseded");
        assert!(verify::present(&app.state, second.string.reveal(), "192.0.2.7").await.is_ok());
    }
}

#[tokio::test]
async fn a_string_that_is_gone_is_found_by_its_hint_no_more() {
    let app = TestApp::new().await;
    let first = app.token(|raw| raw.expires = "1m".into()).await;
    app.pass_days(20);
    renewed(&app, &first).await;
    let hint = first.string.hint().chars().rev().take(4).collect::<Vec<_>>();
    let search = format!("{TOKENS}?search={}", hint.iter().rev().collect::<String>());
    let ada = app.ada().await;
    assert_eq!(ids(&ada.get(&search).await), std::slice::from_ref(&first.token.id));
    app.pass_days(39);
    assert_eq!(purged(&app).await, strings(1));
    assert!(ids(&ada.get(&search).await).is_empty());
}

/// Else a token that is held back for its last letter would stand there without a string.
#[tokio::test]
async fn the_string_that_a_tokens_end_hangs_on_goes_with_its_token_alone() {
    for app in apps().await {
        let issued = week(&app).await;
        app.pass_days(40);
        run_sql(&app, "update tokens set look_at = 0").await;
        assert_eq!(purge::run(&app.state).await.unwrap(), strings(0));
        assert_eq!(now_is(&app, &issued).await.strings.len(), 1);
        assert_eq!(purged(&app).await, tokens(1));
    }
}

/// More than a batch holds, of both kinds.
#[tokio::test]
async fn many_are_removed_in_one_run() {
    let app = TestApp::new().await;
    for _ in 0..130 {
        week(&app).await;
    }
    app.pass_days(35);
    assert_eq!(purged(&app).await, tokens(130));
    app.pass_days(364);
    assert_eq!(purged(&app).await.tombstones, 0);
    app.pass_days(1);
    assert_eq!(purged(&app).await.tombstones, 130, "a tombstone stays a year");
}
