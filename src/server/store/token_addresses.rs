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
    let count: i64 = on!(on, c => sqlx::query_scalar(COUNT).bind(token_id).fetch_one(c).await)?;
    let seen = |(address, first, last)| SeenAddress {
        address,
        first_seen_at: Time(first),
        last_seen_at: Time(last),
    };
    Ok((rows.into_iter().map(seen).collect(), count))
}

/// Tokens were used from these addresses then; none is named twice.
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
    Ok(())
}
