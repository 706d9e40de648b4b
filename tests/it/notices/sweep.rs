//! The sweep: what is told when, to whom, together with what; and what is not told any more at sending time.

use super::{move_to, quiet_token, renew_from, to, told, without_digests};
use crate::database::{ask, execute};
use crate::test_app::TestApp;
use latchkey::domain::policy_draft::RawPolicy;
use latchkey::domain::time::{HOUR, MINUTE};
use latchkey::domain::token::Older;
use latchkey::server::administration::policy;
use latchkey::server::notices::sweep;
use latchkey::server::tokens::{reissue, revoke};

const A: &str = "a@north.example";
const B: &str = "b@north.example";

/// `A` stages in the order in which they were claimed.
const STAGES: &str =
    "select address || ' ' || stage from notices order by claimed_at, stage desc, address";

async fn stages(app: &TestApp) -> Vec<String> {
    ask(app, STAGES).await
}

async fn set_policy(app: &TestApp, raw: RawPolicy) {
    policy::edit(&app.state, &app.seat(), &raw, None).await.unwrap();
}

#[tokio::test]
async fn each_stage_is_told_once_when_it_falls_due() {
    let app = TestApp::new().await;
    // Issued at 10:00, ends at 10:00 on 21 December.
    quiet_token(&app, A, "1m").await;
    assert!(told(&app).await.is_empty());
    app.pass_days(15);
    assert!(told(&app).await.is_empty(), "6 December");
    app.state.clock.advance(22 * HOUR - 1);
    assert!(told(&app).await.is_empty(), "a second before 08:00 on 7 December");
    app.state.clock.advance(1);
    assert_eq!(to(&told(&app).await), [A]);
    assert!(told(&app).await.is_empty(), "once");
    app.pass_days(12);
    assert_eq!(to(&told(&app).await), [A], "7 days before is told late, and 14 no more");
    app.state.clock.advance(26 * HOUR - 1);
    assert!(told(&app).await.is_empty());
    app.state.clock.advance(1);
    assert_eq!(to(&told(&app).await), [A], "a day before, to the second");
    app.pass_days(1);
    assert_eq!(to(&told(&app).await), [A], "the end itself");
    assert!(without_digests(app.live_days(20).await).is_empty());
    assert_eq!(stages(&app).await, [14, 7, 1, 0].map(|stage| format!("{A} {stage}")));
    let settled = "select cast(count(*) as text) from notices where settled_at = claimed_at";
    assert_eq!(ask(&app, settled).await, ["4"]);
}

#[tokio::test]
async fn a_server_that_was_off_for_ten_days_tells_one_thing() {
    let app = TestApp::new().await;
    quiet_token(&app, A, "1m").await;
    app.pass_days(29);
    assert_eq!(to(&told(&app).await), [A]);
    assert_eq!(stages(&app).await, [format!("{A} 1")]);
    app.pass_days(10);
    assert_eq!(to(&told(&app).await), [A]);
    assert_eq!(stages(&app).await, [format!("{A} 1"), format!("{A} 0")]);
}

#[tokio::test]
async fn an_address_is_told_of_everything_at_once_and_of_each_workgroup_apart() {
    let app = TestApp::new().await;
    for (email, expires) in [(A, "1m"), (A, "1m"), (B, "1m"), (A, "2m")] {
        quiet_token(&app, email, expires).await;
        app.state.clock.advance(3 * HOUR);
    }
    app.pass_days(16);
    assert_eq!(to(&told(&app).await), [A, B]);
    assert_eq!(stages(&app).await.len(), 3, "early stages go together at the hour");
}

#[tokio::test]
async fn a_last_stage_takes_along_what_is_due_within_a_day_but_never_an_expiry() {
    let app = TestApp::new().await;
    // The first ends at 10:00, the others eight hours later.
    quiet_token(&app, A, "14d").await;
    app.state.clock.advance(8 * HOUR);
    quiet_token(&app, A, "14d").await;
    quiet_token(&app, B, "14d").await;
    app.state.clock.advance(-8 * HOUR);
    app.pass_days(13);
    assert_eq!(to(&told(&app).await), [A, B]);
    let late = format!("{B} 7");
    assert_eq!(stages(&app).await, [late, format!("{A} 1"), format!("{A} 1")]);
    app.state.clock.advance(8 * HOUR);
    assert_eq!(to(&told(&app).await), [B], "what went along is not told again");
    app.state.clock.advance(16 * HOUR);
    assert_eq!(to(&told(&app).await), [A], "the first has ended");
    app.state.clock.advance(8 * HOUR);
    assert_eq!(to(&told(&app).await), [A, B]);
}

#[tokio::test]
async fn a_corrected_address_is_told_the_tightest_stage_that_is_due() {
    let app = TestApp::new().await;
    let issued = quiet_token(&app, A, "1m").await;
    app.pass_days(20);
    assert_eq!(to(&told(&app).await), [A]);
    move_to(&app, &issued, B).await;
    assert_eq!(to(&told(&app).await), [B]);
    assert!(told(&app).await.is_empty());
    // Back again: this address knows it.
    move_to(&app, &issued, A).await;
    assert!(told(&app).await.is_empty());
    app.pass_days(4);
    assert_eq!(to(&told(&app).await), [A]);
}

#[tokio::test]
async fn a_letter_to_an_address_that_was_corrected_before_it_went_is_dropped() {
    let app = TestApp::new().await;
    let issued = quiet_token(&app, A, "1m").await;
    app.pass_days(20);
    app.tick().await;
    move_to(&app, &issued, B).await;
    assert_eq!(to(&told(&app).await), [B]);
    move_to(&app, &issued, A).await;
    assert_eq!(to(&told(&app).await), [A], "it was never told");
}

#[tokio::test]
async fn what_is_not_true_any_more_is_not_told() {
    for what in ["revoked", "renewed", "reissued"] {
        let app = TestApp::new().await;
        let issued = quiet_token(&app, A, "1m").await;
        app.pass_days(20);
        assert_eq!(app.tick().await.swept.queued, 1);
        let (state, seat, id) = (&app.state, app.seat(), &issued.token.id);
        app.state.clock.advance(MINUTE);
        match what {
            "revoked" => {
                revoke::revoke(state, &seat, id, false, None, None).await.unwrap();
            }
            "renewed" => {
                renew_from(&app, issued.string.reveal(), "192.0.2.1").await;
            }
            _ => {
                reissue::reissue(state, &seat, id, Older::Keep, None, None).await.unwrap();
            }
        }
        let went = without_digests(app.deliver_mail().await);
        let subjects: Vec<_> = went.iter().map(|letter| letter.subject.as_str()).collect();
        if what == "revoked" {
            assert_eq!(subjects.len(), 1, "{subjects:?}");
            assert!(subjects[0].contains("revoked"), "{subjects:?}");
        } else {
            assert!(subjects.is_empty(), "{what}: {subjects:?}");
        }
        assert!(stages(&app).await.is_empty(), "{what}: it was not told");
    }
}

#[tokio::test]
async fn a_letter_with_something_left_to_say_goes_without_the_rest() {
    let app = TestApp::new().await;
    let issued = quiet_token(&app, A, "1m").await;
    quiet_token(&app, A, "1m").await;
    app.pass_days(20);
    app.tick().await;
    renew_from(&app, issued.string.reveal(), "192.0.2.1").await;
    let went = without_digests(app.deliver_mail().await);
    assert_eq!(went.len(), 1);
    assert!(!went[0].text.contains(&issued.string.hint()), "{}", went[0].text);
    assert_eq!(stages(&app).await, [format!("{A} 14")]);
}

#[tokio::test]
async fn an_edited_policy_moves_what_lies_ahead() {
    let app = TestApp::new().await;
    quiet_token(&app, A, "2m").await;
    app.pass_days(40);
    assert!(told(&app).await.is_empty(), "21 days before the end");
    set_policy(&app, RawPolicy { notice_stages: Some("30, 20, 2".into()), ..RawPolicy::default() })
        .await;
    assert_eq!(to(&told(&app).await), [A], "30 days are due at once");
    set_policy(&app, RawPolicy { notice_hour: Some("16".into()), ..RawPolicy::default() }).await;
    app.pass_days(1);
    assert!(told(&app).await.is_empty(), "at 10:00 the hour has not come");
    let zone = Some("Asia/Tokyo".into());
    set_policy(&app, RawPolicy { time_zone: zone, ..RawPolicy::default() }).await;
    assert_eq!(to(&told(&app).await), [A], "there it is 19:00");
    set_policy(&app, RawPolicy { notice_stages: Some("60, 25".into()), ..RawPolicy::default() })
        .await;
    assert!(told(&app).await.is_empty(), "a tighter stage was told");
    assert_eq!(stages(&app).await, [format!("{A} 30"), format!("{A} 20")]);
}

#[tokio::test]
async fn nothing_is_swept_while_the_clock_is_doubted() {
    let app = TestApp::new().await;
    quiet_token(&app, A, "1m").await;
    app.pass_days(20);
    execute(&app, "update installation set clock_doubted_at = 1, clock_doubt = 'it leapt'").await;
    assert_eq!(sweep::run(&app.state).await.unwrap(), sweep::Swept::default());
    execute(&app, "update installation set clock_doubted_at = null, clock_doubt = null").await;
    assert_eq!(sweep::run(&app.state).await.unwrap().queued, 1);
}

#[tokio::test]
async fn an_address_that_is_none_holds_up_nobody() {
    let app = TestApp::new().await;
    quiet_token(&app, "x@north.example", "1m").await;
    quiet_token(&app, B, "1m").await;
    execute(&app, "update tokens set email = 'no address' where email like 'x@%'").await;
    app.pass_days(20);
    assert_eq!(to(&told(&app).await), [B]);
}
