//! `/{workgroup}/settings/tokens`: rows, filters in the address, pages.

use super::forms::{TOKENS, ids, says, statuses};
use crate::test_app::TestApp;
use latchkey::domain::token::Token;
use latchkey::server::tokens::revoke;

/// One token in each state, seven days from the start: active, expiring, expired, revoked.
async fn in_each_state(app: &TestApp) -> [Token; 4] {
    let make = async |owner: &str, expires: &str| {
        let (owner, expires) = (owner.to_owned(), expires.to_owned());
        app.token(|raw| (raw.owner, raw.expires) = (owner, expires)).await.token
    };
    let (active, expiring) = (make("Ferry", "3m").await, make("Ærø dairy", "14d").await);
    let (expired, revoked) = (make("Sawmill", "7d").await, make("Bakery", "1y").await);
    revoke::revoke(&app.state, &app.seat(), &revoked.id, false, None, None).await.unwrap();
    app.pass_days(8);
    [active, expiring, expired, revoked]
}

#[tokio::test]
async fn the_list_shows_each_state_and_revoked_ones_only_when_asked() {
    let app = TestApp::new().await;
    in_each_state(&app).await;
    let ada = app.browser("ada@harrow.example").await;
    let cases: [(&str, &[&str]); 7] = [
        ("", &["expired", "expiring", "active"]),
        ("?revoked=1", &["expired", "expiring", "active", "revoked"]),
        ("?status=active", &["active"]),
        ("?status=expiring", &["expiring"]),
        ("?status=expired", &["expired"]),
        ("?status=revoked", &["revoked"]),
        ("?status=asleep", &["expired", "expiring", "active"]),
    ];
    for (query, expected) in cases {
        let list = ada.get(&format!("{TOKENS}{query}")).await;
        assert_eq!((list.status, statuses(&list).as_slice()), (200, expected), "{query}");
    }
}

#[tokio::test]
async fn the_search_stands_in_the_address_and_finds_by_every_column() {
    let app = TestApp::new().await;
    let [active, expiring, _, revoked] = in_each_state(&app).await;
    let ada = app.browser("ada@harrow.example").await;
    let hint: String =
        active.hint().chars().rev().take(4).collect::<Vec<_>>().iter().rev().collect();
    let cases = [
        ("ferr", vec![&active.id]),
        ("%C3%86R%C3%98", vec![&expiring.id]),
        (hint.as_str(), vec![&active.id]),
        ("bakery", vec![]),
        ("bakery&revoked=1", vec![&revoked.id]),
        ("100%25_nothing", vec![]),
    ];
    for (search, found) in cases {
        let list = ada.get(&format!("{TOKENS}?search={search}")).await;
        assert_eq!(ids(&list).iter().collect::<Vec<_>>(), found, "{search}");
    }
    let kept = ada.get(&format!("{TOKENS}?search=ferr&revoked=1")).await;
    assert_eq!(kept.input("search").as_deref(), Some("ferr"));
    let email = ada.get(&format!("{TOKENS}?search=ops%40north")).await;
    assert_eq!(ids(&email).len(), 3);
}

#[tokio::test]
async fn a_long_list_is_read_page_by_page_and_no_token_twice() {
    let app = TestApp::new().await;
    for number in 0..60 {
        app.token(|raw| raw.owner = format!("Owner {number}")).await;
    }
    let ada = app.ada().await;
    let first = ada.get(TOKENS).await;
    assert_eq!(ids(&first).len(), 50);
    let (_, rest) = first.body.split_once("?after=").unwrap();
    let after = rest.split(['"', '&']).next().unwrap();
    let second = ada.get(&format!("{TOKENS}?after={after}")).await;
    assert_eq!(ids(&second).len(), 10);
    assert!(ids(&second).iter().all(|id| !ids(&first).contains(id)));
    assert!(second.body.contains("?before="));
    let (_, rest) = second.body.split_once("?before=").unwrap();
    let before = rest.split(['"', '&']).next().unwrap();
    assert_eq!(ids(&ada.get(&format!("{TOKENS}?before={before}")).await), ids(&first));
}

#[tokio::test]
async fn an_empty_workgroup_says_so_and_offers_the_first_token() {
    let app = TestApp::new().await;
    let list = app.ada().await.get(TOKENS).await;
    assert_eq!((list.status, statuses(&list).len()), (200, 0));
    assert!(list.body.contains(&format!("{TOKENS}/new")));
    assert!(says(&list, "New token"));
}

#[tokio::test]
async fn the_switcher_leads_to_ones_own_workgroups_alone() {
    let app = TestApp::new().await;
    app.workgroup("Second", "ada@harrow.example").await;
    app.user("Eve", "eve@harrow.example").await;
    app.workgroup("Third place", "eve@harrow.example").await;
    let list = app.ada().await.get(TOKENS).await;
    assert!(list.body.contains("href=\"/second/settings\""));
    assert!(!list.body.contains("third-place") && !list.body.contains("Third place"));
}
