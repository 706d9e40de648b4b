//! What is wrong with a field of the new-token form stands at that field, and what was typed stays.

use super::forms::{NEW, TOKENS, filled, ids, is_hydrated, tag, text_of, token};
use crate::caller::Answer;
use crate::test_app::TestApp;

/// Field, what is typed, and what the message says.
fn cases() -> Vec<(&'static str, String, &'static str)> {
    let x = |count: usize| "x".repeat(count);
    vec![
        ("owner", String::new(), "Write 1 to 200 characters."),
        ("owner", "   ".into(), "Write 1 to 200 characters."),
        ("owner", x(201), "At most 200 characters; these are 201."),
        ("owner", "North\u{7}plant".into(), "control characters are not allowed"),
        ("owner", "North\nBcc: eve".into(), "Line breaks"),
        ("email", String::new(), ""),
        ("email", "nobody".into(), ""),
        ("email", "a@b@c".into(), ""),
        ("email", "a@north.example\r\nBcc: b@c.example".into(), ""),
        ("email", "Ann <a@north.example>".into(), ""),
        ("email", "a@north.example, b@c.example".into(), ""),
        ("name", x(81), "At most 80 characters; these are 81."),
        ("name", "a\tb".into(), "control characters"),
        ("expires", "never".into(), "policy asks access tokens to expire"),
        ("expires", "4m".into(), "is none of them"),
        ("permissions", "fly".into(), "There is no permission \u{201c}fly\u{201d}."),
        (
            "device_group",
            "Nowhere".into(),
            "There is no device group \u{201c}Nowhere\u{201d} here.",
        ),
        ("note", x(2001), "At most 2000 characters; these are 2001."),
        ("note", "a\u{0}b".into(), "Control characters"),
        ("rate_limit", "0".into(), "a whole number from 1 to 1000000"),
        ("rate_limit", "many".into(), "a whole number from 1 to 1000000"),
        ("rate_limit", "-5".into(), "a whole number from 1 to 1000000"),
    ]
}

/// What the form keeps of everything but the field that was wrong.
fn keeps_the_rest(answer: &Answer, wrong: &str) {
    for (field, value) in [
        ("owner", "North plant integrator"),
        ("email", "ops@north.example"),
        ("name", "production"),
    ] {
        if field != wrong {
            assert_eq!(answer.input(field).as_deref(), Some(value), "{wrong} forgot {field}");
        }
    }
    assert!(wrong == "note" || answer.body.contains("Line 4"), "{wrong} forgot the note");
    assert!(wrong == "permissions" || tag(answer, "permissions").contains("permission-"));
}

#[tokio::test]
async fn every_wrong_field_is_told_at_the_field_and_what_was_typed_stays() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    for (field, typed, message) in cases() {
        let answer = ada.post(NEW, &filled("key", (field, &typed))).await;
        assert_eq!(answer.status, 422, "{field} {typed:?}");
        let said = text_of(&answer, &format!("{field}-error"));
        assert!(
            said.as_deref().is_some_and(|said| !said.is_empty() && said.contains(message)),
            "{field} {typed:?}: {said:?}"
        );
        assert!(
            answer.body.contains(&format!("href=\"#{field}\"")),
            "{field} is not in the summary"
        );
        assert!(answer.test_id("token-string").is_none() && !is_hydrated(&answer));
        assert_eq!(answer.input("idempotency_key").as_deref(), Some("key"));
        keeps_the_rest(&answer, field);
    }
    assert!(ids(&ada.get(TOKENS).await).is_empty());
}

#[tokio::test]
async fn a_wrong_text_stands_in_its_box_as_it_was_typed() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    for (field, typed) in [
        ("owner", "x".repeat(201)),
        ("email", "nobody".into()),
        ("name", "y".repeat(81)),
        ("rate_limit", "many".into()),
    ] {
        let answer = ada.post(NEW, &filled("key", (field, &typed))).await;
        assert_eq!(answer.input(field), Some(typed));
        assert!(tag(&answer, field).contains("aria-invalid=\"true\""), "{field}");
        assert!(tag(&answer, field).contains(&format!("{field}-error")), "{field}");
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let app = TestApp::new().await;
    let fields = [
        ("idempotency_key", "key"),
        ("owner", ""),
        ("email", "nobody"),
        ("name", "a\nb"),
        ("expires", "soon"),
        ("permissions", "fly"),
        ("device_group", "Nowhere"),
        ("note", "\u{7}"),
        ("rate_limit", "0"),
    ];
    let answer = app.ada().await.post(NEW, &fields).await;
    for (field, _) in &fields[1..] {
        assert!(text_of(&answer, &format!("{field}-error")).is_some(), "{field}");
    }
}

#[tokio::test]
async fn a_group_of_another_workgroup_is_as_unknown_as_none() {
    let app = crate::rights::place::harrow().await;
    let mill = app.browser("foreigner@harrow.example").await;
    let post = async |group: &'static str| {
        let answer = mill
            .post("/brook-mill/settings/tokens/new", &filled("key", ("device_group", group)))
            .await;
        (answer.status, text_of(&answer, "device_group-error").unwrap().replace(group, "G"))
    };
    assert_eq!(post("North").await, post("Nowhere").await);
}

#[tokio::test]
async fn what_fits_exactly_is_taken() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let (owner, name, note) = ("\u{1f511}".repeat(200), "y".repeat(80), "z".repeat(2000));
    for changed in
        [("owner", owner.as_str()), ("name", &name), ("note", &note), ("rate_limit", "1000000")]
    {
        let answer = ada.post(NEW, &filled(changed.0, changed)).await;
        assert_eq!(answer.status, 200, "{}", changed.0);
    }
    let made = ids(&ada.get(TOKENS).await);
    assert_eq!(made.len(), 4);
    let mut owners = Vec::new();
    for id in made {
        owners.push(token(&app, &id).await.owner);
    }
    assert!(owners.contains(&owner));
}

#[tokio::test]
async fn a_body_over_64_kib_is_refused_and_makes_nothing() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let long = "x".repeat(66_000);
    let answer = ada.post(NEW, &filled("key", ("note", &long))).await;
    assert_eq!(answer.status, 413);
    assert!(ids(&ada.get(TOKENS).await).is_empty());
}
