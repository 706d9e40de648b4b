//! Every letter of the product, as the mail server got it: headers, parts, links, and nothing in it that opens anything.

use super::peer::{Line, Peer, Taken};
use super::{deliver_all, mailing_to, owe_invitations};
use crate::test_app::TestApp;
use latchkey::domain::time::HOUR;
use latchkey::domain::user::Email;
use latchkey::server::notices::{Letter, owe};
use latchkey::server::store::{self, Db};
use serde_json::json;
use std::collections::BTreeMap;

/// Every kind of letter that there is.
const KINDS: [&str; 8] =
    ["digest", "expiry", "invitation", "issued", "renewed", "reset", "revoked", "test"];
const URL: &str = "http://127.0.0.1:3000";
const OWN: &str = "/api/v1/token";

/// Brings about one letter of each kind at least; gives the strings of the tokens that they are about.
async fn cause_all(app: &TestApp) -> Vec<String> {
    owe_invitations(app, &["guest@new.example".into()]).await;
    let ada = app.ada().await;
    app.stranger().post("/reset", &[("email", "ada@harrow.example")]).await;
    owe_test(app).await;
    let revoked = app.token(|raw| raw.owner = "South plant".into()).await;
    let page = format!("/harrow-valley/settings/tokens/{}", revoked.token.id);
    let done = ada.post(&page, &[("action", "revoke")]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let renewed = app.token(|raw| raw.owner = "East plant".into()).await;
    let string = renewed.string.reveal();
    assert_eq!(app.api(string).get(OWN).await.status, 200);
    app.flush().await;
    app.state.clock.advance(HOUR);
    let elsewhere = app.api(string).with("x-forwarded-for", "198.51.100.7");
    let successor = elsewhere.post("/api/v1/token/renew", json!(null)).await.json();
    let ending = app.token(|raw| raw.expires = "7d".into()).await;
    deliver_all(app).await;
    app.live_days(7).await;
    deliver_all(app).await;
    let successor = successor["token"].as_str().unwrap().to_owned();
    [revoked, renewed, ending]
        .iter()
        .map(|it| it.string.reveal().to_owned())
        .chain([successor])
        .collect()
}

async fn owe_test(app: &TestApp) {
    let letter = Letter::Test { workgroup_id: app.harrow.id.clone(), by: "Ada".into() };
    let ada = Email::parse("ada@harrow.example").unwrap();
    let mut tx = app.state.db.begin().await.unwrap();
    owe(&app.state, &mut tx, &letter, Some(&app.harrow.id), &ada).await.unwrap();
    tx.commit().await.unwrap();
}

/// The kind of each letter, by its id.
async fn kinds(app: &TestApp) -> BTreeMap<String, String> {
    let Db::Sqlite { read, .. } = &app.state.db else { panic!("on SQLite") };
    let rows: Vec<(String, String)> =
        sqlx::query_as("select id, letter from outbox").fetch_all(read).await.unwrap();
    rows.into_iter().collect()
}

/// What follows each beginning, up to whatever ends an address.
fn addresses<'a>(text: &'a str, beginning: &str) -> Vec<&'a str> {
    let ends = |c: char| c.is_whitespace() || "\"'<>)".contains(c);
    text.split(beginning).skip(1).map(|rest| rest.split(ends).next().unwrap_or_default()).collect()
}

fn assert_headers(kind: &str, taken: &Taken) {
    let headers = &taken.letter.headers;
    for name in ["From", "To", "Date", "Message-ID", "Subject", "Auto-Submitted", "MIME-Version"] {
        assert_eq!(headers.iter().filter(|(known, _)| known == name).count(), 1, "{kind}: {name}");
    }
    for name in ["Cc", "Bcc", "Reply-To", "Return-Path"] {
        assert!(!headers.iter().any(|(known, _)| known == name), "{kind}: {name}");
    }
    assert_eq!(taken.letter.header("Auto-Submitted"), "auto-generated", "{kind}");
    assert_eq!(taken.letter.header("From"), "Latchkey <keys@tokens.example>", "{kind}");
    assert_eq!(
        (taken.from.as_str(), &taken.to),
        ("keys@tokens.example", &vec![taken.letter.to.clone()])
    );
    assert!(taken.raw.is_ascii() && taken.raw.lines().all(|line| line.len() <= 998), "{kind}");
    let unsubscribes = !taken.letter.header("List-Unsubscribe").is_empty();
    assert_eq!(unsubscribes, kind == "digest", "{kind}");
}

/// Text and HTML say the same to whoever reads one of them alone; every link leads to us.
fn assert_parts(kind: &str, taken: &Taken) {
    let text = &taken.letter.text;
    assert!(text.trim().len() > 60 && !text.contains("<p"), "{kind}: {text}");
    let html = taken.letter.html.as_deref();
    let html = html.unwrap_or_else(|| panic!("{kind} has no HTML"));
    assert!(html.contains("</html>") && !html.contains("<script"), "{kind}");
    let links = addresses(text, "http").into_iter().map(|rest| format!("http{rest}"));
    let hrefs = addresses(html, "href=\"").into_iter().map(str::to_owned);
    for link in links.chain(hrefs).filter(|link| !link.starts_with("mailto:")) {
        assert!(link == URL || link.starts_with(&format!("{URL}/")), "{kind}: {link}");
    }
    for image in addresses(html, "src=\"") {
        assert!(image.starts_with(&format!("{URL}/")), "{kind}: {image}");
    }
}

/// No string of a token, none of its parts, and nothing that has the shape of one.
fn assert_no_string(kind: &str, taken: &Taken, strings: &[String]) {
    let all = [&taken.raw, &taken.letter.text, taken.letter.html.as_ref().unwrap_or(&taken.raw)];
    for part in all {
        for string in strings {
            assert!(!part.contains(&string[4..16]) && !part.contains(&string[20..32]), "{kind}");
        }
        for prefix in ["lka_", "lkd_"] {
            let found = part.split(prefix).skip(1);
            let long =
                |rest: &str| rest.chars().take_while(char::is_ascii_alphanumeric).count() > 8;
            assert!(!found.into_iter().any(long), "{kind}: the shape of a string");
        }
    }
}

#[tokio::test]
async fn every_letter_arrives_with_its_headers_its_parts_our_links_and_no_string() {
    let Some(peer) = Peer::start(Line::Clear) else { return };
    let app = mailing_to(&peer.url(Line::Clear), None).await;
    let strings = cause_all(&app).await;
    let kinds = kinds(&app).await;
    let mut seen = Vec::new();
    for taken in peer.taken() {
        let id = taken.message_id().trim_matches(['<', '>']).split('@').next().unwrap();
        let kind = kinds.get(id).unwrap_or_else(|| panic!("no letter of ours: {id}"));
        assert_headers(kind, &taken);
        assert_parts(kind, &taken);
        assert_no_string(kind, &taken, &strings);
        seen.push(kind.clone());
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen, KINDS);
}

/// What stands in the outbox for the pages is what was sent, but for letters with a one-time code, which stand nowhere.
#[tokio::test]
async fn codes_of_letters_stand_nowhere_but_in_the_letter() {
    let Some(peer) = Peer::start(Line::Clear) else { return };
    let app = mailing_to(&peer.url(Line::Clear), None).await;
    owe_invitations(&app, &["guest@new.example".into()]).await;
    app.stranger().post("/reset", &[("email", "ada@harrow.example")]).await;
    deliver_all(&app).await;
    let taken = peer.taken();
    assert_eq!(taken.len(), 2);
    let rows = crate::database::dump(&app).await.join("\n");
    for letter in taken {
        let path = letter.letter.path();
        let code = path.rsplit('/').next().unwrap();
        assert!(code.len() > 20 && !rows.contains(code), "{path}");
        assert_eq!(app.stranger().get(&path).await.status, 200);
    }
    let mut reader = app.state.db.read().await.unwrap();
    assert!(store::outbox::list_due(&mut reader, app.state.now(), 9).await.unwrap().is_empty());
}
