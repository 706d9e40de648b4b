//! Addresses and owners as people, and others, write them: refused at the door with a word to the field, or delivered as they are.

use super::peer::{Line, Peer};
use super::{deliver_all, mailing_to, outbox, owe_invitations};
use crate::caller::Answer;
use crate::pages::forms::{NEW, filled, ids, text_of};
use crate::test_app::TestApp;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const TOKENS: &str = "/api/v1/workgroups/harrow-valley/tokens";
const LIST: &str = "/harrow-valley/settings/tokens";

/// No address, more than one, or one that most servers cannot deliver to.
const REFUSED: [&str; 26] = [
    "",
    "@",
    "ops",
    "ops@",
    "@north.example",
    "ops@north.example\r\nBcc: all@example.com",
    "ops@north.example\nBcc: all@example.com",
    "ops@north.example\u{0}",
    "ops\t@north.example",
    "ops\u{7f}@north.example",
    "ops@north.example\u{85}x",
    "ops@north.example,all@example.com",
    "ops@north.example, all@example.com",
    "ops@north.example; all@example.com",
    "ops@north.example all@example.com",
    "ops@all@north.example",
    "ops@north.example> RCPT TO:<all@example.com",
    "Ops <ops@north.example>",
    "<ops@north.example>",
    "\"ops\"@north.example",
    "\"ops team\"@north.example",
    "\"ops@all\"@north.example",
    "übung@north.example",
    "操作@north.example",
    "ops@[127.0.0.1]",
    "ops@[IPv6:::1]",
];

/// Whatever is accepted of these arrives: at the first address or, where the domain is not ASCII, at its ASCII form.
const DUBIOUS: [&str; 43] = [
    "Ops.Team+keys@North.Example",
    "o'brien@north.example",
    "a{b}|c=d?e!f#g$h%i&j*k/l^m`n~o@north.example",
    "--help@north.example",
    "-@north.example",
    ".ops@north.example",
    "ops.@north.example",
    "ops..team@north.example",
    "root@localhost",
    "ops@127.0.0.1",
    "ops@1",
    "ops@north.example.",
    "ops@.north.example",
    "ops@north..example",
    "ops@-north.example",
    "ops@north-.example",
    "ops@no--rth.example",
    "ops@north_plant.example",
    "ops@xn--zzzzzzzz.example",
    "ops@xn--bcher-kva.example",
    "ops@xn--.example",
    "ops@bücher.example",
    "ops@BÜCHER.example",
    "ops@почта.example",
    "ops@例え.example",
    "ops@straße.example",
    "ops@faß.example",
    "ops@\u{fb00}.example",
    "ops@☃.example",
    "ops@🔑.example",
    "ops@north\u{3002}example",
    "ops@north\u{ff0e}example",
    "ops@no\u{ad}rth.example",
    "ops@no\u{200b}rth.example",
    "ops@no\u{200d}rth.example",
    "ops@\u{202e}north.example",
    "ops@e\u{301}.example",
    "ops@north.example?cc=all@example.com",
    "mailto:ops@north.example",
    "ops%all@north.example",
    "ops@0\u{5d0}.example",
    "ops@\u{5d0}a.example",
    "ops@üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü.example",
];

/// What may stand above a letter.
const HEADERS: [&str; 9] = [
    "Auto-Submitted",
    "Content-Transfer-Encoding",
    "Content-Type",
    "Date",
    "From",
    "MIME-Version",
    "Message-ID",
    "Subject",
    "To",
];

fn draft(owner: &str, email: &str) -> Value {
    json!({ "owner": owner, "email": email, "expires": "1m", "permissions": ["read"] })
}

fn field_errors(answer: &Answer) -> Vec<String> {
    let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|it| it["field"].as_str().unwrap().to_owned()).collect()
}

/// Sends the form with one field changed, as the page would be sent.
async fn form(app: &TestApp, field: &str, value: &str) -> Answer {
    let ada = app.ada().await;
    let key = ada.get(NEW).await.input("idempotency_key").unwrap();
    ada.post(NEW, &filled(&key, (field, value))).await
}

#[tokio::test]
async fn what_is_no_single_plain_address_is_refused_at_the_door() {
    let app = TestApp::new().await;
    let manager = app.string_with(&["access.manage"]).await;
    let too_long = format!("{}@north.example", "x".repeat(65));
    let label = format!("ops@{}.example", "x".repeat(64));
    let whole = format!("ops@{}example", "north.".repeat(50));
    for email in REFUSED.into_iter().chain([too_long.as_str(), label.as_str(), whole.as_str()]) {
        let answer = app.api(&manager).post(TOKENS, draft("North plant", email)).await;
        assert_eq!(
            (answer.status, field_errors(&answer)),
            (422, vec!["email".into()]),
            "{email:?}"
        );
        let page = form(&app, "email", email).await;
        assert_eq!(page.status, 422, "{email:?}");
        assert!(text_of(&page, "email-error").is_some(), "{email:?}");
    }
    let tokens = ids(&app.ada().await.get(LIST).await);
    assert_eq!(tokens.len(), 1, "only the caller's own was made");
    assert!(app.deliver_mail().await.iter().all(|letter| !letter.to.contains("example.com")));
}

/// The door and the mail server agree: nothing is accepted that could then not be sent.
#[tokio::test]
async fn whatever_the_door_accepts_is_delivered_to_that_address_alone() {
    let Some(peer) = Peer::start(Line::Clear) else { return };
    let app = mailing_to(&peer.url(Line::Clear), None).await;
    let manager = app.string_with(&["access.manage"]).await;
    let local = format!("{}@north.example", "x".repeat(64));
    let mut accepted = Vec::new();
    for email in DUBIOUS.into_iter().chain([local.as_str()]) {
        let answer = app.api(&manager).post(TOKENS, draft("North plant", email)).await;
        match answer.status {
            201 => accepted.push(answer.json()["email"].as_str().unwrap().to_owned()),
            _ => assert_eq!(
                (answer.status, field_errors(&answer)),
                (422, vec!["email".into()]),
                "{email:?}"
            ),
        }
    }
    accepted.sort();
    accepted.dedup();
    assert!(accepted.len() > 10, "the door is shut: {accepted:?}");
    owe_invitations(&app, &accepted).await;
    deliver_all(&app).await;
    let stuck: Vec<_> =
        outbox(&app).await.into_iter().filter(|row| row.sent_at.is_none()).collect();
    assert!(stuck.is_empty(), "accepted, and not delivered: {stuck:#?}");
    for taken in peer.taken() {
        assert_eq!(taken.to, [taken.letter.to.clone()], "one recipient, the same in both places");
        assert!(taken.letter.to.is_ascii(), "{}", taken.letter.to);
    }
    let sent = |to: &str| peer.taken().iter().any(|taken| taken.letter.to == to);
    for to in ["Ops.Team+keys@north.example", "ops@xn--bcher-kva.example", "root@localhost"] {
        assert!(sent(to), "{to}");
    }
}

/// Owners that look like something else are text in the letter that tells of their token, and nothing but text.
#[tokio::test]
async fn owners_that_look_like_headers_or_markup_are_refused_or_delivered_as_text() {
    let Some(peer) = Peer::start(Line::Clear) else { return };
    let app = mailing_to(&peer.url(Line::Clear), None).await;
    let emoji = "🔑".repeat(200);
    let (line, long) = ("North\r\nBcc: all@example.com", "🔑".repeat(201));
    for refused in [line, "North\nplant", "North\u{0}", "North\u{2028}plant", &long, " "] {
        let page = form(&app, "owner", refused).await;
        assert_eq!(page.status, 422, "{refused:?}");
        assert!(text_of(&page, "owner-error").is_some(), "{refused:?}");
    }
    let owners = [
        "Bcc: all@example.com",
        "From: eve@example.com",
        "Content-Type: text/html",
        "=?utf-8?q?=0D=0ABcc:_all@example.com?=",
        "--boundary--",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "{{7*7}} {% x %}",
        "<mj-text>x</mj-text>",
        "a, b; \"c\" <d@e.example>",
        ".",
        &emoji,
    ];
    for owner in owners {
        let page = form(&app, "owner", owner).await;
        assert_eq!(page.status, 200, "{owner:?}");
    }
    deliver_all(&app).await;
    let taken = peer.taken();
    assert_eq!(taken.len(), owners.len());
    for taken in &taken {
        assert_eq!(taken.to, ["ops@north.example"]);
        let names: Vec<_> = taken.letter.headers.iter().map(|(name, _)| name.as_str()).collect();
        let once: BTreeSet<_> = names.iter().copied().collect();
        assert!(
            once.len() == names.len() && once.iter().all(|it| HEADERS.contains(it)),
            "{names:?}"
        );
        let html = taken.letter.html.as_deref().unwrap_or_default();
        assert!(!html.contains("<script") && !html.contains("<img src=x"), "{html}");
        assert!(!html.contains("<mj-"), "{html}");
    }
    for owner in owners {
        let told = |text: &str| text.replace(['\n', ' '], "").contains(&owner.replace(' ', ""));
        assert!(taken.iter().any(|it| told(&it.letter.text)), "{owner:?} is in no letter");
    }
}
