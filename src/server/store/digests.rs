//! The digests of workgroup owners: columns of table `users`, and table `digest_told`.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    LIST_DUE = "select u.id from users u
        where u.digest_at <= $1 and u.disabled_at is null
            and exists (select 1 from memberships m where m.user_id = u.id and m.owner)
        order by u.digest_at, u.id limit $2";
    FIND = "select u.id, u.email, u.time_zone, u.digest_off, u.digest_at, u.digest_sent_at, u.unsubscribe_code from users u
        where u.id = $1 and u.disabled_at is null
            and exists (select 1 from memberships m where m.user_id = u.id and m.owner)";
    FIND_BY_CODE = "select u.id, u.email, u.name, u.digest_off from users u where u.unsubscribe_code = $1";
    FIND_OFF = "select u.digest_off from users u where u.id = $1";
    MARK_NEXT = "update users set digest_at = $2 where id = $1";
    MARK_SENT = "update users set digest_sent_at = $2 where id = $1";
    MARK_OFF = "update users set digest_off = $2 where id = $1";
    MARK_CODE = "update users set unsubscribe_code = $2 where id = $1";
    INSERT_TOLD = "insert into digest_told (user_id, item, told_at) values ($1, $2, $3)
        on conflict (user_id, item) do update set told_at = excluded.told_at";
    DELETE_TOLD = "delete from digest_told where user_id = $1 and told_at < $2";
    IS_OWED = "select count(*) from outbox where dedupe_key = $1";
}

/// A workgroup owner who can sign in, as the reader of digests.
#[derive(Clone, Debug)]
pub struct Reader {
    pub id: String,
    pub email: String,
    pub time_zone: String,
    pub off: bool,
    /// When the next one is thought of; 0: nobody has thought of it yet.
    pub next_at: Time,
    /// When the last one went out.
    pub sent_at: Option<Time>,
    /// What the link that turns it off ends with, once it was needed.
    pub code: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    email: String,
    time_zone: String,
    digest_off: bool,
    digest_at: i64,
    digest_sent_at: Option<i64>,
    unsubscribe_code: Option<String>,
}

/// Whoever a link that turns the digest off was sent to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Subscriber {
    pub id: String,
    pub email: String,
    pub name: String,
    #[sqlx(rename = "digest_off")]
    pub off: bool,
}

/// The ids of readers whose digest is due, longest due first.
pub async fn list_due(on: &mut impl Lanes, now: Time, most: i64) -> Result<Vec<String>> {
    Ok(on!(on, c => sqlx::query_scalar(LIST_DUE).bind(now.0).bind(most).fetch_all(c).await)?)
}

/// The reader, while they own a workgroup and can sign in.
pub async fn find(on: &mut impl Lanes, user_id: &str) -> Result<Option<Reader>> {
    let row: Option<Row> =
        on!(on, c => sqlx::query_as(FIND).bind(user_id).fetch_optional(c).await)?;
    Ok(row.map(|row| Reader {
        id: row.id,
        email: row.email,
        time_zone: row.time_zone,
        off: row.digest_off,
        next_at: Time(row.digest_at),
        sent_at: row.digest_sent_at.map(Time),
        code: row.unsubscribe_code,
    }))
}

pub async fn find_by_code(on: &mut impl Lanes, code: &str) -> Result<Option<Subscriber>> {
    Ok(on!(on, c => sqlx::query_as(FIND_BY_CODE).bind(code).fetch_optional(c).await)?)
}

/// Whether this person, whom there is, turned the digest off.
pub async fn find_off(on: &mut impl Lanes, user_id: &str) -> Result<bool> {
    Ok(on!(on, c => sqlx::query_scalar(FIND_OFF).bind(user_id).fetch_one(c).await)?)
}

/// Whether a letter with this key waits or was sent.
pub async fn is_owed(on: &mut impl Lanes, dedupe_key: &str) -> Result<bool> {
    let count: i64 = on!(on, c => sqlx::query_scalar(IS_OWED).bind(dedupe_key).fetch_one(c).await)?;
    Ok(count > 0)
}

/// When it is thought of next; 0: as soon as somebody looks, and then from the zone that is theirs by then.
pub async fn mark_next(tx: &mut Tx, user_id: &str, at: Time) -> Result<()> {
    put!(tx, MARK_NEXT, user_id, at.0);
    Ok(())
}

pub async fn mark_sent(tx: &mut Tx, user_id: &str, now: Time) -> Result<()> {
    put!(tx, MARK_SENT, user_id, now.0);
    Ok(())
}

pub async fn mark_off(tx: &mut Tx, user_id: &str, off: bool) -> Result<()> {
    put!(tx, MARK_OFF, user_id, off);
    Ok(())
}

pub async fn mark_code(tx: &mut Tx, user_id: &str, code: &str) -> Result<()> {
    put!(tx, MARK_CODE, user_id, code);
    Ok(())
}

pub async fn insert_told(tx: &mut Tx, user_id: &str, item: &str, now: Time) -> Result<()> {
    put!(tx, INSERT_TOLD, user_id, item, now.0);
    Ok(())
}

/// Forgets what was told before `before`: it is long gone.
pub async fn delete_told(tx: &mut Tx, user_id: &str, before: Time) -> Result<()> {
    put!(tx, DELETE_TOLD, user_id, before.0);
    Ok(())
}
