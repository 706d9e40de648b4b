//! Table `token_uses`: calls of a string on a day.

use super::strings::{AT_ONCE, hundred};
use super::{Lanes, Tx, on, statements};
use crate::domain::token::DayUse;
use crate::server::error::Result;

statements! {
    LIST_OF_TOKENS = concat!("select token_id, day, number, allowed, refused from token_uses
        where token_id in (", hundred!(), ") and day >= $101 order by token_id, day, number");
    INSERT_OR_ADD = "insert into token_uses (token_id, number, day, allowed, refused) values ($1, $2, $3, $4, $5)
        on conflict (token_id, day, number) do update
        set allowed = token_uses.allowed + excluded.allowed, refused = token_uses.refused + excluded.refused";
}

#[derive(sqlx::FromRow)]
struct Row {
    token_id: String,
    day: i64,
    number: i64,
    allowed: i64,
    refused: i64,
}

/// The uses of up to [`AT_ONCE`] tokens from a day on, oldest first.
pub async fn list_of_tokens(
    on: &mut impl Lanes,
    token_ids: &[String],
    from_day: i64,
) -> Result<Vec<(String, DayUse)>> {
    let Some(last) = token_ids.last() else { return Ok(Vec::new()) };
    let padded = token_ids.iter().chain(std::iter::repeat(last)).take(AT_ONCE);
    let rows: Vec<Row> = on!(on, c => padded
        .fold(sqlx::query_as(LIST_OF_TOKENS), |query, id| query.bind(id))
        .bind(from_day)
        .fetch_all(c).await)?;
    let day_use = |row: Row| {
        let day_use =
            DayUse { day: row.day, number: row.number, allowed: row.allowed, refused: row.refused };
        (row.token_id, day_use)
    };
    Ok(rows.into_iter().map(day_use).collect())
}

/// Adds the counts to what the day has already.
pub async fn insert_or_add(tx: &mut Tx, token_id: &str, day_use: DayUse) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT_OR_ADD)
        .bind(token_id)
        .bind(day_use.number)
        .bind(day_use.day)
        .bind(day_use.allowed)
        .bind(day_use.refused)
        .execute(c).await.map(drop))?;
    Ok(())
}
