//! Hostile text in every field: shown as it was typed, or refused with a message at the field. It never becomes markup.

use super::forms::{NEW, TOKENS, filled, ids, text_of, token};
use crate::caller::Answer;
use crate::test_app::TestApp;

const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>",
    "</title></textarea><script>alert(1)</script>",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "&lt;b&gt; &amp; &#x3c;script&#x3e;",
    "right \u{202e}ot tfel\u{202c}",
    "zero\u{200b}width\u{feff}joiner\u{200d}",
    "javascript:alert(1)//<!--",
];

/// The text as it may stand in markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// No tag or attribute on the page was made by the text.
fn is_harmless(answer: &Answer, name: &str) {
    for made in ["<script>alert", "<img src=x", "<svg/onload", "//<!--", "</title></textarea>"] {
        assert!(!answer.body.contains(made), "{name}: {made}");
    }
    let scripts = answer.body.matches("<script").count();
    assert_eq!(
        answer.body.matches("<script nonce=").count()
            + answer.body.matches("<script type=").count(),
        scripts,
        "{name}"
    );
}

/// A person reads the text letter by letter.
fn shows(answer: &Answer, text: &str, name: &str) {
    let (plain, quoted) = (escaped(text), escaped(text).replace('"', "&quot;"));
    assert!(
        answer.body.contains(&plain) || answer.body.contains(&quoted),
        "{name} does not show {text:?}"
    );
}

#[tokio::test]
async fn owner_and_name_and_note_are_shown_literally_wherever_they_stand() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    for (number, text) in HOSTILE.into_iter().enumerate() {
        let key = format!("key-{number}");
        let mut fields = filled(&key, ("owner", text));
        fields.retain(|(name, _)| !["name", "note"].contains(name));
        fields.extend([("name", text), ("note", text)]);
        let string = ada.post(NEW, &fields).await;
        assert_eq!(string.status, 200, "{text:?}");
        let owner =
            form_urlencoded::Serializer::new(String::new()).append_pair("search", text).finish();
        let list = ada.get(&format!("{TOKENS}?{owner}")).await;
        let id = ids(&list).remove(0);
        let made = token(&app, &id).await;
        assert_eq!((made.owner.as_str(), made.note.as_deref()), (text, Some(text)));
        is_harmless(&string, "string");
        shows(&string, text, "string");
        is_harmless(&list, "list");
        shows(&list, text, "list");
        for path in ["", "?dialog=reissue", "?dialog=revoke", "/edit"] {
            let page = ada.get(&format!("{TOKENS}/{id}{path}")).await;
            is_harmless(&page, path);
            shows(&page, text, path);
        }
        let like = ada.get(&format!("{NEW}?like={id}")).await;
        is_harmless(&like, "duplicate");
        shows(&like, text, "duplicate");
    }
}

#[tokio::test]
async fn hostile_text_in_any_field_is_refused_at_the_field_or_taken() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let fields = [
        "owner",
        "email",
        "name",
        "expires",
        "permissions",
        "device_group",
        "device",
        "note",
        "rate_limit",
    ];
    for field in fields {
        for (number, text) in HOSTILE.into_iter().enumerate() {
            let key = format!("{field}-{number}");
            let answer = ada.post(NEW, &filled(&key, (field, text))).await;
            is_harmless(&answer, field);
            let refused = text_of(&answer, &format!("{field}-error")).is_some();
            match answer.status {
                200 => assert!(["owner", "name", "note"].contains(&field), "{field} took {text:?}"),
                422 => assert!(refused, "{field} says nothing of {text:?}"),
                other => panic!("{field} {text:?}: {other}"),
            }
        }
    }
}

#[tokio::test]
async fn ten_thousand_characters_are_refused_at_the_field() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let made = app.token(|_| {}).await.token;
    let long = "<b>".repeat(3334);
    let version = made.version.to_string();
    for field in
        ["owner", "email", "name", "expires", "permissions", "device_group", "note", "rate_limit"]
    {
        let new = ada.post(NEW, &filled("key", (field, &long))).await;
        assert_eq!(new.status, 422, "{field}");
        assert!(
            text_of(&new, &format!("{field}-error")).is_some_and(|it| it.len() < 1000),
            "{field}"
        );
        if ["permissions", "device_group"].contains(&field) {
            continue;
        }
        let edit = format!("{TOKENS}/{}/edit", made.id);
        let edit = ada.post(&edit, &[("version", &version), (field, &long)]).await;
        assert_eq!(edit.status, 422, "{field}");
        assert!(text_of(&edit, &format!("{field}-error")).is_some(), "{field}");
    }
    assert_eq!(token(&app, &made.id).await, made);
}

#[tokio::test]
async fn hostile_text_in_an_address_is_only_text() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    app.token(|_| {}).await;
    for text in HOSTILE {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in [
            "search", "status", "expires", "after", "before", "like", "dialog", "number", "next",
            "done",
        ] {
            query.append_pair(name, text);
        }
        let query = query.finish();
        for path in [TOKENS, NEW, "/sign-in", "/account"] {
            let answer = ada.get(&format!("{path}?{query}")).await;
            assert!(matches!(answer.status, 200 | 404), "{path} {text:?}: {}", answer.status);
            is_harmless(&answer, path);
        }
    }
}
