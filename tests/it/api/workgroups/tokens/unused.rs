//! `GET …/tokens?use=…`: the tokens that nobody uses, as the page and the command line find them.

use crate::api::{TOKENS, manager, on_each};
use crate::caller::Answer;
use crate::test_app::TestApp;
use latchkey::server::tokens::revoke;
use latchkey::server::tokens::usage::Use;

async fn used(app: &TestApp, id: &str) {
    app.state.usage.count(&Use {
        token_id: id,
        number: 1,
        at: app.state.now(),
        from: "203.0.113.9",
        refused: None,
        permissions: &[],
        device: None,
    });
    app.flush().await;
}

/// A token of a year, by its owner.
async fn token(app: &TestApp, owner: &str) -> String {
    let owner = owner.to_owned();
    app.token(|raw| (raw.owner, raw.expires) = (owner, "1y".into())).await.token.id
}

fn owners(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let items = body["items"].as_array().unwrap_or_else(|| panic!("{}", answer.body));
    let mut owners: Vec<_> =
        items.iter().map(|item| item["owner"].as_str().unwrap().to_owned()).collect();
    owners.sort();
    owners
}

#[tokio::test]
async fn what_nobody_uses_is_found_on_each_database() {
    on_each(async |app| {
        let (ferry, sawmill) = (token(&app, "Ferry").await, token(&app, "Sawmill").await);
        token(&app, "Bakery").await;
        let quarry = token(&app, "Quarry").await;
        revoke::revoke(&app.state, &app.seat(), &quarry, false, None, None).await.unwrap();
        used(&app, &sawmill).await;
        app.pass_days(60);
        used(&app, &ferry).await;
        let string = manager(&app).await;
        let cases: [(&str, &[&str]); 8] = [
            ("use=never", &["Bakery"]),
            ("use=unused60", &["Bakery", "Sawmill"]),
            ("use=unused61", &[]),
            ("use=unused1&search=saw", &["Sawmill"]),
            ("use=never&status=active", &["Bakery"]),
            ("use=never&status=expired", &[]),
            ("use=never&revoked=0", &["Bakery"]),
            ("use=never&limit=1", &["Bakery"]),
        ];
        // The caller's own first use is written before it is asked for.
        app.api(&string).get(TOKENS).await;
        app.flush().await;
        for (query, found) in cases {
            let answer = app.api(&string).get(&format!("{TOKENS}?{query}")).await;
            assert_eq!(owners(&answer), found, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_next_page_asks_for_unused_ones_too() {
    on_each(async |app| {
        for number in 0..3 {
            token(&app, &format!("Owner {number}")).await;
            let busy = token(&app, "Busy").await;
            used(&app, &busy).await;
        }
        let string = manager(&app).await;
        app.api(&string).get(TOKENS).await;
        app.flush().await;
        let first = app.api(&string).get(&format!("{TOKENS}?limit=2&use=never")).await;
        let link = first.header("link").to_owned();
        let next = link.split(['<', '>']).nth(1).unwrap_or_else(|| panic!("no next page: {link}"));
        let second = app.api(&string).get(next).await;
        let mut found = owners(&first);
        found.extend(owners(&second));
        found.sort();
        assert_eq!(found, ["Owner 0", "Owner 1", "Owner 2"]);
        assert_eq!(second.header("link"), "");
    })
    .await;
}

#[tokio::test]
async fn another_word_is_refused_and_so_are_revoked_ones() {
    let app = TestApp::new().await;
    let string = manager(&app).await;
    let unknown = "Choose one of never, unused60; any number of days will do.";
    let revoked = "Revoked tokens are not in use: ask for them without `use`.";
    let cases = [
        ("use=", unknown),
        ("use=often", unknown),
        ("use=Never", unknown),
        ("use=unused", unknown),
        ("use=unused0", unknown),
        ("use=unused%2B60", unknown),
        ("use=unused60d", unknown),
        ("use=unused36501", unknown),
        ("use=never&revoked=1", revoked),
        ("use=unused60&status=revoked", revoked),
    ];
    for (query, message) in cases {
        let answer = app.api(&string).get(&format!("{TOKENS}?{query}")).await;
        let errors = answer.json()["errors"].clone();
        let expected = serde_json::json!([{ "field": "use", "message": message }]);
        assert_eq!((answer.status, errors), (422, expected), "{query}");
    }
}
