//! Who uses what: tokens that nobody uses, on the list; refusals, questions and addresses, on the page of a token.

use super::device_groups::planted;
use super::forms::{TOKENS, ids, says, statuses};
use crate::test_app::TestApp;
use latchkey::domain::refusal::Code;
use latchkey::server::tokens::revoke;
use latchkey::server::tokens::usage::Use;

async fn used(app: &TestApp, id: &str, change: impl FnOnce(&mut Use<'_>)) {
    let mut one = Use {
        token_id: id,
        number: 1,
        at: app.state.now(),
        from: "203.0.113.9",
        refused: None,
        permissions: &[],
        device: None,
    };
    change(&mut one);
    app.state.usage.count(&one);
    app.flush().await;
}

/// Three tokens of a year, one that was revoked, and their ids: used today, used 60 days ago, never used.
async fn three(app: &TestApp) -> [String; 3] {
    let make = async |owner: &str| {
        let owner = owner.to_owned();
        app.token(|raw| (raw.owner, raw.expires) = (owner, "1y".into())).await.token.id
    };
    let ids = [make("Ferry").await, make("Sawmill").await, make("Bakery").await];
    let revoked = make("Quarry").await;
    revoke::revoke(&app.state, &app.seat(), &revoked, false, None, None).await.unwrap();
    used(app, &ids[1], |_| {}).await;
    app.pass_days(60);
    used(app, &ids[0], |_| {}).await;
    ids
}

#[tokio::test]
async fn the_list_finds_what_nobody_uses_and_keeps_the_question_in_the_address() {
    let app = TestApp::new().await;
    let [ferry, sawmill, bakery] = three(&app).await;
    let ada = app.ada().await;
    let cases = [
        ("?use=never", vec![&bakery]),
        ("?use=unused60", vec![&sawmill, &bakery]),
        ("?use=unused61", vec![]),
        ("?use=unused60&search=saw", vec![&sawmill]),
        ("?use=never&status=active", vec![&bakery]),
        ("?use=never&status=expired", vec![]),
        ("?use=often", vec![&ferry, &sawmill, &bakery]),
        ("?use=never&revoked=1", vec![&bakery]),
    ];
    for (query, found) in cases {
        let list = ada.get(&format!("{TOKENS}{query}")).await;
        let mut found: Vec<_> = found.into_iter().cloned().collect();
        let mut listed = ids(&list);
        found.sort();
        listed.sort();
        assert_eq!((list.status, listed), (200, found), "{query}");
    }
    assert_eq!(
        statuses(&ada.get(&format!("{TOKENS}?use=never&status=revoked")).await),
        ["revoked"]
    );
    let plain = ada.get(TOKENS).await;
    for query in ["?use=never", "?use=unused60"] {
        assert!(plain.body.contains(&format!("href=\"{TOKENS}{query}\"")), "{query}");
    }
    let chosen = ada.get(&format!("{TOKENS}?use=never")).await;
    assert!(chosen.body.contains("name=\"use\" value=\"never\""), "the search keeps it");
    assert!(chosen.body.contains("?status=active&amp;use=never"), "a state keeps it");
    let nothing = ada.get(&format!("{TOKENS}?use=unused300")).await;
    assert!(says(&nothing, "No token that was unused for 300 days"), "{}", nothing.body);
    assert!(says(&nothing, "Unused for 300 days"), "the chip that was asked for stands there");
}

#[tokio::test]
async fn pages_of_unused_tokens_go_both_ways() {
    let app = TestApp::new().await;
    for number in 0..53 {
        let id = app.token(|raw| raw.owner = format!("Owner {number}")).await.token.id;
        if number % 20 == 0 {
            used(&app, &id, |_| {}).await;
        }
    }
    let ada = app.ada().await;
    assert_eq!(ids(&ada.get(&format!("{TOKENS}?use=never")).await).len(), 50);
    for _ in 0..3 {
        app.token(|_| {}).await;
    }
    let first = ada.get(&format!("{TOKENS}?use=never")).await;
    let (_, rest) = first.body.split_once("use=never&amp;after=").unwrap();
    let cursor = rest.split('"').next().unwrap();
    let second = ada.get(&format!("{TOKENS}?use=never&after={cursor}")).await;
    assert_eq!(ids(&second).len(), 3);
    let (_, rest) = second.body.split_once("use=never&amp;before=").unwrap();
    let cursor = rest.split('"').next().unwrap();
    let back = ada.get(&format!("{TOKENS}?use=never&before={cursor}")).await;
    assert_eq!(ids(&back), ids(&first));
}

#[tokio::test]
async fn who_is_bound_to_a_group_finds_those_that_they_see() {
    let app = TestApp::new().await;
    planted(&app).await;
    three(&app).await;
    let own = app.token(|raw| raw.device_group = "North".into()).await.token.id;
    let seen = async |name, permissions: &[&str]| {
        let browser = app.member(name, permissions, Some("North")).await;
        browser.get(&format!("{TOKENS}?use=never")).await
    };
    let list = seen("Mia", &["read", "access.manage"]).await;
    assert!(ids(&list).contains(&own) && !says(&list, "Bakery"), "{}", list.body);
    assert_ne!(seen("Nils", &["read"]).await.status, 200, "without Manage access");
}

#[tokio::test]
async fn a_token_says_why_it_was_refused_what_was_asked_and_what_never() {
    let app = TestApp::new().await;
    let wide = ["devices.control", "tunnel"].map(Into::into).to_vec();
    let id = app.token(|raw| raw.permissions = wide).await.token.id;
    let page = format!("{TOKENS}/{id}");
    let ada = app.ada().await;
    let unused = ada.get(&page).await;
    for heading in ["What was asked for", "Why calls were refused", ">Addresses<"] {
        assert!(!unused.body.contains(heading), "nothing is said of what never was: {heading}");
    }
    used(&app, &id, |_| {}).await;
    assert!(says(&ada.get(&page).await, "No API has asked for a permission or named a device"));
    for _ in 0..12 {
        used(&app, &id, |one| {
            (one.permissions, one.refused) = (&["discovery"], Some(Code::InsufficientPermissions));
        })
        .await;
    }
    used(&app, &id, |one| (one.permissions, one.device) = (&["tunnel"], Some("pump-1"))).await;
    used(&app, &id, |one| one.refused = Some(Code::RateLimited)).await;
    app.pass_days(3);
    // A session of its own: the first one has been idle for too long.
    let shown = app.ada().await.get(&page).await;
    for words in [
        "12 timesthe permission discovery was missing",
        "oncetoo many requests in a minute",
        "discoverynot held12 times, last on 21 Nov 2026",
        "Tunnelonce, last on 21 Nov 2026",
        "pump-1once, last on",
        "Never asked for: Control devices. A new token without that would do the same work.",
        "203.0.113.921 Nov 20263 days ago",
    ] {
        assert!(says(&shown, words), "{words}: {}", shown.body);
    }
    app.pass_days(30);
    let later = app.ada().await.get(&page).await;
    assert!(!says(&later, "Why calls were refused") && says(&later, "What was asked for"));
}

#[tokio::test]
async fn the_addresses_that_came_last_are_shown_and_that_there_were_more() {
    let app = TestApp::new().await;
    let id = app.token(|_| {}).await.token.id;
    let ada = app.ada().await;
    let cases =
        [(10, None), (12, Some("and 2 more")), (60, Some("and 40 more. The last 50 are kept."))];
    let mut calls = 0..60;
    for (until, words) in cases {
        for at in calls.by_ref().take_while(|at| at + 1 < until).chain([until - 1]) {
            app.state.clock.advance(60);
            used(&app, &id, |one| one.from = Box::leak(format!("192.0.2.{at}").into())).await;
        }
        let shown = ada.get(&format!("{TOKENS}/{id}")).await;
        assert!(says(&shown, &format!("192.0.2.{}", until - 1)), "{}", shown.body);
        match words {
            Some(words) => assert!(says(&shown, words), "{words}: {}", shown.body),
            None => assert!(!says(&shown, " more"), "{}", shown.body),
        }
    }
}

#[tokio::test]
async fn what_a_caller_made_up_is_shown_literally() {
    let app = TestApp::new().await;
    let id = app.token(|_| {}).await.token.id;
    let name = "<script>alert(1)</script>";
    used(&app, &id, |one| {
        (one.permissions, one.device) = (&["</li><img src=x onerror=alert(1)>"], Some(name));
    })
    .await;
    let shown = app.ada().await.get(&format!("{TOKENS}/{id}")).await;
    assert!(!shown.body.contains(name) && !shown.body.contains("<img"), "{}", shown.body);
    assert!(shown.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{}", shown.body);
    assert!(shown.body.contains("&lt;/li&gt;&lt;img src=x onerror=alert(1)&gt;"));
}
