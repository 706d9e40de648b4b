//! `/reset` and `/reset/{code}`: a forgotten password, from the question to the new session.

use super::forms::{is_hydrated, says, tag, text_of, without_tags};
use crate::caller::{Answer, Browser};
use crate::database::{dump, execute};
use crate::letter::Letter;
use crate::test_app::{PASSWORD, TestApp};
use latchkey::domain::activity::Verb;
use latchkey::domain::time::MINUTE;
use latchkey::domain::user::Email;
use latchkey::server::secret::Code;
use latchkey::server::store;

const ADA: &str = "ada@harrow.example";
const NEW: &str = "seven mild yellow oxen";

async fn ask(app: &TestApp, email: &str) -> Answer {
    app.stranger().post("/reset", &[("email", email)]).await
}

/// Asks for Ada's link and waits for her letter.
async fn adas_letter(app: &TestApp) -> Letter {
    assert_eq!(ask(app, ADA).await.status, 303);
    let mut letters = app.deliver_mail().await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    letters.remove(0)
}

async fn set(app: &TestApp, path: &str, password: &str) -> Answer {
    app.stranger().post(path, &[("new_password", password)]).await
}

async fn sign_in(app: &TestApp, password: &str) -> u16 {
    app.stranger().post("/sign-in", &[("email", ADA), ("password", password)]).await.status
}

fn session<'a>(app: &'a TestApp, answer: &Answer) -> Browser<'a> {
    let cookie = answer.header("set-cookie").strip_prefix("latchkey=").unwrap();
    Browser::new(app, Some(Code::received(cookie.split(';').next().unwrap())))
}

#[tokio::test]
async fn the_mailed_link_sets_a_password_ends_every_session_and_begins_one() {
    let app = TestApp::new().await;
    let before = app.ada().await;
    let door = app.stranger().get("/sign-in").await;
    assert!(door.body.contains("href=\"/reset\"") && says(&door, "Forgot your password?"));
    assert!(tag(&app.stranger().get("/reset").await, "email").contains("required"));
    let asked = ask(&app, " ADA@Harrow.example ").await;
    assert_eq!((asked.status, asked.header("location")), (303, "/reset?done=link"));
    let told = app.stranger().get("/reset?done=link").await;
    assert!(says(&told, "If somebody here has this address, a link is on its way."));
    let letter = app.deliver_mail().await.remove(0);
    assert_eq!(letter.to, ADA);
    let form = app.stranger().get(&letter.path()).await;
    assert_eq!((form.status, form.header("cache-control")), (200, "no-store"));
    assert!(says(&form, ADA) && says(&form, "21 Nov 2026, 10:30 UTC"), "{}", form.body);
    let done = set(&app, &letter.path(), NEW).await;
    assert_eq!((done.status, done.header("location")), (303, "/account?done=password"));
    assert_eq!(before.get("/account").await.status, 303, "the session before is dead");
    let account = session(&app, &done).get("/account?done=password").await;
    assert!(account.status == 200 && says(&account, "Your password was changed."));
    assert_eq!((sign_in(&app, PASSWORD).await, sign_in(&app, NEW).await), (422, 303));
    let mut reader = app.state.db.read().await.unwrap();
    let email = Email::parse(ADA).unwrap();
    let ada = store::users::find_by_email(&mut reader, &email).await.unwrap().unwrap().user;
    let rows = store::activity::list_of_subject(&mut reader, "", &ada.id, 9).await.unwrap();
    let reset: Vec<_> = rows.iter().filter(|row| row.verb == Verb::PasswordReset).collect();
    assert_eq!(reset.len(), 1);
    assert_eq!((reset[0].actor.as_str(), reset[0].address.as_deref()), ("Ada", Some("192.0.2.1")));
}

#[tokio::test]
async fn a_used_an_old_a_replaced_and_an_unknown_link_are_answered_alike() {
    let app = TestApp::new().await;
    let old = adas_letter(&app).await;
    app.state.clock.advance(30 * MINUTE - 1);
    assert_eq!(app.stranger().get(&old.path()).await.status, 200);
    app.state.clock.advance(1);
    let replaced = adas_letter(&app).await;
    app.state.clock.advance(6 * MINUTE);
    let used = adas_letter(&app).await;
    assert_eq!(set(&app, &used.path(), NEW).await.status, 303);
    let unknown = format!("/reset/{}", "A".repeat(43));
    let mut pages = Vec::new();
    for path in [old.path(), replaced.path(), used.path(), unknown, "/reset/none".into()] {
        let page = app.stranger().get(&path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(says(&page, "This link does not work any more"), "{path}");
        pages.push(without_tags(page.body.split("<script").next().unwrap()));
        let posted = set(&app, &path, "nine quiet purple larks").await;
        assert_eq!((posted.status, posted.header("set-cookie")), (404, ""), "{path}");
    }
    assert!(pages.iter().all(|page| page == &pages[0]), "{pages:?}");
    assert_eq!(sign_in(&app, NEW).await, 303, "nothing was set since");
}

#[tokio::test]
async fn nobody_learns_whether_an_address_is_known() {
    let app = TestApp::new().await;
    app.user("Eve", "eve@harrow.example").await;
    execute(&app, "update users set disabled_at = 1 where name = 'Eve'").await;
    let mut told = Vec::new();
    for email in [ADA, "nobody@harrow.example", "eve@harrow.example"] {
        #[expect(clippy::disallowed_methods, reason = "measures, and decides nothing by it")]
        let begun = std::time::Instant::now();
        let answer = ask(&app, email).await;
        assert!(begun.elapsed().as_millis() >= 400, "{email} was answered early");
        told.push((answer.status, answer.header("location").to_owned(), answer.body));
    }
    assert!(told.iter().all(|answer| answer == &told[0]), "{told:?}");
    let letters = app.deliver_mail().await;
    assert_eq!(letters.iter().map(|letter| letter.to.as_str()).collect::<Vec<_>>(), [ADA]);
}

#[tokio::test]
async fn asking_again_and_again_sends_one_letter() {
    let app = TestApp::new().await;
    for _ in 0..3 {
        assert_eq!(ask(&app, ADA).await.status, 303);
    }
    assert_eq!(app.deliver_mail().await.len(), 1);
    ask(&app, ADA).await;
    assert!(app.deliver_mail().await.is_empty(), "five minutes have not passed");
    app.state.clock.advance(5 * MINUTE + 1);
    ask(&app, ADA).await;
    assert_eq!(app.deliver_mail().await.len(), 1);
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_to_wait() {
    let app = TestApp::new().await;
    for guess in 0..10 {
        app.state.throttle.admit("192.0.2.1", &format!("{guess}@x.example")).unwrap();
    }
    let refused = ask(&app, ADA).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "6"));
    assert!(says(&refused, "Too many attempts from your address."));
    assert_eq!(refused.input("email").as_deref(), Some(ADA));
    assert!(app.deliver_mail().await.is_empty());
}

#[tokio::test]
async fn what_is_refused_changes_nothing_and_the_link_still_works() {
    let app = TestApp::new().await;
    let no_address = ask(&app, "<script>alert(1)</script>").await;
    assert_eq!(no_address.status, 422);
    assert!(text_of(&no_address, "email-error").is_some() && !is_hydrated(&no_address));
    assert!(!no_address.body.contains("<script>alert"));
    let letter = adas_letter(&app).await;
    let before = dump(&app).await;
    for typed in ["short", "passwordpassword", "ada@harrow.example ada", ""] {
        let refused = set(&app, &letter.path(), typed).await;
        assert_eq!((refused.status, refused.header("set-cookie")), (422, ""), "{typed}");
        assert!(text_of(&refused, "new_password-error").is_some(), "{typed}");
        assert!(typed.is_empty() || !refused.body.contains(typed) || typed.contains("ada"));
    }
    assert_eq!(dump(&app).await, before);
    assert_eq!(set(&app, &letter.path(), NEW).await.status, 303);
}

#[tokio::test]
async fn a_link_is_dead_once_the_password_was_changed_or_the_account_disabled() {
    let app = TestApp::new().await;
    let letter = adas_letter(&app).await;
    let change = [("action", "password"), ("current_password", PASSWORD), ("new_password", NEW)];
    assert_eq!(app.ada().await.post("/account", &change).await.status, 303);
    assert_eq!(app.stranger().get(&letter.path()).await.status, 404);
    app.state.clock.advance(6 * MINUTE);
    let letter = adas_letter(&app).await;
    execute(&app, "update users set disabled_at = 1").await;
    assert_eq!(app.stranger().get(&letter.path()).await.status, 404);
    assert_eq!(set(&app, &letter.path(), PASSWORD).await.status, 404);
}

/// A browser that somebody else was signed in with is that somebody's no longer.
#[tokio::test]
async fn the_new_session_has_an_id_of_its_own() {
    let app = TestApp::new().await;
    app.user("Eve", "eve@harrow.example").await;
    let eve = app.browser("eve@harrow.example").await;
    let letter = adas_letter(&app).await;
    let done = eve.post(&letter.path(), &[("new_password", NEW)]).await;
    let ada = session(&app, &done);
    assert_ne!(ada.cookie, eve.cookie);
    assert!(says(&ada.get("/account").await, ADA));
    assert_eq!(eve.get("/account").await.status, 303);
}

#[tokio::test]
async fn the_link_begins_with_the_public_url_whatever_the_request_says() {
    let app = TestApp::at("https://tokens.example:8443").await;
    let from = [("sec-fetch-site", "same-origin"), ("x-forwarded-host", "evil.example")];
    let answer = app.stranger().post_from("/reset", &[("email", ADA)], &from).await;
    assert_eq!(answer.header("location"), "/reset?done=link");
    let letter = app.deliver_mail().await.remove(0);
    assert!(letter.link().starts_with("https://tokens.example:8443/reset/"), "{}", letter.link());
    assert!(letter.header("Message-ID").ends_with("@tokens.example>"));
    assert!(!letter.text.contains("127.0.0.1") && !letter.text.contains("evil"));
}
