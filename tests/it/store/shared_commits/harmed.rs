//! Commits that fail: all who share one are refused, nothing of it is there, and the next one works.

use super::{ROUNDS, halves, there, write, write_alone};
use crate::test_app::TestApp;
use latchkey::server::error::Result;
use latchkey::server::store::changes::{self, Subject};
use latchkey::server::store::{self, Db, Lane, Lanes, Tx};
use tokio::task::yield_now;

async fn run(tx: &mut Tx, sql: &'static str) -> bool {
    let Lane::Sqlite(connection) = tx.lane() else { panic!("on SQLite") };
    sqlx::query(sql).execute(connection).await.is_ok()
}

/// What spoils a commit for all who share it.
#[derive(Clone, Copy, Debug)]
enum Harm {
    /// More than there is room for: SQLite ends the whole transaction in the middle.
    FullDisk,
    /// A reference to nothing that is only looked at by the commit.
    Commit,
}

async fn harm(db: Db, harm: Harm) -> Result<Option<i64>> {
    let mut tx = db.begin().await?;
    match harm {
        Harm::FullDisk => {
            let huge = "x".repeat(1 << 22);
            assert!(changes::insert(&mut tx, Subject::Token, &huge).await.is_err());
            // A use case that went on all the same would now write outside of any transaction.
            assert!(!run(&mut tx, "insert into changes values (99999999, 'token', 'stray')").await);
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
    for kind in [Harm::FullDisk, Harm::Commit] {
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
