//! Inviting: what it writes and owes, what it refuses, and who may.

use super::super::forms::{says, text_of};
use super::{INVITE, READER, denials, group, invited, leads, letters, pending, record, user};
use crate::caller::Answer;
use crate::database::dump;
use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;
use latchkey::domain::time::DAY;

#[tokio::test]
async fn an_invitation_is_written_with_its_letter_and_its_record() {
    let app = TestApp::new().await;
    group(&app, "North").await;
    let fields = [
        ("email", "Gil@Example.com"),
        ("role", "member"),
        ("permissions", "read"),
        ("permissions", "devices.control"),
        ("device_group", "North"),
    ];
    let answer = app.ada().await.post(INVITE, &fields).await;
    assert_eq!(leads(&answer), (303, "/harrow-valley/settings/members?done=invited"));
    let made = pending(&app, "gil@example.com").await.unwrap();
    assert!(made.offered.permissions.iter().eq(["devices.control", "read"]));
    assert_eq!(
        (made.offered.owner, made.offered.device_group_id.as_deref()),
        (false, Some("north"))
    );
    assert_eq!(
        (made.email.as_str(), made.expires_at),
        ("Gil@example.com", app.state.now() + 7 * DAY)
    );
    assert_eq!(letters(&app, &made.id).await, 1);
    let rows = record(&app, &made.id).await;
    assert_eq!((rows.len(), rows[0].verb, rows[0].actor.as_str()), (1, Verb::MemberInvited, "Ada"));
    assert_eq!(rows[0].after["Permissions"], "Read, Control devices");
    assert_eq!(rows[0].after["Device group"], "North");
    assert_eq!(
        (rows[0].subject.as_str(), rows[0].address.as_deref()),
        ("Gil@example.com", Some("192.0.2.1"))
    );
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_and_what_was_typed_stays() {
    let app = TestApp::new().await;
    let before = dump(&app).await;
    let fields = [
        ("email", "gil at example"),
        ("role", "member"),
        ("permissions", "fly"),
        ("device_group", "Moon"),
    ];
    let answer = app.ada().await.post(INVITE, &fields).await;
    assert_eq!(answer.status, 422);
    assert!(text_of(&answer, "email-error").is_some());
    assert!(text_of(&answer, "permissions-error").unwrap().contains("no permission fly"));
    assert!(text_of(&answer, "device_group-error").unwrap().contains("no device group Moon"));
    assert_eq!(answer.input("email").as_deref(), Some("gil at example"));
    for fields in [
        &[("email", "gil@example.com"), ("role", "member")][..],
        &[("email", "gil@example.com"), ("role", "king"), ("permissions", "read")],
        &[("email", "gil@example.com")],
    ] {
        assert_eq!(app.ada().await.post(INVITE, fields).await.status, 422, "{fields:?}");
    }
    let sessions = |rows: Vec<String>| {
        rows.into_iter().filter(|row| !row.starts_with("sessions: ")).collect::<Vec<_>>()
    };
    assert_eq!(sessions(dump(&app).await), sessions(before));
}

#[tokio::test]
async fn members_and_the_invited_are_not_invited_again() {
    let app = TestApp::new().await;
    app.member("Ben", &["read"], None).await;
    let first = invited(&app, "gil@example.com", READER).await;
    let again = |answer: &Answer| text_of(answer, "email-error").unwrap();
    let ada = app.ada().await;
    let fields = |email| [("email", email), ("role", "member"), ("permissions", "read")];
    let member = ada.post(INVITE, &fields("BEN@harrow.example")).await;
    assert_eq!(member.status, 422);
    assert!(again(&member).contains("Ben is a member of Harrow Valley already"));
    let twice = ada.post(INVITE, &fields("GIL@example.com")).await;
    assert!(again(&twice).contains("is invited already, by Ada"), "{}", again(&twice));
    assert_eq!(pending(&app, "gil@example.com").await.unwrap().id, first.id);
    assert_eq!(letters(&app, &first.id).await, 1);
}

#[tokio::test]
async fn nobody_invites_beyond_what_they_hold_and_the_denial_is_recorded() {
    let app = TestApp::new().await;
    group(&app, "North").await;
    let ben = app.member("Ben", &["access.manage", "read"], None).await;
    let cleo = app.member("Cleo", &["read", "tunnel"], None).await;
    let dan = app.member("Dan", &["access.manage", "read"], Some("North")).await;
    let mail = ("email", "gil@example.com");
    let member = ("role", "member");
    let cases = [
        (&ben, vec![mail, ("role", "owner")], 403),
        (&ben, vec![mail, member, ("permissions", "tunnel")], 403),
        (&cleo, vec![mail, member, ("permissions", "read")], 403),
        (&dan, vec![mail, member, ("permissions", "read")], 403),
        (&ben, vec![mail, member, ("permissions", "read")], 303),
        (
            &dan,
            vec![
                ("email", "hal@example.com"),
                member,
                ("permissions", "read"),
                ("device_group", "north"),
            ],
            303,
        ),
    ];
    for (browser, fields, status) in cases {
        let answer = browser.post(INVITE, &fields).await;
        assert_eq!(answer.status, status, "{fields:?}: {}", answer.body);
    }
    assert_eq!(denials(&app, "member.invited").await, 3, "one a person and minute");
    let form = dan.get(INVITE).await;
    assert!(!says(&form, "Whole workgroup") && says(&form, "Only owners make owners"));
}

/// The bound are not told who else is here.
#[tokio::test]
async fn whoever_is_bound_learns_nothing_of_others_by_inviting_them() {
    let app = TestApp::new().await;
    group(&app, "North").await;
    let dan = app.member("Dan", &["access.manage", "read"], Some("North")).await;
    invited(&app, "gil@example.com", READER).await;
    let said = |email: &'static str| {
        let fields = [
            ("email", email),
            ("role", "member"),
            ("permissions", "read"),
            ("device_group", "North"),
        ];
        let dan = &dan;
        async move { text_of(&dan.post(INVITE, &fields).await, "email-error").unwrap() }
    };
    assert_eq!(said("ada@harrow.example").await, said("gil@example.com").await);
    assert!(!said("ada@harrow.example").await.contains("Ada"));
    assert!(said("dan@harrow.example").await.contains("Dan is a member"));
}

#[tokio::test]
async fn a_retired_permission_and_an_unknown_one_are_not_offered() {
    let app = TestApp::new().await;
    retire(&app, "tunnel").await;
    let fields = [("email", "g@example.com"), ("role", "member"), ("permissions", "tunnel")];
    let answer = app.ada().await.post(INVITE, &fields).await;
    assert!(text_of(&answer, "permissions-error").unwrap().contains("no longer given"));
    assert!(!app.ada().await.get(INVITE).await.body.contains("value=\"tunnel\""));
}

#[tokio::test]
async fn an_account_that_exists_is_not_told_of() {
    let app = TestApp::new().await;
    app.user("Eve", "eve@example.com").await;
    let eve = user(&app, "eve@example.com").await;
    let made = invited(&app, "eve@example.com", READER).await;
    let list = app.ada().await.get(super::MEMBERS).await;
    assert!(says(&list, "eve@example.com") && !list.body.contains(&eve.id));
    assert!(
        record(&app, &made.id).await.iter().all(|row| !row.after.values().any(|it| it == "Eve"))
    );
}

/// Nobody is given it any more.
pub async fn retire(app: &TestApp, name: &str) {
    let url = format!("sqlite://{}", app.folder.path().join("latchkey.db").display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    let retire = "update permissions set retired_at = 1 where name = $1";
    sqlx::query(retire).bind(name).execute(&pool).await.unwrap();
    pool.close().await;
}
