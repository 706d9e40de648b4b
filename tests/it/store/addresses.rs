//! Addresses that tokens are used from: the last ones are kept, however many there were, and forgotten with the uses.

use super::usage::{call, known};
use super::{apps, ask, engine};
use crate::test_app::TestApp;
use latchkey::domain::time::{DAY, MINUTE};
use latchkey::domain::token_usage::ADDRESSES_KEPT;
use latchkey::server::store::token_addresses;
use latchkey::server::tokens::usage::Use;
use latchkey::server::tokens::{renew, verify};
use latchkey::server::upkeep;

fn used(app: &TestApp, id: &str, from: &str) {
    used_as(app, id, 1, from);
}

fn used_as(app: &TestApp, id: &str, number: i64, from: &str) {
    app.state.usage.count(&Use { number, from, ..call(app, id) });
}

async fn kept(app: &TestApp) -> Vec<String> {
    let sql = "select address from token_addresses order by token_id, address";
    ask!(app, fetch_all, sqlx::query_scalar(sql))
}

#[tokio::test]
async fn a_client_that_changes_its_address_at_every_call_fills_no_table() {
    for app in apps().await {
        let [id, other] = [app.token(|_| {}).await.token.id, app.token(|_| {}).await.token.id];
        used(&app, &other, "203.0.113.5");
        app.flush().await;
        for round in 0..20 {
            app.state.clock.advance(MINUTE);
            for call in 0..100 {
                used(&app, &id, &format!("2001:db8::{round}:{call}"));
            }
            app.flush().await;
        }
        let rows = kept(&app).await;
        assert_eq!(rows.len() as i64, ADDRESSES_KEPT + 1, "{}", engine(&app));
        assert!(rows.contains(&"203.0.113.5".to_owned()), "another token's is its own");
        let usage = known(&app, &id).await;
        assert_eq!(usage.address_count, ADDRESSES_KEPT);
        let last = |address: &String| address.starts_with("2001:db8::19:");
        assert!(usage.addresses.iter().all(|seen| last(&seen.address)), "{usage:?}");
        assert!(rows.contains(&"2001:db8::19:99".to_owned()), "the very last call");
        assert!(!rows.iter().any(|address| address.starts_with("2001:db8::0:")));
    }
}

#[tokio::test]
async fn an_address_that_stays_in_use_is_kept_among_many_new_ones() {
    for app in apps().await {
        let id = app.token(|_| {}).await.token.id;
        used(&app, &id, "203.0.113.5");
        app.flush().await;
        let first = known(&app, &id).await.addresses[0].first_seen_at;
        for round in 0..10 {
            app.state.clock.advance(MINUTE);
            for call in 0..15 {
                used(&app, &id, &format!("198.51.100.{}", round * 15 + call));
            }
            used(&app, &id, "203.0.113.5");
            app.flush().await;
        }
        let mut reader = app.state.db.read().await.unwrap();
        let (all, _) =
            token_addresses::list_latest(&mut reader, &id, ADDRESSES_KEPT).await.unwrap();
        let old = all.iter().find(|seen| seen.address == "203.0.113.5");
        let old = old.unwrap_or_else(|| panic!("{}: {all:?}", engine(&app)));
        assert_eq!((old.first_seen_at, old.last_seen_at), (first, first + 10 * MINUTE));
    }
}

/// Whoever has stolen a string and many addresses could otherwise renew it unheard.
#[tokio::test]
async fn driving_out_the_known_addresses_does_not_silence_a_renewal() {
    for app in apps().await {
        let issued = app.token(|_| {}).await;
        used(&app, &issued.token.id, "203.0.113.5");
        app.flush().await;
        app.state.clock.advance(DAY);
        for call in 0..ADDRESSES_KEPT {
            used(&app, &issued.token.id, &format!("2001:db8::{call}"));
            app.flush().await;
        }
        assert!(!kept(&app).await.contains(&"203.0.113.5".to_owned()), "{}", engine(&app));
        let (text, thief) = (issued.string.reveal(), "2001:db8::bad");
        let presented = verify::present(&app.state, text, thief).await.unwrap();
        renew::renew(&app.state, &presented, text, thief).await.unwrap();
        let told = "select count(*) from outbox where letter = 'renewed'";
        let told: i64 = ask!(app, fetch_one, sqlx::query_scalar(told));
        assert_eq!(told, 1, "{}", engine(&app));
    }
}

#[tokio::test]
async fn an_address_is_forgotten_400_days_after_its_last_use() {
    for app in apps().await {
        let id = app.token(|raw| raw.expires = "1y".into()).await.token.id;
        let gone = app.token(|raw| raw.expires = "1y".into()).await.token.id;
        for at in 0..400 {
            used(&app, &id, if at == 0 { "192.0.2.1" } else { "192.0.2.7" });
            if at == 0 {
                used(&app, &gone, "192.0.2.9");
            }
            app.flush().await;
            app.state.clock.advance(DAY);
        }
        upkeep::tidy(&app.state).await.unwrap();
        let all = ["192.0.2.1", "192.0.2.7", "192.0.2.9"];
        assert_eq!(sorted(kept(&app).await), all, "{}: on the last day", engine(&app));
        app.state.clock.advance(DAY);
        upkeep::tidy(&app.state).await.unwrap();
        assert_eq!(sorted(kept(&app).await), ["192.0.2.7"], "{}", engine(&app));
        let days = "select count(*) from token_uses";
        let days: i64 = ask!(app, fetch_one, sqlx::query_scalar(days));
        assert_eq!(days, 399, "the other days stand");
    }
}

/// What leaves is found by the uses of its day, three hundred of them in one transaction.
#[tokio::test]
async fn none_is_left_behind_when_it_takes_several_bites() {
    for app in apps().await {
        for token in 0..8 {
            let id = app.token(|_| {}).await.token.id;
            for string in 1..=48 {
                used_as(&app, &id, string, &format!("198.51.{token}.{string}"));
                if string % 16 == 0 {
                    app.flush().await;
                }
            }
        }
        assert_eq!(kept(&app).await.len(), 8 * 48, "{}", engine(&app));
        app.state.clock.advance(401 * DAY);
        upkeep::tidy(&app.state).await.unwrap();
        assert_eq!(kept(&app).await, Vec::<String>::new(), "{}", engine(&app));
    }
}

fn sorted(mut addresses: Vec<String>) -> Vec<String> {
    addresses.sort();
    addresses
}
