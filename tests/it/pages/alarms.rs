//! What is wrong now, above every page: who is told of it, and when it ends.

use super::administration::rut;
use super::forms::{TOKENS, says};
use super::letter::give_up;
use super::notices::NOTICES;
use crate::database::execute;
use crate::test_app::TestApp;
use latchkey::domain::time::{MINUTE, Time};
use latchkey::server::store;

const UNDELIVERED: &str = "1 notice could not be delivered.";
const LATE: &str = "The sweep is late.";
const PAUSED: &str = "No mail leaves at the moment.";
const DOUBTED: &str = "The server's clock is not believed.";
const DEVICES: &str = "/harrow-valley/settings/devices";

/// A token whose letter was given up.
async fn undelivered(app: &TestApp) -> String {
    let id = app.token(|_| {}).await.token.id;
    app.deliver_mail().await;
    give_up(app).await;
    id
}

async fn swept(app: &TestApp, at: Time) {
    let mut tx = app.state.db.begin().await.unwrap();
    store::installation::mark_swept(&mut tx, at).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_was_not_delivered_is_told_to_whoever_may_read_the_notices() {
    let app = TestApp::new().await;
    assert!(!says(&app.ada().await.get(TOKENS).await, "could not be delivered"));
    undelivered(&app).await;
    super::device_groups::planted(&app).await;
    let bound = crate::database::ask(&app, "select name from device_groups").await.remove(0);
    app.user("Bea", "bea@brook.example").await;
    app.workgroup("Brook Mill", "bea@brook.example").await;
    let bea = app.browser("bea@brook.example").await;
    for (browser, path, told) in [
        (&app.ada().await, TOKENS, true),
        (&app.ada().await, DEVICES, true),
        (&app.member("Ben", &["access.manage"], None).await, TOKENS, true),
        (&app.member("Cleo", &["access.manage"], Some(&bound)).await, TOKENS, false),
        (&app.member("Dot", &["read"], None).await, DEVICES, false),
        (&bea, "/brook-mill/settings/tokens", false),
        (&rut(&app).await, "/administration", false),
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(says(&page, UNDELIVERED), told, "{path}");
        assert_eq!(page.body.contains("not delivered</span>"), told, "the rail, {path}");
    }
    let page = app.ada().await.get(TOKENS).await;
    let banner = page.body.split_once(UNDELIVERED).unwrap().1;
    assert!(banner.contains(&format!("href=\"{NOTICES}\"")));
}

#[tokio::test]
async fn what_was_not_delivered_is_told_until_it_is_dealt_with() {
    let app = TestApp::new().await;
    undelivered(&app).await;
    let ada = app.ada().await;
    for (change, back) in [
        (
            "update tokens set email = 'new@north.example'",
            "update tokens set email = 'ops@north.example'",
        ),
        ("update outbox set sent_again_at = 1", "update outbox set sent_again_at = null"),
        (
            "update tokens set revoked_at = 1, revoked_by = 'x'",
            "update tokens set revoked_at = null, revoked_by = null",
        ),
    ] {
        assert!(says(&ada.get(TOKENS).await, UNDELIVERED), "before: {change}");
        execute(&app, change).await;
        assert!(!says(&ada.get(TOKENS).await, "could not be delivered"), "{change}");
        execute(&app, back).await;
    }
}

#[tokio::test]
async fn a_sweep_that_does_not_run_is_told_and_a_fresh_start_is_not() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    assert!(!says(&ada.get(TOKENS).await, LATE), "it has only started");
    app.state.clock.advance(10 * MINUTE);
    assert!(!says(&ada.get(TOKENS).await, LATE), "ten minutes are allowed");
    app.state.clock.advance(1);
    let late = ada.get(TOKENS).await;
    assert!(says(&late, LATE) && says(&late, "There has not been one yet."));
    swept(&app, app.state.now()).await;
    assert!(!says(&ada.get(TOKENS).await, LATE));
    app.state.clock.advance(10 * MINUTE + 1);
    assert!(says(&ada.get(TOKENS).await, "The last sweep ended on 21 Nov 2026, 10:10 UTC"));
    let (dot, rut) = (app.member("Dot", &["read"], None).await, rut(&app).await);
    assert!(!says(&dot.get(DEVICES).await, LATE), "not to whoever can do nothing about it");
    assert!(!says(&dot.get("/account").await, LATE));
    for (browser, path) in [(&rut, "/administration"), (&rut, "/account"), (&ada, "/account")] {
        assert!(says(&browser.get(path).await, LATE), "{path}");
    }
    app.tick().await;
    assert!(!says(&ada.get(TOKENS).await, LATE), "a tick ends it");
}

#[tokio::test]
async fn paused_mail_and_a_doubted_clock_are_told_and_the_late_sweep_is_silent_meanwhile() {
    let app = TestApp::new().await;
    let mut tx = app.state.db.begin().await.unwrap();
    let why = "LATCHKEY_SMTP: 535 <b>no</b>";
    store::installation::mark_mail_paused(&mut tx, why, app.state.now()).await.unwrap();
    store::installation::mark_clock_doubted(&mut tx, app.state.now(), "It leapt.").await.unwrap();
    tx.commit().await.unwrap();
    app.state.clock.advance(11 * MINUTE);
    let (ada, rut) = (app.ada().await, rut(&app).await);
    let page = ada.get(TOKENS).await;
    for words in [PAUSED, DOUBTED, "It leapt.", "Tell an administrator"] {
        assert!(says(&page, words), "{words}");
    }
    assert!(page.body.contains("535 &lt;b&gt;no"), "the answer is text");
    assert!(!says(&page, LATE), "while the clock is doubted no sweep is missed");
    let page = rut.get("/account").await;
    assert!(says(&page, DOUBTED) && says(&page, "confirm it there"));
    let dot = app.member("Dot", &["read"], None).await.get(DEVICES).await;
    assert!(!says(&dot, PAUSED) && !says(&dot, DOUBTED));
    let mut tx = app.state.db.begin().await.unwrap();
    store::installation::mark_mail_flowing(&mut tx).await.unwrap();
    store::installation::mark_clock_trusted(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let page = ada.get(TOKENS).await;
    assert!(!says(&page, PAUSED) && !says(&page, DOUBTED));
}
