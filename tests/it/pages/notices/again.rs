//! Sending again what could not be delivered, as far as it is still true; and the test mail.

use super::{NOTICES, both, give_up, invite, refuse, rows, told};
use crate::database::dump;
use crate::pages::activity::ACTIVITY;
use crate::pages::forms::{TOKENS, says};
use crate::test_app::TestApp;
use latchkey::domain::notices_list::NoticesQuery;
use latchkey::domain::time::{HOUR, MINUTE};
use latchkey::server::notices::again;
use latchkey::server::store::notice_lists;
use latchkey::server::tokens::revoke;

/// The ids of the letters, newest first.
async fn ids(app: &TestApp) -> Vec<String> {
    let mut reader = app.state.db.read().await.unwrap();
    let query = NoticesQuery::default();
    let found = notice_lists::page(&mut reader, &app.harrow.id, &query, (None, true), 50).await;
    found.unwrap().0.into_iter().map(|row| row.id).collect()
}

async fn send(app: &TestApp, id: &str) -> crate::caller::Answer {
    app.ada().await.post(NOTICES, &[("action", "send-again"), ("id", id)]).await
}

/// A notice of expiry that could not be delivered; gives its id, and the token's.
async fn undelivered(app: &TestApp) -> (String, String) {
    let token = told(app, "North plant", "ops@north.example", "7d").await.token;
    app.pass_days(6);
    app.state.clock.advance(HOUR);
    app.tick().await;
    give_up(app).await;
    (ids(app).await.remove(0), token.id)
}

#[tokio::test]
async fn what_could_not_be_delivered_goes_out_again_as_a_letter_of_its_own() {
    for app in both().await {
        let (id, token) = undelivered(&app).await;
        let page = app.ada().await.get(NOTICES).await;
        assert!(says(&page, "1 letter could not be delivered."));
        assert!(page.body.contains(&format!("href=\"{TOKENS}/{token}/edit\"")));
        let answer = send(&app, &id).await;
        assert_eq!(answer.header("location"), format!("{NOTICES}?done=notice-sent-again"));
        let letters = app.deliver_mail().await;
        let to: Vec<_> = letters.iter().map(|letter| letter.to.as_str()).collect();
        assert_eq!(to, ["ops@north.example"]);
        let page = app.ada().await.get(NOTICES).await;
        let rows = rows(&page);
        assert!(rows[0].contains("1 day before Accepted"), "{rows:#?}");
        assert!(rows[1].contains("Undelivered after 1 try, sent again"), "{rows:#?}");
        assert!(!says(&page, "could not be delivered"));
        assert!(!page.body.contains("value=\"send-again\""));
        // The stage is told: the sweep has nothing to add.
        app.tick().await;
        assert!(app.deliver_mail().await.is_empty());
        let activity = app.ada().await.get(ACTIVITY).await;
        assert!(says(&activity, "Notice sent again") && says(&activity, "ops@north.example"));
        let second = send(&app, &id).await;
        assert_eq!(second.status, 409);
        assert!(says(&second, "This letter was sent again already"));
        assert!(app.deliver_mail().await.is_empty());
    }
}

#[tokio::test]
async fn two_who_send_it_again_at_once_send_one_letter() {
    for app in both().await {
        let (id, _) = undelivered(&app).await;
        let (one, other) = tokio::join!(send(&app, &id), send(&app, &id));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        assert_eq!(app.deliver_mail().await.len(), 1);
    }
}

#[tokio::test]
async fn a_notice_of_a_token_that_was_renewed_since_needs_nobody() {
    for app in both().await {
        let issued = told(&app, "North plant", "ops@north.example", "7d").await;
        app.pass_days(6);
        app.state.clock.advance(HOUR);
        app.tick().await;
        give_up(&app).await;
        assert!(says(&app.ada().await.get(NOTICES).await, "1 letter could not be delivered."));
        let renewed = app.api(issued.string.reveal()).get("/api/v1/token/renew").await;
        assert_eq!(renewed.status, 200);
        assert!(!says(&app.ada().await.get(NOTICES).await, "could not be delivered."));
        // Whoever goes on with the old string is to be told of its end, though another lives.
        app.state.clock.advance(HOUR);
        assert_eq!(app.api(issued.string.reveal()).get("/api/v1/token").await.status, 200);
        app.flush().await;
        assert!(says(&app.ada().await.get(NOTICES).await, "1 letter could not be delivered."));
    }
}

#[tokio::test]
async fn what_is_no_longer_true_is_not_sent_again_and_leaves_everything_as_it_was() {
    let app = TestApp::new().await;
    let (id, token) = undelivered(&app).await;
    revoke::revoke(&app.state, &app.seat(), &token, false, None, None).await.unwrap();
    app.deliver_mail().await;
    let page = app.ada().await.get(NOTICES).await;
    assert!(!says(&page, "could not be delivered"), "nothing can be done about it");
    let kept = async || {
        let mut rows = dump(&app).await;
        rows.retain(|row| !row.starts_with("sessions: "));
        rows
    };
    let before = kept().await;
    let answer = send(&app, &id).await;
    assert_eq!(answer.status, 409);
    assert!(says(&answer, "Nothing of this letter is true any more"));
    assert_eq!(kept().await, before);
}

#[tokio::test]
async fn only_notices_that_were_given_up_are_sent_again() {
    let app = TestApp::new().await;
    app.token(|_| {}).await;
    refuse(&app, false).await;
    let waiting = ids(&app).await.remove(0);
    assert!(says(&send(&app, &waiting).await, "This letter was not given up"));
    invite(&app).await;
    give_up(&app).await;
    let invitation = ids(&app).await.remove(0);
    assert!(says(&send(&app, &invitation).await, "sent again on the Members page"));
    for id in ["none", "01999999-9999-7999-8999-999999999999", ""] {
        assert_eq!(send(&app, id).await.status, 404, "{id}");
    }
    app.user("Bea", "bea@brook.example").await;
    let brook = app.workgroup("Brook Mill", "bea@brook.example").await;
    let seat = latchkey::domain::rights::Seat { workgroup: brook, ..app.seat() };
    let other = again::send_again(&app.state, &seat, &waiting, None).await.unwrap_err();
    let unknown = again::send_again(&app.state, &seat, "none", None).await.unwrap_err();
    assert_eq!(other.to_string(), unknown.to_string());
}

#[tokio::test]
async fn a_test_mail_goes_to_whoever_asks_for_it_once_a_minute() {
    let app = TestApp::new().await;
    let mia = app.member("Mia", &["access.manage"], None).await;
    assert!(says(&mia.get(NOTICES).await, "To you, mia@harrow.example"));
    let ask = [("action", "test-mail"), ("email", "else@north.example")];
    let answer = mia.post(NOTICES, &ask).await;
    assert_eq!(answer.header("location"), format!("{NOTICES}?done=test-mail"));
    let again = mia.post(NOTICES, &ask).await;
    assert_eq!(again.status, 409);
    assert!(says(&again, "A test mail to mia@harrow.example is on its way"));
    assert_eq!(app.ada().await.post(NOTICES, &ask).await.status, 303, "others may");
    let mut to: Vec<_> = app.deliver_mail().await.into_iter().map(|letter| letter.to).collect();
    to.sort();
    assert_eq!(to, ["ada@harrow.example", "mia@harrow.example"]);
    assert_eq!(mia.post(NOTICES, &ask).await.status, 409, "less than a minute ago");
    app.state.clock.advance(MINUTE + 1);
    assert_eq!(mia.post(NOTICES, &ask).await.status, 303);
    let page = mia.get(NOTICES).await;
    assert!(rows(&page)[1].contains("Accepted"), "{:#?}", rows(&page));
    assert!(says(&app.ada().await.get(ACTIVITY).await, "Test mail sent"));
}
