//! SQLite: writers that wait at the same time share one durable commit, and each is told of it, or undone, for itself.

mod dropped;
mod harmed;

use crate::test_app::TestApp;
use latchkey::server::error::Result;
use latchkey::server::store::changes::{self, Subject};
use latchkey::server::store::{Db, Tx};
use latchkey::server::tokens::{renew, verify};
use std::collections::BTreeSet;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet, yield_now};

/// A batch is collected for some milliseconds only: on a slow machine two that were to share a commit may not. Each of these
/// tests is held in so many rounds, and must have seen what it is about in one of them.
const ROUNDS: usize = 20;

/// What a use case writes here: two changes.
async fn write(tx: &mut Tx, id: &str) -> Result<()> {
    changes::insert(tx, Subject::Token, &format!("{id}/1")).await?;
    changes::insert(tx, Subject::Token, &format!("{id}/2")).await?;
    Ok(())
}

async fn write_alone(db: &Db, id: &str) -> Result<()> {
    let mut tx = db.begin().await?;
    write(&mut tx, id).await?;
    tx.commit().await.map(drop)
}

/// What is there, in the order of its numbers, without a gap between them.
async fn there(db: &Db) -> Vec<String> {
    let mut reader = db.read().await.unwrap();
    let list = changes::list_since(&mut reader, 0, 1_000_000).await.unwrap();
    let numbers: Vec<_> = list.iter().map(|(number, ..)| *number).collect();
    let gapless: Vec<_> = (1..).take(numbers.len()).collect();
    assert_eq!(numbers, gapless);
    list.into_iter().map(|(_, _, id)| id).collect()
}

/// How many of its two changes are there.
async fn halves(db: &Db, id: &str) -> usize {
    let all = there(db).await;
    all.iter().filter(|it| it.split_once('/').is_some_and(|(name, _)| name == id)).count()
}

/// A use case that has its turn, and keeps it until it is told to go on.
async fn holder(db: &Db) -> (JoinHandle<()>, oneshot::Receiver<()>, oneshot::Sender<()>) {
    let ((begun, has_begun), (go, may_go)) = (oneshot::channel(), oneshot::channel());
    let db = db.clone();
    let task = tokio::spawn(async move {
        let tx = db.begin().await.unwrap();
        begun.send(()).unwrap();
        let _: std::result::Result<(), _> = may_go.await;
        drop(tx);
    });
    // It asks when it is polled first.
    yield_now().await;
    (task, has_begun, go)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_writers_need_far_fewer_commits() {
    let app = TestApp::new().await;
    let db = app.state.db.clone();
    let (kept, commits) = (db.tally().unwrap().kept(), db.tally().unwrap().commits());
    let first = db.begin().await.unwrap();
    let mut writers = JoinSet::new();
    for writer in 0..64 {
        let db = db.clone();
        writers.spawn(async move { write_alone(&db, &format!("w{writer}")).await.unwrap() });
    }
    first.commit().await.unwrap();
    writers.join_all().await;
    assert_eq!(db.tally().unwrap().kept() - kept, 65);
    let commits = db.tally().unwrap().commits() - commits;
    assert!(commits <= 32, "{commits} commits");
    let text = app.state.metrics.text(0, (0, None), None).unwrap();
    let all = db.tally().unwrap();
    for told in [format!("count {}", all.commits()), format!("sum {}.0", all.kept())] {
        let line = format!("latchkey_commit_changes_{told}\n");
        assert!(text.contains(&line), "{line}: {text}");
    }
    for writer in 0..64 {
        assert_eq!(halves(&db, &format!("w{writer}")).await, 2);
    }
}

#[tokio::test]
async fn one_by_one_each_has_a_commit_of_its_own() {
    let app = TestApp::new().await;
    let db = app.state.db.one_by_one();
    let mut writers = JoinSet::new();
    for writer in 0..20 {
        let db = db.clone();
        writers.spawn(async move { write_alone(&db, &format!("w{writer}")).await.unwrap() });
    }
    writers.join_all().await;
    let tally = db.tally().unwrap();
    assert_eq!((tally.kept(), tally.commits()), (20, 20));
}

#[tokio::test]
async fn whoever_is_refused_or_panics_undoes_their_own_and_nothing_else() {
    let app = TestApp::new().await;
    let db = app.state.db.clone();
    let mut first = db.begin().await.unwrap();
    write(&mut first, "first").await.unwrap();
    let (refused, panicking, last) = (db.clone(), db.clone(), db.clone());
    let refused = tokio::spawn(async move {
        let mut tx = refused.begin().await.unwrap();
        write(&mut tx, "refused").await.unwrap();
    });
    let panicking = tokio::spawn(async move {
        let mut tx = panicking.begin().await.unwrap();
        write(&mut tx, "panicking").await.unwrap();
        panic!("as it should");
    });
    let last = tokio::spawn(async move { write_alone(&last, "last").await });
    yield_now().await;
    first.commit().await.unwrap();
    last.await.unwrap().unwrap();
    refused.await.unwrap();
    assert!(panicking.await.unwrap_err().is_panic());
    let all = there(&db).await;
    assert_eq!(all[all.len() - 4..], ["first/1", "first/2", "last/1", "last/2"]);
}

#[tokio::test]
async fn nobody_sees_or_is_told_what_is_not_durable_yet() {
    let app = TestApp::new().await;
    let db = app.state.db.clone();
    let mut waited = 0;
    for round in 0..ROUNDS {
        let id = format!("r{round}");
        let mut first = db.begin().await.unwrap();
        write(&mut first, &id).await.unwrap();
        let (second, has_begun, go) = holder(&db).await;
        let first = tokio::spawn(async move { first.commit().await });
        // Begun once the first has given its turn away, in the same commit or in the next one.
        has_begun.await.unwrap();
        if halves(&db, &id).await == 0 {
            assert!(!first.is_finished(), "told, and not there");
            waited += 1;
        }
        go.send(()).unwrap();
        let number = first.await.unwrap().unwrap();
        assert_eq!(
            number.and_then(|last| usize::try_from(last).ok()),
            Some(there(&db).await.len())
        );
        assert_eq!(halves(&db, &id).await, 2);
        second.await.unwrap();
    }
    assert!(waited > 0, "no commit was ever shared");
}

#[tokio::test]
async fn an_answer_from_what_was_only_read_waits_for_the_commit_too() {
    let app = TestApp::new().await;
    let state = &app.state;
    let mut waited = 0;
    for _ in 0..ROUNDS {
        let text = app.token(|_| {}).await.string.reveal().to_owned();
        let mut renewals = Vec::new();
        let turn = state.db.begin().await.unwrap();
        for _ in 0..2 {
            let presented = verify::present(state, &text, "192.0.2.7").await.unwrap();
            let (state, text) = (state.clone(), text.clone());
            renewals.push(tokio::spawn(async move {
                renew::renew(&state, &presented, &text, "192.0.2.7").await.unwrap()
            }));
            yield_now().await;
        }
        let (third, has_begun, go) = holder(&state.db).await;
        drop(turn);
        has_begun.await.unwrap();
        if !renewals[0].is_finished() {
            assert!(!renewals[1].is_finished(), "given a string that is not durable");
            waited += 1;
        }
        go.send(()).unwrap();
        third.await.unwrap();
        let mut strings = BTreeSet::new();
        for renewal in renewals {
            strings.insert(renewal.await.unwrap().string.reveal().to_owned());
        }
        assert_eq!(strings.len(), 1);
    }
    assert!(waited > 0, "no commit was ever shared");
}
