//! The third migration, over data of the second: tokens in each state, letters that are owed, people.

use super::ask;
use super::older::upgraded;
use crate::letter::Letter;
use crate::removal::{purged, tokens};
use crate::test_app::TestApp;
use latchkey::domain::time::{DAY, Time};
use latchkey::server::store;

/// 21 November 2026, 10:00 UTC, when the tests begin.
pub const NOW: i64 = 1_795_255_200;

/// A database of the second version. Ends are days from [`NOW`], put in where `{…}` stands.
const SECOND: &[&str] = &[
    "insert into workgroups (id, slug, name, time_zone, longest_lifetime, non_expiring, notice_stages, notice_hour, created_at)
        values ('w', 'harrow', 'Harrow', 'UTC', '1y', false, '[14,7,1]', 8, 1)",
    "insert into users (id, email, email_folded, name, password_hash, administrator, created_at, time_zone)
        values ('u', 'ada@harrow.example', 'ada@harrow.example', 'Ada', 'x', true, 1, 'Europe/Berlin')",
    "insert into memberships (workgroup_id, user_id, owner, permissions, created_at) values ('w', 'u', true, '[]', 1)",
    "insert into invitations (id, workgroup_id, email, email_folded, owner, permissions, invited_by_kind,
            invited_by_id, invited_by_name, created_at, expires_at)
        values ('i', 'w', 'gil@example.com', 'gil@example.com', false, '[\"read\"]', 'person', 'u', 'Ada', 1, 1)",
    "insert into outbox (id, dedupe_key, letter, workgroup_id, recipient, payload, created_at, due_at, attempts, sent_at)
        values ('o1', 'reset:o1', 'reset', null, 'ada@harrow.example', '\"u\"', 1795255100, 1795255100, 0, null),
            ('o2', 'invitation:o2', 'invitation', 'w', 'gil@example.com', '\"i\"', 1795255100, 1795255100, 1, null),
            ('o3', 'reset:o3', 'reset', null, 'ada@harrow.example', '\"u\"', 5, 5, 1, 6)",
    "update installation set last_seen_at = 1795255000, change_number = 7",
];

/// Id, expiry, revocation, last use and refused calls afterwards; days from [`NOW`]. Then when it leaves.
pub type Case = (&'static str, Option<i64>, Option<i64>, Option<i64>, Option<i64>);
pub const TOKENS: [Case; 8] = [
    ("active", Some(30), None, Some(-1), Some(58)),
    ("endless", None, None, None, None),
    ("expired", Some(-10), None, Some(-11), Some(18)),
    ("knocking", Some(-10), None, Some(-1), Some(18)),
    ("long-gone", Some(-30), None, None, Some(-2)),
    ("revoked", Some(30), Some(-5), Some(-2), Some(58)),
    ("revoked-late", Some(-20), Some(-5), None, Some(23)),
    ("revoked-endless", None, Some(-400), None, Some(-35)),
];

/// The rows of a token as statements.
fn rows((id, ends, revoked, used, _): Case) -> Vec<String> {
    let at = |days: Option<i64>| match days {
        Some(days) => (NOW + days * DAY).to_string(),
        None => "null".to_owned(),
    };
    let from = if used.is_some() { "'203.0.113.9'" } else { "null" };
    let mut rows = vec![
        format!(
            "insert into tokens (id, workgroup_id, kind, owner, name, email, search_text, lifetime, can_renew, permissions,
                scopes, created_at, created_by_kind, created_by_id, created_by_name, version, newest_number, sort_at,
                expires_at, expiring_at, revoked_at)
            values ('{id}', 'w', 'access', '{id}', 'CI', 'a@b.example', '{id}', '1m', true, '[\"read\"]', '[]', 1,
                'person', 'u', 'Ada', 3, 1, coalesce({ends}, 253402300799), {ends}, {ends}, {revoked})",
            ends = at(ends),
            revoked = at(revoked),
        ),
        format!(
            "insert into token_strings (id, token_id, number, hash, hint, origin, issued_at, expires_at, last_used_at,
                last_used_from)
            values ('s-{id}', '{id}', 1, {hash}, 'lka_\u{2026}{id}', 'create', 1, {ends}, {used}, {from})",
            hash = format_args!("HASH({id})"),
            ends = at(ends),
            used = at(used),
        ),
    ];
    if let Some(used) = used {
        let day = (NOW + used * DAY) / DAY;
        rows.push(format!(
            "insert into token_uses (token_id, number, day, allowed, refused) values ('{id}', 1, {day}, 0, 40),
                ('{id}', 1, {}, 5, 1)",
            day - 20
        ));
    }
    rows
}

/// Every statement, with hashes in the words of the engine.
pub fn fixture(hash: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut all: Vec<String> = SECOND.iter().map(ToString::to_string).collect();
    all.extend(TOKENS.into_iter().flat_map(rows));
    for (id, ..) in TOKENS {
        let hex: String = id.bytes().map(|byte| format!("{byte:02x}")).collect();
        for sql in &mut all {
            *sql = sql.replace(&format!("HASH({id})"), &hash(&hex));
        }
    }
    all
}

async fn all_upgraded() -> Vec<TestApp> {
    upgraded(2, fixture).await
}

#[tokio::test]
async fn every_token_is_there_and_knows_when_it_leaves() {
    for app in all_upgraded().await {
        assert_eq!(app.state.now(), Time(NOW));
        let mut reader = app.state.db.read().await.unwrap();
        for (id, ends, revoked, used, leaves) in TOKENS {
            let found = store::tokens::find(&mut reader, "w", id).await.unwrap().unwrap();
            let days = |days: i64| Time(NOW + days * DAY);
            assert_eq!(found.expires_at, ends.map(days), "{id}");
            assert_eq!(found.revoked_at, revoked.map(days), "{id}");
            assert_eq!(found.last_used_at(), used.map(days), "{id}");
            assert_eq!((found.version, found.strings.len()), (3, 1), "{id}");
            assert_eq!(found.remove_at(), leaves.map(days), "{id}: by the rule");
        }
        drop(reader);
        let kept: Vec<(String, Option<i64>, Option<i64>)> = ask!(
            app,
            fetch_all,
            sqlx::query_as("select id, remove_at, look_at from tokens order by id")
        );
        let mut expected: Vec<_> = TOKENS
            .into_iter()
            .map(|(id, .., leaves)| (id.to_owned(), leaves.map(|it| NOW + it * DAY), Some(0)))
            .collect();
        expected.sort();
        assert_eq!(kept, expected, "in the rows, and each is looked at by the next sweep");
    }
}

#[tokio::test]
async fn who_was_knocking_before_is_still_knocking() {
    for app in all_upgraded().await {
        let mut reader = app.state.db.read().await.unwrap();
        for (id, _, _, used, _) in TOKENS {
            let token = store::tokens::find(&mut reader, "w", id).await.unwrap().unwrap();
            let knocks = token.knocks.clone().map(|it| (it.calls, it.last_at, it.last_from));
            let knocked = ["knocking", "revoked"]
                .contains(&id)
                .then(|| (40, Time(NOW + used.unwrap() * DAY), "203.0.113.9".to_owned()));
            assert_eq!(knocks, knocked, "{id}");
            assert_eq!(token.still_knocking(Time(NOW)), knocked.is_some(), "{id}");
        }
    }
}

#[tokio::test]
async fn letters_that_were_owed_still_go_out_and_people_are_as_they_were() {
    for app in all_upgraded().await {
        let letters: Vec<Letter> = app.deliver_mail().await;
        let mut to: Vec<_> = letters.iter().map(|letter| letter.to.clone()).collect();
        to.sort();
        assert_eq!(to.len(), 2, "{to:?}");
        assert!(
            to[0].contains("ada@harrow.example") && to[1].contains("gil@example.com"),
            "{to:?}"
        );
        let mut reader = app.state.db.read().await.unwrap();
        let account = store::users::find_by_id(&mut reader, "u").await.unwrap().unwrap();
        assert_eq!(account.user.time_zone, "Europe/Berlin");
        let known = store::installation::find(&mut reader).await.unwrap();
        assert_eq!((known.last_seen_at, known.last_sweep_at), (Time(1_795_255_000), Time(0)));
        assert_eq!((known.clock_doubted_at, known.mail_alarm), (None, None));
    }
}

#[tokio::test]
async fn what_had_long_been_over_leaves_and_nothing_else_does() {
    for app in all_upgraded().await {
        assert_eq!(purged(&app).await, tokens(2));
        let left: Vec<String> =
            ask!(app, fetch_all, sqlx::query_scalar("select id from tokens order by id"));
        let expected = ["active", "endless", "expired", "knocking", "revoked", "revoked-late"];
        assert_eq!(left, expected);
        let why: Vec<(String, String)> = ask!(
            app,
            fetch_all,
            sqlx::query_as("select token_id, why from tombstones order by token_id")
        );
        let expected = [("long-gone", "expired"), ("revoked-endless", "revoked")];
        assert_eq!(why, expected.map(|(id, why)| (id.to_owned(), why.to_owned())));
    }
}
