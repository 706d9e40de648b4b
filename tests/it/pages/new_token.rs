//! `…/tokens/new`: the form, the string at its one reveal, and the same form sent twice.

use super::forms::{NEW, TOKENS, filled, ids, is_hydrated, says, scripts, token};
use crate::caller::Answer;
use crate::test_app::TestApp;
use latchkey::domain::token_string::TokenString;

async fn key(app: &TestApp) -> String {
    app.ada().await.get(NEW).await.input("idempotency_key").unwrap()
}

async fn create(app: &TestApp, key: &str) -> Answer {
    app.ada().await.post(NEW, &filled(key, ("", ""))).await
}

#[tokio::test]
async fn the_string_is_shown_once_and_opens_what_was_asked_for() {
    let app = TestApp::new().await;
    let shown = create(&app, &key(&app).await).await;
    assert_eq!((shown.status, shown.header("cache-control")), (200, "no-store"));
    assert!(shown.header("location").is_empty() && shown.header("set-cookie").is_empty());
    let string = shown.test_id("token-string").unwrap();
    assert!(TokenString::parse(&string).is_ok(), "{string}");
    assert_eq!(shown.body.matches(&string).count(), 1);
    let own = app.api(&string).get("/api/v1/token").await.json();
    assert_eq!(
        (own["owner"].as_str(), own["name"].as_str()),
        (Some("North plant integrator"), Some("production"))
    );
    assert_eq!(own["permissions"], serde_json::json!(["read", "tunnel"]));
    assert_eq!(
        (own["expires_at"].as_str(), own["can_renew"].as_bool()),
        (Some("2027-02-21T10:00:00Z"), Some(true))
    );
    let made = token(&app, own["id"].as_str().unwrap()).await;
    assert_eq!((made.note.as_deref(), made.rate_limit), (Some("Line 4"), Some(90)));
}

#[tokio::test]
async fn the_string_stands_in_no_later_page() {
    let app = TestApp::new().await;
    let shown = create(&app, &key(&app).await).await;
    let string = shown.test_id("token-string").unwrap();
    let ada = app.ada().await;
    let id = ids(&ada.get(TOKENS).await).remove(0);
    for path in ["", "?dialog=reissue", "?dialog=revoke", "/edit"] {
        let page = ada.get(&format!("{TOKENS}/{id}{path}")).await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains(&string[4..16]), "{path}");
    }
    assert!(!ada.get(&format!("{NEW}?like={id}")).await.body.contains(&string[4..16]));
}

#[tokio::test]
async fn the_page_of_the_string_runs_its_small_script_and_no_other() {
    let app = TestApp::new().await;
    let shown = create(&app, &key(&app).await).await;
    assert!(!is_hydrated(&shown));
    let policy = shown.header("content-security-policy");
    let (_, nonce) = policy.split_once("'nonce-").unwrap();
    let nonce = nonce.split('\'').next().unwrap();
    assert_eq!(scripts(&shown).len(), 1);
    assert!(shown.body.contains(&format!("<script nonce=\"{nonce}\">")));
    assert!(says(&shown, "Done") && says(&shown, "Copy"));
}

#[tokio::test]
async fn the_same_form_sent_again_makes_nothing_and_says_so() {
    let app = TestApp::new().await;
    let key = key(&app).await;
    let string = create(&app, &key).await.test_id("token-string").unwrap();
    for _ in 0..2 {
        let again = create(&app, &key).await;
        assert_eq!(again.status, 200);
        assert!(says(&again, "Already made"), "{}", again.body);
        assert!(again.test_id("token-string").is_none() && !again.body.contains(&string[4..16]));
        assert!(!is_hydrated(&again));
    }
    assert_eq!(ids(&app.ada().await.get(TOKENS).await).len(), 1);
}

#[tokio::test]
async fn a_double_click_makes_one_token() {
    let app = TestApp::new().await;
    let key = key(&app).await;
    let (one, two) = tokio::join!(create(&app, &key), create(&app, &key));
    let strings = [&one, &two].iter().filter(|it| it.test_id("token-string").is_some()).count();
    assert_eq!(strings, 1, "{} {}", one.body, two.body);
    assert_eq!(ids(&app.ada().await.get(TOKENS).await).len(), 1);
}

#[tokio::test]
async fn another_form_under_a_used_key_and_a_form_without_key_are_refused() {
    let app = TestApp::new().await;
    let key = key(&app).await;
    create(&app, &key).await;
    let ada = app.ada().await;
    for (key, changed) in [(key.as_str(), ("owner", "Somebody else")), ("", ("", ""))] {
        let refused = ada.post(NEW, &filled(key, changed)).await;
        assert_eq!(refused.status, 422);
        assert!(refused.test_id("token-string").is_none());
    }
    assert_eq!(ids(&ada.get(TOKENS).await).len(), 1);
}

#[tokio::test]
async fn duplicate_fills_the_form_from_the_token() {
    let app = TestApp::new().await;
    create(&app, &key(&app).await).await;
    let ada = app.ada().await;
    let id = ids(&ada.get(TOKENS).await).remove(0);
    assert!(ada.get(&format!("{TOKENS}/{id}")).await.body.contains(&format!("{NEW}?like={id}")));
    let form = ada.get(&format!("{NEW}?like={id}")).await;
    for (field, value) in [
        ("owner", "North plant integrator"),
        ("email", "ops@north.example"),
        ("name", "production"),
        ("rate_limit", "90"),
    ] {
        assert_eq!(form.input(field).as_deref(), Some(value), "{field}");
    }
    let ticked = |id: &str| {
        let (_, rest) = form.body.split_once(&format!("id=\"{id}\"")).unwrap();
        rest.split_once('>').unwrap().0.contains("checked")
    };
    assert!(ticked("expires-3m") && ticked("can_renew") && ticked("permission-tunnel"));
    assert!(!ticked("expires-1m") && !ticked("permission-discovery"));
    assert!(form.body.contains("Line 4"));
    assert_eq!(ids(&ada.get(TOKENS).await).len(), 1, "looking makes nothing");
}

#[tokio::test]
async fn a_form_offers_only_what_the_person_can_grant() {
    let app = TestApp::new().await;
    let eve = app.member("Eve", &["access.manage", "read", "tunnel"], None).await;
    let form = eve.get(NEW).await;
    let off = |name: &str| {
        let (_, rest) = form.body.split_once(&format!("id=\"permission-{name}\"")).unwrap();
        rest.split_once('>').unwrap().0.contains("disabled")
    };
    assert!(!off("tunnel") && !off("access.manage"));
    assert!(off("devices.control") && off("telemetry.send"));
    assert!(says(&form, "You cannot grant devices.control"));
}
