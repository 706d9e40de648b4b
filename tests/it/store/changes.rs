//! `changes`: numbers in the order of the commits, without gaps, one for every change of a token.

use super::{apps, engine};
use crate::machine::until;
use crate::test_app::TestApp;
use latchkey::domain::token::Older;
use latchkey::domain::token_draft::RawEdit;
use latchkey::server::store::changes::{self, Change, Subject};
use latchkey::server::store::{Db, Tx};
use latchkey::server::tokens::{edit, reissue, renew, retire, revoke, verify};
use std::sync::atomic::{AtomicBool, Ordering};

async fn since(app: &TestApp, number: i64) -> Vec<Change> {
    let mut reader = app.state.db.read().await.unwrap();
    changes::list_since(&mut reader, number, 10_000).await.unwrap()
}

async fn newest(app: &TestApp) -> i64 {
    since(app, 0).await.last().map_or(0, |(number, ..)| *number)
}

/// Commits a change of this id; gives its number.
async fn note(app: &TestApp, id: &str) -> i64 {
    let mut tx = app.state.db.begin().await.unwrap();
    changes::insert(&mut tx, Subject::Token, id).await.unwrap();
    tx.commit().await.unwrap().unwrap()
}

/// Notes a change; gives its number, as the transaction itself sees it.
async fn taken(tx: &mut Tx, id: &str) -> i64 {
    changes::insert(tx, Subject::Token, id).await.unwrap();
    changes::last(tx).await.unwrap()
}

#[tokio::test]
async fn a_transaction_reads_what_it_wrote_however_much() {
    for app in apps().await {
        let before = newest(&app).await;
        let mut tx = app.state.db.begin().await.unwrap();
        for number in 1..=50 {
            changes::insert(&mut tx, Subject::Token, &format!("many/{number}")).await.unwrap();
        }
        let ids = changes::list_since(&mut tx, before, 100).await.unwrap().into_iter();
        let wanted = (1..=50).map(|number| format!("many/{number}"));
        assert!(ids.map(|(.., id)| id).eq(wanted), "{}", engine(&app));
        assert_eq!(taken(&mut tx, "last").await, before + 51);
        assert_eq!(tx.commit().await.unwrap(), Some(before + 51));
        assert_eq!(newest(&app).await, before + 51);
        let mut reads = app.state.db.begin().await.unwrap();
        assert_eq!(changes::last(&mut reads).await.unwrap(), before + 51);
        assert_eq!(reads.commit().await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_change_that_was_not_committed_leaves_no_gap() {
    for app in apps().await {
        let first = note(&app, "a").await;
        let mut tx = app.state.db.begin().await.unwrap();
        let lost = taken(&mut tx, "lost").await;
        drop(tx);
        let second = note(&app, "b").await;
        assert_eq!((lost, second), (first + 1, first + 1), "{}", engine(&app));
        let list = since(&app, first - 1).await;
        let wanted = [(first, "token".into(), "a".into()), (second, "token".into(), "b".into())];
        assert_eq!(list, wanted);
    }
}

/// A bare transaction of PostgreSQL: unlike those of use cases, it waits for its turn only when it takes a number.
async fn bare(app: &TestApp) -> Tx {
    let Db::Postgres(pool) = &app.state.db else { unreachable!("only asked of PostgreSQL") };
    let mut transaction = pool.begin().await.unwrap();
    sqlx::query("select count(*) from tokens").execute(&mut *transaction).await.unwrap();
    Tx::from(transaction)
}

#[tokio::test]
async fn whoever_commits_first_has_the_lower_number_though_it_began_later() {
    let Some(app) = TestApp::on_postgres().await else { return };
    let before = newest(&app).await;
    let mut early = bare(&app).await;
    let mut late = bare(&app).await;
    assert_eq!(taken(&mut late, "late").await, before + 1);
    late.commit().await.unwrap();
    assert_eq!(taken(&mut early, "early").await, before + 2);
    early.commit().await.unwrap();
    let ids: Vec<_> = since(&app, before).await.into_iter().map(|(.., id)| id).collect();
    assert_eq!(ids, ["late", "early"]);
}

#[tokio::test]
async fn a_number_waits_for_the_commit_of_the_one_before() {
    let Some(app) = TestApp::on_postgres().await else { return };
    let before = newest(&app).await;
    let (mut first, mut second) = (bare(&app).await, bare(&app).await);
    assert_eq!(taken(&mut first, "first").await, before + 1);
    let waiting = tokio::spawn(async move {
        let number = taken(&mut second, "second").await;
        second.commit().await.unwrap();
        number
    });
    let asleep = "select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'";
    let Db::Postgres(pool) = &app.state.db else { unreachable!() };
    until("it waits", async || {
        assert!(
            !waiting.is_finished(),
            "the second number was given away before the first was committed"
        );
        sqlx::query_scalar::<_, i64>(asleep).fetch_one(pool).await.unwrap() > 0
    })
    .await;
    assert!(since(&app, before).await.is_empty());
    first.commit().await.unwrap();
    assert_eq!(waiting.await.unwrap(), before + 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_beside_many_writers_never_sees_a_gap() {
    for app in apps().await {
        let before = newest(&app).await;
        let done = AtomicBool::new(false);
        let write = async {
            let mut writers = tokio::task::JoinSet::new();
            for writer in 0..8 {
                let db = app.state.db.clone();
                writers.spawn(async move {
                    for turn in 0..10 {
                        let mut tx = db.begin().await.unwrap();
                        let id = format!("{writer}-{turn}");
                        changes::insert(&mut tx, Subject::Token, &id).await.unwrap();
                        tx.commit().await.unwrap();
                    }
                });
            }
            writers.join_all().await;
            done.store(true, Ordering::SeqCst);
        };
        let watch = async {
            let mut seen = 0;
            while !done.load(Ordering::SeqCst) {
                let numbers: Vec<_> =
                    since(&app, before).await.into_iter().map(|(n, ..)| n).collect();
                let gapless: Vec<_> = (before + 1..).take(numbers.len()).collect();
                assert_eq!(numbers, gapless, "{}", engine(&app));
                assert!(numbers.len() >= seen, "a number that was seen is gone");
                seen = numbers.len();
            }
        };
        tokio::join!(write, watch);
        assert_eq!(newest(&app).await, before + 80, "{}", engine(&app));
    }
}

/// What was noted about this token since the number.
async fn noted(app: &TestApp, id: &str, number: i64) -> usize {
    let list = since(app, number).await;
    list.iter().filter(|(_, kind, subject)| kind == "token" && subject == id).count()
}

#[tokio::test]
async fn every_change_of_a_token_is_noted() {
    for app in apps().await {
        let (state, seat, mut at) = (&app.state, app.seat(), newest(&app).await);
        let issued = app.token(|_| {}).await;
        let (id, text) = (issued.token.id.as_str(), issued.string.reveal());
        let mut one_more = async |what: &str| {
            assert_eq!(noted(&app, id, at).await, 1, "{what} on {}", engine(&app));
            at = newest(&app).await;
        };
        one_more("issue").await;
        let change = RawEdit { version: 1, note: Some("x".into()), ..RawEdit::default() };
        edit::edit(state, &seat, id, &change, None).await.unwrap();
        one_more("edit").await;
        let presented = verify::present(state, text, "192.0.2.7").await.unwrap();
        renew::renew(state, &presented, text, "192.0.2.7").await.unwrap();
        one_more("renew").await;
        retire::retire(state, &seat, id, 1, None, None).await.unwrap();
        one_more("retire").await;
        reissue::reissue(state, &seat, id, Older::Keep, None, None).await.unwrap();
        one_more("reissue").await;
        revoke::revoke(state, &seat, id, false, None, None).await.unwrap();
        one_more("revoke").await;
    }
}

#[tokio::test]
async fn what_the_holder_of_a_string_ends_is_noted() {
    for app in apps().await {
        let (state, issued) = (&app.state, app.token(|_| {}).await);
        let id = issued.token.id.as_str();
        let newer =
            reissue::reissue(state, &app.seat(), id, Older::Keep, None, None).await.unwrap();
        let string = newer.done_now().unwrap().string;
        let holder = verify::present(state, string.reveal(), "192.0.2.7").await.unwrap();
        let before = newest(&app).await;
        retire::retire_older(state, &holder, None).await.unwrap();
        assert_eq!(noted(&app, id, before).await, 1, "retire-older on {}", engine(&app));
        revoke::revoke_by_holder(state, &holder, None).await.unwrap();
        assert_eq!(noted(&app, id, before).await, 2, "revoke on {}", engine(&app));
    }
}

#[tokio::test]
async fn a_repeated_renewal_changes_nothing_and_notes_nothing() {
    for app in apps().await {
        let issued = app.token(|_| {}).await;
        let text = issued.string.reveal();
        let presented = verify::present(&app.state, text, "192.0.2.7").await.unwrap();
        renew::renew(&app.state, &presented, text, "192.0.2.7").await.unwrap();
        let before = newest(&app).await;
        renew::renew(&app.state, &presented, text, "192.0.2.7").await.unwrap();
        assert!(since(&app, before).await.is_empty(), "{}", engine(&app));
    }
}

#[tokio::test]
async fn old_changes_are_forgotten_in_bites_and_the_last_ones_are_kept() {
    for app in apps().await {
        for id in 0..10 {
            note(&app, &id.to_string()).await;
        }
        let last = newest(&app).await;
        let first = since(&app, 0).await[0].0;
        for (most, left) in [(2, first + 3), (100, last - 3)] {
            let mut tx = app.state.db.begin().await.unwrap();
            changes::delete_old(&mut tx, 4, most).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(since(&app, 0).await[0].0, left, "{}", engine(&app));
        }
    }
}
