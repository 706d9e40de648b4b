//! Table `token_addresses`: where the strings of a token were used from.

use super::many::{many, parts};
use super::{Lanes, Tx, on, statements};
use crate::domain::time::Time;
use crate::domain::token_usage::SeenAddress;
use crate::server::error::Result;

statements! {
    LIST_SEEN = "select address from token_addresses where token_id = $1 and first_seen_at <= $2";
    LIST_LATEST = "select address, first_seen_at, last_seen_at from token_addresses
        where token_id = $1 order by last_seen_at desc, address limit $2";
    COUNT = "select count(*) from token_addresses where token_id = $1";
    INSERT_OR_TOUCH = many!(
        "insert into token_addresses (token_id, address, first_seen_at, last_seen_at)
        select v.column1, v.column2, v.column3, v.column3 from (values
            (cast($1 as text), cast($2 as text), cast($3 as bigint))",
        3,
        ") v where v.column1 <> ''
        on conflict (token_id, address) do update set last_seen_at =
            case when token_addresses.last_seen_at < excluded.last_seen_at then excluded.last_seen_at
                else token_addresses.last_seen_at end");
    // As many as domain::token_usage::ADDRESSES_KEPT says.
    DELETE_SURPLUS = many!(
        "delete from token_addresses where (token_id, address) in (select r.token_id, r.address from
            (select a.token_id, a.address, row_number() over (partition by a.token_id
                order by a.last_seen_at desc, a.first_seen_at desc, a.address) as place
            from token_addresses a where a.token_id in (select v.column1 from (values (cast($1 as text))",
        1,
        ") v where (select count(*) from token_addresses k where k.token_id = v.column1) > 50)) r
            where r.place > 50)");
    // Whoever was allowed has a use on that day: the index of those by day finds the tokens, so that this table needs none,
    // which would be written at every touch.
    DELETE_OLD = "delete from token_addresses where last_seen_at < $1 and token_id in
        (select u.token_id from token_uses u where u.day < $2 order by u.day, u.token_id, u.number limit $3)";
}

/// The addresses that a token was used from no later than `until`.
pub async fn list_seen(on: &mut impl Lanes, token_id: &str, until: Time) -> Result<Vec<String>> {
    Ok(on!(on, c => sqlx::query_scalar(LIST_SEEN)
        .bind(token_id)
        .bind(until.0)
        .fetch_all(c).await)?)
}

/// The addresses that a token was used from last, and how many there are.
pub async fn list_latest(
    on: &mut impl Lanes,
    token_id: &str,
    most: i64,
) -> Result<(Vec<SeenAddress>, i64)> {
    let rows: Vec<(String, i64, i64)> = on!(on, c => sqlx::query_as(LIST_LATEST)
        .bind(token_id)
        .bind(most)
        .fetch_all(c).await)?;
    let count = count(on, token_id).await?;
    let seen = |(address, first, last)| SeenAddress {
        address,
        first_seen_at: Time(first),
        last_seen_at: Time(last),
    };
    Ok((rows.into_iter().map(seen).collect(), count))
}

/// How many are kept of a token.
pub async fn count(on: &mut impl Lanes, token_id: &str) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(COUNT).bind(token_id).fetch_one(c).await)?)
}

/// Tokens were used from these addresses then; none is named twice. Of each token the [`ADDRESSES_KEPT`] that were seen last
/// stay: a client can change its address at every call.
///
/// [`ADDRESSES_KEPT`]: crate::domain::token_usage::ADDRESSES_KEPT
pub async fn insert_or_touch(tx: &mut Tx, rows: &[(&str, &str, Time)]) -> Result<()> {
    for part in parts(rows, ("", "", Time(0))) {
        on!(tx, c => part
            .iter()
            .fold(sqlx::query(INSERT_OR_TOUCH), |query, (token_id, address, at)| query
                .bind(*token_id)
                .bind(*address)
                .bind(at.0))
            .execute(c).await.map(drop))?;
    }
    let mut ids: Vec<&str> = rows.iter().map(|(token_id, ..)| *token_id).collect();
    ids.sort_unstable();
    ids.dedup();
    for part in parts(&ids, "") {
        on!(tx, c => part
            .iter()
            .fold(sqlx::query(DELETE_SURPLUS), |query, token_id| query.bind(*token_id))
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Deletes what was seen last before this day, of the tokens whose uses [`super::uses::delete_old`] deletes next with the
/// same two values; says how many.
pub async fn delete_old(tx: &mut Tx, before_day: i64, most: i64) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(DELETE_OLD)
        .bind(Time::of_day(before_day).0)
        .bind(before_day)
        .bind(most)
        .execute(c).await.map(|done| done.rows_affected()))?)
}
