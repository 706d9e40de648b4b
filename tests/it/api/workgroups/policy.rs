//! `/api/v1/workgroups/{workgroup}/policy`: read with Manage access, changed by no token.

use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;
use latchkey::server::store;
use serde_json::json;

const POLICY: &str = "/api/v1/workgroups/harrow-valley/policy";

#[tokio::test]
async fn a_token_that_manages_access_reads_it() {
    let app = TestApp::new().await;
    let string = app.string_with(&["access.manage"]).await;
    let answer = app.api(&string).get(POLICY).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({
            "workgroup": "harrow-valley",
            "name": "Harrow Valley",
            "longest_lifetime": "1y",
            "non_expiring": false,
            "notice_stages": [14, 7, 1],
            "notice_hour": 8,
            "time_zone": "UTC",
            "version": 1,
        })
    );
}

#[tokio::test]
async fn others_do_not() {
    let app = TestApp::new().await;
    let read = app.string_with(&["read"]).await;
    let answer = app.api(&read).get(POLICY).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "insufficient_permissions"));
    app.workgroup("Brook Mill", "ada@harrow.example").await;
    let manager = app.string_with(&["access.manage"]).await;
    let other = app.api(&manager).get("/api/v1/workgroups/brook-mill/policy").await;
    assert_eq!((other.status, other.code().as_str()), (404, "not_found"));
    assert_eq!(app.api("nothing").get(POLICY).await.status, 401);
}

#[tokio::test]
async fn no_token_changes_it_and_the_attempt_is_recorded() {
    let app = TestApp::new().await;
    let string = app.string_with(&["access.manage", "devices.manage"]).await;
    for body in [json!({ "longest_lifetime": "7d" }), json!({}), json!("odd")] {
        let answer = app.api(&string).patch(POLICY, body).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "insufficient_permissions"));
    }
    let answer = app.api(&string).get(POLICY).await;
    assert_eq!(answer.json()["longest_lifetime"], "1y");
    let mut reader = app.state.db.read().await.unwrap();
    let rows = store::activity::list_of_subject(&mut reader, &app.harrow.id, &app.harrow.id, 9)
        .await
        .unwrap();
    let denied: Vec<_> = rows.iter().filter(|row| row.denied.is_some()).collect();
    assert_eq!(denied.len(), 1, "the same denial once a minute");
    assert_eq!(denied[0].verb, Verb::PolicyChanged);
    assert!(denied[0].actor.starts_with("Token "));
    assert_eq!(app.api(&string).post(POLICY, json!({})).await.status, 405);
}
