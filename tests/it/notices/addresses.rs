//! What happens to a token is told to its owner: issued, revoked, renewed from somewhere new; and to nobody who did it.

use super::{call, move_to, quiet_token, renew_from, said, to, told, without_digests};
use crate::pages::forms::{NEW, filled};
use crate::pages::import_tokens;
use crate::test_app::TestApp;
use latchkey::domain::time::MINUTE;
use latchkey::server::tokens::revoke;

const A: &str = "a@north.example";
const ADA: &str = "ada@harrow.example";
const HERE: &str = "192.0.2.1";
const THERE: &str = "203.0.113.9";

#[tokio::test]
async fn an_owner_hears_of_a_token_that_was_issued_to_them() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.email = A.into()).await;
    let letters = app.deliver_mail().await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text.contains(&issued.string.hint()), "{}", letters[0].text);
    assert!(!letters[0].text.contains(issued.string.reveal()));
    assert!(letters[0].subject.contains("issued"), "{}", letters[0].subject);
}

#[tokio::test]
async fn whoever_issues_or_revokes_their_own_token_is_not_told() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let key = ada.get(NEW).await.input("idempotency_key").unwrap();
    let made = ada.post(NEW, &filled(&key, ("email", "Ada@harrow.example"))).await;
    assert_eq!(made.status, 200);
    assert!(app.deliver_mail().await.is_empty());
    let issued = app.token(|raw| raw.email = ADA.into()).await;
    assert_eq!(to(&said(app.deliver_mail().await)), [ADA], "somebody else issued this one");
    let page = format!("/harrow-valley/settings/tokens/{}", issued.token.id);
    assert_eq!(ada.post(&page, &[("action", "revoke")]).await.status, 303);
    assert!(app.deliver_mail().await.is_empty());
}

#[tokio::test]
async fn a_revocation_is_told_unless_the_token_had_expired() {
    let app = TestApp::new().await;
    let issued = quiet_token(&app, A, "1m").await;
    revoke::revoke(&app.state, &app.seat(), &issued.token.id, false, None, None).await.unwrap();
    let letters = app.deliver_mail().await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].subject.contains("revoked"), "{}", letters[0].subject);
    assert!(without_digests(app.live_days(40).await).is_empty(), "and nothing of it any more");
    let ended = quiet_token(&app, A, "7d").await;
    app.live_days(8).await;
    revoke::revoke(&app.state, &app.seat(), &ended.token.id, false, None, None).await.unwrap();
    assert!(app.deliver_mail().await.is_empty());
}

#[tokio::test]
async fn a_letter_about_a_token_that_is_gone_by_then_is_not_sent() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.email = A.into()).await;
    revoke::revoke(&app.state, &app.seat(), &issued.token.id, false, None, None).await.unwrap();
    let subjects = said(app.deliver_mail().await);
    assert_eq!(subjects.len(), 1, "{subjects:?}");
    assert!(subjects[0].1.contains("revoked"));
}

#[tokio::test]
async fn a_new_address_hears_of_the_token_by_one_letter() {
    let app = TestApp::new().await;
    let issued = quiet_token(&app, A, "1m").await;
    move_to(&app, &issued, "b@north.example").await;
    let subjects = told(&app).await;
    assert_eq!(to(&subjects), ["b@north.example"]);
    assert!(subjects[0].1.contains("issued"), "{subjects:?}");
    app.pass_days(20);
    move_to(&app, &issued, "c@north.example").await;
    let subjects = told(&app).await;
    assert_eq!(to(&subjects), ["c@north.example"], "inside a stage the notice says it");
    assert!(!subjects[0].1.contains("issued"), "{subjects:?}");
}

#[tokio::test]
async fn an_import_tells_nobody() {
    let app = TestApp::new().await;
    let row = [("Old portal", "old-key", "2027-03-31")];
    import_tokens::imported(&app, &import_tokens::file(&row)).await;
    assert!(told(&app).await.is_empty());
}

#[tokio::test]
async fn a_renewal_from_an_address_never_seen_is_told() {
    let app = TestApp::new().await;
    let issued = quiet_token(&app, A, "3m").await;
    call(&app, issued.string.reveal(), HERE).await;
    app.pass_days(50);
    let next = renew_from(&app, issued.string.reveal(), THERE).await;
    let letters = app.deliver_mail().await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text.contains(THERE), "{}", letters[0].text);
    // The same call again gives the same string, and says nothing.
    assert_eq!(renew_from(&app, issued.string.reveal(), THERE).await, next);
    assert!(app.deliver_mail().await.is_empty());
    // By now it is known.
    app.pass_days(50);
    renew_from(&app, &next, THERE).await;
    assert!(app.deliver_mail().await.is_empty());
}

#[tokio::test]
async fn a_renewal_from_where_it_is_used_or_of_what_was_never_used_is_not_told() {
    let app = TestApp::new().await;
    let used = quiet_token(&app, A, "3m").await;
    call(&app, used.string.reveal(), HERE).await;
    app.state.clock.advance(MINUTE);
    renew_from(&app, used.string.reveal(), HERE).await;
    let unused = quiet_token(&app, A, "3m").await;
    renew_from(&app, unused.string.reveal(), THERE).await;
    assert!(app.deliver_mail().await.is_empty());
}

/// Its call is counted as a use before or after it: that makes no address known.
#[tokio::test]
async fn the_renewing_call_itself_makes_its_address_no_known_one() {
    let app = TestApp::new().await;
    let issued = quiet_token(&app, A, "3m").await;
    call(&app, issued.string.reveal(), HERE).await;
    app.pass_days(50);
    call(&app, issued.string.reveal(), THERE).await;
    renew_from(&app, issued.string.reveal(), THERE).await;
    assert_eq!(app.deliver_mail().await.len(), 1);
}
