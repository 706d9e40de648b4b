//! Tokens of a device, made, reissued and revoked from the pages and over HTTP.

use super::{device, north, page};
use crate::pages::forms::{NEW as NEW_TOKEN, says, tag, token};
use crate::test_app::TestApp;
use serde_json::json;

const API: &str = "/api/v1/workgroups/harrow-valley/tokens";

fn form<'a>(key: &'a str, device: &'a str) -> [(&'a str, &'a str); 6] {
    [
        ("idempotency_key", key),
        ("owner", "Pump 1"),
        ("email", "ops@north.example"),
        ("device", device),
        ("expires", "never"),
        ("permissions", "telemetry.send"),
    ]
}

#[tokio::test]
async fn another_token_is_issued_from_the_devices_page_and_does_not_expire_by_itself() {
    let app = TestApp::new().await;
    let pump = device(&app, "pump-1", &[]).await.0;
    device(&app, "pump-2", &[]).await;
    let ada = app.ada().await;
    let link = "/harrow-valley/settings/tokens/new?device=1&amp;for=pump-1";
    assert!(ada.get(&page(&pump)).await.body.contains(link));
    let filled = ada.get(&link.replace("&amp;", "&")).await;
    assert_eq!(filled.input("owner").as_deref(), Some("PUMP-1"));
    let (_, options) = filled.body.split_once("name=\"device\"").unwrap();
    let chosen = options.split("<option").find(|option| option.contains(" selected")).unwrap();
    assert!(chosen.contains("value=\"pump-1\""), "{chosen}");
    let (_, rest) = filled.body.split_once("id=\"expires-never\"").unwrap();
    assert!(rest.split('>').next().unwrap().contains("checked"), "no expiry by default");
    for permission in ["telemetry.send", "activations.read", "activations.confirm"] {
        let (_, rest) = filled.body.split_once(&format!("value=\"{permission}\"")).unwrap();
        assert!(rest.split('>').next().unwrap().contains("checked"), "{permission}");
    }
    assert!(!tag(&filled, "can_renew").contains("checked"));
    let shown = ada.post(NEW_TOKEN, &form("k", "pump-1")).await;
    let string = shown.test_id("token-string").unwrap();
    let own = app.api(&string).get("/api/v1/token").await.json();
    assert_eq!(
        (&own["kind"], &own["device"], &own["expires_at"]),
        (&json!("device"), &json!("pump-1"), &json!(null))
    );
}

#[tokio::test]
async fn a_device_that_one_does_not_see_fills_nothing_in() {
    let app = TestApp::new().await;
    north(&app).await;
    let bound = app.member("Ben", &["access.manage", "devices.manage"], Some("North")).await;
    for id in ["pump-2", "pump-9"] {
        let page = bound.get(&format!("{NEW_TOKEN}?device=1&for={id}")).await;
        assert_eq!((page.status, page.input("owner").as_deref()), (200, Some("")));
        assert!(!page.body.contains("PUMP-2"), "{id}");
    }
    let page = bound.get(&format!("{NEW_TOKEN}?device=1&for=pump-1")).await;
    assert_eq!(page.input("owner").as_deref(), Some("PUMP-1"));
}

/// More devices than a list is good for: the id is typed.
#[tokio::test]
async fn among_many_devices_the_id_is_typed() {
    let app = TestApp::new().await;
    for number in 0..201 {
        device(&app, &format!("d{number:03}"), &[]).await;
    }
    let ada = app.ada().await;
    let page = ada.get(&format!("{NEW_TOKEN}?device=1&for=d200")).await;
    assert!(tag(&page, "device").starts_with("<input"), "{}", tag(&page, "device"));
    assert_eq!(page.input("device").as_deref(), Some("d200"));
    assert_eq!(ada.post(NEW_TOKEN, &form("k", "d200")).await.status, 200);
    let refused = ada.post(NEW_TOKEN, &form("l", "d999")).await;
    assert!(refused.status == 422 && says(&refused, "There is no device"));
}

#[tokio::test]
async fn a_device_token_is_reissued_and_revoked_from_pages_and_over_http() {
    let app = TestApp::new().await;
    let (_, id) = device(&app, "pump-1", &[]).await;
    let ada = app.ada().await;
    let at = format!("/harrow-valley/settings/tokens/{id}");
    let fields = [("action", "reissue"), ("older", "now"), ("idempotency_key", "k")];
    let shown = ada.post(&at, &fields).await;
    let string = shown.test_id("token-string").unwrap();
    assert!(string.starts_with("lkd_"));
    assert_eq!(app.api(&string).get("/api/v1/token").await.json()["expires_at"], json!(null));
    let manager = app.string_with(&["access.manage", "devices.manage", "telemetry.send"]).await;
    let again = app.api(&manager).post(&format!("{API}/{id}/reissue"), json!({})).await;
    assert_eq!(again.status, 200, "{}", again.body);
    assert!(again.json()["token"].as_str().unwrap().starts_with("lkd_"));
    assert_eq!(token(&app, &id).await.strings.len(), 3);
    assert_eq!(ada.post(&at, &[("action", "revoke")]).await.status, 303);
    let dead = app.api(&string).get("/api/v1/token").await;
    assert_eq!(dead.code(), "token_revoked");
    let (_, other) = device(&app, "pump-2", &[]).await;
    let revoked = app.api(&manager).post(&format!("{API}/{other}/revoke"), json!(null)).await;
    assert_eq!((revoked.status, &revoked.json()["status"]), (200, &json!("revoked")));
}
