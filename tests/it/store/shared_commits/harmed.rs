//! Commits that fail: all who share one are refused, nothing of it is there, and the next one works.

use super::{ROUNDS, halves, there, write, write_alone};
use crate::test_app::TestApp;
use latchkey::domain::time::Time;
use latchkey::server::error::Result;
use latchkey::server::store::outbox::{self, NewLetter};
use latchkey::server::store::{self, Db, Lane, Lanes, Tx};
use tokio::task::yield_now;

async fn run(tx: &mut Tx, sql: &'static str) -> bool {
    match tx.lane().await {
        Ok(Lane::Sqlite(connection)) => sqlx::query(sql).execute(connection).await.is_ok(),
        Ok(Lane::Postgres(_)) => panic!("on SQLite"),
        Err(_) => false,
    }
}

const STRAY: &str = "insert into changes values (99999999, 'token', 'stray')";

/// What spoils a commit for all who share it.
#[derive(Clone, Copy, Debug)]
enum Harm {
    /// More than there is room for: SQLite ends the whole transaction in the middle.
    FullDisk,
    /// The same by a write that waits for the next statement.
    FullDiskLater,
    /// A reference to nothing that is only looked at by the commit.
    Commit,
}

fn letter(payload: &str) -> NewLetter<'_> {
    NewLetter {
        id: "same",
        dedupe_key: "same",
        letter: "issued",
        workgroup_id: None,
        user_id: None,
        token_id: None,
        recipient: "ops@north.example",
        payload,
        now: Time(0),
    }
}

async fn harm(db: Db, harm: Harm) -> Result<Option<i64>> {
    let mut tx = db.begin().await?;
    match harm {
        Harm::FullDisk => {
            let huge = "insert into changes values (99999998, 'token', hex(zeroblob(2097152)))";
            assert!(!run(&mut tx, huge).await);
            // A use case that went on all the same would now write outside of any transaction.
            assert!(!run(&mut tx, STRAY).await);
        }
        Harm::FullDiskLater => {
            outbox::insert(&mut tx, &letter(&"x".repeat(1 << 22))).await?;
            for _ in 0..2 {
                assert!(!run(&mut tx, STRAY).await);
            }
        }
        Harm::Commit => {
            assert!(run(&mut tx, "pragma defer_foreign_keys = on").await);
            let sql = "insert into token_refusals (token_id, number, day, code, about, calls)
                values ('nobody', 1, 1, 'expired', '', 1)";
            assert!(run(&mut tx, sql).await);
        }
    }
    tx.commit().await
}

/// From now on the connection that writes finds no room for more than a few pages.
async fn fill_disk(db: &Db) {
    let Db::Sqlite { write, .. } = db else { panic!("on SQLite") };
    let pages: i64 = sqlx::query_scalar("pragma page_count").fetch_one(write).await.unwrap();
    let limit = format!("pragma max_page_count = {}", pages + 20);
    sqlx::query(sqlx::AssertSqlSafe(limit)).execute(write).await.unwrap();
}

#[tokio::test]
async fn a_commit_that_fails_refuses_all_who_share_it_and_the_next_one_works() {
    for kind in [Harm::FullDisk, Harm::FullDiskLater, Harm::Commit] {
        let app = TestApp::new().await;
        let db = app.state.db.clone();
        let mut refused = 0;
        for round in 0..ROUNDS {
            let (id, after) = (format!("r{round}"), format!("after{round}"));
            fill_disk(&db).await;
            let mut first = db.begin().await.unwrap();
            write(&mut first, &id).await.unwrap();
            let second = tokio::spawn(harm(db.clone(), kind));
            yield_now().await;
            let told = first.commit().await;
            assert!(second.await.unwrap().is_err(), "{kind:?}: told yes");
            assert_eq!(halves(&db, &id).await, if told.is_ok() { 2 } else { 0 }, "{kind:?}");
            refused += usize::from(told.is_err());
            write_alone(&db, &after).await.unwrap();
            assert_eq!(halves(&db, &after).await, 2);
        }
        assert!(refused > 0, "{kind:?}: no commit was ever shared");
        assert!(!there(&db).await.contains(&"stray".to_owned()));
    }
}

/// Owes the same letter twice, which no table takes, and asks about nothing before its commit.
async fn twice(db: Db) -> Result<Option<i64>> {
    let mut tx = db.begin().await?;
    write(&mut tx, "twice").await?;
    for _ in 0..2 {
        outbox::insert(&mut tx, &letter("{}")).await?;
    }
    tx.commit().await
}

#[tokio::test]
async fn a_write_that_fails_at_the_commit_undoes_its_own_and_nothing_else() {
    let app = TestApp::new().await;
    let db = app.state.db.clone();
    let mut shared = 0;
    for round in 0..ROUNDS {
        let (first, third) = (format!("first{round}"), format!("third{round}"));
        let (kept, commits) = (db.tally().unwrap().kept(), db.tally().unwrap().commits());
        let mut tx = db.begin().await.unwrap();
        write(&mut tx, &first).await.unwrap();
        let refused = tokio::spawn(twice(db.clone()));
        let (other, id) = (db.clone(), third.clone());
        let other = tokio::spawn(async move { write_alone(&other, &id).await });
        yield_now().await;
        tx.commit().await.unwrap();
        other.await.unwrap().unwrap();
        assert!(refused.await.unwrap().is_err());
        assert_eq!((halves(&db, &first).await, halves(&db, &third).await), (2, 2));
        assert_eq!(db.tally().unwrap().kept() - kept, 2);
        shared += usize::from(db.tally().unwrap().commits() - commits == 1);
    }
    assert!(shared > 0, "no commit was ever shared");
    assert_eq!(halves(&db, "twice").await, 0);
}

#[tokio::test]
async fn no_constraint_waits_for_the_commit() {
    let app = TestApp::new().await;
    let Db::Sqlite { read, .. } = &app.state.db else { panic!("on SQLite") };
    let tables: Vec<String> =
        sqlx::query_scalar("select lower(sql) from sqlite_schema where sql is not null")
            .fetch_all(read)
            .await
            .unwrap();
    let statements = store::all_statements().map(|(_, _, sql)| sql.to_lowercase());
    let all: Vec<_> = tables.into_iter().chain(statements).collect();
    assert!(all.len() > 100 && all.iter().all(|sql| !sql.contains("deferr")));
}
