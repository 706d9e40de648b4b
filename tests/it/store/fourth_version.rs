//! The fourth migration, over data of the third: what was used when is known of every token.

use super::older::upgraded;
use super::third_version::{NOW, TOKENS, fixture};
use super::{ask, engine};
use crate::test_app::TestApp;
use latchkey::domain::activity::Actor;
use latchkey::domain::rights::{Rights, Seat};
use latchkey::domain::time::DAY;
use latchkey::domain::token_list::{TokenQuery, Unused};
use latchkey::domain::token_usage::TokenUsage;
use latchkey::server::store;
use latchkey::server::tokens::{list, show};

async fn seat(app: &TestApp) -> Seat {
    let mut reader = app.state.db.read().await.unwrap();
    let workgroup = store::workgroups::find_by_id(&mut reader, "w").await.unwrap().unwrap();
    Seat { workgroup, actor: Actor::CommandLine, rights: Rights::owner() }
}

#[tokio::test]
async fn every_token_is_there_with_the_day_of_its_last_use() {
    for app in upgraded(3, fixture).await {
        let days: Vec<(String, Option<i64>)> =
            ask!(app, fetch_all, sqlx::query_as("select id, used_day from tokens order by id"));
        let mut expected: Vec<_> = TOKENS
            .into_iter()
            .map(|(id, _, _, used, _)| (id.to_owned(), used.map(|days| (NOW + days * DAY) / DAY)))
            .collect();
        expected.sort();
        assert_eq!(days, expected, "{}", engine(&app));
        let routes: (Option<String>, i64) = ask!(
            app,
            fetch_one,
            sqlx::query_as("select routes, routes_version from workgroups where id = 'w'")
        );
        assert_eq!(routes, (None, 0));
    }
}

#[tokio::test]
async fn what_nobody_used_is_found_and_nothing_was_ever_asked() {
    for app in upgraded(3, fixture).await {
        let seat = seat(&app).await;
        let ids = async |unused| {
            let query = TokenQuery { unused: Some(unused), ..TokenQuery::default() };
            let list = list::list(&app.state, &seat, &query, 100).await.unwrap();
            list.items.into_iter().map(|token| token.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(Unused::Never).await, ["long-gone", "endless"], "{}", engine(&app));
        let idle = ["long-gone", "expired", "endless"];
        assert_eq!(ids(Unused::Days(11)).await, idle, "made long ago, or used 11 days ago");
        assert_eq!(ids(Unused::Days(12)).await, ["long-gone", "endless"]);
        let mut reader = app.state.db.read().await.unwrap();
        let usage = show::usage(&mut reader, "active", app.state.now()).await.unwrap();
        assert_eq!(usage, TokenUsage::default());
        drop(reader);
        let uses: i64 = ask!(app, fetch_one, sqlx::query_scalar("select count(*) from token_uses"));
        assert_eq!(uses, 8, "two days of each of the four that were used");
    }
}
