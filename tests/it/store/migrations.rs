//! Every migration runs on a database that holds data of the version before it, and loses none of it.

use super::ask;
use super::older::upgraded;
use crate::test_app::TestApp;
use latchkey::server::store;

/// A database of the first version with a row in whatever the second one changes.
const FIRST: &[&str] = &[
    "insert into workgroups (id, slug, name, time_zone, longest_lifetime, non_expiring, notice_stages, notice_hour, created_at)
        values ('w', 'harrow', 'Harrow', 'UTC', '1y', false, '[14,7,1]', 8, 1)",
    "insert into users (id, email, email_folded, name, password_hash, administrator, created_at)
        values ('u', 'Ada@harrow.example', 'ada@harrow.example', 'Ada', 'x', true, 1)",
    "insert into memberships (workgroup_id, user_id, owner, permissions, created_at)
        values ('w', 'u', true, '[]', 1)",
    "insert into devices (id, workgroup_id, external_id, name, created_at) values ('d', 'w', 'P-1', 'Pumpe ÄÖ', 1)",
    "insert into device_metadata (device_id, key, value) values ('d', 'site', 'Süd')",
    "insert into device_groups (id, workgroup_id, name, name_folded, rule, created_at)
        values ('g', 'w', 'North', 'north', 'in', 1)",
    "insert into device_group_members (group_id, device_id) values ('g', 'd')",
    "insert into tokens (id, workgroup_id, kind, owner, name, email, search_text, lifetime, can_renew, permissions, scopes,
            created_at, created_by_kind, created_by_id, created_by_name, version, newest_number, sort_at)
        values ('t', 'w', 'access', 'Plant', 'CI', 'a@b.example', 'plant', '1m', true, '[]', '[]', 1, 'person', 'u', 'Ada', 1, 1, 9)",
    "insert into activity (id, workgroup_id, at, actor_kind, actor_id, actor_name, verb, subject_kind, subject_id,
            before_values, after_values, address)
        values ('a1', 'w', 1, 'person', 'u', 'Ada', 'token.created', 'token', 't', '{}', '{\"Note\":\"n\"}', '192.0.2.1'),
            ('a2', 'w', 2, 'command_line', '', 'The command line', 'device.created', 'device', 'd', '{}', '{}', null),
            ('a3', 'w', 3, 'command_line', '', 'The command line', 'token.revoked', 'token', 'gone', '{}', '{}', null)",
];

async fn all_upgraded() -> Vec<TestApp> {
    upgraded(1, |_| FIRST.iter().map(ToString::to_string).collect()).await
}

#[tokio::test]
async fn the_second_version_keeps_the_record_and_names_what_it_is_about() {
    for app in all_upgraded().await {
        let rows: Vec<(String, String, String, Option<String>)> = ask!(
            app,
            fetch_all,
            sqlx::query_as(
                "select id, subject_name, after_values, denied from activity order by at"
            )
        );
        let expected =
            [("a1", "Plant · CI", "{\"Note\":\"n\"}"), ("a2", "Pumpe ÄÖ", "{}"), ("a3", "", "{}")];
        let expected =
            expected.map(|(id, name, after)| (id.into(), name.into(), after.into(), None));
        assert_eq!(rows, expected);
    }
}

#[tokio::test]
async fn the_second_version_finds_the_devices_of_the_first() {
    for app in all_upgraded().await {
        let folded: (String, String, i64) = ask!(
            app,
            fetch_one,
            sqlx::query_as("select name_folded, search_text, version from devices where id = 'd'")
        );
        assert_eq!((folded.0.as_str(), folded.2), ("pumpe äö", 1));
        for part in ["p-1", "pumpe äö", "süd"] {
            assert!(folded.1.contains(part), "{part} in {:?}", folded.1);
        }
    }
}

#[tokio::test]
async fn the_second_version_keeps_people_as_they_were() {
    for app in all_upgraded().await {
        let mut reader = app.state.db.read().await.unwrap();
        let account = store::users::find_by_id(&mut reader, "u").await.unwrap().unwrap();
        assert!(account.user.administrator && account.disabled_at.is_none());
        assert_eq!(account.user.time_zone, "UTC");
        let membership = store::memberships::find(&mut reader, "w", "u").await.unwrap().unwrap();
        assert!(membership.owner);
    }
}
