//! Use cases that are dropped somewhere: before their turn, in it, and while they wait for the commit.

use super::{halves, holder, there, write, write_alone};
use crate::machine::until;
use crate::test_app::TestApp;
use latchkey::server::store::Db;
use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use tokio::task::{JoinSet, yield_now};

#[tokio::test]
async fn what_was_kept_is_committed_though_whoever_waited_has_gone_and_nobody_else_comes() {
    let app = TestApp::new().await;
    let db = app.state.db.clone();
    let mut first = db.begin().await.unwrap();
    write(&mut first, "first").await.unwrap();
    let (second, has_begun, go) = holder(&db).await;
    let first = tokio::spawn(async move { first.commit().await });
    has_begun.await.unwrap();
    first.abort();
    // The one who came after ends in the middle of its turn.
    second.abort();
    drop(go);
    until("somebody commits it", async || halves(&db, "first").await == 2).await;
}

/// Polls it at most so often, then drops it where it is.
async fn impatient<T>(polls: usize, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut left) = (pin!(work), polls);
    std::future::poll_fn(|context| {
        left -= 1;
        match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Five hundred use cases, each dropped somewhere unless it is faster. Gives whose yes was heard.
async fn hurry(db: Db, task: usize) -> Vec<String> {
    let mut told = Vec::new();
    for round in 0..500 {
        let id = format!("t{task}r{round}");
        let polls = 1 + (round * 7 + task) % 40;
        if impatient(polls, write_alone(&db, &id)).await.is_some_and(|done| done.is_ok()) {
            told.push(id);
        }
        if round % 5 == 0 {
            let refused = async {
                let mut tx = db.begin().await.unwrap();
                write(&mut tx, &format!("refused{task}-{round}")).await.unwrap();
            };
            impatient(1 + round % 20, refused).await;
        }
    }
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thousands_dropped_at_each_await_are_whole_or_absent_and_every_yes_is_there() {
    let app = TestApp::new().await;
    let db = app.state.db.clone();
    let mut tasks = JoinSet::new();
    for task in 0..8 {
        tasks.spawn(hurry(db.clone(), task));
    }
    let told: BTreeSet<_> = tasks.join_all().await.into_iter().flatten().collect();
    // Whatever was kept by those who have gone is committed before this one is.
    write_alone(&db, "last").await.unwrap();
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for half in there(&db).await {
        *found.entry(half.split('/').next().unwrap().to_owned()).or_default() += 1;
    }
    assert!(found.keys().all(|id| !id.starts_with("refused")), "what was refused is there");
    let parts = found.iter().filter(|(id, _)| id.starts_with('t'));
    let parts: Vec<_> = parts.filter(|(_, halves)| **halves != 2).collect();
    assert!(parts.is_empty(), "in part: {parts:?}");
    let lost: Vec<_> = told.iter().filter(|id| !found.contains_key(*id)).collect();
    assert!(lost.is_empty(), "told, and lost: {lost:?}");
    let there = found.keys().filter(|id| id.starts_with('t')).count();
    // Some were dropped while they waited for the commit, many before.
    assert!(told.len() < there && there < 4_000, "{} told, {there} there", told.len());
}

#[tokio::test]
async fn whoever_gives_up_before_their_turn_is_passed_over() {
    let app = TestApp::new().await;
    let db = Arc::new(app.state.db.clone());
    let first = db.begin().await.unwrap();
    let (gone, stays) = (db.clone(), db.clone());
    let gone = tokio::spawn(async move { write_alone(&gone, "gone").await });
    let stays = tokio::spawn(async move { write_alone(&stays, "stays").await });
    yield_now().await;
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    drop(first);
    stays.await.unwrap().unwrap();
    assert_eq!((halves(&db, "gone").await, halves(&db, "stays").await), (0, 2));
}
