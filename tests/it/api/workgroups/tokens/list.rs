//! `GET …/tokens`: keyset pages, filters, bounds.

use crate::api::{TOKENS, manager, on_each, path_of, text};
use crate::caller::{Answer, Api};
use crate::test_app::TestApp;
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::rights::Seat;
use latchkey::domain::token_draft::RawDraft;
use latchkey::server::tokens::issue::issue;
use serde_json::Value;
use std::collections::BTreeSet;

fn ids(answer: &Answer) -> Vec<String> {
    let items = answer.json()["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// The address of the next page, as the Link header (RFC 8288) names it.
fn next(answer: &Answer) -> Option<String> {
    let link = answer.header("link");
    if link.is_empty() {
        return None;
    }
    let (address, rel) = link.split_once('>').unwrap();
    assert_eq!(rel, "; rel=\"next\"");
    Some(address.strip_prefix('<').unwrap().to_owned())
}

/// Every page from an address on.
async fn walk(api: &Api<'_>, from: &str) -> Vec<Vec<String>> {
    let (mut pages, mut address) = (Vec::new(), Some(from.to_owned()));
    while let Some(path) = address {
        let answer = api.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        pages.push(ids(&answer));
        address = next(&answer);
        assert!(pages.len() < 100, "the pages go round in circles");
    }
    pages
}

/// Tokens of all lifetimes, many of them ending in the same second.
async fn many(app: &TestApp, count: usize) -> BTreeSet<String> {
    let lifetimes = ["7d", "14d", "1m", "1m", "1m", "3m", "1y"];
    let mut ids = BTreeSet::new();
    for number in 0..count {
        let expires = lifetimes[number % lifetimes.len()];
        ids.insert(app.token(|raw| raw.expires = expires.into()).await.token.id);
    }
    ids
}

#[tokio::test]
async fn all_pages_together_walk_every_token_exactly_once_on_each_database() {
    on_each(async |app| {
        let made = many(&app, 43).await;
        let device = crate::api::device_string(&app).await;
        assert!(crate::api::is_live(&app, &device).await, "one that never expires is among them");
        let string = manager(&app).await;
        for limit in [1, 7, 45, 100] {
            let pages = walk(&app.api(&string), &format!("{TOKENS}?limit={limit}")).await;
            let all = pages.concat();
            let once: BTreeSet<_> = all.iter().cloned().collect();
            assert_eq!((all.len(), once.len()), (45, 45), "limit {limit}");
            assert!(once.is_superset(&made));
            assert_eq!(pages.len(), 45_usize.div_ceil(limit), "limit {limit}");
        }
    })
    .await;
}

#[tokio::test]
async fn tokens_made_or_revoked_on_the_way_leave_the_others_in_their_places() {
    let app = TestApp::new().await;
    let made = many(&app, 12).await;
    let string = manager(&app).await;
    let api = app.api(&string);
    let first = api.get(&format!("{TOKENS}?limit=5&search=north")).await;
    let gone = ids(&first)[4].clone();
    api.post(&format!("{TOKENS}/{gone}/revoke"), Value::Null).await;
    app.token(|raw| raw.expires = "7d".into()).await;
    let rest = walk(&api, &next(&first).unwrap()).await.concat();
    let all: Vec<_> = ids(&first).into_iter().chain(rest).collect();
    let once: BTreeSet<_> = all.iter().cloned().collect();
    assert_eq!(all.len(), once.len(), "none twice");
    assert!(once.is_superset(&made), "none left out");
}

#[tokio::test]
async fn the_soonest_expiry_comes_first_and_those_without_one_last() {
    let app = TestApp::new().await;
    many(&app, 7).await;
    crate::api::device_string(&app).await;
    let string = manager(&app).await;
    let items = app.api(&string).get(TOKENS).await.json()["items"].clone();
    let ends: Vec<_> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["expires_at"].as_str().unwrap_or("never").to_owned())
        .collect();
    assert!(ends.is_sorted(), "{ends:?}");
    assert_eq!(ends.last().unwrap(), "never");
}

#[tokio::test]
async fn a_page_has_twenty_tokens_unless_asked_otherwise_and_at_most_a_hundred() {
    let app = TestApp::new().await;
    many(&app, 24).await;
    let string = manager(&app).await;
    let api = app.api(&string);
    for (query, count) in [("", 20), ("?limit=1", 1), ("?limit=25", 25), ("?limit=100", 25)] {
        let answer = api.get(&format!("{TOKENS}{query}")).await;
        assert_eq!((ids(&answer).len(), next(&answer).is_some()), (count, count < 25), "{query}");
    }
    for limit in ["0", "-1", "101", "x", "", "1.5", "99999999999999999999"] {
        let answer = api.get(&format!("{TOKENS}?limit={limit}")).await;
        assert_eq!(
            (answer.status, &answer.json()["errors"][0]["field"]),
            (422, &"limit".into()),
            "{limit}"
        );
    }
}

#[tokio::test]
async fn a_cursor_that_was_not_given_is_refused() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    for cursor in ["x", "1", "1.", ".a", "x.y", "1.a%27b", "1.%00", "9e9.a"] {
        let answer = app.api(&string).get(&format!("{TOKENS}?cursor={cursor}")).await;
        assert_eq!(
            (answer.status, &answer.json()["errors"][0]["field"]),
            (422, &"cursor".into()),
            "{cursor}"
        );
    }
}

/// Four tokens, one in each state; the string of a fifth, which manages access.
async fn one_of_each(app: &TestApp) -> ([IssuedToken; 4], String) {
    let expired = app.token(|raw| raw.expires = "7d".into()).await;
    app.pass_days(7);
    let active = app.token(|raw| raw.owner = "Süd Wasserwerk".into()).await;
    let expiring = app.token(|raw| raw.expires = "7d".into()).await;
    let revoked = app.token(|raw| raw.name = "staging".into()).await;
    app.pass_days(6);
    let manager = app.token(|raw| {
        raw.permissions = vec!["access.manage".into()];
        raw.email = "root@harrow.example".into();
    });
    let manager = text(&manager.await).to_owned();
    let answer =
        app.api(&manager).post(&format!("{}/revoke", path_of(&revoked)), Value::Null).await;
    assert_eq!(answer.status, 200);
    ([active, expiring, expired, revoked], manager)
}

#[tokio::test]
async fn the_state_filter_gives_that_state_and_no_other_on_each_database() {
    on_each(async |app| {
        let (tokens, string) = one_of_each(&app).await;
        let manager =
            app.api(&string).get(crate::api::OWN).await.json()["id"].as_str().unwrap().to_owned();
        let states = ["active", "expiring", "expired", "revoked"];
        for (token, status) in tokens.iter().zip(states) {
            let mut expected = BTreeSet::from([token.token.id.clone()]);
            if status == "active" {
                expected.insert(manager.clone());
            }
            let answer = app.api(&string).get(&format!("{TOKENS}?status={status}")).await;
            assert_eq!(BTreeSet::from_iter(ids(&answer)), expected, "{status}");
            let items = answer.json()["items"].clone();
            assert!(items.as_array().unwrap().iter().all(|item| item["status"] == status));
        }
        for (query, count) in [("", 4), ("?revoked=1", 5), ("?revoked=0", 4)] {
            let answer = app.api(&string).get(&format!("{TOKENS}{query}")).await;
            assert_eq!(ids(&answer).len(), count, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_search_finds_owner_name_address_and_hint_on_each_database() {
    on_each(async |app| {
        let ([active, _, expired, revoked], string) = one_of_each(&app).await;
        let hint = expired.string.hint();
        let last = hint.chars().skip(5).collect::<String>();
        let cases = [
            ("wasserwerk".to_owned(), &active),
            ("S%C3%9CD".to_owned(), &active),
            (last, &expired),
            ("STAGING&revoked=1".to_owned(), &revoked),
        ];
        for (search, token) in cases {
            let answer = app.api(&string).get(&format!("{TOKENS}?search={search}")).await;
            assert_eq!(ids(&answer), std::slice::from_ref(&token.token.id), "{search}");
        }
        let by_address = app.api(&string).get(&format!("{TOKENS}?search=root@harrow")).await;
        assert_eq!(ids(&by_address).len(), 1);
        for nothing in ["%25", "n_rth", "n%25h", "nobody", "%27%20or%20%271%27=%271"] {
            let answer = app.api(&string).get(&format!("{TOKENS}?search={nothing}")).await;
            assert_eq!(ids(&answer), Vec::<String>::new(), "{nothing}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_next_page_keeps_the_question() {
    let app = TestApp::new().await;
    many(&app, 5).await;
    for _ in 0..5 {
        app.token(|raw| raw.owner = "Süd & Söhne".into()).await;
    }
    let string = manager(&app).await;
    let path = format!("{TOKENS}?limit=2&search=s%C3%BCd%20%26&status=active");
    let pages = walk(&app.api(&string), &path).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
}

#[tokio::test]
async fn another_workgroups_tokens_are_in_no_list() {
    let app = TestApp::new().await;
    let workgroup = app.workgroup("Mill Lane", "ada@harrow.example").await;
    let raw =
        RawDraft { owner: "Mill".into(), email: "ops@mill.example".into(), ..RawDraft::default() };
    let seat = Seat { workgroup, ..app.seat() };
    issue(&app.state, &seat, &raw, None, None).await.unwrap();
    let string = manager(&app).await;
    for query in ["", "?search=mill", "?revoked=1"] {
        let answer = app.api(&string).get(&format!("{TOKENS}{query}")).await;
        assert!(!answer.body.contains("Mill"), "{query}");
    }
}
