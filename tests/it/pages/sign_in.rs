//! `/sign-in`, and what a dead session meets.

use super::forms::{TOKENS, is_hydrated, says};
use crate::caller::{Answer, Browser};
use crate::database::execute;
use crate::test_app::{PASSWORD, TestApp};
use latchkey::server::secret::Code;

const ADA: &str = "ada@harrow.example";

async fn sign_in(app: &TestApp, email: &str, password: &str, next: &str) -> Answer {
    let fields = [("email", email), ("password", password), ("next", next)];
    app.stranger().post("/sign-in", &fields).await
}

/// The browser that took the answer's cookie.
fn with_cookie<'a>(app: &'a TestApp, answer: &Answer) -> Browser<'a> {
    let cookie = answer.header("set-cookie").strip_prefix("latchkey=").unwrap();
    Browser::new(app, Some(Code::received(cookie.split(';').next().unwrap())))
}

#[tokio::test]
async fn the_right_password_leads_to_the_page_that_was_wanted() {
    let app = TestApp::new().await;
    let asked = app.stranger().get("/harrow-valley/settings/tokens?status=expired").await;
    assert_eq!(asked.status, 303);
    let door = asked.header("location");
    assert_eq!(door, "/sign-in?next=%2Fharrow-valley%2Fsettings%2Ftokens%3Fstatus%3Dexpired");
    let form = app.stranger().get(door).await;
    assert_eq!(
        (form.status, form.input("next").as_deref()),
        (200, Some("/harrow-valley/settings/tokens?status=expired"))
    );
    let answer = sign_in(&app, ADA, PASSWORD, &form.input("next").unwrap()).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/harrow-valley/settings/tokens?status=expired")
    );
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("; HttpOnly; SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
    assert_eq!(with_cookie(&app, &answer).get(TOKENS).await.status, 200);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_told_the_same() {
    let app = TestApp::new().await;
    let mut said = Vec::new();
    for (email, password) in
        [(ADA, "wrong wrong wrong"), ("eve@harrow.example", PASSWORD), (ADA, "")]
    {
        let answer = sign_in(&app, email, password, "/a").await;
        assert_eq!(answer.status, 422);
        assert!(says(&answer, "E-mail address or password is wrong."), "{}", answer.body);
        assert_eq!(answer.input("email").as_deref(), Some(email), "what was typed stays");
        assert_eq!(answer.input("next").as_deref(), Some("/a"));
        assert!(!answer.body.contains(PASSWORD) && !answer.body.contains("wrong wrong"));
        assert!(answer.header("set-cookie").is_empty() && !is_hydrated(&answer));
        let (_, alert) = answer.body.split_once("role=\"alert\"").unwrap();
        said.push(alert.split_once("<form").unwrap().0.to_owned());
    }
    assert!(said.iter().all(|alert| alert == &said[0]), "{said:?}");
}

#[tokio::test]
async fn every_page_behind_the_door_leads_to_it_and_back() {
    let app = TestApp::new().await;
    let stranger = app.stranger();
    for page in [
        "/account",
        TOKENS,
        "/harrow-valley/settings/tokens/new?like=1",
        "/harrow-valley/settings/tokens/1",
        "/harrow-valley/settings/tokens/1/edit",
        "/nowhere/settings/tokens",
    ] {
        let answer = stranger.get(page).await;
        let query =
            form_urlencoded::Serializer::new(String::new()).append_pair("next", page).finish();
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, format!("/sign-in?{query}").as_str())
        );
        assert_eq!(stranger.post(page, &[("action", "revoke")]).await.status, 303);
    }
    let start = stranger.get("/").await;
    assert_eq!((start.status, start.header("location")), (303, "/sign-in"));
}

#[tokio::test]
async fn after_sign_out_the_cookie_is_dead() {
    let app = TestApp::new().await;
    let signed_in = sign_in(&app, ADA, PASSWORD, "").await;
    let (here, elsewhere) = (with_cookie(&app, &signed_in), app.ada().await);
    assert_eq!(here.get("/account").await.status, 200);
    let out = here.post("/account", &[("action", "sign-out")]).await;
    assert_eq!((out.status, out.header("location")), (303, "/sign-in"));
    assert!(out.header("set-cookie").starts_with("latchkey=; Path=/; Max-Age=0"));
    assert_eq!(here.get("/account").await.status, 303);
    assert_eq!(here.get("/rpc/read_account").await.status, 401);
    assert_eq!(elsewhere.get("/account").await.status, 200, "another browser stays signed in");
}

#[tokio::test]
async fn signing_in_again_gives_another_id_and_ends_the_one_before() {
    let app = TestApp::new().await;
    let first = with_cookie(&app, &sign_in(&app, ADA, PASSWORD, "").await);
    let fields = [("email", ADA), ("password", PASSWORD)];
    let second = with_cookie(&app, &first.post("/sign-in", &fields).await);
    assert_ne!(first.cookie, second.cookie);
    assert_eq!(second.get("/account").await.status, 200);
    assert_eq!(first.get("/account").await.status, 303);
}

#[tokio::test]
async fn a_session_ends_when_it_was_idle_for_three_days() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    app.pass_days(2);
    assert_eq!(ada.get("/account").await.status, 200);
    app.pass_days(3);
    assert_eq!(ada.get("/account").await.status, 303);
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_however_much_it_is_used() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    for day in 1..30 {
        app.pass_days(1);
        assert_eq!(ada.get("/account").await.status, 200, "day {day}");
    }
    app.pass_days(1);
    assert_eq!(ada.get("/account").await.status, 303);
}

/// Fixation: an id that somebody planted in the browser is no session before the sign-in, and none after it.
#[tokio::test]
async fn a_planted_cookie_is_never_taken_up() {
    let app = TestApp::new().await;
    let planted = Browser::new(&app, Some(Code::received(&"A".repeat(43))));
    let fields = [("email", ADA), ("password", PASSWORD)];
    let signed_in = planted.post("/sign-in", &fields).await;
    let ada = with_cookie(&app, &signed_in);
    assert_ne!(ada.cookie, planted.cookie);
    assert_eq!(ada.get("/account").await.status, 200);
    assert_eq!(planted.get("/account").await.status, 303);
}

#[tokio::test]
async fn a_disabled_person_is_out_at_once_and_does_not_come_in() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    execute(&app, "update users set disabled_at = 1").await;
    assert_eq!(ada.get("/account").await.status, 303);
    let told = sign_in(&app, ADA, PASSWORD, "").await;
    assert!(told.status == 422 && says(&told, "This account is disabled."));
    let wrong = sign_in(&app, ADA, "wrong wrong wrong", "").await;
    assert!(says(&wrong, "E-mail address or password is wrong."), "told to nobody else");
}

#[tokio::test]
async fn behind_https_the_cookie_is_one_that_no_other_host_can_plant() {
    let app = TestApp::at("https://tokens.example").await;
    let signed_in = sign_in(&app, ADA, PASSWORD, "").await;
    let cookie = signed_in.header("set-cookie");
    assert!(cookie.starts_with("__Host-latchkey=") && cookie.contains("; Path=/; "), "{cookie}");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Secure") && !cookie.contains("Domain"));
    let value = cookie.split(['=', ';']).nth(1).unwrap();
    for (name, status) in [("__Host-latchkey", 200), ("latchkey", 303)] {
        let request = axum::http::Request::builder().uri("/account");
        let request = request.header("cookie", format!("{name}={value}"));
        let answer = app.send(request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(answer.status, status, "{name}");
    }
}
