//! A renewal obeys the workgroup's policy of today, and says so when that shortens it.

use crate::api::{OWN, manager, path_of, renew, sql, text};
use crate::test_app::TestApp;
use serde_json::{Value, json};

/// The workgroup's policy becomes stricter: at most one month.
async fn at_most_one_month(app: &TestApp) {
    sql(app, "update workgroups set longest_lifetime = '1m'").await;
}

#[tokio::test]
async fn a_stricter_policy_shortens_the_next_string_and_says_so() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "1y".into()).await;
    at_most_one_month(&app).await;
    let renewed = renew(&app, text(&issued)).await.json();
    assert_eq!(renewed["expires_at"], "2026-12-21T10:00:00Z");
    assert_eq!(renewed["expires"], "1y", "the token's own lifetime is left alone");
    insta::assert_snapshot!(renewed["notes"][0].as_str().unwrap(), @"The workgroup's policy allows at most 1 month, so this string does not live for the token's own 1 year.");
    let own = app.api(text(&issued)).get(OWN).await.json();
    assert_eq!(own["expires_at"], "2027-11-21T10:00:00Z", "the string before keeps its end");
}

#[tokio::test]
async fn a_lifetime_within_the_policy_says_nothing() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "1m".into()).await;
    at_most_one_month(&app).await;
    assert_eq!(renew(&app, text(&issued)).await.json().get("notes"), None);
}

#[tokio::test]
async fn a_reissue_is_shortened_too() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.expires = "6m".into()).await;
    at_most_one_month(&app).await;
    let path = format!("{}/reissue", path_of(&issued));
    let reissued = app.api(&manager(&app).await).post(&path, Value::Null).await.json();
    assert_eq!(reissued["expires_at"], "2026-12-21T10:00:00Z");
    assert!(reissued["notes"][0].as_str().unwrap().contains("at most 1 month"));
}

#[tokio::test]
async fn a_token_of_a_looser_time_expires_once_the_policy_asks_for_it() {
    let app = TestApp::new().await;
    sql(&app, "update workgroups set non_expiring = 1").await;
    let mut body = crate::api::draft();
    body["expires"] = json!("never");
    let string = manager(&app).await;
    let made = app.api(&string).post(crate::api::TOKENS, body).await.json();
    assert_eq!(made["expires_at"], json!(null));
    sql(&app, "update workgroups set non_expiring = 0, longest_lifetime = '3m'").await;
    let path = format!("{}/{}/reissue", crate::api::TOKENS, made["id"].as_str().unwrap());
    let reissued = app.api(&string).post(&path, json!({ "older": "now" })).await.json();
    assert_eq!(reissued["expires_at"], "2027-02-21T10:00:00Z");
    assert!(reissued["notes"][0].as_str().unwrap().contains("at most 3 months"));
}
