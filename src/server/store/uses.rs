//! Table `token_uses`: calls of a string on a day.

use super::many::{many, parts};
use super::strings::{AT_ONCE, hundred};
use super::{Lanes, Tx, on, statements};
use crate::domain::token::DayUse;
use crate::server::error::Result;

statements! {
    LIST_OF_TOKENS = concat!("select token_id, day, number, allowed, refused from token_uses
        where token_id in (", hundred!(), ") and day >= $101 order by token_id, day, number");
    INSERT_OR_ADD = many!(
        "insert into token_uses (token_id, number, day, allowed, refused)
        select v.column1, v.column2, v.column3, v.column4, v.column5 from (values
            (cast($1 as text), cast($2 as bigint), cast($3 as bigint), cast($4 as bigint), cast($5 as bigint))",
        5,
        ") v where v.column1 <> ''
        on conflict (token_id, day, number) do update
        set allowed = token_uses.allowed + excluded.allowed, refused = token_uses.refused + excluded.refused");
    DELETE_OLD = "delete from token_uses where (token_id, day, number) in
        (select u.token_id, u.day, u.number from token_uses u where u.day < $1
            order by u.day, u.token_id, u.number limit $2)";
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

/// Adds the counts to what the days have already. The tokens stand; none has two rows for one string and day.
pub async fn insert_or_add(tx: &mut Tx, rows: &[(&str, DayUse)]) -> Result<()> {
    let blank = DayUse { day: 0, number: 0, allowed: 0, refused: 0 };
    for part in parts(rows, ("", blank)) {
        on!(tx, c => part
            .iter()
            .fold(sqlx::query(INSERT_OR_ADD), |query, (token_id, used)| query
                .bind(*token_id)
                .bind(used.number)
                .bind(used.day)
                .bind(used.allowed)
                .bind(used.refused))
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Deletes at most `most` rows of the days before this one; says how many. The addresses of those days go first, as
/// [`super::token_addresses::delete_old`] looks for them by the same rows.
pub async fn delete_old(tx: &mut Tx, before_day: i64, most: i64) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(DELETE_OLD)
        .bind(before_day)
        .bind(most)
        .execute(c).await.map(|done| done.rows_affected()))?)
}
