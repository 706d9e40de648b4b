//! A server that is killed between the mail server's yes and its own commit: nothing is lost, and one copy at most too many.

use super::peer::{Line, Peer};
use super::{guests, mailing_to, outbox, owe_invitations};
use crate::machine::{end_of, until};
use latchkey::server::clock::Clock;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Kills, each at a letter of its own.
const KILLS: usize = 50;
/// Further letters: where the machine is slow, one or another goes out before its server's end is arranged.
const MORE: usize = 50;

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

#[tokio::test]
async fn fifty_kills_between_yes_and_commit_lose_nothing_and_double_each_letter_once_at_most() {
    let Some(mut peer) = Peer::start(Line::Clear) else { return };
    let url = peer.url(Line::Clear);
    let mut app = mailing_to(&url, None).await;
    app.state.clock = Clock::system();
    let guests: BTreeSet<_> = guests(KILLS + MORE).into_iter().collect();
    owe_invitations(&app, &Vec::from_iter(guests.clone())).await;
    let database = format!("sqlite://{}", app.folder.path().join("latchkey.db").display());
    for kill in 0..KILLS {
        let reached: BTreeSet<_> = copies(&peer).into_keys().collect();
        let next: Vec<_> = guests.difference(&reached).collect();
        let mut child = server(&database, &url, app.folder.path());
        let deed = deed(kill, child.id());
        peer.rules(&json!([{ "at": "END", "do": deed, "to": next, "times": 1 }]));
        let ended = end_of(&mut child).expect("no letter was left to be killed at");
        assert_eq!(ended.code(), None, "it was not killed: {ended}");
    }
    peer.behave();
    let mut last = server(&database, &url, app.folder.path());
    until("all are sent", async || {
        assert!(last.try_wait().unwrap().is_none(), "the last server ended");
        outbox(&app).await.iter().all(|row| row.sent_at.is_some())
    })
    .await;
    last.kill().unwrap();
    last.wait().unwrap();
    assert_copies(&copies(&peer), &guests);
}

/// The ids of the letters that each guest has.
fn copies(peer: &Peer) -> BTreeMap<String, Vec<String>> {
    let mut copies: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for taken in peer.taken() {
        copies.entry(taken.to[0].clone()).or_default().push(taken.message_id().to_owned());
    }
    copies
}

/// Each guest has one letter, or two of the same id; and no more of them have two than there were kills.
fn assert_copies(copies: &BTreeMap<String, Vec<String>>, guests: &BTreeSet<String>) {
    assert!(copies.keys().eq(guests), "somebody's letter was lost");
    for (guest, ids) in copies {
        assert!(ids.len() <= 2, "{guest}: {ids:?}");
        assert!(ids.iter().all(|id| *id == ids[0]), "{guest}: {ids:?}");
    }
    // Half of the servers were frozen before they could hear the answer. Where the machine is slow, one or another may have
    // ended before its letter was whole; if few were doubled, the kills would have missed what they are for.
    let doubled = copies.values().filter(|ids| ids.len() == 2).count();
    let few = KILLS / 3;
    assert!(
        (few..=KILLS).contains(&doubled),
        "{doubled} of {KILLS} kills fell between answer and commit"
    );
}
