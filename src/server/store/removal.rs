//! What leaves tables `tokens` and `token_strings` by the clock: which of them it is time for, and their deletion.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    // Held back: what the next sweep looks at first, and what a letter still has to tell.
    LIST_DUE = "select t.id from tokens t
        where t.remove_at is not null and t.remove_at <= $1 and (t.look_at is null or t.look_at > $1)
            and not exists (select 1 from notices n join outbox o on o.id = n.outbox_id
                where n.token_id = t.id and o.sent_at is null and o.undelivered_at is null)
            and t.id not in (select o.token_id from outbox o
                where o.sent_at is null and o.undelivered_at is null and o.token_id is not null)
        order by t.remove_at, t.id limit $2";
    COUNT_DUE = "select count(*) from tokens t where t.remove_at is not null and t.remove_at <= $1";
    COUNT_TO_LOOK_AT = "select count(*) from tokens t where t.look_at is not null and t.look_at <= $1";
    LIST_EXPIRED_STRINGS = "select s.id, s.token_id, s.expires_at as ended_at from token_strings s
        where s.expires_at is not null and s.expires_at <= $1 and (s.expires_at, s.id) > ($2, $3)
        order by s.expires_at, s.id limit $4";
    LIST_RETIRED_STRINGS = "select s.id, s.token_id, s.retired_at as ended_at from token_strings s
        where s.retired_at is not null and s.retired_at <= $1 and (s.retired_at, s.id) > ($2, $3)
        order by s.retired_at, s.id limit $4";
    DELETE_TOKEN = "delete from tokens where id = $1";
    DELETE_STRING = "delete from token_strings where token_id = $1 and number = $2";
    MARK_REMOVE_AT = "update tokens set remove_at = $2 where id = $1";
}

/// How a string came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Expired,
    Retired,
}

/// A string that has ended, as a place in the order of their ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct EndedString {
    pub id: String,
    pub token_id: String,
    /// Unix seconds.
    pub ended_at: i64,
}

/// The ids of tokens that leave the system at `now`, longest due first. Not those that a notice is still to be thought of
/// for, or that a letter is still to tell of.
pub async fn list_due(on: &mut impl Lanes, now: Time, most: i64) -> Result<Vec<String>> {
    Ok(on!(on, c => sqlx::query_scalar(LIST_DUE).bind(now.0).bind(most).fetch_all(c).await)?)
}

/// How many tokens would leave by this time, held back or not.
pub async fn count_due(on: &mut impl Lanes, now: Time) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(COUNT_DUE).bind(now.0).fetch_one(c).await)?)
}

/// How many tokens the next sweep looks at.
pub async fn count_to_look_at(on: &mut impl Lanes, now: Time) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(COUNT_TO_LOOK_AT).bind(now.0).fetch_one(c).await)?)
}

/// Strings that ended up to `until`, behind this one, in the order of their ends.
pub async fn list_ended_strings(
    on: &mut impl Lanes,
    how: Ended,
    until: Time,
    behind: &EndedString,
    most: i64,
) -> Result<Vec<EndedString>> {
    let sql = match how {
        Ended::Expired => LIST_EXPIRED_STRINGS,
        Ended::Retired => LIST_RETIRED_STRINGS,
    };
    Ok(on!(on, c => sqlx::query_as(sql)
        .bind(until.0)
        .bind(behind.ended_at)
        .bind(&behind.id)
        .bind(most)
        .fetch_all(c).await)?)
}

/// Deletes the token with its strings, uses, refusals, asks, notices and addresses.
pub async fn delete_token(tx: &mut Tx, id: &str) -> Result<()> {
    put!(tx, DELETE_TOKEN, id);
    Ok(())
}

pub async fn delete_string(tx: &mut Tx, token_id: &str, number: i64) -> Result<()> {
    put!(tx, DELETE_STRING, token_id, number);
    Ok(())
}

/// Puts a date right that does not follow from the token's strings.
pub async fn mark_remove_at(tx: &mut Tx, id: &str, at: Option<Time>) -> Result<()> {
    put!(tx, MARK_REMOVE_AT, id, at.map(|at| at.0));
    Ok(())
}
