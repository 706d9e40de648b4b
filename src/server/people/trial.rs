//! What the tests of people stand on: a store of their own in a temporary folder, a clock by hand, and shortcuts.

use super::members::{self, RawUser};
use super::sessions::NewSession;
use super::sign_in::sign_in;
use crate::domain::time::Time;
use crate::domain::user::User;
use crate::domain::workgroup::Workgroup;
use crate::server::clock::Clock;
use crate::server::config::Settings;
use crate::server::error::Result;
use crate::server::secret::Code;
use crate::server::state::AppState;
use crate::server::store::{self, Db};
use crate::server::viewer::Visit;
use std::path::Path;

/// The password of everybody.
pub const PASSWORD: &str = "long grey river bank";

pub struct Trial {
    pub state: AppState,
    folder: tempfile::TempDir,
}

impl Trial {
    /// Nobody and nothing, on 21 November 2026.
    pub async fn new() -> Trial {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("latchkey.db").display());
        let mail_dir = Some(folder.path().join("mail"));
        let settings = Settings { database_url: Some(url.into()), mail_dir, ..Settings::default() };
        let config = settings.resolve(Path::new("no-such-file.toml")).unwrap();
        let db = Db::open(&config.database_url).await.unwrap();
        store::migrate(&db).await.unwrap();
        let clock = Clock::by_hand(Time::parse("2026-11-21T10:00:00Z").unwrap());
        Trial { state: AppState::new(db, clock, config), folder }
    }

    pub async fn user(&self, name: &str, email: &str) -> User {
        members::create_user(&self.state, raw_user(name, email), false).await.unwrap()
    }

    pub async fn administrator(&self, name: &str, email: &str) -> User {
        members::create_user(&self.state, raw_user(name, email), true).await.unwrap()
    }

    pub async fn workgroup(&self, name: &str, owner: &str) -> Workgroup {
        members::create_workgroup(&self.state, name, owner, "UTC").await.unwrap()
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Result<NewSession> {
        sign_in(&self.state, email, password.into(), "192.0.2.1", "Browser").await
    }

    pub async fn visit(&self, cookie: &Code) -> Visit {
        let header = format!("latchkey={}", cookie.reveal());
        Visit::read(self.state.clone(), "192.0.2.1".into(), Some(&header)).await.unwrap()
    }

    pub async fn visit_of(&self, email: &str) -> Visit {
        let session = self.sign_in(email, PASSWORD).await.unwrap();
        self.visit(&session.cookie).await
    }

    /// Whether the cookie opens anything.
    pub async fn knows(&self, cookie: &Code) -> bool {
        self.visit(cookie).await.person.is_some()
    }

    /// Whether the bytes stand anywhere in the database's files.
    pub fn stored(&self, bytes: &[u8]) -> bool {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files
            .map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .any(|file| file.windows(bytes.len()).any(|window| window == bytes))
    }
}

pub fn raw_user(name: &str, email: &str) -> RawUser {
    RawUser { name: name.into(), email: email.into(), password: PASSWORD.into() }
}
