//! Latchkey away or hanging: nothing is let through, in time; and everything again once it is back.

use super::proxy::Asks;
use super::{Scene, behind_each};
use crate::grants::process::Server;
use std::time::Duration;
use tokio::time::Instant;

/// The issue's own bound.
const IN_TIME: Duration = Duration::from_secs(10);

async fn closed(scene: &Scene, string: &str) {
    let began = Instant::now();
    let answer = scene.get(string, "/reports/1").await;
    let program = scene.proxy.program;
    assert!(answer.status >= 500, "{program:?}: {}", answer.status);
    assert!(began.elapsed() < IN_TIME, "{program:?}: closed after {:?}", began.elapsed());
    assert!(scene.api.take().is_empty(), "{program:?}");
}

async fn open_again(scene: &Scene, string: &str) {
    let began = Instant::now();
    while scene.get(string, "/reports/1").await.status != 200 {
        assert!(began.elapsed() < IN_TIME, "{:?} stays closed", scene.proxy.program);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    scene.api.take();
}

#[tokio::test]
async fn a_latchkey_that_hangs_lets_nothing_through_until_it_is_back() {
    behind_each(Asks::Parameters, async |scene| {
        let string = scene.reader().await;
        open_again(scene, &string).await;
        scene.latchkey.signal("-STOP");
        closed(scene, &string).await;
        closed(scene, &string).await;
        scene.latchkey.signal("-CONT");
        open_again(scene, &string).await;
    })
    .await;
}

#[tokio::test]
async fn a_latchkey_that_is_away_lets_nothing_through_until_it_is_back() {
    behind_each(Asks::Parameters, async |scene| {
        let string = scene.reader().await;
        open_again(scene, &string).await;
        scene.latchkey.signal("-KILL");
        closed(scene, &string).await;
        closed(scene, &string).await;
        let _again = Server::start_at(&scene.app, scene.latchkey.address).await;
        open_again(scene, &string).await;
    })
    .await;
}
