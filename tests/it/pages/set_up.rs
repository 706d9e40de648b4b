//! `/setup/{code}`: from an empty installation to the first tokens page.

use super::forms::{is_hydrated, says, tag, text_of};
use crate::caller::Browser;
use crate::test_app::{PASSWORD, TestApp};
use latchkey::domain::time::DAY;
use latchkey::server::people::set_up;
use latchkey::server::secret::Code;

fn form<'a>(changed: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("name", "Ada Lovelace"),
        ("email", "ada@first.example"),
        ("password", PASSWORD),
        ("workgroup", "First Works"),
        ("time_zone", "Europe/Berlin"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| *name != changed.0);
    kept.chain((!changed.0.is_empty()).then_some(changed)).collect()
}

/// An installation in which nobody has an account, and its link.
async fn first_start() -> (TestApp, String) {
    let app = TestApp::empty().await;
    let code = set_up::open_link(&app.state).await.unwrap().unwrap();
    (app, format!("/setup/{}", code.reveal()))
}

#[tokio::test]
async fn the_link_leads_to_the_first_workgroup_signed_in() {
    let (app, link) = first_start().await;
    assert!(says(&app.stranger().get("/sign-in").await, "Nobody can sign in yet."));
    let page = app.stranger().get(&link).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    for field in ["name", "email", "password", "workgroup", "time_zone"] {
        assert!(tag(&page, field).contains("required"), "{field}");
    }
    let done = app.stranger().post(&link, &form(("", ""))).await;
    assert_eq!((done.status, done.header("location")), (303, "/first-works/settings/tokens"));
    let cookie = done.header("set-cookie").strip_prefix("latchkey=").unwrap();
    let ada = Browser::new(&app, Some(Code::received(cookie.split(';').next().unwrap())));
    let tokens = ada.get(done.header("location")).await;
    assert_eq!(tokens.status, 200);
    assert!(says(&tokens, "First Works") && says(&tokens, "New token"));
}

#[tokio::test]
async fn a_used_an_old_and_an_unknown_link_are_answered_alike() {
    let (app, link) = first_start().await;
    let unknown = app.stranger().get(&format!("/setup/{}", "A".repeat(43))).await;
    assert_eq!(unknown.status, 404);
    let body = |answer: &crate::caller::Answer| {
        super::forms::without_tags(&answer.body.replace(&link, ""))
    };
    app.state.clock.advance(DAY);
    let old = app.stranger().get(&link).await;
    assert!(old.status == 404 && says(&old, "This link does not work any more"));
    assert_eq!(app.stranger().post(&link, &form(("", ""))).await.status, 404);
    app.state.clock.advance(-1);
    assert_eq!(app.stranger().post(&link, &form(("", ""))).await.status, 303);
    let used = app.stranger().get(&link).await;
    assert_eq!(used.status, 404);
    let again = app.stranger().post(&link, &form(("email", "eve@first.example"))).await;
    assert_eq!((again.status, again.header("set-cookie")), (404, ""));
    assert_eq!(body(&used).len(), body(&old).len());
}

#[tokio::test]
async fn a_wrong_field_is_told_at_the_field_and_everything_but_the_password_stays() {
    let (app, link) = first_start().await;
    let long = "x".repeat(201);
    for (field, typed) in [
        ("name", ""),
        ("email", "ada"),
        ("password", "short"),
        ("password", "passwordpassword"),
        ("password", long.as_str()),
        ("workgroup", "a\nb"),
        ("time_zone", "Mars/Olympus"),
    ] {
        let refused = app.stranger().post(&link, &form((field, typed))).await;
        assert_eq!(refused.status, 422, "{field}");
        assert!(text_of(&refused, &format!("{field}-error")).is_some(), "{field}");
        assert!(!refused.body.contains(PASSWORD) && !refused.body.contains(&long));
        assert!(!is_hydrated(&refused) && refused.header("set-cookie").is_empty());
        if field != "email" {
            assert_eq!(refused.input("email").as_deref(), Some("ada@first.example"));
        }
    }
    assert_eq!(app.stranger().post(&link, &form(("", ""))).await.status, 303, "it still works");
}
