//! Who reads the notices of a workgroup, and who sends from there: whoever manages access in all of it.

use super::{NOTICES, give_up};
use crate::database::ask;
use crate::pages::device_groups::planted;
use crate::pages::forms::says;
use crate::test_app::TestApp;

const READ: &str = "/rpc/list_notices?workgroup=harrow-valley&query[search]=";
const POSTS: [&[(&str, &str)]; 2] =
    [&[("action", "test-mail")], &[("action", "send-again"), ("id", "none")]];

#[tokio::test]
async fn whoever_does_not_manage_access_everywhere_is_told_why_and_changes_nothing() {
    let app = TestApp::new().await;
    let group = planted(&app).await.name;
    app.token(|_| {}).await;
    give_up(&app).await;
    let denied = "select verb from activity where denied is not null order by at, id";
    let cases: [(&str, &[&str], Option<&str>, &str); 2] = [
        ("Rex", &["read"], None, "This needs Manage access in Harrow Valley."),
        ("Bo", &["access.manage", "read"], Some(&group), "You are bound to the device group"),
    ];
    for (name, permissions, group, why) in cases {
        let browser = app.member(name, permissions, group).await;
        let page = browser.get(NOTICES).await;
        assert_eq!(page.status, 403, "{name}");
        assert!(says(&page, why) && !page.body.contains("ops@north.example"), "{name}");
        assert_eq!(browser.get(READ).await.status, 403, "{name}");
        assert!(!page.body.contains("href=\"/harrow-valley/settings/notices\""), "{name}");
        let before = ask(&app, denied).await.len();
        for fields in POSTS {
            assert_eq!(browser.post(NOTICES, fields).await.status, 403, "{name} {fields:?}");
        }
        let verbs = ask(&app, denied).await.split_off(before);
        assert_eq!(verbs, ["notice.test_sent", "notice.sent_again"], "{name}");
    }
    assert!(app.deliver_mail().await.is_empty());
}

#[tokio::test]
async fn another_workgroups_notices_are_those_of_none() {
    let app = TestApp::new().await;
    app.user("Bea", "bea@brook.example").await;
    app.workgroup("Brook Mill", "bea@brook.example").await;
    let bea = app.browser("bea@brook.example").await;
    for slug in ["harrow-valley", "nowhere"] {
        let page = format!("/{slug}/settings/notices");
        assert_eq!(bea.get(&page).await.status, 404, "{slug}");
        assert_eq!(bea.get(&READ.replace("harrow-valley", slug)).await.status, 404, "{slug}");
        for fields in POSTS {
            assert_eq!(bea.post(&page, fields).await.status, 404, "{slug}");
        }
    }
    assert!(app.deliver_mail().await.is_empty());
}

#[tokio::test]
async fn strangers_are_sent_to_sign_in() {
    let app = TestApp::new().await;
    let page = app.stranger().get(NOTICES).await;
    assert_eq!(page.status, 303);
    assert!(page.header("location").starts_with("/sign-in?next="));
    assert_eq!(app.stranger().get(READ).await.status, 401);
}

#[tokio::test]
async fn owners_and_managers_read_them() {
    let app = TestApp::new().await;
    let mia = app.member("Mia", &["access.manage"], None).await;
    for browser in [app.ada().await, mia] {
        let page = browser.get(NOTICES).await;
        assert_eq!(page.status, 200);
        assert!(says(&page, "Send test mail") && says(&page, "Calendar"));
        assert_eq!(browser.get(READ).await.status, 200);
    }
}

/// The calendar's forms are posted to an address of their own; the page there is this one.
#[tokio::test]
async fn a_refused_calendar_shows_the_page_with_its_reason_once() {
    let app = TestApp::new().await;
    let answer = app.ada().await.post(&format!("{NOTICES}/calendar"), &[("action", "no")]).await;
    assert!(says(&answer, "This page cannot do that."), "{}", answer.body);
    assert_eq!(answer.body.matches("role=\"alert\"").count(), 1);
    assert!(says(&answer, "When notices go out"));
}
