//! Sessions: how one begins, how it is recognised, and when it is dead. The store knows the hash of its id alone.

use crate::domain::time::{DAY, MINUTE, Time};
use crate::domain::user::{SessionFacts, User};
use crate::server::error::Result;
use crate::server::secret::{Code, Hash};
use crate::server::state::AppState;
use crate::server::store::sessions::Session;
use crate::server::store::{self, Tx};
use std::fmt;

/// Unused for so long, a session is dead.
pub const IDLE: i64 = 3 * DAY;
/// So old, it is dead however much it is used.
pub const ABSOLUTE: i64 = 30 * DAY;
/// Last use is written this often at most: reading a page is not a write.
const SEEN_EVERY: i64 = MINUTE;
/// How much of what a browser says of itself is kept, in characters.
const AGENT: usize = 160;

/// A session that has just begun, and the secret for its cookie.
#[derive(Debug)]
pub struct NewSession {
    pub cookie: Code,
    pub user: User,
}

/// The session that a request came with.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenSession {
    pub hash: Hash,
    /// What forms call it.
    pub handle: String,
}

impl fmt::Debug for OpenSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenSession({})", self.handle)
    }
}

/// Begins a session under an id that no browser has seen before, and sweeps away dead ones.
pub async fn begin(
    state: &AppState,
    tx: &mut Tx,
    user_id: &str,
    address: &str,
    agent: &str,
) -> Result<Code> {
    let (code, now) = (state.chance.code()?, state.now());
    let session = Session {
        handle: state.new_id()?,
        user_id: user_id.to_owned(),
        created_at: now,
        last_seen_at: now,
        address: address.to_owned(),
        agent: agent.chars().filter(|c| !c.is_control()).take(AGENT).collect(),
    };
    store::sessions::delete_dead(tx, now - IDLE, now - ABSOLUTE).await?;
    store::sessions::insert(tx, &code.hash(), &session).await?;
    Ok(code)
}

/// Whose session the cookie stands for, if it is alive.
pub async fn recognise(state: &AppState, cookie: &Code) -> Result<Option<(User, OpenSession)>> {
    let (hash, now) = (cookie.hash(), state.now());
    let mut reader = state.db.read().await?;
    let Some(session) = store::sessions::find_by_hash(&mut reader, &hash).await? else {
        return Ok(None);
    };
    if !alive(&session, now) {
        return Ok(None);
    }
    let Some(account) = store::users::find_by_id(&mut reader, &session.user_id).await? else {
        return Ok(None);
    };
    if account.disabled_at.is_some() {
        return Ok(None);
    }
    drop(reader);
    if now >= session.last_seen_at + SEEN_EVERY {
        mark_seen(state, &hash, now).await;
    }
    Ok(Some((account.user, OpenSession { hash, handle: session.handle })))
}

/// A full disk must not keep anybody from reading: what fails here is logged and tried again with the next request.
async fn mark_seen(state: &AppState, hash: &Hash, now: Time) {
    let written = async {
        let mut tx = state.db.begin().await?;
        store::sessions::mark_seen(&mut tx, hash, now).await?;
        state.commit(tx).await
    };
    if let Err(fault) = written.await {
        tracing::warn!(%fault, "the last use of a session could not be written");
    }
}

fn alive(session: &Session, now: Time) -> bool {
    now < session.last_seen_at + IDLE && now < session.created_at + ABSOLUTE
}

/// The living sessions of a person, newest first; `current` is the handle of the one that asks.
pub async fn list(state: &AppState, user_id: &str, current: &str) -> Result<Vec<SessionFacts>> {
    let now = state.now();
    let mut reader = state.db.read().await?;
    let sessions = store::sessions::list_of_user(&mut reader, user_id).await?;
    let facts = |session: Session| SessionFacts {
        current: session.handle == current,
        handle: session.handle,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        address: session.address,
        agent: session.agent,
    };
    Ok(sessions.into_iter().filter(|session| alive(session, now)).map(facts).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::HOUR;
    use crate::server::people::trial::{PASSWORD, Trial};

    #[tokio::test]
    async fn a_session_dies_after_three_days_without_use() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        let cookie = trial.sign_in("ada@example.com", PASSWORD).await.unwrap().cookie;
        for _ in 0..5 {
            trial.state.clock.advance(3 * DAY - 1);
            assert!(trial.knows(&cookie).await, "use keeps it alive");
        }
        trial.state.clock.advance(3 * DAY);
        assert!(!trial.knows(&cookie).await);
    }

    #[tokio::test]
    async fn a_session_dies_after_thirty_days_of_use() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        let cookie = trial.sign_in("ada@example.com", PASSWORD).await.unwrap().cookie;
        for _ in 0..29 {
            trial.state.clock.pass_days(1);
            assert!(trial.knows(&cookie).await);
        }
        trial.state.clock.advance(DAY - 1);
        assert!(trial.knows(&cookie).await);
        trial.state.clock.advance(1);
        assert!(!trial.knows(&cookie).await);
    }

    #[tokio::test]
    async fn last_use_is_written_once_a_minute_at_most() {
        let trial = Trial::new().await;
        let ada = trial.user("Ada", "ada@example.com").await;
        let begun = trial.state.now();
        let cookie = trial.sign_in("ada@example.com", PASSWORD).await.unwrap().cookie;
        for (advance, seen_after) in [(59, 0), (1, 60), (59, 60), (HOUR, 119 + HOUR)] {
            trial.state.clock.advance(advance);
            assert!(trial.knows(&cookie).await);
            let listed = list(&trial.state, &ada.id, "").await.unwrap();
            assert_eq!(listed[0].last_seen_at, begun + seen_after);
        }
    }

    #[tokio::test]
    async fn dead_sessions_are_neither_listed_nor_kept() {
        let trial = Trial::new().await;
        let ada = trial.user("Ada", "ada@example.com").await;
        trial.sign_in("ada@example.com", PASSWORD).await.unwrap();
        trial.state.clock.pass_days(3);
        assert!(list(&trial.state, &ada.id, "").await.unwrap().is_empty());
        trial.sign_in("ada@example.com", PASSWORD).await.unwrap();
        let mut reader = trial.state.db.read().await.unwrap();
        let kept = store::sessions::list_of_user(&mut reader, &ada.id).await.unwrap();
        assert_eq!(kept.len(), 1);
    }
}
