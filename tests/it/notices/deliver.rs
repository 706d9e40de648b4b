//! Delivery: once each, again after a failure, given up after three days, and never one server's letter by another.

use crate::database::{ask, dump, execute};
use crate::test_app::TestApp;
use latchkey::domain::time::{DAY, HOUR, MINUTE, Time};
use latchkey::domain::user::Email;
use latchkey::server::mail::Mailer;
use latchkey::server::notices::deliver::{self, Round};
use latchkey::server::notices::{Letter, owe};
use latchkey::server::state::AppState;
use latchkey::server::store;
use latchkey::server::store::outbox::{self, NewLetter};

const NOTHING: Round = Round { sent: 0, failed: 0, dropped: 0 };

async fn ada_id(app: &TestApp) -> String {
    let email = Email::parse("ada@harrow.example").unwrap();
    let mut reader = app.state.db.read().await.unwrap();
    store::users::find_by_email(&mut reader, &email).await.unwrap().unwrap().user.id
}

/// Owes Ada a link for a new password.
async fn owe_ada(app: &TestApp) {
    let letter = Letter::Reset { user_id: ada_id(app).await };
    let mut tx = app.state.db.begin().await.unwrap();
    let email = Email::parse("ada@harrow.example").unwrap();
    owe(&app.state, &mut tx, &letter, None, &email).await.unwrap();
    tx.commit().await.unwrap();
}

/// A row as another version, or a fault, could have left it.
async fn owe_odd(app: &TestApp, id: &str, letter: &'static str, recipient: &str) {
    let payload = ada_id(app).await;
    let row = NewLetter {
        id,
        dedupe_key: id,
        letter,
        workgroup_id: None,
        user_id: None,
        token_id: None,
        recipient,
        payload: &format!("\"{payload}\""),
        now: app.state.now(),
    };
    let mut tx = app.state.db.begin().await.unwrap();
    outbox::insert(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
}

/// The same installation with a mail folder that cannot be written to.
fn broken(app: &TestApp) -> AppState {
    let in_the_way = app.folder.path().join("no-folder");
    std::fs::write(&in_the_way, "").unwrap();
    AppState { mailer: Mailer::Folder(in_the_way), ..app.state.clone() }
}

async fn due(app: &TestApp) -> usize {
    let mut reader = app.state.db.read().await.unwrap();
    outbox::list_due(&mut reader, app.state.now(), 100).await.unwrap().len()
}

async fn outbox_row(app: &TestApp) -> String {
    let rows: Vec<_> =
        dump(app).await.into_iter().filter(|row| row.starts_with("outbox: ")).collect();
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_letter_goes_out_once_on_each_engine() {
    let mut apps = vec![TestApp::new().await];
    apps.extend(TestApp::on_postgres().await);
    for app in apps {
        owe_ada(&app).await;
        let letters = app.deliver_mail().await;
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].to, "ada@harrow.example");
        assert_eq!(app.stranger().get(&letters[0].path()).await.status, 200);
        app.pass_days(4);
        assert_eq!(deliver::round(&app.state).await.unwrap(), NOTHING);
    }
}

#[tokio::test]
async fn a_failure_is_tried_again_after_growing_pauses_until_three_days_have_passed() {
    let app = TestApp::new().await;
    owe_ada(&app).await;
    let (broken, owed_at) = (broken(&app), app.state.now());
    let mut tried: Vec<Time> = Vec::new();
    while app.state.now() < owed_at + 4 * DAY {
        if deliver::round(&broken).await.unwrap().failed == 1 {
            tried.push(app.state.now());
        }
        app.state.clock.advance(MINUTE);
    }
    let pauses: Vec<_> = tried.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    assert!((2 * MINUTE..=3 * MINUTE).contains(&pauses[1]), "{pauses:?}");
    assert!(pauses.iter().all(|pause| *pause <= 5 * HOUR + MINUTE), "{pauses:?}");
    assert!(pauses[4] > pauses[2] && pauses[7] > pauses[5], "{pauses:?}");
    assert_eq!(*tried.last().unwrap(), owed_at + 3 * DAY, "the last try is when patience ends");
    let row = outbox_row(&app).await;
    assert!(row.contains("the mail folder") && row.contains("cannot be written to"), "{row}");
    assert!(app.deliver_mail().await.is_empty(), "what was given up stays so");
}

/// A server that was off for ten days has not tried yet: it does.
#[tokio::test]
async fn a_letter_is_tried_however_old_it_is() {
    let app = TestApp::new().await;
    owe_ada(&app).await;
    app.pass_days(10);
    assert_eq!(app.deliver_mail().await.len(), 1);
}

#[tokio::test]
async fn one_letters_failure_never_stops_the_next() {
    let app = TestApp::new().await;
    owe_odd(&app, "0-unknown", "letter-of-a-later-version", "ada@harrow.example").await;
    owe_odd(&app, "1-untrue", "reset", "somebody@else.example").await;
    owe_ada(&app).await;
    let round = deliver::round(&app.state).await.unwrap();
    assert_eq!(round, Round { sent: 1, failed: 1, dropped: 1 });
    assert_eq!(due(&app).await, 0);
}

#[tokio::test]
async fn what_is_no_longer_true_is_dropped_without_a_code() {
    let app = TestApp::new().await;
    owe_ada(&app).await;
    execute(&app, "update users set disabled_at = 1").await;
    assert_eq!(deliver::round(&app.state).await.unwrap(), Round { dropped: 1, ..NOTHING });
    let left: Vec<_> = dump(&app)
        .await
        .into_iter()
        .filter(|row| row.starts_with("outbox: ") || row.starts_with("one_time_codes: "))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

#[tokio::test]
async fn a_letter_that_another_server_has_is_left_alone_until_its_lease_ends() {
    let mut apps = vec![TestApp::new().await];
    apps.extend(TestApp::on_postgres().await);
    for app in apps {
        owe_ada(&app).await;
        let now = app.state.now();
        let mut tx = app.state.db.begin().await.unwrap();
        let id = outbox::list_due(&mut tx, now, 9).await.unwrap().remove(0);
        let frozen = outbox::mark_leased(&mut tx, &id, now, now + 2 * MINUTE).await.unwrap();
        tx.commit().await.unwrap();
        let frozen = frozen.unwrap();
        assert_eq!(deliver::round(&app.state).await.unwrap(), NOTHING);
        app.state.clock.advance(2 * MINUTE);
        assert_eq!(deliver::round(&app.state).await.unwrap(), Round { sent: 1, ..NOTHING });
        // The other one wakes: the lease is no longer its own, and it marks nothing.
        let mut tx = app.state.db.begin().await.unwrap();
        assert!(!outbox::is_leased(&mut tx, &frozen).await.unwrap());
        outbox::mark_later(&mut tx, &frozen, now, "woke up").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due(&app).await, 0);
    }
}

/// Two rounds at the same time, as of two servers on one database.
#[tokio::test]
async fn rounds_at_the_same_time_send_each_letter_once() {
    let mut apps = vec![TestApp::new().await];
    apps.extend(TestApp::on_postgres().await);
    for app in apps {
        for _ in 0..8 {
            owe_ada(&app).await;
        }
        let rounds = tokio::join!(
            deliver::round(&app.state),
            deliver::round(&app.state),
            deliver::round(&app.state)
        );
        let rounds = [rounds.0.unwrap(), rounds.1.unwrap(), rounds.2.unwrap()];
        assert_eq!(rounds.iter().map(|round| round.sent).sum::<u32>(), 8, "{rounds:?}");
        assert_eq!(rounds.iter().map(|round| round.failed + round.dropped).sum::<u32>(), 0);
    }
}

/// The server died between the carrier's yes and the commit: the same letter, under the same id, in place of the first.
#[tokio::test]
async fn a_letter_that_is_sent_again_has_the_same_message_id_and_its_link_works() {
    let app = TestApp::new().await;
    owe_ada(&app).await;
    let first = app.deliver_mail().await.remove(0);
    execute(&app, "update outbox set sent_at = null").await;
    std::fs::remove_dir_all(app.folder.path().join("mail")).unwrap();
    let second = app.deliver_mail().await.remove(0);
    assert_eq!(first.header("Message-ID"), second.header("Message-ID"));
    assert_eq!(app.stranger().get(&first.path()).await.status, 404);
    assert_eq!(app.stranger().get(&second.path()).await.status, 200);
}

#[tokio::test]
async fn the_scheduler_delivers_what_is_owed() {
    let app = TestApp::new().await;
    owe_ada(&app).await;
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let background = tokio::spawn(latchkey::server::scheduler::run(app.state.clone(), stopped));
    while due(&app).await > 0 {
        assert!(!background.is_finished(), "it ended without having delivered");
        tokio::task::yield_now().await;
    }
    stop.send(()).unwrap();
    background.await.unwrap();
    assert_eq!(crate::letter::names(&app.folder.path().join("mail")).len(), 1);
}

/// A server that was killed held a letter; the next one on the same file is alone, and does not wait for a lease to end.
#[tokio::test]
async fn a_server_that_starts_takes_over_what_a_killed_one_held() {
    let app = TestApp::new().await;
    owe_ada(&app).await;
    let now = app.state.now();
    let mut tx = app.state.db.begin().await.unwrap();
    let id = outbox::list_due(&mut tx, now, 9).await.unwrap().remove(0);
    outbox::mark_leased(&mut tx, &id, now, now + deliver::LEASE).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!(deliver::round(&app.state).await.unwrap(), NOTHING);
    let lease = store::ServerLease::take(&app.state.db).unwrap();
    deliver::begin(&app.state, &lease).await.unwrap();
    assert_eq!(app.deliver_mail().await.len(), 1);
}

#[tokio::test]
async fn while_the_clock_is_doubted_what_speaks_of_dates_waits() {
    let app = TestApp::new().await;
    let letter = Letter::Expiry { workgroup_id: app.harrow.id.clone() };
    let mut tx = app.state.db.begin().await.unwrap();
    let email = Email::parse("ops@north.example").unwrap();
    owe(&app.state, &mut tx, &letter, Some(&app.harrow.id), &email).await.unwrap();
    store::installation::mark_clock_doubted(&mut tx, app.state.now(), "a leap").await.unwrap();
    tx.commit().await.unwrap();
    owe_ada(&app).await;
    assert_eq!(deliver::round(&app.state).await.unwrap(), Round { sent: 1, ..NOTHING });
    assert_eq!(due(&app).await, 1);
    let mut tx = app.state.db.begin().await.unwrap();
    store::installation::mark_clock_trusted(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    // It names no notice, so there is nothing left to say.
    assert_eq!(deliver::round(&app.state).await.unwrap(), Round { dropped: 1, ..NOTHING });
}

#[tokio::test]
async fn old_letters_are_forgotten_and_owed_ones_never() {
    let app = TestApp::new().await;
    owe_ada(&app).await;
    app.deliver_mail().await;
    for (id, when) in [("1-undelivered", "undelivered"), ("2-owed", "owed")] {
        owe_odd(&app, id, when, "ada@harrow.example").await;
    }
    execute(&app, "update outbox set undelivered_at = created_at where id = '1-undelivered'").await;
    for (days, left) in [(89, 3), (1, 2), (89, 2), (1, 1), (400, 1)] {
        app.pass_days(days);
        latchkey::server::upkeep::tidy(&app.state).await.unwrap();
        let rows = ask(&app, "select id from outbox order by id").await;
        assert_eq!(rows.len(), left, "{days}: {rows:?}");
    }
}

/// A clock that was set back does not make a pause of minutes one of days.
#[tokio::test]
async fn a_pause_is_minutes_long_whatever_the_clock_does() {
    let app = TestApp::new().await;
    owe_ada(&app).await;
    let mut tx = app.state.db.begin().await.unwrap();
    let until = app.state.now() + 5 * MINUTE;
    store::installation::mark_mail_paused(&mut tx, "why", until).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(deliver::round(&app.state).await.unwrap(), NOTHING);
    app.state.clock.leap(DAY);
    owe_ada(&app).await;
    app.state.clock.leap(-DAY);
    let mut tx = app.state.db.begin().await.unwrap();
    store::installation::mark_mail_paused(&mut tx, "why", until + DAY).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(deliver::round(&app.state).await.unwrap(), Round { sent: 1, ..NOTHING });
}
