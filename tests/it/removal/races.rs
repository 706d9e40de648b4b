//! Removal beside what callers and people do at the same moment.

use super::{apps, is_gone, purged, run_sql, week};
use crate::test_app::TestApp;
use latchkey::domain::token::Older;
use latchkey::server::tokens::{purge, reissue, verify};
use std::sync::Arc;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_call_beside_the_removal_is_told_that_its_string_expired() {
    for app in apps().await {
        let app = Arc::new(app);
        let mut issued = Vec::new();
        for _ in 0..60 {
            issued.push(week(&app).await.string.reveal().to_owned());
        }
        app.pass_days(35);
        run_sql(&app, "update tokens set look_at = null").await;
        run_sql(&app, "update outbox set sent_at = 1 where sent_at is null").await;
        let mut calls = JoinSet::new();
        for part in issued.chunks(15) {
            let (app, part) = (app.clone(), part.to_vec());
            calls.spawn(async move {
                for string in part.iter().cycle().take(90) {
                    let refused = verify::present(&app.state, string, "192.0.2.7").await;
                    let refusal = refused.err().unwrap().into_refusal();
                    assert_eq!(refusal.code.as_str(), "token_expired", "{}", refusal.detail);
                }
            });
        }
        let gone = purge::run(&app.state).await.unwrap();
        assert_eq!(gone.tokens, 60);
        calls.join_all().await;
        app.flush().await;
    }
}

/// Either it was reissued in time and lives, or it is gone: never a new string of a token that is not there.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reissue_beside_the_removal_gives_a_string_that_lives_or_none() {
    for app in apps().await {
        let app = Arc::new(app);
        for round in 0..20 {
            let issued = week(&app).await;
            app.pass_days(35);
            run_sql(&app, "update tokens set look_at = null").await;
            run_sql(&app, "update outbox set sent_at = 1 where sent_at is null").await;
            let again = tokio::spawn(late_reissue(app.clone(), issued.token.id.clone(), round));
            purge::run(&app.state).await.unwrap();
            let made = again.await.unwrap();
            assert_eq!(made.is_some(), !is_gone(&app, &issued).await, "round {round}");
            purged(&app).await;
            if let Some(string) = made {
                assert!(verify::present(&app.state, &string, "192.0.2.7").await.is_ok());
            }
        }
    }
}

/// The string, if the token was still there.
async fn late_reissue(app: Arc<TestApp>, id: String, pause: usize) -> Option<String> {
    for _ in 0..pause {
        tokio::task::yield_now().await;
    }
    let made = reissue::reissue(&app.state, &app.seat(), &id, Older::Keep, None, None).await;
    match made {
        Ok(made) => Some(made.done_now().unwrap().string.reveal().to_owned()),
        Err(refused) => {
            assert_eq!(refused.into_refusal().code.as_str(), "not_found");
            None
        }
    }
}
