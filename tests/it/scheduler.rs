//! Periodic work: what a round does, and that nothing counted is lost when it stops.

use crate::pages::administration::{WORKGROUPS, last_deed, rut};
use crate::pages::forms::says;
use crate::removal::run_sql;
use crate::test_app::TestApp;
use latchkey::domain::clock::ClockDoubt;
use latchkey::domain::time::{DAY, HOUR, Time};
use latchkey::server::clock_guard;
use latchkey::server::scheduler::Tick;
use latchkey::server::state::AppState;
use latchkey::server::store::{self, Db};
use latchkey::server::tokens::purge::{self, Purged};
use latchkey::server::tokens::{show, verify};
use latchkey::server::{scheduler, upkeep};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Runs a scheduler that was told to stop before it began: what is left is what it does at its end.
async fn stop_at_once(state: &AppState) {
    let (stop, stopped) = oneshot::channel();
    drop(stop);
    scheduler::run(state.clone(), stopped).await;
}

#[tokio::test]
async fn a_scheduler_that_stops_has_written_every_use_that_was_counted() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    verify::present(&app.state, issued.string.reveal(), "192.0.2.7").await.unwrap();
    let used =
        async || show::one(&app.state, &app.seat(), &issued.token.id).await.unwrap().last_used_at();
    assert_eq!(used().await, None, "uses are counted in memory first");
    stop_at_once(&app.state).await;
    assert_eq!(used().await, Some(app.state.now()));
}

#[tokio::test]
async fn the_first_round_tidies_and_a_stop_is_clean() {
    let app = TestApp::new().await;
    let (stop, stopped) = oneshot::channel();
    let background = tokio::spawn(scheduler::run(app.state.clone(), stopped));
    while upkeep::last_tidied(&app.state).await.unwrap() != app.state.now() {
        assert!(!background.is_finished(), "it ended without having tidied");
    }
    stop.send(()).unwrap();
    background.await.unwrap();
}

/// A full disk or a database that is away must not lose what was counted.
#[tokio::test]
async fn a_round_that_fails_keeps_what_was_counted_for_the_next() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    verify::present(&app.state, issued.string.reveal(), "192.0.2.7").await.unwrap();
    let broken = AppState { db: closed(&app).await, ..app.state.clone() };
    stop_at_once(&broken).await;
    stop_at_once(&app.state).await;
    let token = show::one(&app.state, &app.seat(), &issued.token.id).await.unwrap();
    assert_eq!(token.last_used_at(), Some(app.state.now()));
}

/// Another opening of the same database, closed again: whatever is asked of it fails.
async fn closed(app: &TestApp) -> Db {
    let db = Db::open(&app.state.config.database_url).await.unwrap();
    db.close().await;
    db
}

/// Three tokens of which the first has been over for long enough, with nothing in the way of its removal.
async fn one_to_remove(app: &TestApp) {
    for expires in ["7d", "1y", "1y"] {
        app.token(|raw| raw.expires = expires.into()).await;
    }
    app.tick().await;
    app.pass_days(36);
    run_sql(app, "update tokens set look_at = null").await;
    run_sql(app, "update outbox set sent_at = 1 where sent_at is null").await;
}

async fn doubt(app: &TestApp) -> Option<ClockDoubt> {
    clock_guard::doubt(&mut app.state.db.read().await.unwrap()).await.unwrap()
}

async fn last_sweep(app: &TestApp) -> Time {
    let mut reader = app.state.db.read().await.unwrap();
    store::installation::find(&mut reader).await.unwrap().last_sweep_at
}

/// The same installation as another process finds it.
fn another_process(app: &TestApp) -> AppState {
    AppState { clock_watch: Arc::default(), ..app.state.clone() }
}

#[tokio::test]
async fn a_clock_that_leaps_holds_removal_back_until_a_day_of_uptime_agrees() {
    for leap in [2 * HOUR, 3_652 * DAY] {
        let app = TestApp::new().await;
        one_to_remove(&app).await;
        let swept = last_sweep(&app).await;
        app.state.clock.leap(leap);
        assert_eq!(app.tick().await, Tick { held: true, ..Tick::default() });
        assert_eq!(purge::run(&app.state).await.unwrap(), Purged::default());
        assert_eq!(purge::to_the_end(&app.state).await.unwrap(), None);
        assert_eq!(doubt(&app).await.unwrap().since, app.state.now());
        assert_eq!(last_sweep(&app).await, swept, "a tick that held is no sweep");
        if leap > DAY {
            app.state.clock.leap(-leap);
            assert!(app.tick().await.held, "until it has come to rest");
        }
        app.state.clock.advance(DAY - 1);
        assert!(app.tick().await.held);
        app.state.clock.advance(1);
        let tick = app.tick().await;
        assert_eq!((tick.held, tick.purged.tokens), (false, 1), "and nothing was lost");
        assert_eq!(doubt(&app).await, None);
        assert_eq!(last_sweep(&app).await, app.state.now());
    }
}

#[tokio::test]
async fn a_clock_that_leaps_while_a_removal_begins_is_noticed_there() {
    let app = TestApp::new().await;
    one_to_remove(&app).await;
    app.tick().await;
    app.state.clock.leap(3_652 * DAY);
    assert_eq!(purge::run(&app.state).await.unwrap(), Purged::default());
    assert!(doubt(&app).await.is_some());
}

#[tokio::test]
async fn a_set_back_alone_is_nothing() {
    let app = TestApp::new().await;
    one_to_remove(&app).await;
    app.tick().await;
    app.state.clock.leap(-3_652 * DAY);
    assert!(!app.tick().await.held);
    assert_eq!(doubt(&app).await, None);
}

#[tokio::test]
async fn a_start_long_after_the_last_life_holds_back_whoever_tidies_first() {
    for (off, held) in [(29, false), (40, true)] {
        let app = TestApp::new().await;
        app.token(|raw| raw.expires = "7d".into()).await;
        upkeep::tidy(&app.state).await.unwrap();
        app.pass_days(off);
        let started = another_process(&app);
        upkeep::tidy(&started).await.unwrap();
        assert_eq!(scheduler::tick(&started).await.unwrap().held, held, "{off} days off");
        assert_eq!(doubt(&app).await.is_some(), held);
        upkeep::tidy(&started).await.unwrap();
        let again = another_process(&app);
        assert_eq!(scheduler::tick(&again).await.unwrap().held, held, "a restart ends no doubt");
    }
}

/// What cannot be written down is found again by the next look.
#[tokio::test]
async fn a_leap_that_could_not_be_stored_is_not_forgotten() {
    let app = TestApp::new().await;
    app.tick().await;
    app.state.clock.leap(2 * HOUR);
    let broken = AppState { db: closed(&app).await, ..app.state.clone() };
    assert!(scheduler::tick(&broken).await.is_err());
    assert!(app.tick().await.held);
}

#[tokio::test]
async fn an_administrator_confirms_the_clock_that_they_were_shown() {
    let app = TestApp::new().await;
    one_to_remove(&app).await;
    let rut = rut(&app).await;
    assert!(!says(&rut.get(WORKGROUPS).await, "The clock is in doubt"));
    app.state.clock.leap(2 * HOUR);
    app.tick().await;
    let page = rut.get(WORKGROUPS).await;
    for words in [
        "The clock is in doubt.",
        "or the machine slept",
        "1 token would be removed",
        "27 Dec 2026, 12:00 UTC",
    ] {
        assert!(says(&page, words), "{words}: {}", page.body);
    }
    let since = page.input("since").unwrap();
    app.state.clock.leap(2 * HOUR);
    let form = |since: &str| [("action", "confirm-clock".to_owned()), ("since", since.to_owned())];
    let post = async |since: &str| {
        let fields = form(since);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        rut.post(WORKGROUPS, &fields).await
    };
    let stale = post(&since).await;
    assert_eq!(stale.status, 409);
    assert!(says(&stale, "The clock has moved again since you opened this page."));
    assert!(app.tick().await.held);
    let shown = rut.get(WORKGROUPS).await.input("since").unwrap();
    assert_ne!(shown, since);
    let done = post(&shown).await;
    assert_eq!(
        (done.status, done.header("location")),
        (303, "/administration?done=clock-confirmed")
    );
    assert_eq!(
        last_deed(&app).await,
        ("installation.clock_confirmed", "Rut".into(), "The clock".into())
    );
    assert_eq!(app.tick().await.purged.tokens, 1);
    assert!(!says(&rut.get(WORKGROUPS).await, "The clock is in doubt"));
    assert_eq!(
        post(&shown).await.header("location"),
        "/administration",
        "there is no doubt any more"
    );
    let off = another_process(&app);
    assert!(!scheduler::tick(&off).await.unwrap().held, "nor for the next start");
}

#[tokio::test]
async fn nobody_but_an_administrator_confirms_it() {
    let app = TestApp::new().await;
    app.tick().await;
    app.state.clock.leap(2 * HOUR);
    app.tick().await;
    let since = app.state.now().0.to_string();
    let fields = [("action", "confirm-clock"), ("since", since.as_str())];
    assert_eq!(app.ada().await.post(WORKGROUPS, &fields).await.status, 404);
    assert_eq!(app.stranger().post(WORKGROUPS, &fields).await.status, 303);
    assert!(doubt(&app).await.is_some());
    assert_eq!(app.ada().await.get("/rpc/read_clock").await.status, 404);
}
