//! Table `sessions`: found by the hash of what the cookie holds, named to its person by a handle.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::server::error::Result;
use crate::server::secret::Hash;

statements! {
    INSERT = "insert into sessions (id_hash, handle, user_id, created_at, last_seen_at, address, agent)
        values ($1, $2, $3, $4, $5, $6, $7)";
    FIND_BY_HASH = "select handle, user_id, created_at, last_seen_at, address, agent
        from sessions where id_hash = $1";
    LIST_OF_USER = "select handle, user_id, created_at, last_seen_at, address, agent
        from sessions where user_id = $1 order by created_at desc, handle desc";
    MARK_SEEN = "update sessions set last_seen_at = $1 where id_hash = $2";
    DELETE_BY_HASH = "delete from sessions where id_hash = $1";
    DELETE_BY_HANDLE = "delete from sessions where handle = $1 and user_id = $2";
    DELETE_OF_USER = "delete from sessions where user_id = $1";
    DELETE_OTHERS = "delete from sessions where user_id = $1 and id_hash <> $2";
    DELETE_DEAD = "delete from sessions where last_seen_at <= $1 or created_at <= $2";
}

#[derive(Debug)]
pub struct Session {
    pub handle: String,
    pub user_id: String,
    pub created_at: Time,
    pub last_seen_at: Time,
    pub address: String,
    pub agent: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    handle: String,
    user_id: String,
    created_at: i64,
    last_seen_at: i64,
    address: String,
    agent: String,
}

impl Row {
    fn into_session(self) -> Session {
        Session {
            handle: self.handle,
            user_id: self.user_id,
            created_at: Time(self.created_at),
            last_seen_at: Time(self.last_seen_at),
            address: self.address,
            agent: self.agent,
        }
    }
}

pub async fn insert(tx: &mut Tx, id_hash: &Hash, session: &Session) -> Result<()> {
    put!(
        tx,
        INSERT,
        &id_hash[..],
        &session.handle,
        &session.user_id,
        session.created_at.0,
        session.last_seen_at.0,
        &session.address,
        &session.agent
    );
    Ok(())
}

pub async fn find_by_hash(on: &mut impl Lanes, id_hash: &Hash) -> Result<Option<Session>> {
    let row: Option<Row> =
        on!(on, c => sqlx::query_as(FIND_BY_HASH).bind(&id_hash[..]).fetch_optional(c).await)?;
    Ok(row.map(Row::into_session))
}

/// The sessions of a user, newest first; dead ones too, until they are swept.
pub async fn list_of_user(on: &mut impl Lanes, user_id: &str) -> Result<Vec<Session>> {
    let rows: Vec<Row> =
        on!(on, c => sqlx::query_as(LIST_OF_USER).bind(user_id).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Row::into_session).collect())
}

pub async fn mark_seen(tx: &mut Tx, id_hash: &Hash, now: Time) -> Result<()> {
    put!(tx, MARK_SEEN, now.0, &id_hash[..]);
    Ok(())
}

pub async fn delete_by_hash(tx: &mut Tx, id_hash: &Hash) -> Result<()> {
    put!(tx, DELETE_BY_HASH, &id_hash[..]);
    Ok(())
}

/// Ends a session by its handle; one of somebody else stays.
pub async fn delete_by_handle(tx: &mut Tx, handle: &str, user_id: &str) -> Result<()> {
    put!(tx, DELETE_BY_HANDLE, handle, user_id);
    Ok(())
}

pub async fn delete_of_user(tx: &mut Tx, user_id: &str) -> Result<()> {
    put!(tx, DELETE_OF_USER, user_id);
    Ok(())
}

/// Ends every session of a user but one.
pub async fn delete_others(tx: &mut Tx, user_id: &str, kept: &Hash) -> Result<()> {
    put!(tx, DELETE_OTHERS, user_id, &kept[..]);
    Ok(())
}

/// Removes what was last seen at or before `seen_at`, or began at or before `created_at`.
pub async fn delete_dead(tx: &mut Tx, seen_at: Time, created_at: Time) -> Result<()> {
    put!(tx, DELETE_DEAD, seen_at.0, created_at.0);
    Ok(())
}
