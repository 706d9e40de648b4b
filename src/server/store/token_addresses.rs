//! Table `token_addresses`: where the strings of a token were used from.

use super::{Lanes, Tx, on, statements};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    LIST_SEEN = "select address from token_addresses where token_id = $1 and first_seen_at <= $2";
    INSERT_OR_TOUCH = "insert into token_addresses (token_id, address, first_seen_at, last_seen_at)
        values ($1, $2, $3, $3)
        on conflict (token_id, address) do update set last_seen_at = excluded.last_seen_at";
}

/// The addresses that a token was used from no later than `until`.
pub async fn list_seen(on: &mut impl Lanes, token_id: &str, until: Time) -> Result<Vec<String>> {
    Ok(on!(on, c => sqlx::query_scalar(LIST_SEEN)
        .bind(token_id)
        .bind(until.0)
        .fetch_all(c).await)?)
}

/// It was used from there just now.
pub async fn insert_or_touch(tx: &mut Tx, token_id: &str, address: &str, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT_OR_TOUCH)
        .bind(token_id)
        .bind(address)
        .bind(now.0)
        .execute(c).await.map(drop))?;
    Ok(())
}
