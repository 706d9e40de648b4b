//! How the line is secured: implicit TLS and STARTTLS with a login; nothing in clear where it cannot be had.

use super::certificate::Certificate;
use super::peer::{Line, PASSWORD, Peer, USER};
use super::{NOTHING, owe_invitations, round};
use super::{REST, assert_each_once, guests, installation, mailed, mailing_to, outbox};
use base64::prelude::{BASE64_STANDARD, Engine};
use latchkey::server::notices::deliver::Round;

/// What AUTH PLAIN and AUTH LOGIN would say, and the words themselves.
fn credentials() -> [String; 4] {
    let encoded = |text: String| BASE64_STANDARD.encode(text);
    [
        USER.to_owned() + "\0",
        PASSWORD.to_owned(),
        encoded(format!("\0{USER}\0{PASSWORD}")),
        encoded(PASSWORD.to_owned()),
    ]
}

/// That nothing but the opening words was said in clear.
fn assert_nothing_told(peer: &Peer) {
    let heard = peer.heard_in_clear();
    for line in heard.lines() {
        let word = line.split(' ').next().unwrap().to_ascii_uppercase();
        assert!(["EHLO", "STARTTLS", "QUIT"].contains(&word.as_str()), "in clear: {heard:?}");
    }
    assert!(credentials().iter().all(|secret| !heard.contains(secret)), "{heard:?}");
}

#[tokio::test]
async fn letters_go_out_through_implicit_tls_and_through_starttls_signed_in() {
    let own = Certificate::of_localhost();
    for line in [Line::Implicit(&own), Line::Starttls(&own)] {
        let Some(mut peer) = Peer::start(line) else { return };
        let app = mailing_to(&peer.url(line), Some(own.authority())).await;
        let guests = guests(3);
        owe_invitations(&app, &guests).await;
        assert_eq!(round(&app).await, Round { sent: 3, ..NOTHING });
        assert_each_once(&peer, &guests);
        for taken in peer.taken() {
            assert!(taken.encrypted && taken.user.as_deref() == Some(USER), "{taken:?}");
            assert_eq!((taken.from.as_str(), taken.to.len()), ("keys@tokens.example", 1));
        }
        assert_nothing_told(&peer);
        let answers: Vec<_> = outbox(&app).await.into_iter().map(|row| row.last_answer).collect();
        let said = (1..=3).map(|n| Some(format!("250 2.0.0 Ok: queued as 00000{n}")));
        assert_eq!(answers, said.collect::<Vec<_>>(), "the server's own line is kept");
        assert_eq!((peer.count("connections"), peer.count("logins")), (1, 1), "one line a round");
        assert_eq!(installation(&app).await.mail_alarm, None);
    }
}

/// A server that offers everything but STARTTLS, and would gladly take the password in clear.
#[tokio::test]
async fn a_server_without_starttls_is_told_nothing_and_raises_the_alarm() {
    let own = Certificate::of_localhost();
    let Some(mut peer) = Peer::start(Line::ClearWithLogin) else { return };
    let app = mailing_to(&peer.url(Line::Starttls(&own)), Some(own.authority())).await;
    owe_invitations(&app, &guests(3)).await;
    assert_eq!(round(&app).await.sent, 0);
    assert_nothing_told(&peer);
    assert_eq!((peer.count("logins"), peer.taken().len()), (0, 0));
    let alarm = installation(&app).await.mail_alarm.expect("an alarm");
    assert!(alarm.contains("STARTTLS") && alarm.contains("LATCHKEY_SMTP_URL"), "{alarm}");
    assert!(outbox(&app).await.iter().all(|row| row.sent_at.is_none() && row.attempts == 0));
}

/// Neither another machine's certificate nor one of an authority that nobody trusts gets as far as a password.
#[tokio::test]
async fn a_wrong_certificate_is_told_nothing_and_loses_nothing() {
    let (own, other) = (Certificate::of_localhost(), Certificate::of("mail.elsewhere.example"));
    let cases = [(&other, other.authority()), (&own, other.authority())];
    for (shown, trusted) in cases {
        for line in [Line::Implicit(shown), Line::Starttls(shown)] {
            let Some(mut peer) = Peer::start(line) else { return };
            let app = mailing_to(&peer.url(line), Some(trusted.clone())).await;
            let guests = guests(2);
            owe_invitations(&app, &guests).await;
            assert_eq!(round(&app).await.sent, 0);
            assert_nothing_told(&peer);
            assert_eq!((peer.count("logins") + peer.count("refused"), peer.taken().len()), (0, 0));
            let why = installation(&app).await.mail_alarm.unwrap_or_default();
            let told: Vec<_> =
                outbox(&app).await.into_iter().map(|row| row.answer().to_owned()).collect();
            let said = format!("{why} {}", told.join(" "));
            assert!(said.to_lowercase().contains("certificate"), "{said}");
        }
    }
}

#[tokio::test]
async fn once_the_authority_is_trusted_what_waited_goes_out_once() {
    let (own, other) = (Certificate::of_localhost(), Certificate::of("mail.elsewhere.example"));
    let line = Line::Implicit(&own);
    let Some(peer) = Peer::start(line) else { return };
    let mut app = mailing_to(&peer.url(line), Some(other.authority())).await;
    let guests = guests(2);
    owe_invitations(&app, &guests).await;
    assert_eq!(round(&app).await.sent, 0);
    app.state = mailed(&app.state, app.folder.path(), &peer.url(line), Some(own.authority()));
    app.state.clock.advance(REST);
    assert_eq!(round(&app).await, Round { sent: 2, ..NOTHING });
    assert_each_once(&peer, &guests);
}

/// The queue rests, nothing is charged to the letters, the alarm names the setting and the answer and never the password.
#[tokio::test]
async fn a_refused_login_rests_the_queue_and_what_waited_goes_out_once_it_is_taken() {
    let own = Certificate::of_localhost();
    for line in [Line::Implicit(&own), Line::Starttls(&own)] {
        let Some(mut peer) = Peer::start(line) else { return };
        let app = mailing_to(&peer.url(line), Some(own.authority())).await;
        let guests = guests(3);
        owe_invitations(&app, &guests).await;
        peer.rules(&serde_json::json!([{ "at": "AUTH", "do": "535 5.7.8 No such login" }]));
        // Longer than the patience that a letter has of its own.
        for _ in 0..4 * 24 {
            assert_eq!(round(&app).await.sent, 0);
            app.state.clock.advance(60 * 60);
        }
        let known = installation(&app).await;
        let alarm = known.mail_alarm.expect("an alarm");
        assert!(alarm.contains("LATCHKEY_SMTP_URL") && alarm.contains("No such login"), "{alarm}");
        assert!(credentials().iter().all(|secret| !alarm.contains(secret)), "{alarm}");
        let rows = outbox(&app).await;
        assert!(
            rows.iter().all(|row| row.undelivered_at.is_none() && row.attempts == 0),
            "{rows:?}"
        );
        peer.behave();
        assert_eq!(round(&app).await, Round { sent: 3, ..NOTHING });
        assert_each_once(&peer, &guests);
        assert_eq!(installation(&app).await.mail_alarm, None, "a success ends the alarm");
        assert_nothing_told(&peer);
    }
}

/// Between two tries of a queue that rests nobody is asked anything.
#[tokio::test]
async fn a_queue_that_rests_leaves_the_server_alone_for_five_minutes() {
    let Some(mut peer) = Peer::start(Line::ClearWithLogin) else { return };
    let app = mailing_to(&peer.url(Line::ClearWithLogin), None).await;
    owe_invitations(&app, &guests(3)).await;
    peer.rules(&serde_json::json!([{ "at": "AUTH", "do": "535 5.7.8 No such login" }]));
    round(&app).await;
    let asked = peer.count("connections");
    for _ in 0..4 {
        app.state.clock.advance(REST / 5);
        assert_eq!(round(&app).await, NOTHING);
    }
    assert_eq!(peer.count("connections"), asked);
    app.state.clock.advance(REST / 5);
    round(&app).await;
    assert_eq!(peer.count("connections"), asked + 1);
}
