//! Calls that meet: fifty renewals of one string, and a revocation in the middle of renewals.

use crate::api::{OWN, REVOKE, is_live, on_each, renew, string_in, text, verdict};
use crate::test_app::TestApp;
use serde_json::Value;
use std::sync::Arc;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_renewals_of_one_string_at_once_give_one_successor_on_each_database() {
    on_each(async |app| {
        let issued = app.token(|_| {}).await;
        let (app, string) = (Arc::new(app), text(&issued).to_owned());
        let mut calls = JoinSet::new();
        for _ in 0..50 {
            let (app, string) = (app.clone(), string.clone());
            calls.spawn(async move { string_in(&renew(&app, &string).await) });
        }
        let mut successors = calls.join_all().await;
        successors.sort();
        successors.dedup();
        assert_eq!(successors.len(), 1);
        let own = app.api(&string).get(OWN).await.json();
        assert_eq!(own["strings"].as_array().unwrap().len(), 2);
        assert!(is_live(&app, &successors[0]).await);
    })
    .await;
}

/// Renews a string, then what that gave, until it is refused; gives every string that was returned.
async fn chain(app: Arc<TestApp>, mut string: String) -> Vec<String> {
    let mut given = Vec::new();
    loop {
        let answer = renew(&app, &string).await;
        if answer.status != 200 {
            let code = answer.code();
            assert!(
                ["token_revoked", "renewed_too_often"].contains(&code.as_str()),
                "{}",
                answer.body
            );
            return given;
        }
        string = string_in(&answer);
        given.push(string.clone());
    }
}

/// Revokes after `pause` turns of the others, and proves at once that the acknowledgement holds.
async fn revoke(app: Arc<TestApp>, string: String, pause: usize) {
    for _ in 0..pause {
        tokio::task::yield_now().await;
    }
    let answer = app.api(&string).post(REVOKE, Value::Null).await;
    assert_eq!(answer.status, 204, "{}", answer.body);
    assert_eq!(verdict(&app, &string).await.1, "token_revoked");
}

/// One token, two chains of renewals and one revocation at the same time. Gives how many renewals came first.
async fn race(app: &Arc<TestApp>, pause: usize) -> usize {
    let issued = app.token(|_| {}).await;
    let string = text(&issued).to_owned();
    let mut renewals = JoinSet::new();
    for _ in 0..2 {
        renewals.spawn(chain(app.clone(), string.clone()));
    }
    let revoked = tokio::spawn(revoke(app.clone(), string.clone(), pause));
    let given = renewals.join_all().await.concat();
    revoked.await.unwrap();
    for string in given.iter().chain([&string]) {
        assert_eq!(verdict(app, string).await, (401, "token_revoked".to_owned()), "pause {pause}");
    }
    given.len()
}

async fn races(app: TestApp, count: usize) {
    let app = Arc::new(app);
    let mut renewals = 0;
    for number in 0..count {
        renewals += race(&app, number % 40).await;
    }
    assert!(renewals > 0, "no renewal ever came before a revocation: nothing was raced");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_string_is_alive_after_a_revocation_that_raced_renewals_a_thousand_times() {
    races(TestApp::new().await, 1000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_string_is_alive_after_a_revocation_that_raced_renewals_on_postgresql() {
    if let Some(app) = TestApp::on_postgres().await {
        races(app, 100).await;
    }
}
