//! Writing what was counted: whole, once, in short batches, whatever callers send.

use super::{apps, ask, engine};
use crate::removal::run_sql;
use crate::test_app::TestApp;
use latchkey::domain::refusal::Code;
use latchkey::domain::time::{DAY, Time};
use latchkey::domain::token_list::{TokenQuery, Unused};
use latchkey::domain::token_usage::TokenUsage;
use latchkey::server::state::AppState;
use latchkey::server::store::{self, Db};
use latchkey::server::tokens::usage::{self, Use};
use latchkey::server::tokens::{list, show};
use latchkey::server::upkeep;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::Instant;

const MISSING: Option<Code> = Some(Code::InsufficientPermissions);

pub(super) fn call<'a>(app: &TestApp, id: &'a str) -> Use<'a> {
    Use {
        token_id: id,
        number: 1,
        at: app.state.now(),
        from: "192.0.2.7",
        refused: None,
        permissions: &[],
        device: None,
    }
}

pub(super) async fn known(app: &TestApp, id: &str) -> TokenUsage {
    let mut reader = app.state.db.read().await.unwrap();
    show::usage(&mut reader, id, app.state.now()).await.unwrap()
}

/// Sum of the allowed and of the refused calls of all tokens.
async fn calls(app: &TestApp) -> (i64, i64) {
    ask!(
        app,
        fetch_one,
        sqlx::query_as(
            "select cast(coalesce(sum(allowed), 0) as bigint), cast(coalesce(sum(refused), 0) as bigint)
            from token_uses"
        )
    )
}

async fn rows(app: &TestApp, sql: &'static str) -> i64 {
    ask!(app, fetch_one, sqlx::query_scalar(sql))
}

#[tokio::test]
async fn refusals_questions_and_addresses_are_written_and_added_up() {
    for app in apps().await {
        let id = app.token(|_| {}).await.token.id;
        let book = &app.state.usage;
        for round in 0..2 {
            app.state.clock.advance(round * DAY);
            let one = call(&app, &id);
            book.count(&Use { permissions: &["read"], device: Some("pump-1"), ..one });
            book.count(&Use { permissions: &["read", "tunnel"], refused: MISSING, ..one });
            book.count(&Use { permissions: &["made-up"], refused: MISSING, ..one });
            book.count(&Use { refused: MISSING, ..one });
            book.count(&Use { refused: Some(Code::RateLimited), from: "203.0.113.5", ..one });
            app.flush().await;
        }
        let usage = known(&app, &id).await;
        let refusals: Vec<_> = usage
            .refusals
            .iter()
            .map(|it| (it.code.as_str(), it.about.as_str(), it.calls))
            .collect();
        let expected = [
            ("insufficient_permissions", "", 4),
            ("insufficient_permissions", "tunnel", 2),
            ("rate_limited", "", 2),
        ];
        assert_eq!(refusals, expected, "{}", engine(&app));
        let asked: Vec<_> =
            usage.permissions.iter().map(|it| (it.name.as_str(), it.calls)).collect();
        assert_eq!(asked, [("read", 4), ("made-up", 2), ("tunnel", 2)]);
        assert_eq!(usage.permissions[0].last_day, app.state.now().day());
        assert_eq!((usage.devices[0].name.as_str(), usage.device_count), ("pump-1", 1));
        assert_eq!((usage.addresses.len(), usage.address_count), (1, 1), "of allowed calls");
        let seen = &usage.addresses[0];
        assert_eq!(seen.last_seen_at.0 - seen.first_seen_at.0, DAY);
        assert_eq!(calls(&app).await, (2, 8));
        app.state.clock.advance(30 * DAY);
        let later = known(&app, &id).await;
        assert!(later.refusals.is_empty() && later.permissions.len() == 3, "{later:?}");
    }
}

#[tokio::test]
async fn a_token_is_unused_until_its_first_use_is_written_and_again_sixty_days_after() {
    for app in apps().await {
        let id = app.token(|raw| raw.expires = "1y".into()).await.token.id;
        let found = async |unused| {
            let query = TokenQuery { unused: Some(unused), ..TokenQuery::default() };
            let list = list::list(&app.state, &app.seat(), &query, 10).await.unwrap();
            list.items.len()
        };
        assert_eq!((found(Unused::Never).await, found(Unused::Days(60)).await), (1, 0));
        app.pass_days(60);
        assert_eq!((found(Unused::Never).await, found(Unused::Days(60)).await), (1, 1));
        app.state.usage.count(&Use { refused: MISSING, ..call(&app, &id) });
        app.flush().await;
        assert_eq!((found(Unused::Never).await, found(Unused::Days(60)).await), (0, 0));
        app.pass_days(59);
        assert_eq!(found(Unused::Days(60)).await, 0, "{}", engine(&app));
        app.pass_days(1);
        assert_eq!(found(Unused::Days(60)).await, 1, "{}", engine(&app));
    }
}

/// A name that the database does not take would hold up everything that is written with it, for ever.
#[tokio::test]
async fn whatever_a_caller_asks_for_the_rest_is_written() {
    for app in apps().await {
        let id = app.token(|_| {}).await.token.id;
        let long = "x".repeat(10_000);
        for name in ["a\0b", "", &long, "'; drop table tokens; --", "\u{202e}\u{1F511}"] {
            app.state.usage.count(&Use {
                permissions: &[name],
                device: Some(name),
                refused: MISSING,
                ..call(&app, &id)
            });
        }
        app.state.usage.count(&call(&app, "01999999-9999-7999-8999-999999999999"));
        app.flush().await;
        assert_eq!(
            calls(&app).await,
            (0, 5),
            "{}: not those of a token that is gone",
            engine(&app)
        );
        let usage = known(&app, &id).await;
        let names: Vec<_> = usage.devices.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["'; drop table tokens; --", "\u{202e}\u{1F511}"]);
        for at in 0..500 {
            let name = format!("d{at}");
            app.state.usage.count(&Use { device: Some(&name), ..call(&app, &id) });
            app.flush().await;
        }
        assert_eq!(known(&app, &id).await.device_count, 200, "no more are kept for one token");
    }
}

#[tokio::test]
async fn what_fails_is_kept_and_what_was_written_is_not_written_again() {
    let app = TestApp::new().await;
    many(&app, 900).await;
    let ids: Vec<String> = ask!(app, fetch_all, sqlx::query_scalar("select id from tokens"));
    let stop = "create trigger stop before insert on token_uses when new.number = 77
        begin select raise(abort, 'the disk is full'); end";
    run_sql(&app, stop).await;
    for id in &ids {
        app.state.usage.count(&call(&app, id));
    }
    app.state.usage.count(&Use { number: 77, ..call(&app, &ids[0]) });
    app.state.usage.knock(&[7; 32], app.state.now(), "192.0.2.7");
    assert!(usage::flush(&app.state).await.is_err());
    let written = calls(&app).await.0;
    assert!(written < 900, "{written}: the batch in which it failed is whole or not there");
    assert!(usage::flush(&app.state).await.is_err(), "it is kept");
    for id in &ids {
        app.state.usage.count(&call(&app, id));
    }
    run_sql(&app, "drop trigger stop").await;
    app.flush().await;
    assert_eq!(calls(&app).await, (2 * 900 + 1, 0));
    app.flush().await;
    assert_eq!(calls(&app).await, (2 * 900 + 1, 0));
}

#[tokio::test]
async fn a_database_that_is_away_loses_nothing() {
    for app in apps().await {
        let id = app.token(|_| {}).await.token.id;
        app.state.usage.count(&Use { permissions: &["read"], ..call(&app, &id) });
        let db = Db::open(&app.state.config.database_url).await.unwrap();
        db.close().await;
        let away = AppState { db, ..app.state.clone() };
        assert!(usage::flush(&away).await.is_err());
        app.state.usage.count(&Use { permissions: &["read"], ..call(&app, &id) });
        app.flush().await;
        assert_eq!(calls(&app).await, (2, 0), "{}", engine(&app));
        assert_eq!(known(&app, &id).await.permissions[0].calls, 2);
    }
}

/// Tokens with one string each, written straight into SQLite.
async fn many(app: &TestApp, count: i64) {
    let Db::Sqlite { write, .. } = &app.state.db else { unreachable!("only asked of SQLite") };
    let counted = "with recursive n(i) as (select 1 union all select i + 1 from n where i < $1)";
    let tokens = format!(
        "{counted} insert into tokens (id, workgroup_id, kind, owner, email, search_text, lifetime, can_renew,
            permissions, scopes, created_at, created_by_kind, created_by_id, created_by_name, version, newest_number, sort_at)
        select lower(hex(randomblob(4))) || '-0000-7000-8000-' || printf('%012x', i), $2, 'access', 'North', 'a@b.example',
            '', '1y', 0, '[\"read\"]', '[]', 1795255200, 'person', 'u', 'Ada', 1, 1, 1826791200 from n"
    );
    let strings = "insert into token_strings (id, token_id, number, hash, hint, origin, issued_at)
        select 's' || id, id, 1, id, 'lka', 'create', 1 from tokens";
    let strings = strings.replace(" id, 'lka'", " cast(id as blob), 'lka'");
    sqlx::query(sqlx::AssertSqlSafe(tokens))
        .bind(count)
        .bind(&app.harrow.id)
        .execute(write)
        .await
        .unwrap();
    sqlx::query(sqlx::AssertSqlSafe(strings)).execute(write).await.unwrap();
}

#[tokio::test]
async fn twenty_thousand_used_tokens_are_written_in_seconds_and_others_have_their_turn() {
    let app = TestApp::new().await;
    many(&app, 20_000).await;
    let ids: Vec<String> = ask!(app, fetch_all, sqlx::query_scalar("select id from tokens"));
    for id in &ids {
        let one = Use { permissions: &["read"], device: Some("pump-1"), ..call(&app, id) };
        app.state.usage.count(&one);
    }
    let (began, done) = (Instant::now(), AtomicBool::new(false));
    let writing = async {
        app.flush().await;
        done.store(true, Ordering::Relaxed);
    };
    let others = async {
        let mut turns = 0;
        while !done.load(Ordering::Relaxed) {
            let mut tx = app.state.db.begin().await.unwrap();
            store::changes::mark_seen(&mut tx, Time(turns)).await.unwrap();
            app.state.commit(tx).await.unwrap();
            turns += 1;
        }
        turns
    };
    let ((), turns) = tokio::join!(writing, others);
    let took = began.elapsed();
    println!("20,000 tokens in {took:?}, with {turns} turns of another writer");
    assert!(took < Duration::from_secs(40), "{took:?}");
    assert!(turns >= 100, "{turns}: no batch holds more than 200 tokens");
    assert_eq!(calls(&app).await, (20_000, 0));
    let used = "select count(*) from tokens t join token_strings s on s.token_id = t.id
        join token_addresses a on a.token_id = t.id where t.used_day is not null and s.last_used_from = a.address";
    assert_eq!(rows(&app, used).await, 20_000);
    assert_eq!(rows(&app, "select count(*) from token_asks").await, 40_000);
}

#[tokio::test]
async fn what_was_counted_400_days_ago_is_forgotten_and_leaves_with_its_token() {
    for app in apps().await {
        let id = app.token(|raw| raw.expires = "1y".into()).await.token.id;
        let once = || {
            let asked = Use { permissions: &["tunnel"], refused: MISSING, ..call(&app, &id) };
            app.state.usage.count(&asked);
            app.state.usage.count(&call(&app, &id));
        };
        once();
        app.flush().await;
        let tables = [
            "select count(*) from token_uses",
            "select count(*) from token_refusals",
            "select count(*) from token_asks",
            "select count(*) from token_addresses",
        ];
        let count = async || {
            let mut counts = Vec::new();
            for table in tables {
                counts.push(rows(&app, table).await);
            }
            counts
        };
        app.pass_days(400);
        upkeep::tidy(&app.state).await.unwrap();
        assert_eq!(count().await, [1, 1, 1, 1], "{}", engine(&app));
        app.pass_days(1);
        upkeep::tidy(&app.state).await.unwrap();
        assert_eq!(count().await, [0, 0, 0, 0], "{}", engine(&app));
        once();
        app.flush().await;
        assert_eq!(count().await, [1, 1, 1, 1]);
        let mut tx = app.state.db.begin().await.unwrap();
        store::removal::delete_token(&mut tx, &id).await.unwrap();
        app.state.commit(tx).await.unwrap();
        assert_eq!(count().await, [0, 0, 0, 0], "they leave with it: {}", engine(&app));
    }
}
