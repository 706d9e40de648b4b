//! Tokens: four weeks after their end, to the second, and never before the last letter about them.

use super::{apps, is_gone, now_is, purged, run_sql, set_lifetime, strings, tokens, week};
use crate::api::on_each;
use crate::pages::forms::says;
use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::status::TokenStatus;
use latchkey::domain::time::{DAY, HOUR, Time};
use latchkey::domain::token::Older;
use latchkey::domain::token_draft::RawDraft;
use latchkey::domain::token_list::{Counts, TokenQuery};
use latchkey::domain::user::Email;
use latchkey::server::notices::{self, Letter};
use latchkey::server::secret;
use latchkey::server::store::{self, notices::Notice};
use latchkey::server::tokens::purge::{self, Purged};
use latchkey::server::tokens::{issue, list, reissue, revoke, verify};

async fn endless(app: &TestApp) -> IssuedToken {
    let mut seat = app.seat();
    seat.workgroup.policy.non_expiring = true;
    let raw = RawDraft {
        owner: "North".into(),
        email: "ops@north.example".into(),
        expires: "never".into(),
        ..RawDraft::default()
    };
    *issue::issue(&app.state, &seat, &raw, None, None).await.unwrap().done_now().unwrap()
}

async fn counts(app: &TestApp) -> Counts {
    list::list(&app.state, &app.seat(), &TokenQuery::default(), 50).await.unwrap().counts
}

async fn stop(app: &TestApp, issued: &IssuedToken) {
    revoke::revoke(&app.state, &app.seat(), &issued.token.id, false, None, None).await.unwrap();
}

async fn again(app: &TestApp, issued: &IssuedToken, older: Older) -> IssuedToken {
    let (seat, id) = (app.seat(), &issued.token.id);
    let made = reissue::reissue(&app.state, &seat, id, older, None, None).await;
    *made.unwrap().done_now().unwrap()
}

/// Nothing a second before, and everything at it.
async fn leaves_after(app: &TestApp, issued: &IssuedToken, seconds: i64, how: &str) {
    app.state.clock.advance(seconds - 1);
    assert_eq!(purged(app).await, tokens(0), "{how}: the second before");
    assert!(!is_gone(app, issued).await, "{how}");
    app.state.clock.advance(1);
    assert_eq!(purged(app).await, tokens(1), "{how}");
    assert!(is_gone(app, issued).await, "{how}");
    assert_eq!(purged(app).await, tokens(0), "{how}: once");
    assert_eq!(counts(app).await, Counts::default(), "{how}");
}

#[tokio::test]
async fn a_token_leaves_four_weeks_after_its_end_to_the_second() {
    on_each(async |app| {
        let expired = week(&app).await;
        leaves_after(&app, &expired, 35 * DAY, "expired").await;
        let revoked = week(&app).await;
        app.pass_days(2);
        stop(&app, &revoked).await;
        leaves_after(&app, &revoked, 33 * DAY, "revoked before its expiry").await;
        let late = week(&app).await;
        app.pass_days(10);
        stop(&app, &late).await;
        leaves_after(&app, &late, 28 * DAY, "revoked after its expiry").await;
        let never = endless(&app).await;
        app.pass_days(400);
        assert_eq!(purged(&app).await.tokens, 0, "it lives");
        stop(&app, &never).await;
        app.state.clock.advance(365 * DAY - 1);
        assert_eq!(purged(&app).await.tokens, 0);
        app.state.clock.advance(1);
        assert_eq!(purged(&app).await.tokens, 1, "a year after its revocation");
    })
    .await;
}

#[tokio::test]
async fn the_removal_stands_in_the_record_by_the_clock() {
    let app = TestApp::new().await;
    let gone =
        app.token(|raw| (raw.owner, raw.expires) = ("<b>Gone</b>".into(), "7d".into())).await;
    app.pass_days(35);
    purged(&app).await;
    let ada = app.ada().await;
    let activity = ada.get("/harrow-valley/settings/activity").await;
    assert!(says(&activity, "Token removed") && says(&activity, "The clock"), "{}", activity.body);
    assert!(says(&activity, "&lt;b&gt;Gone&lt;/b&gt;"));
    let mut reader = app.state.db.read().await.unwrap();
    let rows = store::activity::list_of_subject(&mut reader, &app.harrow.id, &gone.token.id, 9);
    let row = rows.await.unwrap().swap_remove(0);
    assert_eq!(
        (row.verb, row.actor.as_str(), row.address),
        (Verb::TokenRemoved, "The clock", None)
    );
    assert_eq!(row.before["Expired"], "28 Nov 2026, 10:00 UTC");
    assert_eq!(row.before["String"], gone.token.hint());
    let page = format!("/harrow-valley/settings/tokens/{}", gone.token.id);
    assert_eq!(ada.get(&page).await.status, 404);
    let last = store::changes::list_since(&mut reader, 0, 100).await.unwrap().pop().unwrap();
    assert_eq!((last.1.as_str(), last.2), ("token", gone.token.id.clone()));
}

#[tokio::test]
async fn what_it_made_and_whose_it_was_stay_unharmed() {
    let app = TestApp::new().await;
    let maker = app.token(|raw| raw.permissions = vec!["access.manage".into()]).await;
    let body = serde_json::json!({ "owner": "Made", "email": "m@m.example", "expires": "1y" });
    let path = "/api/v1/workgroups/harrow-valley/tokens";
    let made = app.api(maker.string.reveal()).post(path, body).await.json();
    stop(&app, &maker).await;
    app.pass_days(130);
    assert_eq!(purged(&app).await, tokens(1));
    let page = format!("/harrow-valley/settings/tokens/{}", made["id"].as_str().unwrap());
    assert!(says(&app.ada().await.get(&page).await, "Token North plant integrator"));
    let string = made["token"].as_str().unwrap();
    assert!(verify::present(&app.state, string, "192.0.2.7").await.is_ok());
}

#[tokio::test]
async fn a_token_stays_until_it_was_looked_at_and_its_last_letter_was_sent_or_given_up() {
    for app in apps().await {
        let issued = week(&app).await;
        app.pass_days(36);
        run_sql(&app, "update outbox set sent_at = 1 where sent_at is null").await;
        let run = async || purge::run(&app.state).await.unwrap();
        run_sql(&app, "update tokens set look_at = 0").await;
        assert_eq!(run().await, tokens(0), "the sweep looks at it first");
        run_sql(&app, "update tokens set look_at = null").await;
        let mut tx = app.state.db.begin().await.unwrap();
        let hash = secret::hash(&issued.string);
        let string_id = store::strings::find_by_hash(&mut tx, &hash).await.unwrap().unwrap().id;
        let letter = Letter::Expiry { workgroup_id: app.harrow.id.clone() };
        let email = Email::parse("ops@north.example").unwrap();
        let owed = notices::owe(&app.state, &mut tx, &letter, Some(&app.harrow.id), &email).await;
        let notice = Notice {
            string_id,
            token_id: issued.token.id.clone(),
            stage: 0,
            address: email.as_str().into(),
            settled_at: None,
        };
        store::notices::insert(&mut tx, &notice, &owed.unwrap(), app.state.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(run().await, tokens(0), "its letter is still to be sent");
        run_sql(&app, "update outbox set undelivered_at = 1 where sent_at is null").await;
        assert_eq!(run().await, tokens(1));
    }
}

/// THREATS 5: a date in the row that does not follow from the strings takes nothing that lives.
#[tokio::test]
async fn a_wrong_date_in_a_row_removes_nothing_and_is_put_right() {
    for app in apps().await {
        let issued = app.token(|_| {}).await;
        run_sql(&app, "update tokens set remove_at = 1, expires_at = 1").await;
        assert_eq!(purged(&app).await, tokens(0));
        assert!(!is_gone(&app, &issued).await);
        assert_eq!(purge::to_the_end(&app.state).await.unwrap(), Some(tokens(0)), "and it ends");
        let presented = verify::present(&app.state, issued.string.reveal(), "192.0.2.7").await;
        assert!(presented.is_ok());
    }
}

#[tokio::test]
async fn a_lifetime_that_was_shortened_before_a_reissue_costs_no_live_string() {
    for app in apps().await {
        let issued = app.token(|raw| raw.expires = "1y".into()).await;
        set_lifetime(&app, &issued, "7d").await;
        let short = again(&app, &issued, Older::Keep).await;
        app.pass_days(34);
        assert_eq!(purged(&app).await, strings(0));
        app.pass_days(1);
        assert_eq!(purged(&app).await, strings(1), "#2 has been dead for four weeks");
        let token = now_is(&app, &issued).await;
        assert_eq!(token.status(app.state.now()), TokenStatus::Active);
        assert_eq!(token.expires_at, issued.token.expires_at);
        assert_eq!(token.strings.iter().map(|it| it.number).collect::<Vec<_>>(), [1]);
        let calls = [(&issued, None), (&short, Some("token_expired"))];
        for (issued, code) in calls {
            let answer = app.api(issued.string.reveal()).get("/api/v1/token").await;
            assert_eq!((answer.status != 200).then(|| answer.code()).as_deref(), code);
        }
        set_lifetime(&app, &issued, "1m").await;
        assert_eq!(again(&app, &issued, Older::EndNow).await.number, 3, "no number is used again");
    }
}

/// THREATS 5: clock steps. What lives by the true time is there afterwards, whatever the wall said in between.
#[tokio::test]
async fn whatever_the_clock_does_nothing_that_lives_is_removed() {
    let years = Time::parse("2036-11-21T10:00:00Z").unwrap().0
        - Time::parse("2026-11-21T10:00:00Z").unwrap().0;
    let steps: [&[i64]; 7] = [
        &[HOUR],
        &[-HOUR],
        &[DAY],
        &[-DAY],
        &[years, -years],
        &[2 * HOUR, years, -years - 2 * HOUR],
        &[-years, years],
    ];
    for leaps in steps {
        let app = TestApp::new().await;
        let long = app.token(|raw| raw.expires = "1y".into()).await;
        let never = endless(&app).await;
        let dead = week(&app).await;
        app.tick().await;
        app.pass_days(30);
        app.tick().await;
        for leap in leaps {
            app.state.clock.leap(*leap);
            app.tick().await;
            assert_eq!(purged(&app).await, Purged::default(), "{leaps:?}");
            app.state.clock.advance(60);
            assert_eq!(purged(&app).await, Purged::default(), "{leaps:?}");
        }
        for issued in [&long, &never] {
            let answer = app.api(issued.string.reveal()).get("/api/v1/token").await;
            assert_eq!(answer.status, 200, "{leaps:?}");
        }
        app.pass_days(2);
        app.tick().await;
        app.pass_days(5);
        purged(&app).await;
        assert!(
            is_gone(&app, &dead).await,
            "{leaps:?}: what was held goes once the clock is right"
        );
        assert!(!is_gone(&app, &long).await && !is_gone(&app, &never).await, "{leaps:?}");
    }
}

#[tokio::test]
async fn the_end_of_32_bits_and_a_leap_day_change_nothing() {
    for (start, expires, leaves) in [
        ("2037-12-25T10:00:00Z", "1m", "2038-02-22T10:00:00Z"),
        ("2028-02-29T10:00:00Z", "1y", "2029-03-28T10:00:00Z"),
        ("2027-11-29T23:59:59Z", "3m", "2028-03-28T23:59:59Z"),
    ] {
        let app = TestApp::new().await;
        let at = Time::parse(start).unwrap();
        app.state.clock.advance(at.0 - app.state.now().0);
        let issued = app.token(|raw| raw.expires = expires.into()).await;
        let left = Time::parse(leaves).unwrap().0 - at.0;
        leaves_after(&app, &issued, left, start).await;
    }
}
