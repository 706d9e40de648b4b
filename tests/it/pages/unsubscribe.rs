//! `/unsubscribe/{code}` and the digest's place on the account page: who can turn it off, and how often that is recorded.

use super::forms::{is_hydrated, says};
use crate::caller::{Answer, Browser};
use crate::database::{dump, execute};
use crate::test_app::TestApp;
use axum::body::Body;
use axum::http::{Method, Request, header};
use latchkey::domain::activity::Verb;
use latchkey::domain::user::Email;
use latchkey::server::store;

const LINK: &str = "/unsubscribe/Zm9yIGEgdGVzdCBhbG9uZQ";

/// Ada was sent a digest with this link.
async fn with_link() -> TestApp {
    let app = TestApp::new().await;
    execute(
        &app,
        "update users set unsubscribe_code = 'Zm9yIGEgdGVzdCBhbG9uZQ' where email = 'ada@harrow.example'",
    )
    .await;
    app
}

/// As the program of a mail provider posts: no cookie, no word of where it comes from.
async fn one_click(app: &TestApp, path: &str, media: &str, body: &str) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, "127.0.0.1:3000")
        .header(header::CONTENT_TYPE, media);
    app.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

/// How often it was recorded that Ada's digest was set to this.
async fn recorded(app: &TestApp, word: &str) -> usize {
    let mut reader = app.state.db.read().await.unwrap();
    let email = Email::parse("ada@harrow.example").unwrap();
    let user = store::users::find_by_email(&mut reader, &email).await.unwrap().unwrap().user;
    let rows = store::activity::list_of_subject(&mut reader, "", &user.id, 99).await.unwrap();
    let set = |row: &&latchkey::domain::activity::Activity| {
        row.verb == Verb::UserEdited
            && row.actor == "Ada"
            && row.after.get("daily_digest").is_some_and(|value| value == word)
    };
    rows.iter().filter(set).count()
}

async fn is_on(app: &TestApp) -> bool {
    let page = app.ada().await.get("/account").await;
    let (_, tick) = page.body.split_once("name=\"digest\"").unwrap_or_else(|| panic!("{page:?}"));
    tick.split_once('>').unwrap().0.contains("checked")
}

#[tokio::test]
async fn one_click_of_a_mail_provider_turns_the_digest_off_in_either_encoding() {
    let multipart = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    for (media, body) in [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        ("multipart/form-data; boundary=x", multipart),
    ] {
        let app = with_link().await;
        assert!(is_on(&app).await);
        for _ in 0..2 {
            let answer = one_click(&app, LINK, media, body).await;
            assert_eq!((answer.status, answer.header("location")), (200, ""), "{}", answer.body);
            assert!(says(&answer, "The daily digest is off"), "{}", answer.body);
            assert!(answer.header("set-cookie").is_empty() && !is_hydrated(&answer));
            assert!(!is_on(&app).await);
            assert_eq!(recorded(&app, "off").await, 1, "once, however often it is clicked");
        }
    }
}

#[tokio::test]
async fn looking_at_the_link_changes_nothing_and_its_button_does() {
    let app = with_link().await;
    let before = dump(&app).await;
    let stranger = app.stranger();
    let page = stranger.get(LINK).await;
    assert_eq!(page.status, 200);
    assert!(says(&page, "Stop the daily digest?") && says(&page, "ada@harrow.example"));
    assert!(page.body.contains("<form method=\"post\""), "{}", page.body);
    stranger.get(&format!("{LINK}?List-Unsubscribe=One-Click")).await;
    assert_eq!(dump(&app).await, before);
    assert_eq!(stranger.post(LINK, &[]).await.status, 200);
    assert!(!is_on(&app).await);
    let page = stranger.get(LINK).await;
    assert!(says(&page, "The daily digest is off") && !page.body.contains("<form"));
}

/// The code is all that counts: not whose browser it is, and not the page that the post comes from.
#[tokio::test]
async fn the_link_is_of_its_recipient_whoever_posts_it_from_wherever() {
    let app = with_link().await;
    app.workgroup("Brook Mill", "ada@harrow.example").await;
    let ben = app.member("Ben", &["read"], None).await;
    execute(&app, "update memberships set owner = 1").await;
    let from = [("sec-fetch-site", "cross-site"), ("origin", "https://mail.example")];
    assert_eq!(ben.post_from(LINK, &[], &from).await.status, 200);
    assert!(!is_on(&app).await);
    let page = ben.get("/account").await;
    let (_, tick) = page.body.split_once("name=\"digest\"").unwrap();
    assert!(tick.split_once('>').unwrap().0.contains("checked"), "Ben's own is as it was");
}

#[tokio::test]
async fn a_link_that_nobody_was_sent_is_a_404_and_does_nothing() {
    let app = with_link().await;
    let before = dump(&app).await;
    for path in
        ["/unsubscribe/none", "/unsubscribe/Zm9yIGEgdGVzdCBhbG9uZ", "/unsubscribe/%27%20or%201=1"]
    {
        let posted = one_click(&app, path, "application/x-www-form-urlencoded", "").await;
        for answer in [posted, app.stranger().get(path).await] {
            assert_eq!(answer.status, 404, "{path}");
            assert!(says(&answer, "This link does not work"), "{path}: {}", answer.body);
            assert!(!answer.body.contains("ada@"), "{path}");
        }
    }
    assert_eq!(dump(&app).await, before);
}

async fn choose(browser: &Browser<'_>, fields: &[(&str, &str)]) {
    let answer = browser.post("/account", fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/account?done=saved"));
}

#[tokio::test]
async fn the_account_page_turns_it_off_and_on_again_and_says_in_which_zone_it_comes() {
    let app = with_link().await;
    let ada = app.ada().await;
    let page = ada.get("/account").await;
    assert!(says(&page, "at 08:00 in your time zone (UTC)"), "{}", page.body);
    assert!(says(&page, "you are still told of a notice that could not be delivered"));
    for _ in 0..2 {
        choose(&ada, &[("action", "digest")]).await;
        assert!(!is_on(&app).await);
    }
    for _ in 0..2 {
        choose(&ada, &[("action", "digest"), ("digest", "on")]).await;
        assert!(is_on(&app).await);
    }
    assert_eq!((recorded(&app, "off").await, recorded(&app, "on").await), (1, 1));
}

#[tokio::test]
async fn whoever_owns_no_workgroup_is_offered_no_digest() {
    let app = TestApp::new().await;
    let ben = app.member("Ben", &["read", "access.manage"], None).await;
    assert!(!ben.get("/account").await.body.contains("name=\"digest\""));
    let nobody = app.stranger().post("/account", &[("action", "digest")]).await;
    assert!(nobody.header("location").starts_with("/sign-in"), "{nobody:?}");
}
