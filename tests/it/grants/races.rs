//! Revocation against verification and renewal: after the answer to the revoke there is not one yes.

use crate::test_app::TestApp;
use latchkey::server::secret;
use latchkey::server::store::changes::{self, Subject};
use latchkey::server::tokens::authorize::{Asked, present};
use latchkey::server::tokens::{renew, revoke, verify};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use tokio::task::JoinSet;

const ROUNDS: usize = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_answer_to_a_revoke_there_is_not_one_yes() {
    let app = Arc::new(TestApp::new().await);
    let (mut yes_before, mut renewed) = (0, 0);
    for round in 0..ROUNDS {
        let issued = app.token(|raw| raw.rate_limit = "100000".into()).await;
        let string = issued.string.reveal().to_owned();
        let answered = Arc::new(AtomicBool::new(false));
        let (before, after) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let verifying = {
            let (app, string, answered) = (app.clone(), string.clone(), answered.clone());
            let (before, after) = (before.clone(), after.clone());
            tokio::spawn(async move {
                let mut rest = 20;
                while rest > 0 {
                    let was_answered = answered.load(Ordering::SeqCst);
                    let asked = Asked { text: &string, address: "192.0.2.9", workgroup: None };
                    let yes = present(&app.state, asked, app.state.now()).is_ok();
                    let count = if was_answered { &after } else { &before };
                    count.fetch_add(yes.into(), Ordering::SeqCst);
                    rest -= u32::from(was_answered);
                    tokio::task::yield_now().await;
                }
            })
        };
        let renewing = {
            let (app, string) = (app.clone(), string.clone());
            tokio::spawn(async move {
                let presented = verify::present(&app.state, &string, "192.0.2.9").await.ok()?;
                let renewed =
                    renew::renew(&app.state, &presented, &string, "192.0.2.9").await.ok()?;
                Some(renewed.string.reveal().to_owned())
            })
        };
        if round % 2 == 0 {
            tokio::task::yield_now().await;
        }
        revoke::revoke(&app.state, &app.seat(), &issued.token.id, false, None, None).await.unwrap();
        answered.store(true, Ordering::SeqCst);
        verifying.await.unwrap();
        assert_eq!(after.load(Ordering::SeqCst), 0, "round {round}: a yes after the answer");
        yes_before += before.load(Ordering::SeqCst);
        if let Some(successor) = renewing.await.unwrap() {
            renewed += 1;
            let asked = Asked { text: &successor, address: "192.0.2.9", workgroup: None };
            assert!(present(&app.state, asked, app.state.now()).is_err(), "round {round}");
        }
    }
    assert!(yes_before > 0 && renewed > 0, "nothing raced: {yes_before} {renewed}");
}

/// Edits, polls and revocations in every order: what was revoked never comes back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_grant_never_comes_back() {
    let app = Arc::new(TestApp::new().await);
    let other = Arc::new(super::beside(&app).await);
    for round in 0..200 {
        let issued = app.token(|_| {}).await;
        let (id, string) = (issued.token.id.clone(), issued.string.reveal().to_owned());
        let polls = [&app.state, &other].map(|state| {
            let state = (*state).clone();
            tokio::spawn(async move {
                for _ in 0..5 {
                    latchkey::server::grants::follow(&state.db, &state.clock, &state.grants)
                        .await
                        .unwrap();
                }
            })
        });
        let edits = [&app.state, &*other].map(|state| {
            let (state, seat, id) = (state.clone(), app.seat(), id.clone());
            tokio::spawn(async move {
                for version in 1..4 {
                    let name = Some(format!("edit {version}"));
                    let raw = latchkey::domain::token_draft::RawEdit {
                        version,
                        name,
                        ..Default::default()
                    };
                    let _ =
                        latchkey::server::tokens::edit::edit(&state, &seat, &id, &raw, None).await;
                }
            })
        });
        let revoker = if round % 2 == 0 { &app.state } else { &*other };
        revoke::revoke(revoker, &app.seat(), &id, false, None, None).await.unwrap();
        let asked = Asked { text: &string, address: "192.0.2.9", workgroup: None };
        for _ in 0..20 {
            let said = present(revoker, asked, revoker.now());
            assert!(said.is_err(), "round {round}: a revoked grant came back");
            tokio::task::yield_now().await;
        }
        for task in polls.into_iter().chain(edits) {
            task.await.unwrap();
        }
        for state in [&app.state, &*other] {
            latchkey::server::grants::follow(&state.db, &state.clock, &state.grants).await.unwrap();
            assert!(present(state, asked, state.now()).is_err(), "round {round}: at the end");
        }
    }
}

/// Whoever takes up changes while others commit finds higher numbers than the last one that they had asked for. The database has not
/// become older by that: reading everything anew would say no to everybody meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_committed_meanwhile_is_taken_up_and_nothing_is_read_anew() {
    let apps = [Some(TestApp::new().await), TestApp::on_postgres().await];
    for app in apps.into_iter().flatten() {
        let hash = secret::hash(&app.token(|_| {}).await.string);
        let other = super::beside(&app).await;
        let before = other.grants.find(&hash).unwrap();
        let mut writers = JoinSet::new();
        for _ in 0..8 {
            let db = app.state.db.clone();
            writers.spawn(async move {
                for _ in 0..200 {
                    let mut tx = db.begin().await.unwrap();
                    changes::insert(&mut tx, Subject::Catalogue, "read").await.unwrap();
                    tx.commit().await.unwrap();
                }
            });
        }
        while !writers.is_empty() {
            latchkey::server::grants::follow(&other.db, &other.clock, &other.grants).await.unwrap();
            while let Some(ended) = writers.try_join_next() {
                ended.unwrap();
            }
        }
        let after = other.grants.find(&hash).unwrap();
        assert!(Arc::ptr_eq(&before, &after), "everything was read anew");
    }
}
