//! Removing a member, and leaving: what ends at once, what lives on, and that an owner remains.

use super::super::forms::{NEW, filled, says, token};
use super::{INVITE, MEMBERS, READER, denials, holds, leads, page_of, pending, record, user};
use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;
use latchkey::server::people::members::{self, Standing};

const REMOVE: &[(&str, &str)] = &[("action", "remove")];

#[tokio::test]
async fn a_removed_member_is_out_at_the_next_request_and_their_tokens_live_on() {
    let app = TestApp::new().await;
    let ben = app.member("Ben", &["access.manage", "read", "tunnel"], None).await;
    let form = ben.get(NEW).await;
    assert_eq!(ben.post(NEW, &filled("first", ("", ""))).await.status, 200);
    let (ada, page) = (app.ada().await, page_of(&app, "ben").await);
    let dialog = ada.get(&format!("{page}?dialog=remove")).await;
    assert!(says(&dialog, "Remove Ben from Harrow Valley?"));
    assert!(
        says(&dialog, "The token that they issued lives on:")
            && says(&dialog, "North plant integrator")
    );
    assert!(holds(&app, "ben@harrow.example").await.is_some(), "it asks first");
    let answer = ada.post(&page, REMOVE).await;
    assert_eq!(leads(&answer), (303, format!("{MEMBERS}?done=member-removed").as_str()));
    // The form that was open in the other browser makes nothing.
    assert!(form.status == 200);
    let late = ben.post(NEW, &filled("second", ("", ""))).await;
    assert!(
        late.status == 303 && late.header("location").starts_with("/sign-in"),
        "{}",
        late.status
    );
    assert_eq!(ben.get(MEMBERS).await.status, 303);
    let list = ada.get("/harrow-valley/settings/tokens").await;
    let ids = super::super::forms::ids(&list);
    assert_eq!(ids.len(), 1);
    assert_eq!(token(&app, &ids[0]).await.created_by, "Ben");
    let rows = record(&app, &user(&app, "ben@harrow.example").await.id).await;
    assert_eq!(
        (rows[0].verb, rows[0].before["Email address"].as_str()),
        (Verb::MemberRemoved, "ben@harrow.example")
    );
    assert_eq!(ada.post(&page, REMOVE).await.status, 404, "twice");
}

#[tokio::test]
async fn whoever_belongs_elsewhere_too_stays_signed_in_and_finds_no_workgroup_here() {
    let app = TestApp::new().await;
    let ben = app.member("Ben", &["access.manage", "read", "tunnel"], None).await;
    app.workgroup("Brook Mill", "ben@harrow.example").await;
    let page = page_of(&app, "ben").await;
    assert_eq!(app.ada().await.post(&page, REMOVE).await.status, 303);
    assert_eq!(ben.get("/brook-mill/settings/tokens").await.status, 200);
    assert_eq!(ben.get(MEMBERS).await.status, 404);
    assert_eq!(ben.post(NEW, &filled("late", ("", ""))).await.status, 404);
    assert!(
        super::super::forms::ids(&app.ada().await.get("/harrow-valley/settings/tokens").await)
            .is_empty()
    );
}

#[tokio::test]
async fn what_a_removed_member_invited_comes_to_nothing() {
    let app = TestApp::new().await;
    let ben = app.member("Ben", &["access.manage", "read"], None).await;
    let fields = [&[("email", "gil@example.com")][..], READER].concat();
    assert_eq!(ben.post(INVITE, &fields).await.status, 303);
    let link = super::link(&app, &pending(&app, "gil@example.com").await.unwrap()).await;
    let page = page_of(&app, "ben").await;
    assert_eq!(app.ada().await.post(&page, REMOVE).await.status, 303);
    assert_eq!(app.stranger().get(&link).await.status, 409);
}

#[tokio::test]
async fn who_may_remove_whom() {
    let app = TestApp::new().await;
    super::group(&app, "North").await;
    let ben = app.member("Ben", &["access.manage", "read"], None).await;
    let dan = app.member("Dan", &["access.manage"], Some("North")).await;
    let eli = app.member("Eli", &["read"], None).await;
    app.member("Fay", &["tunnel"], Some("North")).await;
    let [ada, fay, eli_page] =
        [page_of(&app, "ada").await, page_of(&app, "fay").await, page_of(&app, "eli").await];
    let cases = [
        ("an owner by a member", &ben, &ada, 403),
        ("without Manage access", &eli, &fay, 403),
        ("unseen", &dan, &eli_page, 404),
        ("of the same group", &dan, &fay, 303),
    ];
    for (name, browser, page, status) in cases {
        assert_eq!(browser.post(page, REMOVE).await.status, status, "{name}");
    }
    assert_eq!(denials(&app, "member.removed").await, 2);
    assert!(says(&ben.get(&ada).await, "Only owners of Harrow Valley can do this"));
    app.user("Gus", "gus@example.com").await;
    app.workgroup("Brook Mill", "gus@example.com").await;
    let gus = app.browser("gus@example.com").await;
    let foreign = ada.replace("harrow-valley", "brook-mill");
    assert_eq!(gus.post(&ada, REMOVE).await.status, 404);
    assert_eq!(gus.post(&foreign, REMOVE).await.status, 404);
}

#[tokio::test]
async fn everybody_may_leave_but_the_last_owner() {
    let app = TestApp::new().await;
    let eli = app.member("Eli", &["read"], None).await;
    let page = page_of(&app, "eli").await;
    let dialog = eli.get(&format!("{page}?dialog=remove")).await;
    assert!(says(&dialog, "Leave Harrow Valley?") && says(&dialog, "You will lose access at once"));
    assert_eq!(leads(&eli.post(&page, REMOVE).await), (303, "/"));
    assert!(holds(&app, "eli@harrow.example").await.is_none());
    let (ada, own) = (app.ada().await, page_of(&app, "ada").await);
    let dialog = ada.get(&format!("{own}?dialog=remove")).await;
    assert!(!says(&dialog, "You will lose access at once") && says(&dialog, "would have no owner"));
    let refused = ada.post(&own, REMOVE).await;
    assert!(refused.status == 409 && says(&refused, "the last owner of Harrow Valley"));
    app.user("Bob", "bob@harrow.example").await;
    let owner = Standing::Owner;
    members::set_member(&app.state, "harrow-valley", "bob@harrow.example", owner, None)
        .await
        .unwrap();
    assert_eq!(ada.post(&own, REMOVE).await.status, 303);
    assert!(holds(&app, "ada@harrow.example").await.is_none());
}

/// Each was an owner when they asked.
#[tokio::test]
async fn two_owners_who_remove_each_other_at_once_leave_one() {
    let app = TestApp::new().await;
    app.user("Bob", "bob@harrow.example").await;
    let owner = Standing::Owner;
    members::set_member(&app.state, "harrow-valley", "bob@harrow.example", owner, None)
        .await
        .unwrap();
    let (ada, bob) = (app.ada().await, app.browser("bob@harrow.example").await);
    let (adas, bobs) = (page_of(&app, "ada").await, page_of(&app, "bob").await);
    let (one, two) = tokio::join!(ada.post(&bobs, REMOVE), bob.post(&adas, REMOVE));
    let left = [holds(&app, "ada@harrow.example").await, holds(&app, "bob@harrow.example").await];
    let left = left.into_iter().flatten().filter(|rights| rights.owner).count();
    assert_eq!(left, 1, "{} {}", one.status, two.status);
}
