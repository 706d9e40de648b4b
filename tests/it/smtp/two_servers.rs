//! Several servers on one PostgreSQL database: each letter once, also when one of them is frozen at it and wakes too late.

use super::kills::server;
use super::peer::{Line, Peer};
use super::{TIMES, assert_each_once, guests, mailed, outbox, owe_invitations, owed};
use crate::machine::until;
use crate::test_app::TestApp;
use latchkey::domain::time::MINUTE;
use latchkey::server::clock::Clock;
use latchkey::server::notices::deliver::{self, Round};
use latchkey::server::state::AppState;
use latchkey::server::store::Db;
use secrecy::ExposeSecret;
use serde_json::json;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// Two servers in this process, each with connections of its own, and letters owed to so many guests.
async fn two(
    peer: &Peer,
    line: Line<'_>,
    count: usize,
) -> Option<(TestApp, AppState, Vec<String>)> {
    let mut app = TestApp::on_postgres().await?;
    app.state = mailed(&app.state, app.folder.path(), &peer.url(line), None);
    let other = AppState { db: opened(&app.state).await, ..app.state.clone() };
    let guests = guests(count);
    owe_invitations(&app, &guests).await;
    Some((app, other, guests))
}

async fn opened(state: &AppState) -> Db {
    Db::open(&state.config.database_url).await.unwrap()
}

#[tokio::test]
async fn two_servers_that_deliver_at_once_send_each_letter_once() {
    let Some(peer) = Peer::start(Line::Clear) else { return };
    let Some((app, other, guests)) = two(&peer, Line::Clear, 60).await else { return };
    let (one, two) = tokio::join!(deliver::round(&app.state), deliver::round(&other));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!((one.sent + two.sent, one.failed + two.failed), (60, 0), "{one:?} {two:?}");
    assert!(one.sent > 0 && two.sent > 0, "both had a share: {one:?} {two:?}");
    assert_each_once(&peer, &guests);
}

/// A server in a thread of its own, which can be made to stand still as a stopped process does: nothing of it runs, and
/// the time goes on.
struct Freezable {
    stand_still: oneshot::Sender<mpsc::Receiver<()>>,
    course: JoinHandle<Round>,
}

/// Begins a round.
fn freezable(state: AppState) -> Freezable {
    let (stand_still, told) = oneshot::channel::<mpsc::Receiver<()>>();
    let course = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let state = AppState { db: opened(&state).await, ..state };
            tokio::spawn(async move {
                let wake = told.await.unwrap();
                // The only thread of this server.
                wake.recv().unwrap();
            });
            deliver::round(&state).await.unwrap()
        })
    });
    Freezable { stand_still, course }
}

/// Frozen at each step of a letter, for longer than its lease: by then the other has sent it, and who wakes lets it be.
#[tokio::test]
async fn a_server_that_wakes_after_its_lease_sends_nothing_twice() {
    for phase in ["CONNECT", "AUTH", "MAIL", "RCPT", "DATA"] {
        let line = Line::ClearWithLogin;
        let Some(mut peer) = Peer::start(line) else { return };
        let Some((app, other, guests)) = two(&peer, line, 3).await else { return };
        peer.rules(&json!([{ "at": phase, "do": "hang", "times": 1 }]));
        let frozen = freezable(other);
        until("it hangs", async || peer.count("hanging") > 0).await;
        let (wake, woken) = mpsc::channel();
        frozen.stand_still.send(woken).unwrap();
        app.state.clock.advance(deliver::LEASE + MINUTE);
        assert_eq!(deliver::round(&app.state).await.unwrap().sent, 3, "{phase}");
        peer.behave();
        // What it waited for is there, and has been for longer than it would have waited.
        tokio::time::sleep(TIMES.connecting + TIMES.sending).await;
        wake.send(()).unwrap();
        assert_eq!(frozen.course.join().unwrap().sent, 0, "{phase}");
        assert_each_once(&peer, &guests);
        assert!(outbox(&app).await.iter().all(|row| row.sent_at.is_some()), "{phase}");
    }
}

/// The real thing: two processes, and one that the system freezes for a while.
#[tokio::test]
async fn two_processes_on_one_database_send_each_letter_once() {
    let Some(mut peer) = Peer::start(Line::Clear) else { return };
    let Some(mut app) = TestApp::on_postgres().await else { return };
    app.state.clock = Clock::system();
    let (folder, smtp) = (app.folder.path().to_owned(), peer.url(Line::Clear));
    let database = app.state.config.database_url.expose_secret().to_owned();
    let mut servers = [server(&database, &smtp, &folder), server(&database, &smtp, &folder)];
    let guests = guests(100);
    owe_invitations(&app, &guests).await;
    until("some are sent", async || peer.count("taken") >= 20).await;
    let signal = |name: &str, pid: u32| {
        let sent = std::process::Command::new("kill").args([name, &pid.to_string()]).status();
        assert!(sent.unwrap().success());
    };
    signal("-STOP", servers[0].id());
    tokio::time::sleep(Duration::from_millis(500)).await;
    signal("-CONT", servers[0].id());
    until("all are sent", async || owed(&app).await.is_empty()).await;
    for server in &mut servers {
        server.kill().unwrap();
        server.wait().unwrap();
    }
    assert_each_once(&peer, &guests);
}
