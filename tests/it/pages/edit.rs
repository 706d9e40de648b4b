//! `…/tokens/{id}/edit`: what changes, what never does, and a change by somebody else in between.

use super::forms::{TOKENS, ids, is_hydrated, says, tag, text_of, token};
use crate::caller::Answer;
use crate::test_app::TestApp;
use latchkey::domain::lifetime::Lifetime;
use latchkey::domain::token::Token;

fn page(token: &Token) -> String {
    format!("{TOKENS}/{}/edit", token.id)
}

async fn save(app: &TestApp, token: &Token, version: &str, owner: &str) -> Answer {
    let fields = [
        ("version", version),
        ("owner", owner),
        ("email", "new@north.example"),
        ("name", ""),
        ("expires", "7d"),
        ("note", "first\r\nsecond"),
        ("rate_limit", "12"),
    ];
    app.ada().await.post(&page(token), &fields).await
}

#[tokio::test]
async fn the_form_begins_with_the_token_as_it_is() {
    let app = TestApp::new().await;
    let made = app.token(|raw| raw.note = "Line 4".into()).await.token;
    let form = app.ada().await.get(&page(&made)).await;
    assert_eq!(form.status, 200);
    assert_eq!(form.input("version"), Some(made.version.to_string()));
    assert_eq!(form.input("owner").as_deref(), Some("North plant integrator"));
    assert_eq!(form.input("email").as_deref(), Some("ops@north.example"));
    assert!(form.body.contains("Line 4") && tag(&form, "can_renew").contains("checked"));
    for never in ["name=\"permissions\"", "name=\"device_group\"", "name=\"device\""] {
        assert!(!form.body.contains(never), "{never}");
    }
}

#[tokio::test]
async fn what_was_typed_is_saved_and_strings_keep_their_expiry() {
    let app = TestApp::new().await;
    let before = app.token(|_| {}).await.token;
    let saved = save(&app, &before, &before.version.to_string(), "South plant").await;
    assert_eq!(saved.status, 303);
    assert_eq!(saved.header("location"), format!("{TOKENS}/{}?done=saved", before.id));
    let after = token(&app, &before.id).await;
    assert_eq!((after.owner.as_str(), after.email.as_str()), ("South plant", "new@north.example"));
    assert_eq!((after.name.as_deref(), after.can_renew), (None, false));
    assert_eq!((after.lifetime, after.rate_limit), (Lifetime::Days7, Some(12)));
    assert_eq!(after.note.as_deref(), Some("first\nsecond"));
    assert_eq!((after.expires_at, &after.permissions), (before.expires_at, &before.permissions));
    let page = app.ada().await.get(saved.header("location")).await;
    assert!(says(&page, "South plant") && says(&page, "Ada"), "who did it is told");
}

#[tokio::test]
async fn a_change_in_between_is_told_and_the_input_is_kept() {
    let app = TestApp::new().await;
    let made = app.token(|_| {}).await.token;
    let version = made.version.to_string();
    assert_eq!(save(&app, &made, &version, "The first one").await.status, 303);
    let second = save(&app, &made, &version, "The second one").await;
    assert_eq!(second.status, 409);
    assert!(says(&second, "Changed in between.") && says(&second, "The first one"));
    assert_eq!(second.input("owner").as_deref(), Some("The second one"), "the input stays");
    assert_eq!(token(&app, &made.id).await.owner, "The first one", "nothing is overwritten");
    assert!(!is_hydrated(&second));
    let newer = second.input("version").unwrap();
    assert_ne!(newer, version);
    assert_eq!(save(&app, &made, &newer, "The second one").await.status, 303);
    assert_eq!(token(&app, &made.id).await.owner, "The second one");
}

#[tokio::test]
async fn a_wrong_field_is_told_at_the_field_and_nothing_is_saved() {
    let app = TestApp::new().await;
    let made = app.token(|_| {}).await.token;
    let version = made.version.to_string();
    let long = "x".repeat(201);
    for (field, typed) in [
        ("owner", long.as_str()),
        ("email", "nobody"),
        ("name", "a\u{7}"),
        ("expires", "never"),
        ("note", "\u{0}"),
        ("rate_limit", "0"),
    ] {
        let fields = [("version", version.as_str()), (field, typed)];
        let refused = app.ada().await.post(&page(&made), &fields).await;
        assert_eq!(refused.status, 422, "{field}");
        assert!(text_of(&refused, &format!("{field}-error")).is_some(), "{field}");
        if field != "expires" && field != "note" && field != "name" {
            assert_eq!(refused.input(field).as_deref(), Some(typed));
        }
    }
    assert_eq!(token(&app, &made.id).await, made);
}

#[tokio::test]
async fn a_revoked_token_has_no_form_and_takes_no_post() {
    let app = TestApp::new().await;
    let made = app.token(|_| {}).await.token;
    let ada = app.ada().await;
    ada.post(&format!("{TOKENS}/{}", made.id), &[("action", "revoke")]).await;
    let revoked = token(&app, &made.id).await;
    let form = ada.get(&page(&made)).await;
    assert!(says(&form, "This token cannot be edited.") && !form.body.contains("name=\"owner\""));
    let post = save(&app, &made, &revoked.version.to_string(), "Undead").await;
    assert_eq!(post.status, 409);
    assert_eq!(token(&app, &made.id).await, revoked);
    assert!(ids(&ada.get(TOKENS).await).is_empty());
}

#[tokio::test]
async fn saving_without_a_change_changes_nothing() {
    let app = TestApp::new().await;
    let made = app.token(|_| {}).await.token;
    let version = made.version.to_string();
    let fields = [
        ("version", version.as_str()),
        ("owner", "North plant integrator"),
        ("can_renew", "on"),
        ("expires", "3m"),
    ];
    assert_eq!(app.ada().await.post(&page(&made), &fields).await.status, 303);
    assert_eq!(token(&app, &made.id).await, made);
}
