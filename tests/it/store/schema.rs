//! Two engines, one schema: every statement prepares on both, and the tables are the same.

use super::{apps, ask, engine};
use crate::test_app::TestApp;
use latchkey::server::store::{self, Db, Lane, Lanes, Reader, Tx};
use sqlx::{Column, Executor, SqlSafeStr, Statement};
use std::collections::BTreeSet;

/// The names of the columns that a statement answers with, and how many values it is given.
async fn prepare(reader: &mut Reader, sql: &'static str) -> sqlx::Result<(Vec<String>, usize)> {
    fn names<C: Column>(columns: &[C]) -> Vec<String> {
        // SQLite names a count by its whole expression.
        columns.iter().map(|column| column.name().replace("(*)", "")).collect()
    }
    let given = |parameters: Option<sqlx::Either<usize, usize>>| match parameters {
        Some(sqlx::Either::Left(count) | sqlx::Either::Right(count)) => count,
        None => 0,
    };
    Ok(match reader.lane().await? {
        Lane::Sqlite(connection) => {
            let statement = connection.prepare(sql.into_sql_str()).await?;
            let count = statement.parameters().map(|known| known.map_left(<[_]>::len));
            (names(statement.columns()), given(count))
        }
        Lane::Postgres(connection) => {
            let statement = connection.prepare(sql.into_sql_str()).await?;
            let count = statement.parameters().map(|known| known.map_left(<[_]>::len));
            (names(statement.columns()), given(count))
        }
    })
}

#[tokio::test]
async fn every_statement_is_understood_by_each_engine_in_the_same_way() {
    let mut understood: Vec<Vec<(Vec<String>, usize)>> = Vec::new();
    for app in apps().await {
        let mut reader = app.state.db.read().await.unwrap();
        let mut statements = Vec::new();
        for (table, name, sql) in store::all_statements() {
            let prepared = prepare(&mut reader, sql).await;
            statements.push(
                prepared.unwrap_or_else(|why| panic!("{} {table}::{name}: {why}", engine(&app))),
            );
        }
        assert!(statements.len() > 60, "{} statements", statements.len());
        understood.push(statements);
    }
    for (at, (table, name, _)) in store::all_statements().enumerate() {
        assert!(understood.iter().all(|engine| engine[at] == understood[0][at]), "{table}::{name}");
    }
}

#[tokio::test]
async fn a_statement_that_an_engine_does_not_know_is_noticed() {
    for app in apps().await {
        let mut reader = app.state.db.read().await.unwrap();
        assert!(
            prepare(&mut reader, "select nothing from tokens").await.is_err(),
            "{}",
            engine(&app)
        );
    }
}

const SQLITE_COLUMNS: &str = "select t.name || '.' || c.name || ' ' || lower(c.type)
        || case when c.\"notnull\" = 1 or c.pk > 0 then ' not null' else '' end
    from sqlite_schema t join pragma_table_info(t.name) c where t.type = 'table'";
const POSTGRES_COLUMNS: &str = "select table_name || '.' || column_name || ' ' || data_type
        || case when is_nullable = 'NO' then ' not null' else '' end
    from information_schema.columns where table_schema = current_schema()";

/// `table.column type not null`, in the words of SQLite, where a flag is a number.
async fn columns(app: &TestApp) -> BTreeSet<String> {
    let sql = if engine(app) == "SQLite" { SQLITE_COLUMNS } else { POSTGRES_COLUMNS };
    let columns: Vec<String> = ask!(app, fetch_all, sqlx::query_scalar(sql));
    let ours = columns.into_iter().filter(|column| !column.starts_with("_sqlx"));
    ours.map(|column| {
        column
            .replace(" bigint", " integer")
            .replace(" boolean", " integer")
            .replace(" bytea", " blob")
    })
    .collect()
}

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let Some(postgres) = TestApp::on_postgres().await else { return };
    let (sqlite, postgres) = (columns(&TestApp::new().await).await, columns(&postgres).await);
    let differing: Vec<_> = sqlite.symmetric_difference(&postgres).collect();
    assert!(differing.is_empty(), "{differing:#?}");
    assert!(sqlite.contains("tokens.name text") && sqlite.len() > 80, "{sqlite:#?}");
}

const SQLITE_UNIQUE: &str = "select t.name || ' (' || (select group_concat(name, ', ') from
            (select c.name from pragma_index_info(i.name) c order by c.seqno)) || ')'
        || case when i.partial = 1 then ' where' else '' end
    from sqlite_schema t join pragma_index_list(t.name) i where t.type = 'table' and i.\"unique\" = 1
    union
    select t.name || ' (' || (select group_concat(name, ', ') from
            (select c.name from pragma_table_info(t.name) c where c.pk > 0 order by c.pk)) || ')'
    from sqlite_schema t where t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\'";
const POSTGRES_UNIQUE: &str =
    "select t.relname || ' (' || (select string_agg(a.attname, ', ' order by k.place)
            from unnest(i.indkey) with ordinality k (number, place)
            join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number) || ')'
        || case when i.indpred is not null then ' where' else '' end
    from pg_index i join pg_class t on t.oid = i.indrelid
    where i.indisunique and t.relnamespace = current_schema()::regnamespace";

/// `table (columns)`; ` where` stands behind those that hold for some rows only.
async fn unique(app: &TestApp) -> BTreeSet<String> {
    let sql = if engine(app) == "SQLite" { SQLITE_UNIQUE } else { POSTGRES_UNIQUE };
    let found: Vec<String> = ask!(app, fetch_all, sqlx::query_scalar(sql));
    found.into_iter().filter(|constraint| !constraint.starts_with("_sqlx")).collect()
}

#[tokio::test]
async fn both_engines_hold_the_same_things_unique() {
    let sqlite = unique(&TestApp::new().await).await;
    assert!(sqlite.contains("token_strings (parent_id) where"), "{sqlite:#?}");
    assert!(sqlite.contains("expiry_days (workgroup_id, turn, day)"), "{sqlite:#?}");
    let Some(postgres) = TestApp::on_postgres().await else { return };
    let postgres = unique(&postgres).await;
    let differing: Vec<_> = sqlite.symmetric_difference(&postgres).collect();
    assert!(differing.is_empty(), "{differing:#?}");
}

const SQLITE_INDEXES: &str =
    "select name from sqlite_schema where type = 'index' and sql is not null";
const POSTGRES_INDEXES: &str =
    "select c.relname::text from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = current_schema()::regnamespace
        and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)";

#[tokio::test]
async fn both_engines_have_the_same_indexes() {
    let Some(postgres) = TestApp::on_postgres().await else { return };
    let sqlite: Vec<String> =
        ask!(TestApp::new().await, fetch_all, sqlx::query_scalar(SQLITE_INDEXES));
    let postgres: Vec<String> = ask!(postgres, fetch_all, sqlx::query_scalar(POSTGRES_INDEXES));
    assert_eq!(BTreeSet::from_iter(sqlite), BTreeSet::from_iter(postgres));
}

/// One value of a pragma, as text, from the connection that reads and from the one that writes.
async fn pragma(app: &TestApp, sql: &'static str) -> (String, String) {
    let Db::Sqlite { read, write, .. } = &app.state.db else {
        unreachable!("only asked of SQLite")
    };
    let value = async |pool| sqlx::query_scalar(sql).fetch_one(pool).await.unwrap();
    (value(read).await, value(write).await)
}

#[tokio::test]
async fn sqlite_writes_durably_and_minds_its_references() {
    let app = TestApp::new().await;
    let cases = [
        ("select cast(synchronous as text) from pragma_synchronous", "2"),
        ("select journal_mode from pragma_journal_mode", "wal"),
        ("select cast(foreign_keys as text) from pragma_foreign_keys", "1"),
    ];
    for (sql, value) in cases {
        assert_eq!(pragma(&app, sql).await, (value.to_owned(), value.to_owned()), "{sql}");
    }
}

/// Before 3.51.3 a checkpoint and a write that began at the same time could lose a page.
#[tokio::test]
async fn sqlite_is_new_enough() {
    let (version, _) = pragma(&TestApp::new().await, "select sqlite_version()").await;
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
    assert!(parts >= vec![3, 51, 3], "{version}");
}

#[tokio::test]
async fn a_reader_of_sqlite_cannot_write() {
    let app = TestApp::new().await;
    let mut reader = app.state.db.read().await.unwrap();
    let Lane::Sqlite(connection) = reader.lane().await.unwrap() else { unreachable!() };
    let refused = sqlx::query("delete from changes").execute(connection).await.unwrap_err();
    assert!(refused.to_string().contains("readonly"), "{refused}");
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing() {
    for app in apps().await {
        let before = app.state.now();
        let mut tx: Tx = app.state.db.begin().await.unwrap();
        store::changes::mark_seen(&mut tx, before + 1).await.unwrap();
        drop(tx);
        let mut reader = app.state.db.read().await.unwrap();
        let seen = store::changes::last_seen(&mut reader).await.unwrap();
        assert_ne!(seen, before + 1, "{}", engine(&app));
    }
}

/// What SQLite does for a statement, step by step.
async fn plan(app: &TestApp, table: &str, name: &str) -> String {
    let mut all = store::all_statements();
    let (.., sql) = all.find(|found| (found.0, found.1) == (table, name)).unwrap();
    let Db::Sqlite { read, .. } = &app.state.db else { unreachable!("only asked of SQLite") };
    let explain = sqlx::AssertSqlSafe(format!("explain query plan {sql}"));
    let steps: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(explain).fetch_all(read).await.unwrap();
    steps.into_iter().map(|(.., step)| step + "\n").collect()
}

/// Each reads its window from an index in order; only the rows that are left of it are sorted once more.
#[tokio::test]
async fn what_the_record_is_asked_is_answered_from_an_index_that_fits() {
    let app = TestApp::new().await;
    for (leader, index) in [
        ("ALL", "activity_by_workgroup (workgroup_id=? AND (at,id)"),
        ("ACTOR", "activity_by_actor (workgroup_id=? AND actor_id=? AND (at,id)"),
        ("VERB", "activity_by_verb (workgroup_id=? AND verb=? AND (at,id)"),
        ("SUBJECT", "activity_by_subject (subject_id=?"),
    ] {
        for way in ["OLDER", "NEWER"] {
            // The index of a subject has its rows in order of time alone.
            let sorts = usize::from(leader == "SUBJECT");
            let page = plan(&app, "activity_lists", &format!("{leader}_{way}")).await;
            let edge = plan(&app, "activity_lists", &format!("EDGE_{leader}_{way}")).await;
            for (plan, most) in [(&page, sorts + 1), (&edge, sorts)] {
                assert!(
                    plan.contains(&format!("SEARCH a USING INDEX {index}"))
                        || plan.contains(&format!("SEARCH a USING COVERING INDEX {index}")),
                    "{leader}_{way}:\n{plan}"
                );
                assert!(plan.matches("TEMP B-TREE").count() <= most, "{leader}_{way}:\n{plan}");
            }
        }
    }
    for (table, name, index) in [
        (
            "activity_lists",
            "PEOPLE",
            "COVERING INDEX activity_by_actor (workgroup_id=? AND actor_id=?)",
        ),
        ("activity_lists", "ACTOR_NAME", "INDEX activity_by_actor (workgroup_id=? AND actor_id=?)"),
        ("activity_lists", "SUBJECT_NAME", "INDEX activity_by_subject (subject_id=?)"),
        ("activity", "LIST_OF_SUBJECT", "INDEX activity_by_subject (subject_id=?)"),
        ("activity", "LAST_DONE", "INDEX activity_by_subject (subject_id=?)"),
    ] {
        let plan = plan(&app, table, name).await;
        assert!(plan.contains(index), "{table}::{name}:\n{plan}");
    }
}

/// The sweep asks every minute, however many tokens there are: it reads what is due and no row of the table.
#[tokio::test]
async fn what_is_due_for_a_look_is_answered_from_its_index_alone() {
    let app = TestApp::new().await;
    let due = plan(&app, "looks", "LIST_DUE").await;
    assert!(due.contains("USING COVERING INDEX tokens_to_look_at (look_at<?)"), "{due}");
    assert!(!due.contains("TEMP B-TREE FOR ORDER BY"), "{due}");
    for name in ["LIST_LOOKS", "LIST_OF_ADDRESS"] {
        let plan = plan(&app, "looks", name).await;
        let index = "INDEX tokens_of_address (workgroup_id=? AND email=? AND look_at<?)";
        assert!(plan.contains(index), "{name}:\n{plan}");
    }
}

/// Read every morning for every owner: no question reads the tokens of a workgroup that it does not tell of.
#[tokio::test]
async fn what_a_digest_asks_is_answered_from_an_index_that_fits() {
    let app = TestApp::new().await;
    let ends = "t USING INDEX tokens_standing (workgroup_id=? AND sort_at>? AND sort_at<?)";
    for (name, index) in [
        ("LIST_EXPIRING", ends),
        ("COUNT_EXPIRING", ends),
        ("LIST_EXPIRED", ends),
        ("LIST_MISSED", "t USING INDEX tokens_to_renew (workgroup_id=? AND renew_by<?)"),
        ("LIST_KNOCKING", "t USING INDEX tokens_knocking (workgroup_id=? AND knocked_at>?)"),
        ("LIST_KNOCKING_GONE", "g USING INDEX tombstones_knocking (workgroup_id=?"),
        ("LIST_UNDELIVERED", "o USING INDEX outbox_undelivered (workgroup_id=?"),
    ] {
        let plan = plan(&app, "digest_facts", name).await;
        assert!(plan.contains(index), "{name}:\n{plan}");
    }
    let due = plan(&app, "digests", "LIST_DUE").await;
    assert!(due.contains("u USING INDEX users_by_digest (digest_at<?)"), "{due}");
}

/// A list must not read the revoked tokens to skip them, nor sort what an index has in order.
#[tokio::test]
async fn what_the_list_page_asks_is_answered_from_an_index_that_fits() {
    let app = TestApp::new().await;
    let cases = [
        ("token_lists", "STANDING_AFTER", "t USING INDEX tokens_standing"),
        ("token_lists", "STANDING_BEFORE", "t USING INDEX tokens_standing"),
        ("token_lists", "REVOKED_AFTER", "t USING INDEX tokens_revoked"),
        ("token_lists", "ALL_AFTER", "t USING INDEX tokens_all"),
        ("token_lists", "NEVER_AFTER", "t USING INDEX tokens_standing"),
        ("token_lists", "NEVER_BEFORE", "t USING INDEX tokens_standing"),
        ("token_lists", "UNUSED_AFTER", "t USING INDEX tokens_standing"),
        ("token_lists", "UNUSED_BEFORE", "t USING INDEX tokens_standing"),
        ("device_lists", "PAGE_AFTER", "d USING INDEX devices_by_name"),
        ("device_lists", "PAGE_BEFORE", "d USING INDEX devices_by_name"),
        ("device_lists", "REACHING", "t USING INDEX tokens_"),
        ("expiry_days", "COUNT_ENDED_TODAY", "COVERING INDEX tokens_standing"),
        ("expiry_days", "COUNT_NEARED_TODAY", "COVERING INDEX tokens_expiring"),
        ("expiry_days", "STRIP", "PRIMARY KEY"),
    ];
    for (table, name, index) in cases {
        let plan = plan(&app, table, name).await;
        assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{table}::{name}:\n{plan}");
    }
}

/// Written for thousands of tokens every few seconds, and forgotten every minute: nothing of it reads a table.
#[tokio::test]
async fn what_is_written_of_uses_finds_its_rows_by_their_keys() {
    let app = TestApp::new().await;
    let cases = [
        ("strings", "MARK_USED", "token_strings USING INDEX"),
        ("in_use", "MARK_USED_DAY", "tokens USING INDEX sqlite_autoindex_tokens_1 (id=?)"),
        ("in_use", "LIST", "tokens USING INDEX sqlite_autoindex_tokens_1 (id=?)"),
        ("knocks", "MARK", "tokens USING INDEX sqlite_autoindex_tokens_1 (id=?)"),
        ("asks", "INSERT_OR_ADD", "k USING PRIMARY KEY (token_id=? AND subject=? AND name=?)"),
        ("uses", "DELETE_OLD", "u USING COVERING INDEX token_uses_by_day (day<?)"),
        ("refusals", "DELETE_OLD", "r USING COVERING INDEX token_refusals_by_day (day<?)"),
        ("asks", "DELETE_OLD", "k USING COVERING INDEX token_asks_by_day (last_day<?)"),
        ("refusals", "LIST_OF_TOKEN", "token_refusals USING PRIMARY KEY (token_id=? AND day>?)"),
    ];
    for (table, name, index) in cases {
        let plan = plan(&app, table, name).await;
        assert!(plan.contains(index), "{table}::{name}:\n{plan}");
        let whole = ["SCAN token", "SCAN k", "SCAN u", "SCAN r"];
        assert!(whole.iter().all(|scan| !plan.contains(scan)), "{table}::{name}:\n{plan}");
    }
}
