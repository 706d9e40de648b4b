//! What ends is forgotten: the salts of dead strings, idempotency keys, sessions, codes.

use super::{apps, ask, engine};
use crate::test_app::TestApp;
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::refusal::Refusal;
use latchkey::domain::time::{DAY, Time};
use latchkey::domain::token::Older;
use latchkey::server::people::sessions;
use latchkey::server::store::codes::{self, Purpose};
use latchkey::server::tokens::once::Once;
use latchkey::server::tokens::{issue, reissue, renew, retire, revoke, verify};
use latchkey::server::upkeep;

/// A token whose #1 was renewed: #2 can be derived again as long as its salt is there.
async fn renewed(app: &TestApp) -> IssuedToken {
    let issued = app.token(|_| {}).await;
    renew_with(app, &issued).await;
    assert_eq!(salts(app).await, 1, "{}", engine(app));
    issued
}

async fn renew_with(app: &TestApp, issued: &IssuedToken) -> IssuedToken {
    let text = issued.string.reveal();
    let presented = verify::present(&app.state, text, "192.0.2.7").await.unwrap();
    renew::renew(&app.state, &presented, text, "192.0.2.7").await.unwrap()
}

async fn salts(app: &TestApp) -> i64 {
    ask!(
        app,
        fetch_one,
        sqlx::query_scalar("select count(*) from token_strings where salt is not null")
    )
}

async fn rows(app: &TestApp, sql: &'static str) -> i64 {
    ask!(app, fetch_one, sqlx::query_scalar(sql))
}

#[tokio::test]
async fn a_salt_is_erased_when_an_owner_retires_the_parent() {
    for app in apps().await {
        let issued = renewed(&app).await;
        retire::retire(&app.state, &app.seat(), &issued.token.id, 1, None, None).await.unwrap();
        assert_eq!(salts(&app).await, 0, "{}", engine(&app));
    }
}

#[tokio::test]
async fn a_salt_is_erased_when_the_holder_retires_the_parent() {
    for app in apps().await {
        let issued = app.token(|_| {}).await;
        let newer = renew_with(&app, &issued).await;
        let holder = verify::present(&app.state, newer.string.reveal(), "192.0.2.7").await.unwrap();
        assert_eq!(retire::retire_older(&app.state, &holder, None).await.unwrap(), [1]);
        assert_eq!(salts(&app).await, 0, "{}", engine(&app));
    }
}

#[tokio::test]
async fn a_salt_is_erased_when_a_reissue_ends_the_parent_now() {
    for app in apps().await {
        let id = renewed(&app).await.token.id;
        reissue::reissue(&app.state, &app.seat(), &id, Older::EndNow, None, None).await.unwrap();
        assert_eq!(salts(&app).await, 0, "{}", engine(&app));
    }
}

#[tokio::test]
async fn every_salt_is_erased_when_the_token_is_revoked() {
    for app in apps().await {
        let issued = app.token(|_| {}).await;
        let second = renew_with(&app, &issued).await;
        renew_with(&app, &second).await;
        assert_eq!(salts(&app).await, 2);
        revoke::revoke(&app.state, &app.seat(), &issued.token.id, false, None, None).await.unwrap();
        assert_eq!(salts(&app).await, 0, "{}", engine(&app));
    }
}

#[tokio::test]
async fn a_salt_is_erased_once_its_parent_has_expired() {
    for app in apps().await {
        let issued = renewed(&app).await;
        let end = issued.token.expires_at.unwrap();
        app.state.clock.advance(end.0 - app.state.now().0 - 1);
        upkeep::tidy(&app.state).await.unwrap();
        assert_eq!(salts(&app).await, 1, "a second before: {}", engine(&app));
        app.state.clock.advance(1);
        upkeep::tidy(&app.state).await.unwrap();
        assert_eq!(salts(&app).await, 0, "{}", engine(&app));
    }
}

#[tokio::test]
async fn a_salt_stays_until_a_retirement_that_lies_ahead() {
    for app in apps().await {
        let id = renewed(&app).await.token.id;
        reissue::reissue(&app.state, &app.seat(), &id, Older::End24Hours, None, None)
            .await
            .unwrap();
        app.state.clock.advance(DAY - 1);
        upkeep::tidy(&app.state).await.unwrap();
        assert_eq!(salts(&app).await, 1, "a second before: {}", engine(&app));
        app.state.clock.advance(1);
        upkeep::tidy(&app.state).await.unwrap();
        assert_eq!(salts(&app).await, 0, "{}", engine(&app));
    }
}

#[tokio::test]
async fn an_idempotency_key_is_forgotten_after_24_hours() {
    for app in apps().await {
        let once = Once {
            caller: "ada".into(),
            address: "/tokens".into(),
            key: "k1".into(),
            body_hash: [7; 32],
            reused: || Refusal::conflict("used"),
        };
        let raw = latchkey::domain::token_draft::RawDraft {
            owner: "North".into(),
            email: "ops@north.example".into(),
            ..Default::default()
        };
        issue::issue(&app.state, &app.seat(), &raw, None, Some(&once))
            .await
            .unwrap()
            .done_now()
            .unwrap();
        let keys = "select count(*) from idempotency_keys";
        app.state.clock.advance(DAY - 1);
        upkeep::tidy(&app.state).await.unwrap();
        assert_eq!(rows(&app, keys).await, 1, "a second before: {}", engine(&app));
        let again = issue::issue(&app.state, &app.seat(), &raw, None, Some(&once)).await.unwrap();
        assert!(again.done_now().is_none(), "the same call made a second token");
        app.state.clock.advance(1);
        upkeep::tidy(&app.state).await.unwrap();
        assert_eq!(rows(&app, keys).await, 0, "{}", engine(&app));
    }
}

#[tokio::test]
async fn an_ended_session_is_forgotten() {
    for app in apps().await {
        let _ = app.ada().await;
        let count = "select count(*) from sessions";
        app.state.clock.advance(sessions::IDLE - 1);
        upkeep::tidy(&app.state).await.unwrap();
        assert_eq!(rows(&app, count).await, 1, "a second before: {}", engine(&app));
        app.state.clock.advance(1);
        upkeep::tidy(&app.state).await.unwrap();
        assert_eq!(rows(&app, count).await, 0, "{}", engine(&app));
    }
}

#[tokio::test]
async fn a_dead_code_is_forgotten_and_a_live_one_kept() {
    for app in apps().await {
        let now = app.state.now();
        let mut tx = app.state.db.begin().await.unwrap();
        codes::insert(&mut tx, &[1; 32], Purpose::SetUp, None, now, now).await.unwrap();
        codes::insert(&mut tx, &[2; 32], Purpose::SetUp, None, now + 1, now).await.unwrap();
        tx.commit().await.unwrap();
        upkeep::tidy(&app.state).await.unwrap();
        let mut reader = app.state.db.read().await.unwrap();
        assert_eq!(codes::find(&mut reader, &[1; 32], Purpose::SetUp).await.unwrap(), None);
        let kept = codes::find(&mut reader, &[2; 32], Purpose::SetUp).await.unwrap().unwrap();
        assert_eq!(kept.expires_at, now + 1);
    }
}

#[tokio::test]
async fn tidying_notes_that_the_installation_is_alive() {
    for app in apps().await {
        assert_eq!(upkeep::last_tidied(&app.state).await.unwrap(), Time(0), "{}", engine(&app));
        upkeep::tidy(&app.state).await.unwrap();
        assert_eq!(upkeep::last_tidied(&app.state).await.unwrap(), app.state.now());
    }
}
