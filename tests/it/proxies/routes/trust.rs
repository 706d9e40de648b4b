//! Latchkey that does not believe its proxy, or waits for headers that this one does not send: closed, and it says why.

use super::super::proxy::{Asks, Program};
use super::super::{Scene, behind_each, behind_each_trusted};
use super::{NO, ROUTES, verdict};

/// Everything that some line would open, with whatever a client may add.
async fn closed(scene: &Scene, why: &str, more: &[String]) {
    let program = scene.proxy.program;
    let reader = scene.string(&["read", "devices.manage", "access.manage"], "").await;
    for target in ["/status", "/devices", "/files/a", "/files/secret", "/nothing"] {
        for more in [&[][..], more] {
            let answer = scene.ask(&reader, "GET", target, more).await;
            assert_eq!((answer.status, verdict(&answer)), (403, NO), "{program:?} {target}");
            // nginx keeps the sentence to itself.
            let told = program == Program::Nginx || answer.body.contains(why);
            assert!(told, "{program:?}: {}", answer.body);
        }
    }
    assert!(scene.api.take().is_empty(), "{program:?}");
}

#[tokio::test]
async fn a_proxy_that_is_not_trusted_opens_nothing() {
    for trusted in [None, Some("192.0.2.0/24")] {
        behind_each_trusted(trusted, Asks::Routes, async |scene| {
            scene.with_routes().await;
            let evil = ["X-Forwarded-For: 192.0.2.7".to_owned()];
            closed(scene, "LATCHKEY_TRUSTED_PROXIES", &evil).await;
        })
        .await;
    }
}

/// A client that sends what the proxy does not is no help.
#[tokio::test]
async fn policies_made_for_another_proxy_open_nothing() {
    behind_each(Asks::Routes, async |scene| {
        let [_, other] = scene.proxy.program.families();
        scene.rule(&scene.app.seat(), ROUTES, other).await;
        let (method, uri) = match other {
            "original" => ("X-Original-Method", "X-Original-URI"),
            _ => ("X-Forwarded-Method", "X-Forwarded-Uri"),
        };
        let evil = [format!("{method}: GET"), format!("{uri}: /status")];
        closed(scene, &format!("The header {method} is missing."), &evil).await;
    })
    .await;
}
