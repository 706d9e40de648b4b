//! The link of an invitation: who sees what, how it is accepted, and that it works once.

use super::super::forms::{says, text_of};
use super::{READER, holds, invited, leads, link, pending, record, user};
use crate::caller::{Answer, Browser};
use crate::test_app::{PASSWORD, TestApp};
use latchkey::domain::activity::Verb;
use latchkey::server::secret::Code;

pub const CREATE: &[(&str, &str)] =
    &[("action", "create"), ("name", "Gil"), ("password", PASSWORD)];

/// The browser with the cookie that the answer set.
fn signed_in<'a>(app: &'a TestApp, answer: &Answer) -> Browser<'a> {
    let cookie = answer.header("set-cookie").strip_prefix("latchkey=").unwrap();
    Browser::new(app, Some(Code::received(cookie.split(';').next().unwrap())))
}

#[tokio::test]
async fn somebody_new_makes_their_account_and_is_a_member() {
    let app = TestApp::new().await;
    let made = invited(&app, "gil@example.com", READER).await;
    let link = link(&app, &made).await;
    let page = app.stranger().get(&link).await;
    assert_eq!(page.status, 200);
    for words in ["Join Harrow Valley", "Ada invites gil@example.com", "You will hold: Read."] {
        assert!(says(&page, words), "{words}");
    }
    assert_eq!(
        (page.header("cache-control"), page.header("referrer-policy")),
        ("no-store", "same-origin")
    );
    let short = [("action", "create"), ("name", ""), ("password", "short")];
    let refused = app.stranger().post(&link, &short).await;
    assert_eq!(refused.status, 422);
    assert!(
        text_of(&refused, "name-error").is_some() && text_of(&refused, "password-error").is_some()
    );
    assert!(!refused.body.contains("short"));
    let joined = app.stranger().post(&link, CREATE).await;
    assert_eq!(leads(&joined), (303, "/harrow-valley/settings/devices?done=joined"));
    let gil = signed_in(&app, &joined);
    assert_eq!(gil.get("/account").await.status, 200);
    assert!(holds(&app, "gil@example.com").await.unwrap().permissions.iter().eq(["read"]));
    assert!(pending(&app, "gil@example.com").await.is_none());
    let rows = record(&app, &user(&app, "gil@example.com").await.id).await;
    assert_eq!((rows[0].verb, rows[0].actor.as_str()), (Verb::MemberJoined, "Gil"));
    assert_eq!(
        (rows[0].after["Permissions"].as_str(), rows[0].after["Invited by"].as_str()),
        ("Read", "Ada")
    );
    let again = app.stranger().post(&link, CREATE).await;
    assert_eq!((again.status, app.stranger().get(&link).await.status), (404, 404), "it works once");
    assert!(says(&again, "This invitation does not work any more"));
}

#[tokio::test]
async fn whoever_has_an_account_signs_in_with_it_and_joins_under_a_new_session() {
    let app = TestApp::new().await;
    app.user("Eve", "Eve@example.com").await;
    let fields = [("role", "member"), ("permissions", "access.manage")];
    let link = link(&app, &invited(&app, "eve@EXAMPLE.com", &fields).await).await;
    let page = app.stranger().get(&link).await;
    assert!(says(&page, "has an account") && !page.body.contains("name=\"password\""));
    let (_, query) = page.body.split_once("href=\"/sign-in?").unwrap();
    let mut query = form_urlencoded::parse(query.split('"').next().unwrap().as_bytes());
    assert_eq!(query.next().unwrap(), ("next".into(), link.as_str().into()));
    assert_eq!(
        app.stranger().post(&link, CREATE).await.status,
        409,
        "the account stays its owner's"
    );
    assert_eq!(app.stranger().post(&link, &[("action", "join")]).await.status, 401);
    let eve = app.browser("eve@example.com").await;
    assert!(says(&eve.get(&link).await, "You are signed in as Eve"));
    let joined = eve.post(&link, &[("action", "join")]).await;
    assert_eq!(leads(&joined), (303, "/harrow-valley/settings/tokens?done=joined"));
    assert_eq!(eve.get("/account").await.status, 303, "the session before is dead");
    let now = signed_in(&app, &joined);
    assert_eq!(now.get("/harrow-valley/settings/members").await.status, 200);
    assert_eq!(now.post(&link, &[("action", "join")]).await.status, 404);
}

#[tokio::test]
async fn somebody_else_who_is_signed_in_is_told_and_can_sign_out() {
    let app = TestApp::new().await;
    app.user("Eve", "eve@example.com").await;
    let link = link(&app, &invited(&app, "gil@example.com", READER).await).await;
    let eve = app.browser("eve@example.com").await;
    let page = eve.get(&link).await;
    assert!(says(&page, "You are signed in as eve@example.com") && says(&page, "Sign out"));
    for fields in [&[("action", "join")][..], CREATE] {
        let refused = eve.post(&link, fields).await;
        assert_eq!(refused.status, 409, "{fields:?}");
        assert!(refused.header("set-cookie").is_empty());
    }
    assert!(holds(&app, "eve@example.com").await.is_none());
    let out = eve.post(&link, &[("action", "sign-out")]).await;
    assert_eq!(leads(&out), (303, link.as_str()));
    assert_eq!(eve.get("/account").await.status, 303);
    assert!(app.stranger().get(&link).await.body.contains("name=\"password\""));
    assert_eq!(app.stranger().post(&link, &[("action", "no")]).await.status, 422);
}

#[tokio::test]
async fn every_way_in_which_a_link_ends_is_told_with_one_sentence() {
    let app = TestApp::new().await;
    let unknown = "/invite/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let none = app.stranger().get(unknown).await;
    let made = invited(&app, "gil@example.com", READER).await;
    let link = link(&app, &made).await;
    app.state.clock.advance(7 * 24 * 3600 - 1);
    assert_eq!(app.stranger().get(&link).await.status, 200, "a second before");
    app.state.clock.advance(1);
    let late = app.stranger().get(&link).await;
    for answer in [&none, &late, &app.stranger().post(&link, CREATE).await] {
        assert_eq!(answer.status, 404);
        assert!(says(answer, "Ask whoever invited you to send it again"), "{}", answer.body);
    }
    assert_eq!(app.stranger().get("/invite/").await.status, 404);
}

#[tokio::test]
async fn two_who_race_with_one_link_make_one_member() {
    let app = TestApp::new().await;
    let link = link(&app, &invited(&app, "gil@example.com", READER).await).await;
    let (one, two) = (app.stranger(), app.stranger());
    let (one, two) = tokio::join!(one.post(&link, CREATE), two.post(&link, CREATE));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404]);
}

#[tokio::test]
async fn the_code_is_in_no_answer_but_the_address_and_not_in_the_store() {
    let app = TestApp::new().await;
    let link = link(&app, &invited(&app, "gil@example.com", READER).await).await;
    let code = link.trim_start_matches("/invite/");
    let everything = crate::database::dump(&app).await.join("\n");
    assert!(!everything.contains(code));
    let list = app.ada().await.get(super::MEMBERS).await;
    assert!(!list.body.contains(code));
}
