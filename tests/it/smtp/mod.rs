//! Mail against a real mail server that fails as such servers do: nothing lost, nothing in clear, nothing twice.

mod addresses;
mod bounce;
mod certificate;
mod day;
mod faults;
mod kills;
mod letters;
mod peer;
mod tls;
mod two_servers;

use crate::test_app::TestApp;
use latchkey::domain::activity::Actor;
use latchkey::domain::time::{DAY, MINUTE};
use latchkey::domain::user::Email;
use latchkey::server::config::Settings;
use latchkey::server::mail::{Mailer, Smtp, Times};
use latchkey::server::notices::deliver::{self, Round};
use latchkey::server::notices::{Letter, owe};
use latchkey::server::state::AppState;
use latchkey::server::store::Db;
use latchkey::server::store::installation::{self, Installation};
use latchkey::server::store::invitations::{self, Invitation};
use latchkey::server::store::memberships::Membership;
use peer::{Peer, Taken};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const NOTHING: Round = Round { sent: 0, failed: 0, dropped: 0 };
/// The longest time for which the queue rests once the line has failed, or a setting was wrong.
const REST: i64 = 5 * MINUTE;
/// How long an answer is waited for here; the product is more patient.
const TIMES: Times =
    Times { connecting: Duration::from_millis(1_500), sending: Duration::from_millis(1_500) };

/// An installation whose mail goes to that server.
async fn mailing_to(url: &str, authority: Option<PathBuf>) -> TestApp {
    let mut app = TestApp::new().await;
    app.state = mailed(&app.state, app.folder.path(), url, authority);
    app.router = latchkey::server::http::door::Door::new(app.state.clone());
    app
}

/// The same installation with these settings of mail.
fn mailed(state: &AppState, folder: &Path, url: &str, authority: Option<PathBuf>) -> AppState {
    let settings = Settings {
        database_url: Some(state.config.database_url.clone()),
        mail_dir: Some(folder.join("mail")),
        mail_from: Some("Latchkey <keys@tokens.example>".into()),
        // Where the callers of the tests come from: they may speak for another address.
        trusted_proxies: Some(vec!["192.0.2.0/24".parse().unwrap()]),
        smtp_url: Some(url.into()),
        smtp_ca_file: authority,
        ..Settings::default()
    };
    let config = settings.resolve(Path::new("no-such-file.toml")).unwrap();
    let mut server = Smtp::new(config.smtp.as_ref().unwrap(), config.public_url.domain());
    server.times = TIMES;
    let mailer = Mailer::Smtp(Arc::new(server));
    AppState { mailer, config: Arc::new(config), ..state.clone() }
}

/// `guest-0@new.example` and on.
fn guests(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("guest-{number}@new.example")).collect()
}

/// Owes each of them an invitation to Harrow Valley.
async fn owe_invitations(app: &TestApp, guests: &[String]) {
    let state = &app.state;
    let mut tx = state.db.begin().await.unwrap();
    for guest in guests {
        let email = Email::parse(guest).unwrap();
        let offered = Membership {
            owner: false,
            permissions: ["read".to_owned()].into(),
            device_group_id: None,
            version: 0,
        };
        let invitation = Invitation {
            id: state.new_id().unwrap(),
            workgroup_id: app.harrow.id.clone(),
            email: email.to_string(),
            offered,
            invited_by: Actor::CommandLine,
            expires_at: state.now() + 7 * DAY,
        };
        invitations::insert(&mut tx, &invitation, &email, state.now()).await.unwrap();
        let letter = Letter::Invitation { id: invitation.id };
        owe(state, &mut tx, &letter, Some(&app.harrow.id), &email).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn round(app: &TestApp) -> Round {
    deliver::round(&app.state).await.unwrap()
}

/// Rounds with a rest before each, until nothing is owed any more.
async fn deliver_all(app: &TestApp) {
    for _ in 0..40 {
        round(app).await;
        if owed(app).await.is_empty() {
            return;
        }
        app.state.clock.advance(REST);
    }
    panic!("still owed: {:?}", owed(app).await);
}

/// What the outbox says of a letter.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Row {
    recipient: String,
    attempts: i64,
    due_at: i64,
    sent_at: Option<i64>,
    undelivered_at: Option<i64>,
    last_answer: Option<String>,
}

impl Row {
    fn answer(&self) -> &str {
        self.last_answer.as_deref().unwrap_or_default()
    }
}

async fn outbox(app: &TestApp) -> Vec<Row> {
    const ALL: &str = "select recipient, attempts, due_at, sent_at, undelivered_at, last_answer
        from outbox order by id";
    match &app.state.db {
        Db::Sqlite { read, .. } => sqlx::query_as(ALL).fetch_all(read).await.unwrap(),
        Db::Postgres(pool) => sqlx::query_as(ALL).fetch_all(pool).await.unwrap(),
    }
}

/// What is neither sent nor given up.
async fn owed(app: &TestApp) -> Vec<Row> {
    let rows = outbox(app).await.into_iter();
    rows.filter(|row| row.sent_at.is_none() && row.undelivered_at.is_none()).collect()
}

async fn installation(app: &TestApp) -> Installation {
    let mut reader = app.state.db.read().await.unwrap();
    installation::find(&mut reader).await.unwrap()
}

/// The recipients, each once for every copy, in an order of their own.
fn recipients(taken: &[Taken]) -> Vec<String> {
    let mut all: Vec<_> = taken.iter().flat_map(|it| it.to.clone()).collect();
    all.sort();
    all
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

/// That each of them got one copy, and nobody else any.
fn assert_each_once(peer: &Peer, guests: &[String]) {
    assert_eq!(recipients(&peer.taken()), sorted(guests.to_vec()));
}
