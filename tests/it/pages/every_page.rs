//! What holds for every HTML answer, whatever page it is: a title, the headers, and no script in answer to a post.

use super::activity::ACTIVITY;
use super::administration::{administrator, rut};
use super::device_groups::{GROUPS, planted};
use super::devices::{DEVICES, device};
use super::forms::{IMPORT_DEVICES, NEW, TOKENS, filled, is_hydrated, scripts};
use super::notices::NOTICES;
use crate::caller::Answer;
use crate::database::ask;
use crate::test_app::TestApp;

const ROUTES: &str = "/harrow-valley/settings/routes";
const MEMBERS: &str = "/harrow-valley/settings/members";

/// Answers of every sort, each under its name: pages, dialogs, unknown addresses, refused posts, a string.
async fn answers(app: &TestApp) -> Vec<(String, Answer)> {
    let id = app.token(|_| {}).await.token.id;
    let (ada, stranger) = (app.ada().await, app.stranger());
    let none = "01999999-9999-7999-8999-999999999999";
    let mut answers = Vec::new();
    for path in [
        "/sign-in",
        "/setup/none",
        "/reset",
        "/reset?done=link",
        "/reset/none",
        "/invite/none",
        "/unsubscribe/none",
        "/docs/renewal",
        "/docs/nothing",
        "/nothing",
        "/a/b/c/d",
    ] {
        answers.push((path.to_owned(), stranger.get(path).await));
    }
    let pages = [
        "",
        "/new",
        "?knocking=1",
        "?use=never",
        "?use=unused60",
        "/new?device=1",
        "/ID",
        "/ID?dialog=reissue",
        "/ID?dialog=revoke",
        "/ID/edit",
        "/NONE",
        "/NONE/edit",
    ];
    for path in
        pages.map(|path| format!("{TOKENS}{}", path.replace("ID", &id).replace("NONE", none)))
    {
        answers.push((path.clone(), ada.get(&path).await));
    }
    let members = ["", "/invite", "/nobody", "?search=zzz", "?dialog=withdraw&id=none"];
    for path in members.map(|path| format!("{MEMBERS}{path}")) {
        answers.push((path.clone(), ada.get(&path).await));
    }
    for query in ["", "?denied=1", "?verb=token.created&subject=north"] {
        let path = format!("{ACTIVITY}{query}");
        answers.push((path.clone(), ada.get(&path).await));
    }
    for query in ["", "?show=undelivered", "?search=north&next=all", "?search=zzz", "/calendar"] {
        let path = format!("{NOTICES}{query}");
        answers.push((path.clone(), ada.get(&path).await));
    }
    app.deliver_mail().await;
    let letter = ask(app, "select id from outbox order by id").await.remove(0);
    for path in
        ["/LETTER", "/LETTER?as=headers", "/preview", "/preview?letter=test&as=text", "/NONE"].map(
            |path| format!("{NOTICES}{}", path.replace("LETTER", &letter).replace("NONE", none)),
        )
    {
        answers.push((path.clone(), ada.get(&path).await));
    }
    let group = planted(app).await.id;
    for path in ["", "?search=zzz", "/new", "/ID", "/ID?dialog=remove", "/ID/edit", "/NONE"]
        .map(|path| format!("{GROUPS}{}", path.replace("ID", &group).replace("NONE", none)))
    {
        answers.push((path.clone(), ada.get(&path).await));
    }
    let preview = preview(app).await;
    for path in [
        "/harrow-valley/settings/devices/import",
        "/harrow-valley/settings/tokens/import",
        "/harrow-valley/settings/imports/none",
        preview.as_str(),
    ] {
        answers.push((path.to_owned(), ada.get(path).await));
    }
    let device = device(app, "crane-1", &[("site", "north")]).await.0.id;
    for path in [
        "",
        "?search=nothing",
        "/new",
        "/ID",
        "/ID?dialog=remove",
        "/ID/edit",
        "/NONE",
        "/NONE/edit",
    ] {
        let path = format!("{DEVICES}{}", path.replace("ID", &device).replace("NONE", none));
        answers.push((path.clone(), ada.get(&path).await));
    }
    let rut = rut(app).await;
    for path in [
        "/administration",
        "/administration?search=zzz",
        "/administration/workgroups/new",
        "/administration/workgroups/harrow-valley",
        "/administration/workgroups/nowhere",
        "/administration/users",
        "/administration/users?search=zzz",
        "/administration/users/new",
        "/administration/permissions",
        "/administration/permissions?dialog=retire&id=tunnel",
        "/administration/permissions/new",
        "/administration/permissions/tunnel",
        "/administration/activity",
    ] {
        answers.push((path.to_owned(), rut.get(path).await));
    }
    answers.push(("closed administration".into(), ada.get("/administration").await));
    let text = "GET /a any\nPOST /b access tunnel";
    let fields = [("action", "save"), ("version", "0"), ("routes", text), ("family", "original")];
    for query in ["", "?dialog=remove", "?method=GET&path=/a&kind=access", "?method=&path=/b"] {
        answers.push((
            format!("{ROUTES}{query}, none yet"),
            ada.get(&format!("{ROUTES}{query}")).await,
        ));
    }
    ada.post(ROUTES, &fields).await;
    for query in ["", "?dialog=remove", "?method=GET&path=/a&kind=access", "?method=&path=/b"] {
        answers.push((format!("{ROUTES}{query}"), ada.get(&format!("{ROUTES}{query}")).await));
    }
    for path in
        ["/harrow-valley/settings/policy", "/account", "/nothing", "/brook-mill/settings/tokens"]
    {
        answers.push((path.to_owned(), ada.get(path).await));
    }
    answers
}

/// The page of an import that was checked and not started.
async fn preview(app: &TestApp) -> String {
    let file = b"external_id,name\ncrane-9,Crane 9\n";
    let answer = app.ada().await.upload(IMPORT_DEVICES, "devices.csv", file, "").await;
    answer.header("location").to_owned()
}

async fn posted(app: &TestApp) -> Vec<(String, Answer)> {
    let id = app.token(|_| {}).await.token.id;
    let page = format!("{TOKENS}/{id}");
    let rut = administrator(app, "Uma", "uma@harrow.example").await;
    let (ada, stranger) = (app.ada().await, app.stranger());
    let group = planted(app).await.id;
    let group = format!("{GROUPS}/{group}");
    let change = [("version", "1"), ("name", "North"), ("rule", "in"), ("devices", "pump-2")];
    let pump = format!("{DEVICES}/{}", device(app, "crane-2", &[]).await.0.id);
    let new = format!("{DEVICES}/new");
    let registered = [("idempotency_key", "d"), ("external_id", "crane-3"), ("name", "Crane 3")];
    vec![
        ("refused device".into(), ada.post(&new, &[("idempotency_key", "c")]).await),
        ("already registered".into(), {
            ada.post(&new, &registered).await;
            ada.post(&new, &registered).await
        }),
        (
            "refused device edit".into(),
            ada.post(&format!("{pump}/edit"), &[("version", "9")]).await,
        ),
        ("refused device action".into(), ada.post(&pump, &[("action", "no")]).await),
        ("refused group".into(), ada.post(&format!("{GROUPS}/new"), &[("rule", "in")]).await),
        ("reviewed group".into(), ada.post(&format!("{group}/edit"), &change).await),
        ("refused group edit".into(), ada.post(&format!("{group}/edit"), &change[..3]).await),
        ("refused removal".into(), ada.post(&group, &[("action", "remove")]).await),
        ("refused sign-in".into(), stranger.post("/sign-in", &[("email", "x")]).await),
        ("refused address".into(), stranger.post("/reset", &[("email", "x")]).await),
        ("refused reset".into(), stranger.post("/reset/none", &[("new_password", "x")]).await),
        ("unknown digest".into(), stranger.post("/unsubscribe/none", &[]).await),
        ("refused profile".into(), ada.post("/account", &[("action", "profile")]).await),
        ("refused set-up".into(), stranger.post("/setup/none", &[("name", "x")]).await),
        ("refused new token".into(), ada.post(NEW, &filled("a", ("owner", ""))).await),
        ("string".into(), ada.post(NEW, &filled("b", ("", ""))).await),
        ("already made".into(), ada.post(NEW, &filled("b", ("", ""))).await),
        ("refused edit".into(), ada.post(&format!("{page}/edit"), &[("version", "99")]).await),
        ("refused action".into(), ada.post(&page, &[("action", "no")]).await),
        ("refused reissue".into(), ada.post(&page, &[("action", "reissue")]).await),
        ("refused retire".into(), ada.post(&page, &[("action", "retire"), ("number", "1")]).await),
        ("refused account".into(), ada.post("/account", &[("action", "no")]).await),
        (
            "refused policy".into(),
            ada.post("/harrow-valley/settings/policy", &[("version", "1"), ("name", "")]).await,
        ),
        (
            "refused route policies".into(),
            ada.post(ROUTES, &[("action", "save"), ("routes", "x\ny"), ("family", "")]).await,
        ),
        (
            "refused removal of them".into(),
            ada.post(ROUTES, &[("action", "remove"), ("version", "9")]).await,
        ),
        ("refused notices".into(), ada.post(NOTICES, &[("action", "no")]).await),
        (
            "refused letter".into(),
            ada.post(NOTICES, &[("action", "send-again"), ("id", "none")]).await,
        ),
        (
            "refused calendar".into(),
            ada.post("/harrow-valley/settings/notices/calendar", &[("action", "no")]).await,
        ),
        ("refused own".into(), rut.post("/administration", &[("action", "own")]).await),
        ("refused workgroup".into(), rut.post("/administration/workgroups/new", &[]).await),
        ("refused user".into(), rut.post("/administration/users/new", &[]).await),
        ("refused users".into(), rut.post("/administration/users", &[("action", "no")]).await),
        ("refused permission".into(), rut.post("/administration/permissions/new", &[]).await),
        (
            "refused permissions".into(),
            rut.post("/administration/permissions", &[("action", "delete"), ("name", "read")])
                .await,
        ),
        ("closed administration".into(), ada.post("/administration", &[]).await),
        ("refused export".into(), ada.post(ACTIVITY, &[("action", "no")]).await),
        ("refused invitation".into(), ada.post(&format!("{MEMBERS}/invite"), &[]).await),
        ("refused member".into(), ada.post(&format!("{MEMBERS}/none"), &[("action", "set")]).await),
        ("refused members".into(), ada.post(MEMBERS, &[("action", "withdraw")]).await),
        ("refused link".into(), stranger.post("/invite/none", &[("action", "join")]).await),
        ("unknown workgroup".into(), ada.post("/nowhere/settings/tokens/new", &[]).await),
        (
            "refused file".into(),
            ada.upload(IMPORT_DEVICES, "d.csv", b"external_id,name\na b,\n", "").await,
        ),
        ("no file".into(), ada.upload(IMPORT_DEVICES, "", b"", "").await),
        ("refused import".into(), ada.post(&preview(app).await, &[("action", "no")]).await),
    ]
}

fn is_html(answer: &Answer) -> bool {
    answer.header("content-type").starts_with("text/html")
}

fn title(answer: &Answer) -> &str {
    let found = answer.body.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    found.map_or("", |(title, _)| title)
}

#[tokio::test]
async fn every_page_has_a_title_of_its_own_and_one_heading() {
    let app = TestApp::new().await;
    let mut all = answers(&app).await;
    all.extend(posted(&app).await);
    for (name, answer) in &all {
        assert!(is_html(answer), "{name}: {}", answer.body);
        let title = title(answer);
        assert!(title.ends_with(" · Latchkey") && title.len() > 13, "{name}: {title:?}");
        let head = answer.body.split("</head>").next().unwrap();
        assert_eq!(head.matches("<title>").count(), 1, "{name}");
        assert_eq!(answer.body.matches("<h1").count(), 1, "{name}");
        assert!(answer.body.contains("<html lang=\"en\""), "{name}");
    }
}

/// The directives of the policy, and the nonce in it.
fn policy(answer: &Answer) -> (Vec<String>, String) {
    let policy = answer.header("content-security-policy");
    let nonce = policy.split_once("'nonce-").map_or("", |(_, rest)| rest);
    let nonce = nonce.split('\'').next().unwrap_or_default().to_owned();
    (policy.split("; ").map(|it| it.replace(&format!("'nonce-{nonce}'"), "NONCE")).collect(), nonce)
}

#[tokio::test]
async fn every_html_answer_carries_the_headers() {
    let app = TestApp::new().await;
    let mut all = answers(&app).await;
    all.extend(posted(&app).await);
    let mut nonces = Vec::new();
    for (name, answer) in &all {
        let (directives, nonce) = policy(answer);
        for directive in [
            "default-src 'self'",
            "script-src NONCE 'strict-dynamic' 'wasm-unsafe-eval'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(directives.iter().any(|it| it == directive), "{name}: {directives:?}");
        }
        assert!(nonce.len() >= 16, "{name}: {nonce:?}");
        for script in answer.body.split("<script").skip(1) {
            let tag = script.split_once('>').unwrap().0;
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{name}: {tag}");
        }
        assert!(
            !answer.body.contains(" onclick=") && !answer.body.contains("javascript:"),
            "{name}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{name}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{name}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{name}");
        assert_eq!(answer.header("cache-control"), "no-store", "{name}");
        assert!(!answer.header("x-request-id").is_empty(), "{name}");
        nonces.push(nonce);
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), all.len(), "a nonce is used once");
}

#[tokio::test]
async fn the_answer_to_a_post_carries_no_web_assembly_and_no_data() {
    let app = TestApp::new().await;
    for (name, answer) in posted(&app).await {
        assert!(!is_hydrated(&answer), "{name}");
        assert_eq!(scripts(&answer).len(), usize::from(name == "string"), "{name}");
    }
    assert!(is_hydrated(&app.ada().await.get(TOKENS).await));
}

#[tokio::test]
async fn a_workgroup_begins_where_its_member_may_look() {
    let app = TestApp::new().await;
    let keeper = app.member("Ben", &["read", "access.manage"], None).await;
    let reader = app.member("Cleo", &["read"], None).await;
    for (browser, page) in [(&app.ada().await, "tokens"), (&keeper, "tokens"), (&reader, "devices")]
    {
        for start in ["/", "/harrow-valley/settings"] {
            let led = browser.get(start).await;
            assert_eq!(
                (led.status, led.header("location")),
                (303, &*format!("/harrow-valley/settings/{page}"))
            );
        }
        let there = browser.get(&format!("/harrow-valley/settings/{page}")).await;
        assert_eq!(there.status, 200, "{page}");
    }
    let elsewhere = reader.get("/brook-mill/settings").await;
    assert_eq!(
        elsewhere.header("location"),
        "/harrow-valley/settings/devices",
        "to what is theirs"
    );
    let door = app.stranger().get("/harrow-valley/settings").await;
    assert!(door.header("location").starts_with("/sign-in?next="), "{door:?}");
}

#[tokio::test]
async fn an_unknown_address_is_a_404_page_for_everybody() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    for path in [
        "/nothing",
        "/harrow-valley",
        "/harrow-valley/settings/nothing",
        "/%00",
        "/..%2f",
        "/rpc/none",
    ] {
        for browser in [&ada, &app.stranger()] {
            let answer = browser.get(path).await;
            let door = answer.status == 303 && answer.header("location").starts_with("/sign-in");
            assert!(door || answer.status == 404, "{path}: {}", answer.status);
        }
    }
    assert_eq!(title(&ada.get("/nothing").await), "Not found · Latchkey");
}
