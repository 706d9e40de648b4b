//! What mail servers do wrong, one after the other: whatever it is, each letter arrives, and once.

use super::peer::{Line, Peer};
use super::{NOTHING, REST, assert_each_once, deliver_all, guests, installation, mailing_to};
use super::{outbox, owe_invitations, owed, round};
use crate::test_app::TestApp;
use latchkey::server::notices::deliver::Round;
use serde_json::{Value, json};

/// An installation that mails to a server in clear, with letters owed to so many guests.
async fn begun(count: usize) -> Option<(Peer, TestApp, Vec<String>)> {
    let peer = Peer::start(Line::Clear)?;
    let app = mailing_to(&peer.url(Line::Clear), None).await;
    let guests = guests(count);
    owe_invitations(&app, &guests).await;
    Some((peer, app, guests))
}

/// While the line is down one letter at most is charged with it, and the others stay due.
async fn fails_as_a_line(app: &TestApp) {
    let failed = round(app).await;
    assert!(failed.sent == 0 && failed.failed <= 1, "{failed:?}");
    let rows = outbox(app).await;
    let charged = rows.iter().filter(|row| row.attempts > 0).count();
    assert!(charged <= 1, "{rows:?}");
    assert!(rows.iter().all(|row| row.undelivered_at.is_none()), "{rows:?}");
    assert_eq!(installation(app).await.mail_alarm, None, "no setting is wrong");
}

#[tokio::test]
async fn a_server_that_refuses_connections_is_waited_for() {
    let Some((mut peer, app, guests)) = begun(3).await else { return };
    peer.order(&json!({ "listening": false }));
    fails_as_a_line(&app).await;
    peer.order(&json!({ "listening": true }));
    app.state.clock.advance(REST);
    deliver_all(&app).await;
    assert_each_once(&peer, &guests);
}

/// Silence in every phase in which a server can fall silent before it knows whom the letter is for.
#[tokio::test]
async fn a_server_that_falls_silent_is_given_up_in_time() {
    for phase in ["CONNECT", "AUTH", "MAIL"] {
        let Some(mut peer) = Peer::start(Line::ClearWithLogin) else { return };
        let app = mailing_to(&peer.url(Line::ClearWithLogin), None).await;
        let guests = guests(3);
        owe_invitations(&app, &guests).await;
        peer.rules(&json!([{ "at": phase, "do": "hang" }]));
        fails_as_a_line(&app).await;
        peer.behave();
        app.state.clock.advance(REST);
        deliver_all(&app).await;
        assert_each_once(&peer, &guests);
    }
}

#[tokio::test]
async fn four_times_not_now_is_four_tries_with_growing_pauses_and_one_letter() {
    let Some((mut peer, app, guests)) = begun(1).await else { return };
    peer.rules(&json!([{ "at": "END", "do": "451 4.3.0 Not now", "times": 4 }]));
    let mut pauses = Vec::new();
    for attempt in 1..=4 {
        assert_eq!(round(&app).await, Round { failed: 1, ..NOTHING });
        let row = owed(&app).await.remove(0);
        assert_eq!((row.attempts, row.answer()), (attempt, "451 4.3.0 Not now"));
        pauses.push(row.due_at - app.state.now().0);
        app.state.clock.advance(pauses[pauses.len() - 1] - 1);
        assert_eq!(round(&app).await, NOTHING, "not before its time");
        app.state.clock.advance(1);
    }
    assert!(pauses.windows(2).all(|pair| pair[1] > pair[0]), "{pauses:?}");
    assert_eq!(round(&app).await, Round { sent: 1, ..NOTHING });
    assert_each_once(&peer, &guests);
}

/// The first try of each is refused, as a stranger's is; the second is taken.
#[tokio::test]
async fn greylisting_delays_each_letter_once() {
    let Some((mut peer, app, guests)) = begun(20).await else { return };
    peer.rules(&json!([{ "at": "RCPT", "do": "451 4.7.1 Greylisted", "each": true }]));
    assert_eq!(round(&app).await, Round { failed: 20, ..NOTHING });
    deliver_all(&app).await;
    assert_each_once(&peer, &guests);
    assert!(outbox(&app).await.iter().all(|row| row.attempts == 2));
}

/// Nobody can know whether it was taken: so it is sent again, under the same id.
#[tokio::test]
async fn a_line_cut_after_the_letter_costs_one_extra_copy_at_most() {
    for (deed, copies) in [("cut", 1), ("take, cut", 2)] {
        let Some((mut peer, app, guests)) = begun(3).await else { return };
        peer.rules(&json!([{ "at": "END", "do": deed, "times": 1, "to": [guests[1]] }]));
        assert_eq!(round(&app).await, Round { sent: 2, failed: 1, ..NOTHING }, "{deed}");
        deliver_all(&app).await;
        let taken = peer.taken();
        let to = |guest: &String| -> Vec<_> {
            taken.iter().filter(|it| it.to[0] == *guest).map(|it| it.message_id()).collect()
        };
        assert_eq!((to(&guests[0]).len(), to(&guests[2]).len()), (1, 1), "{deed}");
        let cut = to(&guests[1]);
        assert_eq!(cut.len(), copies, "{deed}");
        assert!(cut.iter().all(|id| *id == cut[0]), "{cut:?}");
    }
}

/// What a server may do with single recipients: refuse, put off, cut, fall silent.
fn trouble(guests: &[String]) -> Value {
    json!([
        { "at": "RCPT", "do": "550 5.1.1 No such user here", "to": [guests[0]] },
        { "at": "RCPT", "do": "452 4.2.2 Mailbox full", "to": [guests[20]] },
        { "at": "END", "do": "cut", "to": [guests[40]] },
        { "at": "END", "do": "hang", "to": [guests[60]], "times": 1 },
        { "at": "END", "do": "554 5.7.1 Looks like spam", "to": [guests[80]] },
    ])
}

#[tokio::test]
async fn bad_recipients_among_a_hundred_never_delay_the_others() {
    let Some((mut peer, app, guests)) = begun(100).await else { return };
    peer.rules(&trouble(&guests));
    let first = round(&app).await;
    assert_eq!(first, Round { sent: 95, failed: 5, ..NOTHING });
    let rows = outbox(&app).await;
    let row = |guest: usize| rows.iter().find(|row| row.recipient == guests[guest]).unwrap();
    assert_eq!(row(0).answer(), "550 5.1.1 No such user here");
    assert_eq!(row(80).answer(), "554 5.7.1 Looks like spam");
    for refused in [0, 80] {
        assert!(row(refused).undelivered_at.is_some() && row(refused).attempts == 1, "at once");
    }
    for later in [20, 40, 60] {
        assert!(row(later).undelivered_at.is_none() && row(later).sent_at.is_none());
    }
    peer.behave();
    deliver_all(&app).await;
    let expected: Vec<_> =
        (0..100).filter(|n| ![0, 80].contains(n)).map(|n| guests[n].clone()).collect();
    let mut taken = super::recipients(&peer.taken());
    // Whoever fell silent may have taken it all the same.
    taken.dedup();
    assert_eq!(taken, super::sorted(expected));
}

/// An answer of a server is shown on pages: one line, of bearable length, that holds no control character.
#[tokio::test]
async fn a_servers_answer_is_kept_as_one_short_line() {
    let Some((mut peer, app, _)) = begun(1).await else { return };
    let said = format!("451-4.3.0 <script>\r\n451 4.3.0 {}\u{7}", "x".repeat(400));
    peer.rules(&json!([{ "at": "RCPT", "do": said }]));
    assert_eq!(round(&app).await, Round { failed: 1, ..NOTHING });
    let row = owed(&app).await.remove(0);
    assert!(row.answer().starts_with("451 "), "{row:?}");
    assert!(row.answer().chars().count() <= 200 && !row.answer().contains(char::is_control));
}
