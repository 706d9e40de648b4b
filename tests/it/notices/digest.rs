//! The digest of a workgroup owner: when it goes out, to whom, and that each thing in it is new once.

use crate::database::{dump, execute};
use crate::letter::Letter;
use crate::test_app::TestApp;
use latchkey::domain::time::{HOUR, Time};
use latchkey::domain::workgroup::Workgroup;
use latchkey::server::notices::{deliver, digest};
use latchkey::server::tokens::{issue, revoke};

const ADA: &str = "ada@harrow.example";

/// Those of the letters that went to Ada, who gets no others.
pub fn digests(letters: Vec<Letter>) -> Vec<Letter> {
    letters.into_iter().filter(|letter| letter.to == ADA).collect()
}

fn dates(letters: &[Letter]) -> Vec<&str> {
    letters.iter().map(|letter| letter.header("Date").trim_end_matches(" +0000")).collect()
}

/// Each tick at the full hour, as the scheduler's own would be, for so many hours.
async fn live_hours(app: &TestApp, hours: i64) -> Vec<Letter> {
    let mut letters = Vec::new();
    for _ in 0..hours {
        app.state.clock.advance(HOUR);
        app.tick().await;
        letters.extend(app.deliver_mail().await);
    }
    digests(letters)
}

async fn live_in(app: &TestApp, zone: &str) {
    let fields = [("action", "profile"), ("name", "Ada"), ("time_zone", zone)];
    let answer = app.ada().await.post("/account", &fields).await;
    assert_eq!(answer.header("location"), "/account?done=saved");
}

/// A token that ends in seven days, so that it is expiring from the sixth on.
async fn weekly_token(app: &TestApp, workgroup: &Workgroup, owner: &str) -> String {
    let raw = latchkey::domain::token_draft::RawDraft {
        owner: owner.into(),
        email: "ops@north.example".into(),
        expires: "7d".into(),
        permissions: vec!["read".into()],
        ..Default::default()
    };
    let seat = latchkey::domain::rights::Seat { workgroup: workgroup.clone(), ..app.seat() };
    let made = issue::issue(&app.state, &seat, &raw, None, None).await.unwrap();
    made.done_now().unwrap().token.id.clone()
}

/// Lets the first look pass, which sends nothing, and then the time until the hour of tomorrow's digest.
async fn until_tomorrows(app: &TestApp) {
    app.tick().await;
    app.state.clock.advance(22 * HOUR);
}

#[tokio::test]
async fn an_owner_hears_at_eight_of_their_own_day_and_of_each_thing_once() {
    let app = TestApp::new().await;
    live_in(&app, "Europe/Berlin").await;
    app.tick().await;
    weekly_token(&app, &app.harrow, "Plant").await;
    let letters = live_hours(&app, 12 * 24).await;
    // Expiring from the 27th, 10:00 on; expired on the 28th, 10:00.
    assert_eq!(dates(&letters), ["Sat, 28 Nov 2026 07:00:00", "Sun, 29 Nov 2026 07:00:00"]);
}

#[tokio::test]
async fn while_anything_expires_a_digest_comes_weekly() {
    let app = TestApp::new().await;
    app.tick().await;
    app.token(|raw| raw.can_renew = false).await;
    let letters = digests(app.live_days(100).await);
    let expected =
        ["Sun, 07 Feb 2027 10:00:00", "Sun, 14 Feb 2027 10:00:00", "Sun, 21 Feb 2027 10:00:00"];
    assert_eq!(dates(&letters), expected);
}

#[tokio::test]
async fn nothing_to_say_is_no_mail_and_only_owners_are_told() {
    let app = TestApp::new().await;
    app.member("Ben", &["read", "access.manage"], None).await;
    app.tick().await;
    assert!(digests(app.live_days(10).await).is_empty(), "there is no token at all");
    weekly_token(&app, &app.harrow, "Plant").await;
    let letters = app.live_days(10).await;
    assert!(letters.iter().all(|letter| letter.to != "ben@harrow.example"), "{letters:?}");
    assert_eq!(digests(letters).len(), 2);
}

#[tokio::test]
async fn one_digest_is_over_all_workgroups_that_one_owns_and_no_other() {
    let app = TestApp::new().await;
    app.user("Ben", "ben@far.example").await;
    let brook = app.workgroup("Brook Mill", ADA).await;
    let far = app.workgroup("Far Field", "ben@far.example").await;
    app.workgroup("Silent Quay", ADA).await;
    app.tick().await;
    for (workgroup, owner) in [(&app.harrow, "Pump"), (&brook, "Wheel"), (&far, "Fence")] {
        weekly_token(&app, workgroup, owner).await;
    }
    let letters = app.live_days(6).await;
    let of = |to: &str| -> Vec<String> {
        letters.iter().filter(|it| it.to == to).map(|it| it.text.clone()).collect()
    };
    let (ada, ben) = (of(ADA), of("ben@far.example"));
    assert_eq!((ada.len(), ben.len()), (1, 1));
    for said in ["Harrow Valley", "Pump", "Brook Mill", "Wheel", "/brook-mill/settings/tokens/"] {
        assert!(ada[0].contains(said), "{said} in {}", ada[0]);
    }
    for unsaid in ["Far Field", "Fence", "Silent Quay"] {
        assert!(!ada[0].contains(unsaid), "{unsaid} in {}", ada[0]);
    }
    assert!(ben[0].contains("Fence") && !ben[0].contains("Harrow"), "{}", ben[0]);
}

#[tokio::test]
async fn whoever_owns_nothing_any_more_or_cannot_sign_in_is_told_nothing() {
    for gone in [
        "update users set disabled_at = 1 where email = 'ada@harrow.example'",
        "update memberships set owner = 0",
        "delete from memberships",
    ] {
        for late in [false, true] {
            let app = TestApp::new().await;
            app.tick().await;
            weekly_token(&app, &app.harrow, "Plant").await;
            app.pass_days(6);
            if late {
                assert_eq!(app.tick().await.digests, 1);
            }
            execute(&app, gone).await;
            assert!(digests(app.live_days(9).await).is_empty(), "{gone} {late}");
        }
    }
}

#[tokio::test]
async fn two_servers_owe_one_digest_on_each_engine() {
    let mut apps = vec![TestApp::new().await];
    apps.extend(TestApp::on_postgres().await);
    for app in apps {
        app.tick().await;
        weekly_token(&app, &app.harrow, "Plant").await;
        app.pass_days(6);
        let (state, other) = (&app.state, app.state.clone());
        let owed = tokio::join!(digest::run(state), digest::run(&other), digest::run(state));
        assert_eq!(owed.0.unwrap() + owed.1.unwrap() + owed.2.unwrap(), 1);
        assert_eq!(digests(app.deliver_mail().await).len(), 1);
        assert!(digests(app.live_days(1).await)[0].text.contains("Plant"), "it has expired");
        assert!(digests(app.live_days(5).await).is_empty());
    }
}

#[tokio::test]
async fn a_digest_that_has_nothing_to_say_any_more_is_dropped() {
    let app = TestApp::new().await;
    app.tick().await;
    let id = weekly_token(&app, &app.harrow, "Plant").await;
    app.pass_days(6);
    assert_eq!(app.tick().await.digests, 1);
    revoke::revoke(&app.state, &app.seat(), &id, false, None, None).await.unwrap();
    assert!(digests(app.deliver_mail().await).is_empty());
    assert_eq!(deliver::round(&app.state).await.unwrap(), deliver::Round::default());
}

/// Mail stood still over night: the one that was late has told it all, and the next one has nothing left.
#[tokio::test]
async fn two_digests_that_waited_say_the_same_thing_once() {
    let app = TestApp::new().await;
    app.tick().await;
    app.token(|raw| (raw.expires, raw.can_renew) = ("1m".into(), false)).await;
    app.pass_days(17);
    assert_eq!(app.tick().await.digests, 1);
    app.pass_days(1);
    assert_eq!(app.tick().await.digests, 1);
    assert_eq!(digests(app.deliver_mail().await).len(), 1);
}

#[tokio::test]
async fn a_server_that_was_off_sends_one_digest_when_it_is_back_and_the_next_one_at_its_hour() {
    let app = TestApp::new().await;
    app.tick().await;
    weekly_token(&app, &app.harrow, "Plant").await;
    // Until three in the morning of the 28th: it is expiring since the 27th.
    app.state.clock.advance(6 * 24 * HOUR + 17 * HOUR);
    let letters = live_hours(&app, 48).await;
    assert_eq!(
        dates(&letters),
        ["Sat, 28 Nov 2026 04:00:00", "Sun, 29 Nov 2026 08:00:00"],
        "the one of the 27th late, none on the 28th when nothing was new, and that it has expired"
    );
}

#[tokio::test]
async fn whoever_moves_gets_one_digest_for_each_local_date_and_goes_on_getting_them() {
    let app = TestApp::new().await;
    app.token(|raw| (raw.expires, raw.can_renew) = ("1m".into(), false)).await;
    app.pass_days(17);
    app.tick().await;
    let mut letters = Vec::new();
    for zone in ["Pacific/Kiritimati", "Pacific/Honolulu", "Europe/Berlin", "Pacific/Kiritimati"] {
        for _ in 0..2 {
            live_in(&app, zone).await;
            for _ in 0..30 {
                // Whatever there is to say is new each time.
                execute(&app, "delete from digest_told").await;
                letters.extend(live_hours(&app, 1).await);
            }
            live_in(&app, "UTC").await;
        }
    }
    let sent: Vec<_> = letters.iter().map(|it| jiff_time(it.header("Date"))).collect();
    let days = sent.windows(2).map(|pair| (pair[1].0 - pair[0].0) / HOUR);
    assert!(days.clone().all(|hours| hours <= 72), "{:?}", dates(&letters));
    assert!(letters.len() >= 6, "{:?}", dates(&letters));
    let rows = dump(&app).await;
    let keys = rows.iter().filter(|row| row.contains("'digest:")).count();
    assert_eq!(keys, letters.len(), "each has a date of its own, for the key is the date");
}

/// Unix seconds of a Date header.
fn jiff_time(date: &str) -> Time {
    let months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let parts: Vec<_> = date.split(' ').collect();
    let month = months.iter().position(|name| *name == parts[2]).unwrap() + 1;
    Time::parse(&format!("{}-{month:02}-{}T{}Z", parts[3], parts[1], parts[4])).unwrap()
}

async fn choose(app: &TestApp, fields: &[(&str, &str)]) {
    let answer = app.ada().await.post("/account", fields).await;
    assert_eq!(answer.header("location"), "/account?done=saved");
}

#[tokio::test]
async fn turned_off_it_tells_of_what_could_not_be_delivered_alone() {
    let app = TestApp::new().await;
    until_tomorrows(&app).await;
    choose(&app, &[("action", "digest")]).await;
    let id = weekly_token(&app, &app.harrow, "Quiet plant").await;
    assert!(digests(app.live_days(6).await).is_empty());
    super::digest_sections::give_up(&app, &id, "undelivered").await;
    let letters = digests(app.live_days(3).await);
    assert_eq!(letters.len(), 1, "it is new once");
    let text = letters[0].text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("550 5.1.1 User unknown"), "{text}");
    assert!(!text.contains(&format!("/settings/tokens/{id}")), "{text}");
    choose(&app, &[("action", "digest"), ("digest", "on")]).await;
    let letters = digests(app.live_days(1).await);
    assert!(letters[0].text.contains(&format!("/settings/tokens/{id}")), "{letters:?}");
}

/// A digest is of a readable length, and what it only counts is told too: it makes no second one.
#[tokio::test]
async fn a_long_list_is_cut_and_told_whole() {
    let app = TestApp::new().await;
    app.tick().await;
    for _ in 0..60 {
        app.token(|raw| (raw.expires, raw.can_renew) = ("14d".into(), false)).await;
    }
    let letters = digests(app.live_days(10).await);
    assert_eq!(letters.len(), 1, "{:?}", dates(&letters));
    assert_eq!(letters[0].text.matches("/settings/tokens/0").count(), 50);
}

/// What the link ends with that turns Ada's digest off; `None` before she was sent one.
async fn code(app: &TestApp) -> Option<String> {
    let rows = dump(app).await;
    let row = rows.iter().find(|row| row.starts_with("users: ") && row.contains(ADA)).unwrap();
    let is_code = |value: &&str| {
        let inside = value.trim_matches('\'');
        value.len() == 45 && inside.len() == 43 && !inside.contains(['$', '@', ' '])
    };
    row.split(", ").find(is_code).map(|value| value.trim_matches('\'').to_owned())
}

#[tokio::test]
async fn the_link_that_turns_it_off_is_made_with_the_first_digest_and_stays() {
    let app = TestApp::new().await;
    app.tick().await;
    weekly_token(&app, &app.harrow, "Plant").await;
    assert_eq!(code(&app).await, None);
    assert_eq!(digests(app.live_days(6).await).len(), 1);
    let first = code(&app).await.expect("it was needed");
    assert_eq!(digests(app.live_days(2).await).len(), 1);
    assert_eq!(code(&app).await.as_ref(), Some(&first));
    let link = format!("/unsubscribe/{first}");
    assert_eq!(app.stranger().post(&link, &[]).await.status, 200);
    weekly_token(&app, &app.harrow, "Mill").await;
    assert!(digests(app.live_days(9).await).is_empty(), "it is off");
}

/// Somebody who becomes an owner is not told in the middle of the day.
#[tokio::test]
async fn the_first_digest_comes_with_the_next_morning() {
    let app = TestApp::new().await;
    weekly_token(&app, &app.harrow, "Plant").await;
    app.pass_days(6);
    assert_eq!(app.tick().await.digests, 0);
    let letters = live_hours(&app, 24).await;
    assert_eq!(dates(&letters), ["Sat, 28 Nov 2026 08:00:00"]);
}
