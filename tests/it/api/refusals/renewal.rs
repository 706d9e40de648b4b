//! 403 and 429 of a renewal.

use crate::api::{LEGACY, OWN, device_string, legacy, renew, shown, sql, successor, text};
use crate::test_app::TestApp;
use latchkey::domain::time::HOUR;

#[tokio::test]
async fn a_token_whose_renewal_is_off_does_not_renew() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.can_renew = false).await;
    insta::assert_snapshot!(shown(&renew(&app, text(&issued)).await), @"");
}

#[tokio::test]
async fn a_string_that_does_not_expire_has_nothing_to_renew() {
    let app = TestApp::new().await;
    let string = device_string(&app).await;
    sql(&app, "update tokens set can_renew = 1").await;
    insta::assert_snapshot!(shown(&renew(&app, &string).await), @"");
}

#[tokio::test]
async fn a_legacy_token_does_not_renew() {
    let app = TestApp::new().await;
    let issued = legacy(&app).await;
    assert!(issued.token.can_renew, "it would renew if it were not a legacy one");
    let shown_own = app.api(LEGACY).get(OWN).await.json();
    assert_eq!(
        (&shown_own["kind"], &shown_own["scopes"][0]),
        (&"legacy".into(), &"plant.all".into())
    );
    insta::assert_snapshot!(shown(&renew(&app, LEGACY).await), @"");
}

#[tokio::test]
async fn an_eleventh_live_string_is_renewed_too_often() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let mut last = text(&issued).to_owned();
    for _ in 2..=10 {
        app.state.clock.advance(HOUR);
        last = successor(&app, &last).await;
    }
    insta::assert_snapshot!(shown(&renew(&app, &last).await), @"");
}
