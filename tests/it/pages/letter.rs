//! `/{workgroup}/settings/notices/{id}`: a letter as it was sent; its HTML in a frame of its own; who may read it; letters
//! looked at beforehand; and what a token's page tells of its notices.

use super::forms::{TOKENS, says, without_tags};
use super::members::{READER, invited};
use super::notices::NOTICES;
use crate::caller::{Answer, Browser};
use crate::database::{ask, execute};
use crate::test_app::TestApp;

const HOSTILE: &str = "</title><script>alert(1)</script>";

/// A token whose letter of issue was sent; the ids of both.
async fn told(app: &TestApp) -> (String, String) {
    let token = app.token(|_| {}).await.token.id;
    app.deliver_mail().await;
    (token, ids(app).await.remove(0))
}

async fn ids(app: &TestApp) -> Vec<String> {
    ask(app, "select id from outbox order by id").await
}

/// With HTML, as if its letters had some.
async fn with_html(app: &TestApp) {
    execute(app, "update outbox set sent_html = '<p>Hello</p><script>alert(1)</script>'").await;
}

/// Given up after fourteen tries.
pub async fn give_up(app: &TestApp) {
    execute(
        app,
        "update outbox set sent_at = null, undelivered_at = created_at, attempts = 14,
            last_answer = '550 5.1.1 User unknown'",
    )
    .await;
}

async fn open(browser: &Browser<'_>, path: &str) -> Answer {
    let answer = browser.get(&format!("{NOTICES}/{path}")).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer
}

#[tokio::test]
async fn a_letter_is_shown_as_it_was_sent() {
    let app = TestApp::new().await;
    let (token, id) = told(&app).await;
    execute(&app, "update outbox set sent_html = null").await;
    let ada = app.ada().await;
    let subject = ask(&app, "select subject from outbox").await.remove(0);
    let text = ask(&app, "select sent_text from outbox").await.remove(0);
    let page = open(&ada, &id).await;
    for words in ["As it was sent", "ops@north.example", "Accepted", &format!("written to {id}")] {
        assert!(says(&page, words), "{words}: {}", without_tags(&page.body));
    }
    assert!(says(&page, &subject), "{subject}");
    assert!(says(&page, text.lines().next().unwrap()), "text where there is no HTML");
    assert!(page.body.contains(&format!("href=\"{TOKENS}/{token}\"")), "the token it is about");
    assert!(!page.body.contains("<iframe") && !says(&page, "Send again"));
    let headers = open(&ada, &format!("{id}?as=headers")).await;
    assert!(headers.body.contains(&format!("&lt;{id}@")), "{}", headers.body);
    with_html(&app).await;
    let page = open(&ada, &id).await;
    let frame = page.body.split_once("<iframe").unwrap().1.split_once('>').unwrap().0;
    assert!(frame.contains(&format!("src=\"{NOTICES}/{id}/letter.html\"")), "{frame}");
    assert!(frame.contains("sandbox=\"\""), "{frame}");
    assert!(!page.body.contains("<iframe srcdoc"));
    let text_side = open(&ada, &format!("{id}?as=text")).await;
    assert!(!text_side.body.contains("<iframe"));
}

#[tokio::test]
async fn the_html_of_a_letter_may_have_its_own_styles_and_nothing_else() {
    let app = TestApp::new().await;
    let (_, id) = told(&app).await;
    execute(&app, "update outbox set sent_html = null").await;
    let ada = app.ada().await;
    let path = format!("{NOTICES}/{id}/letter.html");
    assert_eq!(ada.get(&path).await.status, 404, "a letter of text alone");
    with_html(&app).await;
    let answer = ada.get(&path).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, "<p>Hello</p><script>alert(1)</script>");
    assert!(answer.header("content-type").starts_with("text/html"));
    let policy = answer.header("content-security-policy");
    let directives: Vec<_> = policy.split("; ").collect();
    for directive in
        ["default-src 'none'", "style-src 'unsafe-inline'", "sandbox", "frame-ancestors 'self'"]
    {
        assert!(directives.contains(&directive), "{policy}");
    }
    assert!(!policy.contains("script") && !policy.contains("allow-"), "{policy}");
    assert_eq!(answer.header("x-frame-options"), "SAMEORIGIN");
    assert_eq!(answer.header("cache-control"), "no-store");
    let page = ada.get(&format!("{NOTICES}/{id}")).await;
    assert_eq!(page.header("x-frame-options"), "DENY", "every other answer is framed by nobody");
}

#[tokio::test]
async fn letters_are_read_by_whoever_reads_the_record() {
    let app = TestApp::new().await;
    let (_, id) = told(&app).await;
    with_html(&app).await;
    super::device_groups::planted(&app).await;
    app.user("Bea", "bea@brook.example").await;
    app.workgroup("Brook Mill", "bea@brook.example").await;
    let group = ask(&app, "select name from device_groups").await.remove(0);
    let people = [
        (app.ada().await, 200),
        (app.member("Ben", &["access.manage"], None).await, 200),
        (app.member("Cleo", &["access.manage"], Some(&group)).await, 403),
        (app.member("Dot", &["read"], None).await, 403),
        (app.browser("bea@brook.example").await, 404),
    ];
    let rpc = format!("/rpc/read_letter?workgroup=harrow-valley&id={id}");
    let preview = "/rpc/read_letter_preview?workgroup=harrow-valley&letter=issued".to_owned();
    let pages = ["", "/letter.html"].map(|end| format!("{NOTICES}/{id}{end}"));
    for path in pages.into_iter().chain([format!("{NOTICES}/preview"), rpc, preview]) {
        for (browser, status) in &people {
            let answer = browser.get(&path).await;
            assert_eq!(answer.status, *status, "{path}");
            assert!(*status == 200 || !answer.body.contains("ops@north.example"), "{path}");
        }
    }
    let door = app.stranger().get(&format!("{NOTICES}/{id}")).await;
    assert!(door.header("location").starts_with("/sign-in"), "{door:?}");
    let bea = app.browser("bea@brook.example").await;
    for path in [id.clone(), format!("{id}/letter.html"), "none".into()] {
        let path = format!("/brook-mill/settings/notices/{path}");
        assert_eq!(bea.get(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_letter_with_a_one_time_code_is_never_readable() {
    let app = TestApp::new().await;
    invited(&app, "gil@example.com", READER).await;
    let invitation = app.deliver_mail().await.remove(0);
    let code = invitation.text.split_once("/invite/").unwrap().1[..43].to_owned();
    let id = ids(&app).await.remove(0);
    // Even if a copy had been kept.
    execute(
        &app,
        "update outbox set subject = 'SECRET', sent_text = 'SECRET', sent_html = '<p>SECRET'",
    )
    .await;
    let ada = app.ada().await;
    for side in ["", "?as=text", "?as=headers"] {
        let page = open(&ada, &format!("{id}{side}")).await;
        assert!(says(&page, "Invitation"), "{side}");
        assert!(!page.body.contains("SECRET") && !page.body.contains(&code), "{side}");
    }
    assert!(says(&open(&ada, &id).await, "a link that works once"));
    assert_eq!(ada.get(&format!("{NOTICES}/{id}/letter.html")).await.status, 404);
    execute(&app, "update outbox set letter = 'digest'").await;
    assert_eq!(ada.get(&format!("{NOTICES}/{id}")).await.status, 404, "a digest is its reader's");
}

#[tokio::test]
async fn what_was_not_delivered_can_be_sent_again_or_its_address_corrected() {
    let app = TestApp::new().await;
    let (token, id) = told(&app).await;
    give_up(&app).await;
    let ada = app.ada().await;
    let page = open(&ada, &id).await;
    for words in [
        "ops@north.example did not get this.",
        "Undelivered after 14 tries",
        "550 5.1.1 User unknown",
        "Send again",
        "Edit the address",
    ] {
        assert!(says(&page, words), "{words}");
    }
    let form = page.body.split("<form").find(|form| form.contains("send-again")).unwrap();
    assert!(form.contains(&format!("action=\"{NOTICES}\"")), "{form}");
    assert!(form.contains(&format!("value=\"{id}\"")), "{form}");
    assert!(page.body.contains(&format!("{TOKENS}/{token}/edit")));
    execute(&app, "update tokens set email = 'new@north.example'").await;
    let page = open(&ada, &id).await;
    assert!(says(&page, "Its notices go to another address now."));
    assert!(!says(&page, "Edit the address"));
}

#[tokio::test]
async fn hostile_text_of_a_letter_is_shown_as_it_is() {
    let app = TestApp::new().await;
    app.token(|raw| raw.owner = HOSTILE.into()).await;
    app.deliver_mail().await;
    execute(
        &app,
        "update outbox set subject = '</title><script>alert(1)</script>',
            sent_text = '</pre><script>alert(1)</script>', last_answer = '250 <script>alert(1)</script>'",
    )
    .await;
    let (ada, id) = (app.ada().await, ids(&app).await.remove(0));
    for side in ["", "?as=headers"] {
        let page = open(&ada, &format!("{id}{side}")).await;
        assert!(!page.body.contains("<script>alert"), "{side}");
        assert!(page.body.contains("&lt;script&gt;alert(1)"), "{side}");
    }
    let preview = open(&ada, "preview?letter=issued").await;
    assert!(!preview.body.contains("<script>alert"));
    assert!(preview.body.contains("&lt;script&gt;alert(1)"));
}

#[tokio::test]
async fn any_letter_is_looked_at_beforehand_and_nothing_is_sent() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    for letter in ["expiry", "issued", "revoked", "renewed", "test"] {
        let page = open(&ada, &format!("preview?letter={letter}&as=text")).await;
        assert!(says(&page, "Nothing is sent"), "{letter}");
        let example = says(&page, "An example, since no token here fits.");
        assert_eq!(example, letter != "test", "{letter}");
    }
    let (token, _) = told(&app).await;
    for letter in ["expiry", "issued", "renewed"] {
        let page = open(&ada, &format!("preview?letter={letter}")).await;
        assert!(page.body.contains(&format!("href=\"{TOKENS}/{token}\"")), "{letter}");
        assert!(says(&page, "ops@north.example"), "{letter}");
    }
    let test = open(&ada, "preview?letter=test").await;
    assert!(says(&test, "ada@harrow.example"), "to whoever looks");
    let unknown = open(&ada, "preview?letter=invitation").await;
    assert!(says(&unknown, "Expiry"), "what is not known is the first one");
    let html = ada.get(&format!("{NOTICES}/preview/letter.html?letter=issued")).await;
    assert_eq!(html.status, 200);
    assert!(html.header("content-security-policy").contains("; sandbox;"));
    assert!(html.body.contains("Harrow Valley"), "{}", html.body);
    assert_eq!(ids(&app).await.len(), 1, "nothing is owed by looking");
}

#[tokio::test]
async fn a_tokens_page_tells_what_its_address_was_told_and_what_comes_next() {
    let app = TestApp::new().await;
    let token = app.token(|raw| raw.expires = "1m".into()).await.token.id;
    let (ada, page) = (app.ada().await, format!("{TOKENS}/{token}"));
    let before = ada.get(&page).await;
    assert!(says(&before, "Next notice: 14 days before, 7 Dec 2026, 08:00 UTC"), "{}", before.body);
    app.deliver_mail().await;
    app.pass_days(16);
    // The session of before has ended meanwhile.
    let ada = app.ada().await;
    let due = ada.get(&page).await;
    assert!(says(&due, "Next notice: 14 days before, at the next sweep"));
    app.tick().await;
    app.deliver_mail().await;
    let letter = ask(&app, "select outbox_id from notices").await.remove(0);
    let after = ada.get(&page).await;
    assert!(after.body.contains(&format!("href=\"{NOTICES}/{letter}\"")), "{}", after.body);
    assert!(says(&after, "Accepted") && says(&after, "Next notice: 7 days before"));
    let about = open(&ada, &letter).await;
    assert!(says(&about, "14 days before"), "the letter says of which stage");
    execute(&app, "update tokens set revoked_at = 1, revoked_by = 'x'").await;
    assert!(!says(&ada.get(&page).await, "Next notice"));
}
