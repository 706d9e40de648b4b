//! `GET` and `POST /api/v1/token/renew`.

use crate::test_app::TestApp;
use serde_json::Value;

#[tokio::test]
async fn a_renewal_gives_the_next_string_and_repeating_it_gives_the_same() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let holder = app.api(issued.string.reveal());
    let first = holder.post("/api/v1/token/renew", Value::Null).await;
    assert_eq!((first.status, first.header("cache-control")), (200, "no-store"));
    let again = holder.get("/api/v1/token/renew").await;
    assert_eq!(first.json()["token"], again.json()["token"]);
    assert_eq!(first.json()["id"], issued.token.id);
    assert_eq!(first.json()["expires_at"], "2027-02-21T10:00:00Z");
    let successor = app.api(first.json()["token"].as_str().unwrap());
    assert_eq!(successor.get("/api/v1/token").await.json()["string"]["number"], 2);
}
