//! Table `idempotency_keys`: what a form or call made when it was first sent.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    FIND = "select body_hash, answer from idempotency_keys where caller = $1 and address = $2 and key = $3
        and created_at > $4";
    INSERT = "insert into idempotency_keys (caller, address, key, body_hash, answer, created_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (caller, address, key) do update
        set body_hash = excluded.body_hash, answer = excluded.answer, created_at = excluded.created_at";
    DELETE_OLD = "delete from idempotency_keys where created_at <= $1";
}

/// The body's hash and the answer of the first call, if it came after `since`.
pub async fn find(
    on: &mut impl Lanes,
    caller: &str,
    address: &str,
    key: &str,
    since: Time,
) -> Result<Option<(Vec<u8>, String)>> {
    Ok(on!(on, c => sqlx::query_as(FIND)
        .bind(caller)
        .bind(address)
        .bind(key)
        .bind(since.0)
        .fetch_optional(c).await)?)
}

/// What a first call is remembered by.
pub struct NewKey<'a> {
    pub caller: &'a str,
    pub address: &'a str,
    pub key: &'a str,
    pub body_hash: &'a [u8],
    pub answer: &'a str,
    pub created_at: Time,
}

pub async fn insert(tx: &mut Tx, row: &NewKey<'_>) -> Result<()> {
    put!(tx, INSERT, row.caller, row.address, row.key, row.body_hash, row.answer, row.created_at.0);
    Ok(())
}

/// Forgets what is older than `until`; says how many.
pub async fn delete_old(tx: &mut Tx, until: Time) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(DELETE_OLD)
        .bind(until.0)
        .execute(c).await.map(|done| done.rows_affected()))?)
}
