//! A refusal says why, through the proxy too: its code, what a client is to send, and when to come again.

use super::behind_each;
use super::proxy::{Asks, Program};
use super::wire::request;
use latchkey::server::tokens::revoke;

#[tokio::test]
async fn a_refusal_carries_its_code_and_its_challenge_to_the_client() {
    behind_each(Asks::Parameters, async |scene| {
        let program = scene.proxy.program;
        let missing = scene.send(&request("GET", b"/reports/1", &[])).await;
        assert_eq!((missing.status, missing.header("x-latchkey-code")), (401, "missing_token"));
        let challenges: Vec<_> = missing.headers.get_all("www-authenticate").iter().collect();
        assert_eq!(challenges, ["Bearer realm=\"latchkey\""], "{program:?}");
        assert_eq!(missing.header("content-type"), "application/problem+json", "{program:?}");
        assert_eq!(missing.code(), "missing_token");

        let poor = scene.app.string_with(&["tunnel"]).await;
        scene.heard_of(&poor).await;
        let reader = scene.reader().await;
        let unheard = scene.get(&reader, "/devices/pump-9/plots").await;
        let status = if program == Program::Nginx { 403 } else { 404 };
        assert_eq!((unheard.status, unheard.header("x-latchkey-code")), (status, "not_found"));
        assert_eq!(unheard.code(), "not_found");

        let issued = scene.app.token(|_| {}).await;
        let string = issued.string.reveal();
        scene.heard_of(string).await;
        assert_eq!(scene.get(string, "/reports/1").await.status, 200);
        revoke::revoke(&scene.app.state, &scene.app.seat(), &issued.token.id, false, None, None)
            .await
            .unwrap();
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let revoked = scene.get(string, "/reports/1").await;
        assert_eq!((revoked.status, revoked.header("x-latchkey-code")), (401, "token_revoked"));
        assert!(revoked.header("www-authenticate").contains("error=\"invalid_token\""));
    })
    .await;
}

#[tokio::test]
async fn a_kind_that_does_not_belong_is_named() {
    behind_each(Asks::Parameters, async |scene| {
        let device = crate::api::device_string(&scene.app).await;
        scene.heard_of_bound(&device).await;
        let answer = scene.get(&device, "/reports/1").await;
        assert_eq!((answer.status, answer.header("x-latchkey-code")), (403, "wrong_token_type"));
        let challenges: Vec<_> = answer.headers.get_all("www-authenticate").iter().collect();
        assert_eq!(challenges.len(), 1, "{:?}", scene.proxy.program);
        assert!(answer.header("www-authenticate").contains("insufficient_scope"));
        assert_eq!(answer.header("x-latchkey-token-expires"), "never", "it lives");
    })
    .await;
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_again() {
    behind_each(Asks::Parameters, async |scene| {
        let issued = scene.app.token(|raw| raw.rate_limit = "3".into()).await;
        let string = issued.string.reveal();
        scene.heard_of(string).await;
        let mut last = scene.get(string, "/reports/1").await;
        for _ in 0..3 {
            last = scene.get(string, "/reports/1").await;
        }
        assert_eq!((last.status, last.header("x-latchkey-code")), (429, "rate_limited"));
        let wait: u32 = last.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        assert_eq!(last.header("ratelimit-policy"), "\"requests\";q=3;w=60");
        assert!(!last.header("ratelimit").is_empty());
        assert_eq!(last.code(), "rate_limited");
    })
    .await;
}
