//! `/{workgroup}/settings/routes`: owners write what each path of their API asks for, read what it means, and try it.

use super::devices::device;
use super::forms::{says, text_of};
use crate::caller::{Answer, Browser};
use crate::test_app::TestApp;
use latchkey::domain::activity::{Activity, Verb};
use latchkey::domain::routes::{Family, WrittenRoutes};
use latchkey::server::store;

const ROUTES: &str = "/harrow-valley/settings/routes";
const TEXT: &str =
    "# fleet\nGET /devices/{device} any read device={device}\nPOST /reports access tunnel";

async fn save(browser: &Browser<'_>, version: &str, text: &str, family: &str) -> Answer {
    let fields = [("action", "save"), ("version", version), ("routes", text), ("family", family)];
    browser.post(ROUTES, &fields).await
}

async fn written(app: &TestApp) -> WrittenRoutes {
    let mut reader = app.state.db.read().await.unwrap();
    store::routes::find(&mut reader, &app.harrow.id).await.unwrap()
}

/// What was done with route policies or denied, newest first.
async fn record(app: &TestApp) -> Vec<Activity> {
    let mut reader = app.state.db.read().await.unwrap();
    let id = &app.harrow.id;
    let rows = store::activity::list_of_subject(&mut reader, id, id, 50).await.unwrap();
    rows.into_iter().filter(|row| row.verb == Verb::RoutesChanged).collect()
}

async fn changes(app: &TestApp) -> i64 {
    store::changes::last(&mut app.state.db.read().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn an_owner_finds_an_example_writes_lines_and_reads_what_they_mean() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let policy = ada.get("/harrow-valley/settings/policy").await;
    assert!(policy.body.contains(&format!("href=\"{ROUTES}\"")));
    let empty = ada.get(ROUTES).await;
    assert!(says(&empty, "No route policies yet") && says(&empty, "POST       /devices/{device}"));
    assert!(!says(&empty, "Remove route policies") && !empty.body.contains("id=\"try\""));

    let number = changes(&app).await;
    let saved = save(&ada, "0", &TEXT.replace('\n', "\r\n"), "original").await;
    assert_eq!(
        (saved.status, saved.header("location")),
        (303, "/harrow-valley/settings/routes?done=routes"),
        "{}",
        saved.body
    );
    let expected =
        WrittenRoutes { text: Some(TEXT.into()), family: Some(Family::Original), version: 1 };
    assert_eq!(written(&app).await, expected, "as it was written");
    assert_eq!(changes(&app).await, number + 1, "other processes learn of it");
    let page = ada.get(saved.header("location")).await;
    for sentence in [
        "The route policies were saved.",
        "Last changed by Ada",
        "GET /devices/{device}",
        "Tokens of any kind with read, for the device {device} alone.",
        "Access tokens with tunnel; none that is bound to a device or a device group.",
        "proxy_pass http://127.0.0.1:3000/api/v1/authorize?workgroup=harrow-valley;",
        "proxy_set_header X-Original-URI",
    ] {
        assert!(says(&page, sentence), "{sentence}");
    }
    let row = record(&app).await.swap_remove(0);
    assert_eq!((row.actor.as_str(), row.address.as_deref()), ("Ada", Some("192.0.2.1")));
    assert_eq!((row.before["Lines"].as_str(), row.before["Proxy"].as_str()), ("none", "none"));
    assert_eq!((row.after["Lines"].as_str(), row.after["Proxy"].as_str()), (TEXT, "nginx"));
}

#[tokio::test]
async fn a_change_records_the_lines_that_went_and_came() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    save(&ada, "0", TEXT, "forwarded").await;
    let page = ada.get(ROUTES).await;
    assert!(says(&page, "forward_auth http://127.0.0.1:3000") && !says(&page, "proxy_pass"));
    assert_eq!(save(&ada, "1", &TEXT.replace("tunnel", "read"), "forwarded").await.status, 303);
    let row = record(&app).await.swap_remove(0);
    assert_eq!(row.before["Lines"], "POST /reports access tunnel");
    assert_eq!(row.after["Lines"], "POST /reports access read");
    assert_eq!(row.after.len(), 1, "only what differs");
    assert_eq!(save(&ada, "2", &TEXT.replace("tunnel", "read"), "forwarded").await.status, 303);
    assert_eq!((record(&app).await.len(), written(&app).await.version), (2, 2), "nothing changed");
}

#[tokio::test]
async fn every_wrong_line_is_told_beside_the_text_and_nothing_is_changed() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    save(&ada, "0", TEXT, "original").await;
    let before = written(&app).await;
    let typed = "GET /ok any\nget /a any\n\n</textarea><script>alert(1)</script> /b any\nGET /c any <b>bold</b>";
    let refused = save(&ada, "1", typed, "original").await;
    assert_eq!(refused.status, 422);
    for sentence in [
        "3 lines are not valid; nothing was changed.",
        "Line 2: “get” is no method.",
        "get /a any",
        "Line 4: “&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;” is no method.",
        "Line 5: “&lt;b&gt;bold&lt;/b&gt;” is no permission of the catalogue.",
    ] {
        assert!(says(&refused, sentence), "{sentence}: {}", refused.body);
    }
    assert!(text_of(&refused, "routes-error").unwrap().contains("And 2 more"));
    assert!(!refused.body.contains("<script>alert") && !refused.body.contains("<b>bold"));
    assert!(refused.body.contains("&lt;/textarea&gt;&lt;script&gt;"), "what was typed is kept");
    assert_eq!(written(&app).await, before);

    for (text, family, field, why) in [
        ("GET /a any", "", "family", "Say which headers"),
        ("GET /a any", "both", "family", "Say which headers"),
        ("", "original", "routes", "No line of this text"),
        ("# only\n", "original", "routes", "No line of this text"),
        ("GET /a any\nGET /a any", "original", "routes", "Line 2: Line 1 has the same"),
    ] {
        let refused = save(&ada, "1", text, family).await;
        assert_eq!(refused.status, 422, "{text}");
        let said = text_of(&refused, &format!("{field}-error")).unwrap();
        assert!(said.contains(why), "{said}");
    }
    let both = save(&ada, "1", "nonsense", "").await;
    assert!(text_of(&both, "routes-error").is_some() && text_of(&both, "family-error").is_some());
    assert_eq!(written(&app).await, before);
    assert_eq!(record(&app).await.len(), 1);
}

#[tokio::test]
async fn a_text_of_nearly_64_kb_is_taken_and_a_longer_one_is_refused() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let long = format!("GET /a any\n{}", "# ü/{}\n".repeat(7000));
    assert_eq!(save(&ada, "0", &long, "original").await.status, 303);
    assert_eq!(written(&app).await.text.as_deref(), Some(long.as_str()));
    let longer = save(&ada, "1", &format!("{long}{long}"), "original").await;
    assert_eq!(longer.status, 422);
    assert!(says(&longer, "longer than 64 kB"));
}

#[tokio::test]
async fn a_change_in_between_is_told_and_not_overwritten() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    assert_eq!(save(&ada, "0", "GET /first any", "original").await.status, 303);
    let second = save(&ada, "0", "GET /second any", "original").await;
    assert_eq!(second.status, 409);
    for sentence in ["Changed in between.", "Ada was the last", "GET /first any", "GET /second any"]
    {
        assert!(says(&second, sentence), "{sentence}");
    }
    assert_eq!(second.input("version").as_deref(), Some("1"), "saving again is on purpose");
    assert_eq!(written(&app).await.text.as_deref(), Some("GET /first any"));
    let removed = [("action", "remove"), ("version", "0")];
    assert_eq!(ada.post(&format!("{ROUTES}?dialog=remove"), &removed).await.status, 409);
    assert_eq!(save(&ada, "1", "GET /second any", "original").await.status, 303);
}

#[tokio::test]
async fn they_are_removed_after_a_question() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    save(&ada, "0", TEXT, "original").await;
    let asked = ada.get(&format!("{ROUTES}?dialog=remove")).await;
    assert!(says(&asked, "Remove the route policies?") && says(&asked, "Keep them"));
    assert_eq!(written(&app).await.version, 1, "a question changes nothing");
    let removed = ada.post(ROUTES, &[("action", "remove"), ("version", "1")]).await;
    assert_eq!(removed.header("location"), "/harrow-valley/settings/routes?done=routes-removed");
    assert_eq!(written(&app).await, WrittenRoutes { text: None, family: None, version: 2 });
    assert_eq!(record(&app).await[0].after["Lines"], "none");
    let gone = ada.get(&format!("{ROUTES}?dialog=remove")).await;
    assert!(says(&gone, "No route policies yet") && !says(&gone, "Remove the route policies?"));
    let unknown = ada.post(ROUTES, &[("action", "no")]).await;
    assert!(unknown.status == 422 && says(&unknown, "This page cannot do that."));
    let late = ada.post(ROUTES, &[("action", "remove"), ("version", "1")]).await;
    assert!(late.status == 409 && says(&late, "Somebody changed the route policies"));
}

#[tokio::test]
async fn only_owners_come_here_and_a_denied_change_is_recorded() {
    let app = TestApp::new().await;
    save(&app.ada().await, "0", TEXT, "original").await;
    for (name, permissions) in [("Mia", &["read"][..]), ("Max", &["read", "access.manage"])] {
        let member = app.member(name, permissions, None).await;
        let page = member.get(ROUTES).await;
        assert_eq!(page.status, 403, "{name}");
        assert!(!page.body.contains("/reports"));
        let policy = member.get("/harrow-valley/settings/policy").await;
        assert!(!policy.body.contains(&format!("href=\"{ROUTES}\"")), "{name}");
        let refused = save(&member, "1", "GET /x any", "original").await;
        assert_eq!(refused.status, 403, "{name}");
        let denied = record(&app).await.swap_remove(0);
        assert_eq!(denied.actor, name);
        assert!(denied.denied.unwrap().contains("Only owners of Harrow Valley"));
        assert_eq!(
            member.post(ROUTES, &[("action", "remove"), ("version", "1")]).await.status,
            403
        );
    }
    assert_eq!(written(&app).await.text.as_deref(), Some(TEXT));
    app.user("Eve", "eve@harrow.example").await;
    let eve = app.browser("eve@harrow.example").await;
    assert_eq!(eve.get(ROUTES).await.status, 404);
    assert_eq!(save(&eve, "1", "GET /x any", "original").await.status, 404);
    assert_eq!(app.stranger().get(ROUTES).await.status, 303);
    let other = app.workgroup("Brook Mill", "eve@harrow.example").await;
    assert_eq!(other.slug, "brook-mill");
    let theirs = eve.get("/brook-mill/settings/routes").await;
    assert!(theirs.status == 200 && says(&theirs, "No route policies yet"));
}

#[tokio::test]
async fn a_request_is_tried_and_the_line_that_decides_is_named() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    save(&ada, "0", TEXT, "original").await;
    device(&app, "pump-1", &[]).await;
    let number = changes(&app).await;
    for (query, verdict, why) in [
        ("method=GET&path=/devices/pump-1&kind=access", "Let through", "Line 2:"),
        ("method=GET&path=/devices/pump-2&kind=access", "Refused: not_found", "no such device"),
        (
            "method=GET&path=/devices/pump-1&kind=device&device=x&permission=read",
            "Refused: not_found",
            "of x",
        ),
        ("method=POST&path=/reports&kind=access&permission=tunnel", "Let through", "Line 3:"),
        ("method=POST&path=/reports&kind=access", "Refused: insufficient_permissions", "tunnel"),
        ("method=POST&path=/reports&kind=device&device=x", "Refused: wrong_token_type", "Line 3:"),
        (
            "method=GET&path=/%252e%252e/x&kind=access",
            "Refused: insufficient_permissions",
            "plain path",
        ),
        (
            "method=GET&path=%3Cscript%3Ealert(1)&kind=access",
            "Refused: insufficient_permissions",
            "&lt;script&gt;",
        ),
    ] {
        let page = ada.get(&format!("{ROUTES}?{query}")).await;
        assert_eq!(page.status, 200);
        let told = page.body.split_once("data-testid=\"verdict\"").unwrap().1;
        let told = super::forms::without_tags(told.split_once("<form").unwrap().0);
        assert!(told.contains(verdict) && told.contains(why), "{query}: {told}");
        assert!(!page.body.contains("<script>alert"));
    }
    let page = ada.get(&format!("{ROUTES}?method=&path=/a&kind=device")).await;
    assert!(text_of(&page, "method-error").is_some() && text_of(&page, "device-error").is_some());
    assert_eq!(changes(&app).await, number, "nothing was changed");
    assert_eq!(record(&app).await.len(), 1);
}

/// The text stays as it is; the page says which of its lines nobody can meet any more.
#[tokio::test]
async fn a_line_that_the_catalogue_made_void_is_pointed_out() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let text = "GET /a any\nPOST /b device telemetry.send device=any";
    assert_eq!(save(&ada, "0", text, "original").await.status, 303);
    assert!(!says(&ada.get(ROUTES).await, "The permission catalogue was changed"));
    crate::database::execute(
        &app,
        "update permissions set for_devices = false where name = 'telemetry.send'",
    )
    .await;
    let page = ada.get(ROUTES).await;
    assert!(says(&page, "The permission catalogue was changed after these lines were saved."));
    assert!(says(&page, "Line 2: No device token can hold telemetry.send"));
}
