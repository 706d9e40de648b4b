//! What a mail server's answers mean for a letter, for the others, and for the queue.

use super::clumsy::{Clumsy, Reply, say, usual};
use crate::database::{ask, dump};
use crate::letter::Letter as Read;
use crate::test_app::TestApp;
use latchkey::domain::time::{HOUR, MINUTE};
use latchkey::domain::user::Email;
use latchkey::server::config::{SmtpServer, SmtpUrl};
use latchkey::server::mail::{Mailer, Smtp, Times};
use latchkey::server::notices::deliver::{self, Round};
use latchkey::server::notices::{Letter, owe};
use latchkey::server::state::AppState;
use latchkey::server::store;
use std::sync::Arc;
use std::time::Duration;

/// Owes a link for a new password to this person, who is made first.
async fn owe_new(app: &TestApp, name: &str) {
    let email = format!("{}@harrow.example", name.to_lowercase());
    app.user(name, &email).await;
    owe_known(app, &email).await;
}

async fn owe_known(app: &TestApp, email: &str) {
    let email = Email::parse(email).unwrap();
    let mut tx = app.state.db.begin().await.unwrap();
    let user = store::users::find_by_email(&mut tx, &email).await.unwrap().unwrap().user;
    let letter = Letter::Reset { user_id: user.id };
    owe(&app.state, &mut tx, &letter, None, &email).await.unwrap();
    tx.commit().await.unwrap();
}

/// The installation with a mail server at the end of this URL.
fn mailing(app: &TestApp, url: &str) -> AppState {
    waiting(app, url, Duration::from_secs(20))
}

/// The same, waited for so long.
fn waiting(app: &TestApp, url: &str, patience: Duration) -> AppState {
    let url = SmtpUrl::parse(url).unwrap();
    let mut smtp = Smtp::new(&SmtpServer { url, authority: None }, "tokens.example");
    smtp.times = Times { connecting: patience, sending: patience };
    AppState { mailer: Mailer::Smtp(Arc::new(smtp)), ..app.state.clone() }
}

fn to(app: &TestApp, server: &Clumsy) -> AppState {
    mailing(app, &format!("smtp://{}", server.address))
}

async fn round(state: &AppState) -> (u32, u32) {
    let Round { sent, failed, dropped } = deliver::round(state).await.unwrap();
    assert_eq!(dropped, 0);
    (sent, failed)
}

async fn alarm(app: &TestApp) -> Option<String> {
    let mut reader = app.state.db.read().await.unwrap();
    store::installation::find(&mut reader).await.unwrap().mail_alarm
}

/// Who was tried how often and what came of it, in the order in which the letters were owed.
async fn outbox(app: &TestApp) -> Vec<String> {
    let rows = "select substr(recipient, 1, instr(recipient, '@') - 1) || ' ' || attempts || ' '
            || case when sent_at is not null then 'sent' when undelivered_at is not null then 'undelivered' else 'owed' end
            || ' ' || coalesce(last_answer, '')
        from outbox order by id";
    ask(app, rows).await
}

#[tokio::test]
async fn the_letters_of_a_round_share_a_connection_and_keep_the_servers_own_words() {
    let app = TestApp::new().await;
    let server = Clumsy::start(usual).await;
    for name in ["Ben", "Cleo", "Dora"] {
        owe_new(&app, name).await;
    }
    assert_eq!(round(&to(&app, &server)).await, (3, 0));
    assert_eq!([server.count(""), server.count("QUIT"), server.count("AUTH")], [1, 1, 0]);
    assert_eq!(server.count("EHLO tokens.example"), 1);
    assert_eq!(outbox(&app).await[0], "ben 1 sent 250 2.0.0 Ok: 4XmT7c");
    for (message, name) in server.messages().into_iter().zip(["ben", "cleo", "dora"]) {
        let letter = Read::parse(&message);
        assert_eq!(letter.to, format!("{name}@harrow.example"));
        assert_eq!(letter.header("Auto-Submitted"), "auto-generated");
        assert_eq!(app.stranger().get(&letter.path()).await.status, 200);
    }
}

#[tokio::test]
async fn a_round_goes_on_until_nothing_is_due() {
    let app = TestApp::new().await;
    let server = Clumsy::start(usual).await;
    for _ in 0..120 {
        owe_known(&app, "ada@harrow.example").await;
    }
    assert_eq!(round(&to(&app, &server)).await, (120, 0));
    assert_eq!(server.count(""), 1);
}

#[tokio::test]
async fn a_refused_recipient_is_undelivered_at_once_and_delays_nobody() {
    let app = TestApp::new().await;
    let server = Clumsy::start(|line: &str| match line {
        "RCPT TO:<ben@harrow.example>" => say("550-5.1.1 No such\r\n550 5.1.1 user"),
        "RCPT TO:<cleo@harrow.example>" => say("451 4.7.1 Come again"),
        line => usual(line),
    })
    .await;
    for name in ["Ben", "Cleo", "Dora"] {
        owe_new(&app, name).await;
    }
    assert_eq!(round(&to(&app, &server)).await, (1, 2));
    assert_eq!(server.count(""), 1, "a refusal costs no connection");
    let expected = [
        "ben 1 undelivered 550 5.1.1 No such user",
        "cleo 1 owed 451 4.7.1 Come again",
        "dora 1 sent 250 2.0.0 Ok: 4XmT7c",
    ];
    assert_eq!(outbox(&app).await, expected);
    assert_eq!(alarm(&app).await, None);
}

#[tokio::test]
async fn greylisting_is_outlasted_by_a_server_that_was_off_for_ten_days() {
    let app = TestApp::new().await;
    let mut asked = 0;
    let server = Clumsy::start(move |line: &str| {
        asked += i32::from(line.starts_with("RCPT"));
        match (line.starts_with("RCPT"), asked) {
            (true, ..=4) => say("451 4.7.1 Greylisted"),
            _ => usual(line),
        }
    })
    .await;
    owe_new(&app, "Ben").await;
    app.pass_days(10);
    let state = to(&app, &server);
    for minutes in [2, 3, 5, 10] {
        assert_eq!(round(&state).await, (0, 1));
        app.state.clock.advance(minutes * MINUTE);
    }
    assert_eq!(round(&state).await, (1, 0));
}

/// A connection that fails ends the round: the letter waits for minutes, the others are untouched.
#[tokio::test]
async fn where_nobody_answers_the_others_stay_due_and_after_an_hour_somebody_is_told() {
    let app = TestApp::new().await;
    let gone = Clumsy::start(usual).await.address;
    // The task that listens ends with its abort.
    tokio::task::yield_now().await;
    for name in ["Ben", "Cleo"] {
        owe_new(&app, name).await;
    }
    let state = mailing(&app, &format!("smtp://{gone}"));
    assert_eq!(round(&state).await, (0, 1));
    let rows = outbox(&app).await;
    assert!(rows[0].starts_with("ben 1 owed 127.0.0.1:"), "{rows:?}");
    assert_eq!(rows[1], "cleo 0 owed ");
    assert_eq!(alarm(&app).await, None);
    for _ in 0..14 {
        app.state.clock.advance(6 * MINUTE);
        assert_eq!(round(&state).await, (0, 1));
    }
    let why = alarm(&app).await.unwrap();
    assert!(why.starts_with(&gone.to_string()), "{why}");
    app.state.clock.advance(6 * MINUTE);
    let server = Clumsy::start(usual).await;
    assert_eq!(round(&to(&app, &server)).await, (2, 0));
    assert_eq!(alarm(&app).await, None);
}

#[tokio::test]
async fn silence_before_the_recipient_is_the_lines_and_behind_it_the_letters() {
    for (line, said, expected) in [
        ("", Some("554 No service"), (0, 1)),
        ("", None, (0, 1)),
        ("EHLO", None, (0, 1)),
        ("MAIL", None, (0, 1)),
        ("MAIL", Some("421 Closing"), (0, 1)),
        ("RCPT", None, (0, 2)),
        ("DATA", None, (0, 2)),
        (".", None, (0, 2)),
        (".", Some("421 Closing"), (0, 2)),
    ] {
        let app = TestApp::new().await;
        let server = Clumsy::start(move |heard: &str| {
            let here = if line.is_empty() { heard.is_empty() } else { heard.starts_with(line) };
            match (here, said) {
                (true, Some(said)) => say(said),
                (true, None) => Reply::Hang,
                _ => usual(heard),
            }
        })
        .await;
        owe_new(&app, "Ben").await;
        owe_new(&app, "Cleo").await;
        let url = format!("smtp://{}", server.address);
        let state = waiting(&app, &url, Duration::from_millis(300));
        assert_eq!(round(&state).await, expected, "{line:?} {said:?}");
        let course = deliver::run(&state, || true).await.unwrap();
        assert_eq!(course.line_failed, expected.1 == 1, "{line:?} {said:?}");
        assert!(outbox(&app).await[0].starts_with("ben 1 owed "), "{line:?}");
    }
}

#[tokio::test]
async fn a_connection_that_is_closed_between_two_letters_is_opened_again() {
    let app = TestApp::new().await;
    let mut letters = 0;
    let server = Clumsy::start(move |line: &str| {
        letters += i32::from(line.starts_with("MAIL"));
        match (line.starts_with("MAIL"), letters) {
            (true, 2) => say("421 4.7.0 One letter a connection"),
            (true, 4) => Reply::Cut,
            _ => usual(line),
        }
    })
    .await;
    for name in ["Ben", "Cleo", "Dora"] {
        owe_new(&app, name).await;
    }
    assert_eq!(round(&to(&app, &server)).await, (3, 0));
    assert_eq!((server.count(""), server.messages().len()), (3, 3));
}

#[tokio::test]
async fn a_refused_password_pauses_mail_with_an_alarm_and_costs_the_letters_nothing() {
    let app = TestApp::new().await;
    let mut tries = 0;
    let server = Clumsy::start(move |line: &str| {
        tries += i32::from(line.starts_with("AUTH"));
        match (line.starts_with("AUTH"), tries) {
            (true, 1) => say("535 5.7.8 Authentication failed"),
            (true, 2) => say("535 5.7.8 s3cret is wrong"),
            _ => usual(line),
        }
    })
    .await;
    let state = mailing(&app, &format!("smtp://u:s3cret@{}", server.address));
    for name in ["Ben", "Cleo"] {
        owe_new(&app, name).await;
    }
    assert_eq!(round(&state).await, (0, 1));
    let why = alarm(&app).await.unwrap();
    assert!(why.starts_with("LATCHKEY_SMTP_URL"), "{why}");
    assert!(why.contains("535 5.7.8 Authentication failed"), "{why}");
    app.state.clock.advance(4 * MINUTE);
    assert_eq!(round(&state).await, (0, 0));
    assert_eq!(server.count(""), 1, "a paused queue knocks at no door");
    app.state.clock.advance(MINUTE);
    assert_eq!(round(&state).await, (0, 1));
    let kept = dump(&app).await.join("\n");
    assert!(!kept.contains("s3cret") && !kept.contains("czNjcmV0"), "the password was kept");
    app.pass_days(4);
    assert_eq!(round(&state).await, (2, 0), "not even patience was spent");
    assert_eq!(alarm(&app).await, None);
    assert!(outbox(&app).await.iter().all(|row| row.contains(" 1 sent ")));
}

#[tokio::test]
async fn a_wrong_setting_is_named() {
    for (beginning, said, setting) in [
        ("MAIL", "553 5.7.1 Not yours", "LATCHKEY_MAIL_FROM was refused"),
        ("MAIL", "530 5.7.0 Sign in first", "LATCHKEY_SMTP_URL"),
        ("RCPT", "530 5.7.0 Sign in first", "LATCHKEY_SMTP_URL"),
    ] {
        let app = TestApp::new().await;
        let server =
            Clumsy::start(
                move |line: &str| {
                    if line.starts_with(beginning) { say(said) } else { usual(line) }
                },
            )
            .await;
        owe_new(&app, "Ben").await;
        assert_eq!(round(&to(&app, &server)).await, (0, 1));
        let why = alarm(&app).await.unwrap();
        assert!(why.starts_with(setting) && why.contains(said), "{why}");
        assert!(outbox(&app).await[0].starts_with("ben 0 owed "));
    }
}

#[tokio::test]
async fn without_starttls_nothing_is_said_in_clear() {
    let app = TestApp::new().await;
    let server = Clumsy::start(usual).await;
    owe_new(&app, "Ben").await;
    let url = format!("smtp://u:s3cret@{}?tls=required", server.address);
    assert_eq!(round(&mailing(&app, &url)).await, (0, 1));
    assert!(alarm(&app).await.unwrap().contains("STARTTLS"));
    let said = server.lines();
    assert!(said.iter().all(|line| line.is_empty() || line.starts_with("EHLO")), "{said:?}");
}

#[tokio::test]
async fn who_offers_no_way_to_sign_in_is_not_sent_a_password() {
    let app = TestApp::new().await;
    let server =
        Clumsy::start(
            |line: &str| {
                if line.starts_with("EHLO") { say("250 mx.example") } else { usual(line) }
            },
        )
        .await;
    owe_new(&app, "Ben").await;
    let url = format!("smtp://u:s3cret@{}", server.address);
    assert_eq!(round(&mailing(&app, &url)).await, (0, 1));
    assert!(alarm(&app).await.unwrap().contains("sign in"));
    assert_eq!(server.count("AUTH"), 0);
}

/// The other half of the hour: a letter that nobody takes is given up when three days have passed.
#[tokio::test]
async fn a_letter_that_nobody_takes_is_given_up_after_three_days() {
    let app = TestApp::new().await;
    let gone = Clumsy::start(usual).await.address;
    tokio::task::yield_now().await;
    owe_new(&app, "Ben").await;
    let state = mailing(&app, &format!("smtp://{gone}"));
    for _ in 0..72 {
        assert_eq!(round(&state).await, (0, 1));
        app.state.clock.advance(HOUR);
    }
    assert_eq!(round(&state).await, (0, 1));
    assert!(outbox(&app).await[0].starts_with("ben 73 undelivered "));
}
