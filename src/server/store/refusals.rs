//! Table `token_refusals`: calls of a string that were refused, by day and code.

use super::many::{many, parts};
use super::{Lanes, Tx, on, statements};
use crate::domain::refusal::Code;
use crate::domain::token_usage::Refused;
use crate::server::error::Result;

statements! {
    LIST_OF_TOKEN = "select code, about, cast(sum(calls) as bigint) as calls from token_refusals
        where token_id = $1 and day >= $2 group by code, about order by calls desc, code, about";
    INSERT_OR_ADD = many!(
        "insert into token_refusals (token_id, number, day, code, about, calls)
        select v.column1, v.column2, v.column3, v.column4, v.column5, v.column6 from (values
            (cast($1 as text), cast($2 as bigint), cast($3 as bigint), cast($4 as text), cast($5 as text),
                cast($6 as bigint))",
        6,
        ") v where v.column1 <> ''
        on conflict (token_id, day, number, code, about) do update
        set calls = token_refusals.calls + excluded.calls");
    DELETE_OLD = "delete from token_refusals where (token_id, day, number, code, about) in
        (select r.token_id, r.day, r.number, r.code, r.about from token_refusals r
            where r.day < $1 order by r.day limit $2)";
}

/// Calls of a string that were refused on a day for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    pub token_id: &'a str,
    pub number: i64,
    /// Days since 1970.
    pub day: i64,
    pub code: Code,
    /// The permission that was missing; empty: none, or one that nobody knows.
    pub about: &'a str,
    pub calls: i64,
}

/// The refusals of a token from a day on, the most frequent first.
pub async fn list_of_token(
    on: &mut impl Lanes,
    token_id: &str,
    from_day: i64,
) -> Result<Vec<Refused>> {
    let rows: Vec<(String, String, i64)> = on!(on, c => sqlx::query_as(LIST_OF_TOKEN)
        .bind(token_id)
        .bind(from_day)
        .fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(code, about, calls)| Refused { code, about, calls }).collect())
}

/// Adds the counts to what the days have already. The tokens stand; no two rows have one key.
pub async fn insert_or_add(tx: &mut Tx, rows: &[Row<'_>]) -> Result<()> {
    let blank = Row { token_id: "", number: 0, day: 0, code: Code::Internal, about: "", calls: 0 };
    for part in parts(rows, blank) {
        on!(tx, c => part
            .iter()
            .fold(sqlx::query(INSERT_OR_ADD), |query, row| query
                .bind(row.token_id)
                .bind(row.number)
                .bind(row.day)
                .bind(row.code.as_str())
                .bind(row.about)
                .bind(row.calls))
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Deletes at most `most` rows of the days before this one; says how many.
pub async fn delete_old(tx: &mut Tx, before_day: i64, most: i64) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(DELETE_OLD)
        .bind(before_day)
        .bind(most)
        .execute(c).await.map(|done| done.rows_affected()))?)
}
