//! `/account`: who one is, and the browsers that are signed in.

use super::forms::{is_hydrated, says, text_of};
use crate::caller::{Answer, Browser};
use crate::database::dump;
use crate::test_app::{PASSWORD, TestApp};
use axum::http::header;
use latchkey::domain::activity::Verb;
use latchkey::domain::user::Email;
use latchkey::server::secret::Code;
use latchkey::server::store;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";

/// Signs Ada in with a browser that says this of itself.
async fn sign_in<'a>(app: &'a TestApp, agent: &str) -> Browser<'a> {
    let fields = [("email", "ada@harrow.example"), ("password", PASSWORD)];
    let from = [("sec-fetch-site", "same-origin"), (header::USER_AGENT.as_str(), agent)];
    let answer = app.stranger().post_from("/sign-in", &fields, &from).await;
    let cookie = answer.header("set-cookie").strip_prefix("latchkey=").unwrap();
    Browser::new(app, Some(Code::received(cookie.split(';').next().unwrap())))
}

async fn save(browser: &Browser<'_>, name: &str, zone: &str) -> Answer {
    let fields = [("action", "profile"), ("name", name), ("time_zone", zone)];
    browser.post("/account", &fields).await
}

#[tokio::test]
async fn name_and_time_zone_are_saved_and_recorded() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let saved = save(&ada, " Ada Marsh ", "europe/berlin").await;
    assert_eq!((saved.status, saved.header("location")), (303, "/account?done=saved"));
    let page = ada.get("/account?done=saved").await;
    assert!(says(&page, "Your changes were saved."));
    assert_eq!(page.input("name").as_deref(), Some("Ada Marsh"));
    assert_eq!(page.input("time_zone").as_deref(), Some("Europe/Berlin"));
    let mut reader = app.state.db.read().await.unwrap();
    let email = Email::parse("ada@harrow.example").unwrap();
    let user = store::users::find_by_email(&mut reader, &email).await.unwrap().unwrap().user;
    let rows = store::activity::list_of_subject(&mut reader, "", &user.id, 9).await.unwrap();
    let edited = rows.iter().find(|row| row.verb == Verb::UserEdited).unwrap();
    assert_eq!((edited.actor.as_str(), edited.subject.as_str()), ("Ada", "Ada Marsh"));
    assert_eq!(edited.before["time_zone"], "UTC");
    assert_eq!(edited.after["time_zone"], "Europe/Berlin");
}

#[tokio::test]
async fn a_refused_profile_keeps_what_was_typed_and_changes_nothing() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let before = dump(&app).await;
    let refused = save(&ada, "A\u{2028}B", "Mars/Olympus").await;
    assert_eq!(refused.status, 422);
    assert!(text_of(&refused, "name-error").is_some());
    assert!(text_of(&refused, "time_zone-error").is_some());
    assert_eq!(refused.input("time_zone").as_deref(), Some("Mars/Olympus"));
    assert!(!is_hydrated(&refused));
    assert!(text_of(&refused, "new_password-error").is_none(), "the other form is not concerned");
    assert_eq!(dump(&app).await, before);
}

#[tokio::test]
async fn a_hostile_name_and_browser_are_shown_literally() {
    let app = TestApp::new().await;
    let ada = sign_in(&app, "\"><script>alert(1)</script>").await;
    for name in ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}"] {
        assert_eq!(save(&ada, name, "UTC").await.status, 303);
        let page = ada.get("/account").await;
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"));
        assert!(page.body.contains(&name.replace('<', "&lt;").replace('>', "&gt;")), "{name}");
    }
}

#[tokio::test]
async fn a_browser_is_named_in_words_and_can_be_ended_alone_or_with_all_others() {
    let app = TestApp::new().await;
    let (here, there) = (sign_in(&app, FIREFOX).await, sign_in(&app, FIREFOX).await);
    let (third, odd) = (app.ada().await, sign_in(&app, "Keyring/7 (of my own)").await);
    let page = here.get("/account").await;
    assert!(says(&page, "Firefox on Linux") && says(&page, "192.0.2.1"));
    assert!(says(&page, "Keyring/7 (of my own)"), "what is unknown is said as it is");
    assert!(page.body.contains("aria-label=\"End: Firefox on Linux, from 192.0.2.1\""));
    assert!(page.body.contains("this one"));
    // Newest first: the odd one's handle comes before the others.
    let handle = page.input("handle").unwrap();
    let fields = [("action", "end-session"), ("handle", handle.as_str())];
    assert_eq!(here.post("/account", &fields).await.header("location"), "/account?done=session");
    let alive = async |browser: &Browser<'_>| browser.get("/account").await.status == 200;
    assert_eq!((alive(&odd).await, alive(&there).await, alive(&third).await), (false, true, true));
    here.post("/account", &[("action", "end-other-sessions")]).await;
    assert_eq!(
        (alive(&there).await, alive(&third).await, alive(&here).await),
        (false, false, true)
    );
}

#[tokio::test]
async fn somebody_elses_session_cannot_be_ended() {
    let app = TestApp::new().await;
    let (ada, other) = (app.ada().await, app.ada().await);
    let handle = other.get("/account").await.input("handle").unwrap();
    let eve = app.member("Eve", &["read"], None).await;
    let fields = [("action", "end-session"), ("handle", handle.as_str())];
    eve.post("/account", &fields).await;
    eve.post("/account", &[("action", "end-other-sessions")]).await;
    for browser in [&ada, &other, &eve] {
        assert_eq!(browser.get("/account").await.status, 200);
    }
}

#[tokio::test]
async fn a_changed_password_ends_every_copy_of_the_cookie_this_one_too() {
    let app = TestApp::new().await;
    let (here, there) = (app.ada().await, app.ada().await);
    let copy = Browser::new(&app, here.cookie.clone());
    let fields = [
        ("action", "password"),
        ("current_password", PASSWORD),
        ("new_password", "seven mild yellow oxen"),
    ];
    let changed = here.post("/account", &fields).await;
    assert_eq!((changed.status, changed.header("location")), (303, "/account?done=password"));
    for dead in [&here, &there, &copy] {
        assert_eq!(dead.get("/account").await.status, 303);
    }
    let mut reader = app.state.db.read().await.unwrap();
    let email = Email::parse("ada@harrow.example").unwrap();
    let user = store::users::find_by_email(&mut reader, &email).await.unwrap().unwrap().user;
    let rows = store::activity::list_of_subject(&mut reader, "", &user.id, 9).await.unwrap();
    assert!(rows.iter().any(|row| row.verb == Verb::PasswordChanged && row.after.is_empty()));
}

#[tokio::test]
async fn the_rail_leads_back_to_ones_workgroups() {
    let app = TestApp::new().await;
    app.workgroup("Brook <b>Mill</b>", "ada@harrow.example").await;
    let page = app.ada().await.get("/account").await;
    let (_, nav) = page.body.split_once("aria-label=\"Your workgroups\"").unwrap();
    let nav = nav.split("</nav>").next().unwrap();
    assert!(nav.contains("href=\"/harrow-valley/settings\""), "{nav}");
    assert!(nav.contains("Brook &lt;b&gt;Mill&lt;/b&gt;"), "{nav}");
    let tokens = app.ada().await.get("/harrow-valley/settings/tokens").await;
    assert!(!tokens.body.contains("Your workgroups"), "there the workgroup's own pages stand");
}
