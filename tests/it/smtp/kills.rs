//! A server that is killed between the mail server's yes and its own commit: nothing is lost, and one copy at most too many.

use super::peer::{Line, Peer};
use super::{guests, mailing_to, outbox, owe_invitations};
use crate::test_app::TestApp;
use latchkey::server::clock::Clock;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Kills, each at a letter of its own.
const KILLS: usize = 50;

/// `latchkey serve` on this database, mailing to that address.
pub fn server(database: &str, smtp: &str, folder: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
    command.args(["serve", "--listen", "127.0.0.1:0"]).env_clear().current_dir(folder);
    command.env("LATCHKEY_DATABASE_URL", database).env("LATCHKEY_SMTP_URL", smtp);
    command.env("LATCHKEY_LOG", "warn").stdout(Stdio::null()).spawn().unwrap()
}

/// What is done to the server at its letter: frozen before the answer can reach it, then killed; or killed some
/// milliseconds later, when it may be in the middle of its commit, or past it.
fn deed(kill: usize, pid: u32) -> String {
    if kill.is_multiple_of(2) {
        return format!("take, stop {pid}");
    }
    format!("take, kill {pid} {}", kill % 6)
}

/// The recipients in the order in which their letters are sent.
async fn in_order(app: &TestApp) -> Vec<String> {
    outbox(app).await.into_iter().map(|row| row.recipient).collect()
}

#[tokio::test]
async fn fifty_kills_between_yes_and_commit_lose_nothing_and_double_each_letter_once_at_most() {
    let Some(mut peer) = Peer::start(Line::Clear) else { return };
    let url = peer.url(Line::Clear);
    let mut app = mailing_to(&url, None).await;
    app.state.clock = Clock::system();
    owe_invitations(&app, &guests(KILLS + 10)).await;
    let guests = in_order(&app).await;
    let database = format!("sqlite://{}", app.folder.path().join("latchkey.db").display());
    for (kill, guest) in guests.iter().take(KILLS).enumerate() {
        let mut child = server(&database, &url, app.folder.path());
        let deed = deed(kill, child.id());
        peer.rules(&json!([{ "at": "END", "do": deed, "to": [guest], "times": 1 }]));
        let ended = child.wait().unwrap();
        assert_eq!(ended.code(), None, "it was not killed: {ended}");
    }
    peer.behave();
    let mut last = server(&database, &url, app.folder.path());
    while outbox(&app).await.iter().any(|row| row.sent_at.is_none()) {
        assert!(last.try_wait().unwrap().is_none(), "the last server ended");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    last.kill().unwrap();
    last.wait().unwrap();
    assert_copies(&peer, &guests);
}

/// Each guest has one letter, or two of the same id.
fn assert_copies(peer: &Peer, guests: &[String]) {
    let mut copies: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for taken in peer.taken() {
        copies.entry(taken.to[0].clone()).or_default().push(taken.message_id().to_owned());
    }
    assert_eq!(copies.len(), guests.len(), "somebody's letter was lost");
    for (number, guest) in guests.iter().enumerate() {
        let ids = &copies[guest];
        let most = if number < KILLS { 2 } else { 1 };
        assert!(ids.len() <= most, "{number} {guest}: {ids:?}");
        assert!(ids.iter().all(|id| *id == ids[0]), "{guest}: {ids:?}");
    }
    // Half of the servers were frozen before they could hear the answer. Where the machine is slow, one or another may have
    // ended before its letter was whole; if few were doubled, the kills would have missed what they are for.
    let doubled = copies.values().filter(|ids| ids.len() == 2).count();
    assert!(doubled >= KILLS / 3, "only {doubled} of {KILLS} kills fell between answer and commit");
}
