//! Keyset pages: forwards and backwards each row stands on exactly one, whatever narrows the list.

use super::{apps, engine};
use crate::test_app::TestApp;
use latchkey::domain::status::TokenStatus;
use latchkey::domain::text::fold;
use latchkey::domain::time::DAY;
use latchkey::domain::token::Token;
use latchkey::domain::token_draft::RawDraft;
use latchkey::domain::token_list::{TokenList, TokenQuery};
use latchkey::server::tokens::{issue, list, revoke};
use std::collections::BTreeSet;

const PAGE: i64 = 4;

/// Owners in which the search has something to stumble over.
const OWNERS: [&str; 9] = [
    "100% Wasser",
    "100 Wasser",
    "snake_case",
    "snakeXcase",
    "C:\\temp",
    "C:temp",
    "ÜBERLAND Süd",
    "überland nord",
    "ΌΣΟΣ",
];

/// Thirty-odd tokens with many equal expiries, in every state; some never expire.
async fn fill(app: &TestApp) {
    let mut seat = app.seat();
    seat.workgroup.policy.non_expiring = true;
    let lifetimes = ["7d", "7d", "1m", "never", "1y"];
    for round in 0..4 {
        for (at, owner) in OWNERS.iter().enumerate() {
            let raw = RawDraft {
                owner: (*owner).into(),
                name: format!("round {round}"),
                email: "ops@north.example".into(),
                expires: lifetimes[(at + round) % lifetimes.len()].into(),
                ..RawDraft::default()
            };
            let made = issue::issue(&app.state, &seat, &raw, None, None)
                .await
                .unwrap()
                .done_now()
                .unwrap();
            if at % 4 == 0 && round == 1 {
                revoke::revoke(&app.state, &seat, &made.token.id, false, None, None).await.unwrap();
            }
        }
        app.state.clock.advance(4 * DAY);
    }
}

async fn page(app: &TestApp, query: &TokenQuery, limit: i64) -> TokenList {
    list::list(&app.state, &app.seat(), query, limit).await.unwrap()
}

async fn everything(app: &TestApp) -> Vec<Token> {
    let query = TokenQuery { revoked: true, ..TokenQuery::default() };
    page(app, &query, 1000).await.items
}

fn ids(tokens: &[Token]) -> Vec<String> {
    tokens.iter().map(|token| token.id.clone()).collect()
}

/// From the first page to the last; gives the pages and the last one's answer.
async fn forwards(app: &TestApp, query: &TokenQuery) -> (Vec<Vec<String>>, TokenList) {
    let (mut query, mut pages) = (query.clone(), Vec::new());
    loop {
        let answer = page(app, &query, PAGE).await;
        assert_eq!(
            answer.previous.is_some(),
            !pages.is_empty(),
            "the way back from page {}",
            pages.len() + 1
        );
        pages.push(ids(&answer.items));
        match &answer.next {
            Some(next) => query.after = Some(next.clone()),
            None => return (pages, answer),
        }
    }
}

/// From the last page back to the first; in the order of the list again.
async fn backwards(app: &TestApp, query: &TokenQuery, last: TokenList) -> Vec<Vec<String>> {
    let mut pages = vec![ids(&last.items)];
    let (mut query, mut previous) = (query.clone(), last.previous);
    while let Some(before) = previous {
        query.before = Some(before);
        let answer = page(app, &query, PAGE).await;
        assert!(answer.next.is_some(), "a page before another has one after it");
        pages.insert(0, ids(&answer.items));
        previous = answer.previous;
    }
    pages
}

/// A way to narrow the list, and which tokens it leaves, judged without the store.
type Narrowing = (&'static str, TokenQuery, Box<dyn Fn(&Token) -> bool>);

fn narrowings(app: &TestApp) -> Vec<Narrowing> {
    let now = app.state.now();
    let mut all: Vec<Narrowing> = vec![
        ("standing", TokenQuery::default(), Box::new(|token| token.revoked_at.is_none())),
        ("all", TokenQuery { revoked: true, ..TokenQuery::default() }, Box::new(|_| true)),
    ];
    for status in TokenStatus::ALL {
        let query = TokenQuery { status: Some(status), ..TokenQuery::default() };
        all.push((status.code(), query, Box::new(move |token| token.status(now) == status)));
    }
    for expires in ["2026-11-28", "2026-11", "2026-12", "2027-11", "2031-01"] {
        let query = TokenQuery { expires: Some(expires.into()), ..TokenQuery::default() };
        let within = move |token: &Token| {
            let day = token.expires_at.map(|at| at.rfc3339()).unwrap_or_default();
            token.revoked_at.is_none() && day.starts_with(expires)
        };
        all.push((expires, query, Box::new(within)));
    }
    for search in [
        "%", "_", "\\", "0% w", "e_c", ":\\t", "über", "ÜBER", "SÜD", "όσο", "round 2", "ops@",
        "lka_", "no",
    ] {
        let query = TokenQuery { search: search.into(), ..TokenQuery::default() };
        let holds = move |token: &Token| {
            let hints: String =
                token.strings.iter().map(|string| format!("\n{}", string.hint)).collect();
            let name = token.name.as_deref().unwrap_or_default();
            let text = format!("{}\n{name}\n{}{hints}", token.owner, token.email);
            token.revoked_at.is_none() && fold(&text).contains(&fold(search))
        };
        all.push((search, query, Box::new(holds)));
    }
    let both = TokenQuery {
        search: "Wasser".into(),
        status: Some(TokenStatus::Expired),
        ..TokenQuery::default()
    };
    let holds = move |token: &Token| {
        token.owner.contains("Wasser") && token.status(now) == TokenStatus::Expired
    };
    all.push(("expired Wasser", both, Box::new(holds)));
    all
}

#[tokio::test]
async fn forwards_and_backwards_each_row_stands_on_one_page() {
    for app in apps().await {
        fill(&app).await;
        let everything = everything(&app).await;
        assert_eq!(everything.len(), 36);
        for (name, query, holds) in narrowings(&app) {
            let wanted: Vec<_> = everything.iter().filter(|token| holds(token)).cloned().collect();
            let (pages, last) = forwards(&app, &query).await;
            assert_eq!(pages.concat(), ids(&wanted), "{name} on {}", engine(&app));
            assert_eq!(backwards(&app, &query, last).await, pages, "{name} on {}", engine(&app));
        }
    }
}

#[tokio::test]
async fn the_filters_find_what_they_name_and_nothing_else() {
    let app = TestApp::new().await;
    fill(&app).await;
    let cases: [(&str, &[&str]); 5] = [
        ("%", &["100% Wasser"]),
        ("e_c", &["snake_case"]),
        ("\\", &["C:\\temp"]),
        ("über", &["ÜBERLAND Süd", "überland nord"]),
        ("ÜBER", &["ÜBERLAND Süd", "überland nord"]),
    ];
    for (search, owners) in cases {
        let query = TokenQuery { search: search.into(), revoked: true, ..TokenQuery::default() };
        let items = page(&app, &query, 1000).await.items;
        let found: BTreeSet<_> = items.iter().map(|token| token.owner.as_str()).collect();
        assert_eq!(found, owners.iter().copied().collect(), "{search}");
    }
}

#[tokio::test]
async fn the_list_is_sorted_by_expiry_and_what_never_expires_stands_last() {
    for app in apps().await {
        fill(&app).await;
        let ends: Vec<_> =
            everything(&app).await.iter().map(|t| (t.expires_at.is_none(), t.expires_at)).collect();
        assert!(ends.is_sorted(), "{}", engine(&app));
        let distinct: BTreeSet<_> = ends.iter().collect();
        assert!(distinct.len() < ends.len() / 2, "equal expiries are what this is about");
    }
}

#[tokio::test]
async fn a_list_goes_on_where_it_stopped_though_the_row_at_its_edge_is_gone() {
    for app in apps().await {
        fill(&app).await;
        let first = page(&app, &TokenQuery::default(), PAGE).await;
        let second = TokenQuery { after: first.next.clone(), ..TokenQuery::default() };
        let before = ids(&page(&app, &second, PAGE).await.items);
        let edge = &first.items.last().unwrap().id;
        revoke::revoke(&app.state, &app.seat(), edge, false, None, None).await.unwrap();
        assert_eq!(ids(&page(&app, &second, PAGE).await.items), before, "{}", engine(&app));
    }
}
