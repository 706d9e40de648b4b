//! Changing what a member holds: by whom, within which bounds, and what two who change at once are told.

use super::super::forms::{says, text_of};
use super::invite::retire;
use super::{denials, group, holds, leads, page_of, record, user};
use crate::caller::{Answer, Browser};
use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;

/// Posts the form as the page shows it, with these rights.
async fn set(browser: &Browser<'_>, page: &str, rights: &[(&str, &str)]) -> Answer {
    let version = browser.get(page).await.input("version").unwrap_or_default();
    let mut fields = vec![("action", "set"), ("version", version.as_str())];
    fields.extend(rights);
    browser.post(page, &fields).await
}

const READ: &[(&str, &str)] = &[("role", "member"), ("permissions", "read")];
const BOTH: &[(&str, &str)] =
    &[("role", "member"), ("permissions", "read"), ("permissions", "tunnel")];

/// What is tried, by whom, on whose page, with which fields, and the answer's status.
type Case<'a> = (&'a str, &'a Browser<'a>, &'a str, &'a [(&'a str, &'a str)], u16);

#[tokio::test]
async fn a_member_holds_what_was_set_from_the_next_request_on() {
    let app = TestApp::new().await;
    group(&app, "North").await;
    let ben = app.member("Ben", &["read"], None).await;
    let (ada, page) = (app.ada().await, page_of(&app, "ben").await);
    assert_eq!(ben.get(super::MEMBERS).await.status, 403);
    let rights = [("role", "member"), ("permissions", "access.manage"), ("device_group", "North")];
    let answer = set(&ada, &page, &rights).await;
    assert_eq!(leads(&answer), (303, format!("{page}?done=saved").as_str()));
    let held = holds(&app, "ben@harrow.example").await.unwrap();
    assert!(held.permissions.iter().eq(["access.manage"]));
    assert_eq!(held.group.map(|group| group.name).as_deref(), Some("North"));
    assert_eq!(ben.get(super::MEMBERS).await.status, 200);
    let rows = record(&app, &user(&app, "ben@harrow.example").await.id).await;
    assert_eq!((rows[0].verb, rows[0].actor.as_str()), (Verb::MemberSet, "Ada"));
    assert_eq!(
        (rows[0].before["Permissions"].as_str(), rows[0].after["Permissions"].as_str()),
        ("Read", "Manage access")
    );
    assert_eq!(
        (rows[0].before["Device group"].as_str(), rows[0].after["Device group"].as_str()),
        ("Whole workgroup", "North")
    );
    assert!(!rows[0].after.contains_key("Role"));
    assert_eq!(set(&ada, &page, &[("role", "owner"), ("permissions", "read")]).await.status, 303);
    assert!(holds(&app, "ben@harrow.example").await.unwrap().owner);
}

#[tokio::test]
async fn a_change_by_somebody_else_in_between_is_told_and_not_overwritten() {
    let app = TestApp::new().await;
    app.member("Ben", &["read"], None).await;
    let (ada, page) = (app.ada().await, page_of(&app, "ben").await);
    let seen = ada.get(&page).await.input("version").unwrap();
    assert_eq!(set(&ada, &page, BOTH).await.status, 303);
    let mut late = vec![("action", "set"), ("version", seen.as_str())];
    late.extend([("role", "member"), ("permissions", "discovery")]);
    let refused = ada.post(&page, &late).await;
    assert_eq!(refused.status, 409);
    assert!(
        says(&refused, "Somebody changed this member after you opened it.")
            && says(&refused, "Ada was the last")
    );
    assert!(
        holds(&app, "ben@harrow.example").await.unwrap().permissions.iter().eq(["read", "tunnel"])
    );
    let shown = refused.input("version").unwrap();
    late[1] = ("version", shown.as_str());
    assert_eq!(ada.post(&page, &late).await.status, 303, "what is shown again can be saved");
}

#[tokio::test]
async fn nobody_gives_what_they_do_not_hold_and_the_denial_is_recorded() {
    let app = TestApp::new().await;
    group(&app, "North").await;
    let ben = app.member("Ben", &["access.manage", "read"], None).await;
    let dan = app.member("Dan", &["access.manage", "read"], Some("North")).await;
    app.member("Cleo", &["tunnel"], Some("North")).await;
    let plain = app.member("Eli", &["read"], None).await;
    let (cleo, ada) = (page_of(&app, "cleo").await, page_of(&app, "ada").await);
    let north = ("device_group", "North");
    let both_north = [BOTH, &[north][..]].concat();
    let cases: [Case<'_>; 9] = [
        ("further devices for what is kept", &ben, &cleo, BOTH, 403),
        (
            "a permission not held",
            &ben,
            &cleo,
            &[("role", "member"), ("permissions", "discovery"), north],
            403,
        ),
        ("an owner", &ben, &cleo, &[("role", "owner")], 403),
        ("changing an owner", &ben, &ada, READ, 403),
        ("out of the own group", &dan, &cleo, READ, 403),
        ("unseen", &dan, &ada, READ, 404),
        ("without Manage access", &plain, &cleo, READ, 403),
        ("what is held already stays", &dan, &cleo, &both_north, 303),
        ("taking away", &ben, &cleo, &[("role", "member"), ("permissions", "read"), north], 303),
    ];
    for (name, browser, page, rights, status) in cases {
        let answer = set(browser, page, rights).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
    }
    assert_eq!(denials(&app, "member.set").await, 4, "Ben twice, Dan and Eli once");
    assert!(holds(&app, "ada@harrow.example").await.unwrap().owner);
}

#[tokio::test]
async fn nobody_changes_their_own_rights_but_an_owner_may_step_down_while_another_remains() {
    let app = TestApp::new().await;
    let ben = app.member("Ben", &["access.manage", "read", "tunnel"], None).await;
    let (page, own) = (page_of(&app, "ben").await, page_of(&app, "ada").await);
    let shown = ben.get(&page).await;
    assert!(
        says(&shown, "Nobody changes their own rights") && !shown.body.contains("name=\"version\"")
    );
    let refused =
        ben.post(&page, &[&[("action", "set"), ("version", "1")][..], READ].concat()).await;
    assert_eq!(refused.status, 403);
    let ada = app.ada().await;
    assert!(says(&ada.get(&own).await, "would have no owner"));
    let last = ada.post(&own, &[&[("action", "set"), ("version", "1")][..], READ].concat()).await;
    assert_eq!(last.status, 409);
    assert!(says(&last, "the last owner of Harrow Valley"));
    assert_eq!(set(&ada, &page, &[("role", "owner")]).await.status, 303);
    assert_eq!(set(&ada, &own, READ).await.status, 303);
    assert!(!holds(&app, "ada@harrow.example").await.unwrap().owner);
    assert_eq!(ada.get(&own).await.status, 200, "one's own page");
    assert_eq!(ada.get(&page).await.status, 403);
}

#[tokio::test]
async fn a_retired_permission_stays_with_whoever_has_it_and_is_given_to_nobody_else() {
    let app = TestApp::new().await;
    app.member("Ben", &["read", "tunnel"], None).await;
    app.member("Cleo", &["read"], None).await;
    retire(&app, "tunnel").await;
    let ada = app.ada().await;
    let (ben, cleo) = (page_of(&app, "ben").await, page_of(&app, "cleo").await);
    assert!(says(&ada.get(&ben).await, "Once it is taken away it cannot be given back"));
    let more = [BOTH, &[("permissions", "discovery")][..]].concat();
    assert_eq!(set(&ada, &ben, &more).await.status, 303);
    let refused = set(&ada, &cleo, BOTH).await;
    assert!(text_of(&refused, "permissions-error").unwrap().contains("no longer given"));
    assert_eq!(set(&ada, &ben, READ).await.status, 303);
    assert_eq!(set(&ada, &ben, BOTH).await.status, 422, "it was taken away");
}

#[tokio::test]
async fn hostile_text_in_the_fields_is_only_text() {
    let app = TestApp::new().await;
    app.user("<script>alert(1)</script>", "eve@harrow.example").await;
    let slug = app.harrow.slug.as_str();
    let read = latchkey::server::people::members::Standing::Chosen(vec!["read".into()]);
    latchkey::server::people::members::set_member(
        &app.state,
        slug,
        "eve@harrow.example",
        read,
        None,
    )
    .await
    .unwrap();
    let (ada, page) = (app.ada().await, page_of(&app, "eve").await);
    for path in [super::MEMBERS.to_owned(), page.clone(), format!("{page}?dialog=remove")] {
        let answer = ada.get(&path).await;
        assert!(
            !answer.body.contains("<script>alert") && says(&answer, "&lt;script&gt;alert(1)"),
            "{path}"
        );
    }
    let hostile = "\"><img src=x onerror=alert(1)>";
    for field in ["permissions", "device_group", "role", "version", "action"] {
        let fields =
            [("action", "set"), ("version", "1"), ("role", "member"), ("permissions", "read")];
        let mut fields: Vec<_> = fields.into_iter().filter(|(name, _)| *name != field).collect();
        fields.push((field, hostile));
        let answer = ada.post(&page, &fields).await;
        assert!(matches!(answer.status, 409 | 422), "{field}: {}", answer.status);
        assert!(!answer.body.contains("<img src=x"), "{field}");
    }
}
