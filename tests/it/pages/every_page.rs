//! What holds for every HTML answer, whatever page it is: a title, the headers, and no script in answer to a post.

use super::forms::{NEW, TOKENS, filled, is_hydrated, scripts};
use crate::caller::Answer;
use crate::test_app::TestApp;

const MEMBERS: &str = "/harrow-valley/settings/members";

/// Answers of every sort, each under its name: pages, dialogs, unknown addresses, refused posts, a string.
async fn answers(app: &TestApp) -> Vec<(String, Answer)> {
    let id = app.token(|_| {}).await.token.id;
    let (ada, stranger) = (app.ada().await, app.stranger());
    let none = "01999999-9999-7999-8999-999999999999";
    let mut answers = Vec::new();
    for path in ["/sign-in", "/setup/none", "/invite/none", "/nothing", "/a/b/c/d"] {
        answers.push((path.to_owned(), stranger.get(path).await));
    }
    let pages = [
        "",
        "/new",
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
    for path in ["/account", "/nothing", "/brook-mill/settings/tokens"] {
        answers.push((path.to_owned(), ada.get(path).await));
    }
    answers
}

async fn posted(app: &TestApp) -> Vec<(String, Answer)> {
    let id = app.token(|_| {}).await.token.id;
    let page = format!("{TOKENS}/{id}");
    let (ada, stranger) = (app.ada().await, app.stranger());
    vec![
        ("refused sign-in".into(), stranger.post("/sign-in", &[("email", "x")]).await),
        ("refused set-up".into(), stranger.post("/setup/none", &[("name", "x")]).await),
        ("refused new token".into(), ada.post(NEW, &filled("a", ("owner", ""))).await),
        ("string".into(), ada.post(NEW, &filled("b", ("", ""))).await),
        ("already made".into(), ada.post(NEW, &filled("b", ("", ""))).await),
        ("refused edit".into(), ada.post(&format!("{page}/edit"), &[("version", "99")]).await),
        ("refused action".into(), ada.post(&page, &[("action", "no")]).await),
        ("refused reissue".into(), ada.post(&page, &[("action", "reissue")]).await),
        ("refused retire".into(), ada.post(&page, &[("action", "retire"), ("number", "1")]).await),
        ("refused account".into(), ada.post("/account", &[("action", "no")]).await),
        ("refused invitation".into(), ada.post(&format!("{MEMBERS}/invite"), &[]).await),
        ("refused member".into(), ada.post(&format!("{MEMBERS}/none"), &[("action", "set")]).await),
        ("refused members".into(), ada.post(MEMBERS, &[("action", "withdraw")]).await),
        ("refused link".into(), stranger.post("/invite/none", &[("action", "join")]).await),
        ("unknown workgroup".into(), ada.post("/nowhere/settings/tokens/new", &[]).await),
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
async fn an_unknown_address_is_a_404_page_for_everybody() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    for path in [
        "/nothing",
        "/harrow-valley",
        "/harrow-valley/settings",
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
