//! Table `token_asks`: which permissions and devices were asked for with a token, how often, and when last.

use super::many::{many, parts};
use super::{Lanes, Tx, on, statements};
use crate::domain::token_usage::{Asked, Subject};
use crate::server::error::Result;

statements! {
    LIST_OF_TOKEN = "select name, calls, last_day from token_asks
        where token_id = $1 and subject = $2 order by last_day desc, calls desc, name limit $3";
    COUNT_OF_TOKEN = "select count(*) from token_asks where token_id = $1 and subject = $2";
    // A caller can ask for whatever it likes: of the names of one kind only so many are kept for one token.
    INSERT_OR_ADD = many!(
        "insert into token_asks (token_id, subject, name, calls, last_day)
        select v.column1, v.column2, v.column3, v.column4, v.column5 from (values
            (cast($1 as text), cast($2 as text), cast($3 as text), cast($4 as bigint), cast($5 as bigint))",
        5,
        ") v where v.column1 <> ''
            and (exists (select 1 from token_asks k
                    where k.token_id = v.column1 and k.subject = v.column2 and k.name = v.column3)
                or (select count(*) from token_asks k where k.token_id = v.column1 and k.subject = v.column2) < 200)
        on conflict (token_id, subject, name) do update set calls = token_asks.calls + excluded.calls,
            last_day = case when token_asks.last_day < excluded.last_day then excluded.last_day
                else token_asks.last_day end");
    DELETE_OLD = "delete from token_asks where (token_id, subject, name) in
        (select k.token_id, k.subject, k.name from token_asks k where k.last_day < $1 order by k.last_day limit $2)";
}

/// Calls in which one thing was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    pub token_id: &'a str,
    pub subject: Subject,
    /// A permission's name or a device's external id, as the caller gave it.
    pub name: &'a str,
    pub calls: i64,
    /// Days since 1970.
    pub last_day: i64,
}

/// What was asked for with a token, last asked first, at most `most`; and how many there are.
pub async fn list_of_token(
    on: &mut impl Lanes,
    token_id: &str,
    subject: Subject,
    most: i64,
) -> Result<(Vec<Asked>, i64)> {
    let rows: Vec<(String, i64, i64)> = on!(on, c => sqlx::query_as(LIST_OF_TOKEN)
        .bind(token_id)
        .bind(subject.code())
        .bind(most)
        .fetch_all(c).await)?;
    let count: i64 = on!(on, c => sqlx::query_scalar(COUNT_OF_TOKEN)
        .bind(token_id)
        .bind(subject.code())
        .fetch_one(c).await)?;
    let asked = |(name, calls, last_day)| Asked { name, calls, last_day };
    Ok((rows.into_iter().map(asked).collect(), count))
}

/// Adds the counts to what is known. The tokens stand; no two rows have one key.
pub async fn insert_or_add(tx: &mut Tx, rows: &[Row<'_>]) -> Result<()> {
    let blank = Row { token_id: "", subject: Subject::Device, name: "", calls: 0, last_day: 0 };
    for part in parts(rows, blank) {
        on!(tx, c => part
            .iter()
            .fold(sqlx::query(INSERT_OR_ADD), |query, row| query
                .bind(row.token_id)
                .bind(row.subject.code())
                .bind(row.name)
                .bind(row.calls)
                .bind(row.last_day))
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Deletes at most `most` of those that were last asked for before this day; says how many.
pub async fn delete_old(tx: &mut Tx, before_day: i64, most: i64) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(DELETE_OLD)
        .bind(before_day)
        .bind(most)
        .execute(c).await.map(|done| done.rows_affected()))?)
}
