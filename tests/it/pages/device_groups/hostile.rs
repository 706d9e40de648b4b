//! Hostile text as the name of a group, of a device and of whoever is bound: shown as it was typed, never markup.

use super::{GROUPS, NEW};
use crate::caller::Answer;
use crate::pages::forms::text_of;
use crate::test_app::TestApp;
use latchkey::server::devices::register::{self, RawDevice};

const HOSTILE: [&str; 4] = [
    "</title></textarea><script>alert(1)</script>",
    "\"><img/src/onerror:alert(1)>",
    "{{7*7}}${7*7}<%7*7%>",
    "&lt;b&gt;&amp;&#x3c;script&#x3e;",
];

fn is_harmless(answer: &Answer, path: &str) {
    for made in ["<script>alert", "<img/src", "</title></textarea>"] {
        assert!(!answer.body.contains(made), "{path}: {made}");
    }
}

fn shows(answer: &Answer, text: &str, path: &str) {
    let plain = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let quoted = plain.replace('"', "&quot;");
    assert!(answer.body.contains(&plain) || answer.body.contains(&quoted), "{path}: {text}");
}

#[tokio::test]
async fn names_and_ids_and_metadata_are_shown_literally() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    for text in HOSTILE {
        let device = RawDevice {
            external_id: text.into(),
            name: text.into(),
            metadata: vec![(text.into(), text.into())],
            permissions: None,
        };
        register::register(&app.state, &app.seat(), &device, None).await.unwrap();
        let other = RawDevice { external_id: format!("2{text}"), name: text.into(), ..device };
        register::register(&app.state, &app.seat(), &other, None).await.unwrap();
        let fields = [("name", text), ("rule", "in"), ("devices", text)];
        let made = ada.post(NEW, &fields).await;
        assert_eq!(made.status, 303, "{text}");
        let page = made.header("location").split('?').next().unwrap().to_owned();
        app.token(|raw| {
            raw.owner = text.into();
            raw.device_group = text.into();
        })
        .await;
        for path in
            [page.clone(), format!("{page}?dialog=remove"), format!("{page}/edit"), GROUPS.into()]
        {
            let answer = ada.get(&path).await;
            is_harmless(&answer, &path);
            shows(&answer, text, &path);
        }
        let change = [
            ("version", "1"),
            ("name", text),
            ("rule", "metadata"),
            ("key", text),
            ("value", text),
        ];
        let review = ada.post(&format!("{page}/edit"), &change).await;
        assert_eq!(review.status, 200, "{text}");
        is_harmless(&review, "review");
        shows(&review, &format!("2{text}"), "review");
        let refused =
            ada.post(NEW, &[("name", text), ("rule", "in"), ("devices", "<script>alert(2)")]).await;
        is_harmless(&refused, "refused");
        assert!(
            text_of(&refused, "name-error").is_some() && !refused.body.contains("<script>alert")
        );
        let kept = ada.post(&page, &[("action", "remove")]).await;
        assert_eq!(kept.status, 409);
        is_harmless(&kept, "kept");
    }
    let long = ada.post(NEW, &[("name", &"x".repeat(10_000)), ("rule", "not_in")]).await;
    assert!(text_of(&long, "name-error").is_some_and(|it| it.len() < 500));
}
