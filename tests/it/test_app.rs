//! An installation for one test: a store of its own, a clock by hand, the router without a port. It never sleeps.

use crate::caller::{Answer, Api, Browser};
use crate::letter::{self, Letter};
use crate::promised;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use http_body_util::BodyExt;
use latchkey::domain::activity::Actor;
use latchkey::domain::answers::IssuedToken;
use latchkey::domain::permission::catalogue_at_first_start;
use latchkey::domain::rights::{Rights, Seat};
use latchkey::domain::time::Time;
use latchkey::domain::token_draft::RawDraft;
use latchkey::domain::workgroup::{Policy, Workgroup};
use latchkey::server::clock::Clock;
use latchkey::server::config::{PublicUrl, Settings};
use latchkey::server::grants;
use latchkey::server::http::door::Door;
use latchkey::server::notices::deliver;
use latchkey::server::people::members::{self, RawUser, Standing};
use latchkey::server::people::sessions;
use latchkey::server::scheduler::{self, Tick};
use latchkey::server::secret::Chance;
use latchkey::server::state::AppState;
use latchkey::server::store::{self, Db};
use latchkey::server::tokens::{issue, usage};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tower::ServiceExt;

/// The password of everybody.
pub const PASSWORD: &str = "long grey river bank";
/// Saturday, 21 November 2026, 10:00 UTC.
pub const START: &str = "2026-11-21T10:00:00Z";

pub struct TestApp {
    pub state: AppState,
    pub router: Door,
    pub folder: tempfile::TempDir,
    /// The first workgroup, owned by Ada.
    pub harrow: Workgroup,
}

impl TestApp {
    /// Ada owns Harrow Valley; there is nothing else.
    pub async fn new() -> TestApp {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("latchkey.db").display());
        TestApp::on(&url, folder).await
    }

    /// The same on a database of its own in the PostgreSQL that the run was given; `None` if it was given none.
    pub async fn on_postgres() -> Option<TestApp> {
        let url = postgres_database().await?;
        Some(TestApp::on(&url, tempfile::tempdir().unwrap()).await)
    }

    /// The same as [`TestApp::new`], reached at this public URL.
    pub async fn at(public_url: &str) -> TestApp {
        let mut app = TestApp::new().await;
        let mut config = (*app.state.config).clone();
        config.public_url = PublicUrl::parse(public_url).unwrap();
        app.state.config = Arc::new(config);
        app.router = Door::new(app.state.clone());
        app
    }

    /// A first start: there is nobody, and the workgroup `harrow` is only a name.
    pub async fn empty() -> TestApp {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("latchkey.db").display());
        TestApp::over(&url, folder).await
    }

    /// An installation over a database that holds something already.
    pub async fn over(url: &str, folder: tempfile::TempDir) -> TestApp {
        let state = opened(url, &folder).await;
        let router = Door::new(state.clone());
        TestApp { router, harrow: nowhere(), folder, state }
    }

    async fn on(url: &str, folder: tempfile::TempDir) -> TestApp {
        let state = opened(url, &folder).await;
        seed_catalogue(&state).await;
        create_user(&state, "Ada", "ada@harrow.example").await;
        let harrow =
            members::create_workgroup(&state, "Harrow Valley", "ada@harrow.example", "UTC").await;
        let router = Door::new(state.clone());
        TestApp { router, harrow: harrow.unwrap(), folder, state }
    }

    pub async fn user(&self, name: &str, email: &str) {
        create_user(&self.state, name, email).await;
    }

    pub async fn workgroup(&self, name: &str, owner: &str) -> Workgroup {
        members::create_workgroup(&self.state, name, owner, "UTC").await.unwrap()
    }

    /// A new person with chosen permissions in Harrow Valley, bound to a device group or not.
    pub async fn member(
        &self,
        name: &str,
        permissions: &[&str],
        group: Option<&str>,
    ) -> Browser<'_> {
        let email = format!("{}@harrow.example", name.to_lowercase());
        self.user(name, &email).await;
        let chosen = permissions.iter().map(ToString::to_string).collect();
        let slug = &self.harrow.slug;
        members::set_member(&self.state, slug, &email, Standing::Chosen(chosen), group)
            .await
            .unwrap();
        self.browser(&email).await
    }

    /// A browser in which this person is signed in.
    pub async fn browser(&self, email: &str) -> Browser<'_> {
        let email = latchkey::domain::user::Email::parse(email).unwrap();
        let mut tx = self.state.db.begin().await.unwrap();
        let user = store::users::find_by_email(&mut tx, &email).await.unwrap().unwrap().user;
        let begun = sessions::begin(&self.state, &mut tx, &user.id, "192.0.2.1", "Test").await;
        self.state.commit(tx).await.unwrap();
        Browser::new(self, Some(begun.unwrap()))
    }

    pub async fn ada(&self) -> Browser<'_> {
        self.browser("ada@harrow.example").await
    }

    /// A browser in which nobody is signed in.
    pub fn stranger(&self) -> Browser<'_> {
        Browser::new(self, None)
    }

    /// Calls the API with this string.
    pub fn api(&self, string: &str) -> Api<'_> {
        Api::new(self, string)
    }

    /// A seat with every right in Harrow Valley.
    pub fn seat(&self) -> Seat {
        Seat { workgroup: self.harrow.clone(), actor: Actor::CommandLine, rights: Rights::owner() }
    }

    /// A token of Harrow Valley that can renew, with what `change` makes of it.
    pub async fn token(&self, change: impl FnOnce(&mut RawDraft)) -> IssuedToken {
        let mut raw = RawDraft {
            owner: "North plant integrator".into(),
            email: "ops@north.example".into(),
            expires: "3m".into(),
            can_renew: true,
            permissions: vec!["read".into()],
            ..RawDraft::default()
        };
        change(&mut raw);
        let made = issue::issue(&self.state, &self.seat(), &raw, None, None).await.unwrap();
        *made.done_now().unwrap()
    }

    /// The string of a token that holds these permissions, for calling the API.
    pub async fn string_with(&self, permissions: &[&str]) -> String {
        let permissions = permissions.iter().map(ToString::to_string).collect();
        self.token(|raw| raw.permissions = permissions).await.string.reveal().to_owned()
    }

    pub fn pass_days(&self, days: i64) {
        self.state.clock.pass_days(days);
    }

    /// Writes the uses that were counted, as the scheduler does every few seconds.
    pub async fn flush(&self) {
        usage::flush(&self.state).await.unwrap();
    }

    /// Hears of what was changed behind the back of the use cases, as the scheduler does ten times a second.
    pub async fn follow(&self) {
        grants::follow(&self.state.db, &self.state.clock, &self.state.grants).await.unwrap();
    }

    /// Everything that is due by the clock, but the delivery itself.
    pub async fn tick(&self) -> Tick {
        scheduler::tick(&self.state).await.unwrap()
    }

    /// Lets days pass one by one, each with a tick and a delivery; gives the letters that went out.
    pub async fn live_days(&self, days: i64) -> Vec<Letter> {
        let mut letters = Vec::new();
        for _ in 0..days {
            self.pass_days(1);
            self.tick().await;
            letters.extend(self.deliver_mail().await);
        }
        letters
    }

    /// Delivers what is due, and gives the letters that went out, in the order in which they were owed.
    pub async fn deliver_mail(&self) -> Vec<Letter> {
        let folder = self.folder.path().join("mail");
        let before = letter::names(&folder);
        deliver::round(&self.state).await.unwrap();
        let new = letter::names(&folder).into_iter().filter(|name| !before.contains(name));
        new.map(|name| Letter::read(&folder.join(name))).collect()
    }

    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        let peer: SocketAddr = "192.0.2.1:4000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let answer = Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        promised::hold(&method, &path, &answer);
        answer
    }
}

/// A workgroup that is only a name.
fn nowhere() -> Workgroup {
    Workgroup {
        id: "none".into(),
        slug: "harrow-valley".into(),
        name: "Harrow Valley".into(),
        time_zone: "UTC".into(),
        policy: Policy::default(),
    }
}

/// The database at the address, made if there is none, brought up to date.
async fn opened(url: &str, folder: &tempfile::TempDir) -> AppState {
    let mail_dir = Some(folder.path().join("mail"));
    let settings = Settings { database_url: Some(url.into()), mail_dir, ..Settings::default() };
    let config = settings.resolve(Path::new("no-such-file.toml")).unwrap();
    let db = Db::open(&config.database_url).await.unwrap();
    store::migrate(&db).await.unwrap();
    let state = AppState::new(db, Clock::by_hand(Time::parse(START).unwrap()), config);
    grants::fill(&state.db, &state.clock, &state.grants).await.unwrap();
    state
}

async fn create_user(state: &AppState, name: &str, email: &str) {
    let raw = RawUser { name: name.into(), email: email.into(), password: PASSWORD.into() };
    members::create_user(state, raw, false).await.unwrap();
}

async fn seed_catalogue(state: &AppState) {
    let mut tx = state.db.begin().await.unwrap();
    if store::permissions::list(&mut tx).await.unwrap().is_empty() {
        for (position, permission) in (0..).zip(catalogue_at_first_start()) {
            store::permissions::insert(&mut tx, &permission, position).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
}

/// The address of a new, empty database; `None`, and a word about it, where the run was given no PostgreSQL.
#[expect(clippy::disallowed_methods, reason = "the run names its PostgreSQL in the environment")]
pub async fn postgres_database() -> Option<String> {
    let Ok(url) = std::env::var("LATCHKEY_TEST_POSTGRES_URL") else {
        assert!(std::env::var("CI").is_err(), "CI=true, but there is no PostgreSQL to test with");
        eprintln!("SKIPPED: no PostgreSQL (LATCHKEY_TEST_POSTGRES_URL is not set)");
        return None;
    };
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    let name = format!("test_{}", Chance.id(Time(0)).unwrap().replace('-', ""));
    let create = sqlx::AssertSqlSafe(format!("create database {name}"));
    sqlx::query(create).execute(&pool).await.unwrap();
    pool.close().await;
    let (server, _) = url.rsplit_once('/').unwrap();
    Some(format!("{server}/{name}"))
}
