//! Calls after the end, kept with the token that ended: how many, the last one, from where.

use super::device_lists::holds;
use super::many::{many, parts};
use super::token_lists::seen;
use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::domain::token::Knocks;
use crate::server::error::Result;

statements! {
    MARK = many!(
        "update tokens set knocks = knocks + v.column2,
            knocked_from = case when coalesce(knocked_at, 0) <= v.column3 then v.column4 else knocked_from end,
            knocked_at = case when coalesce(knocked_at, 0) <= v.column3 then v.column3 else knocked_at end
        from (values (cast($1 as text), cast($2 as bigint), cast($3 as bigint), cast($4 as text))",
        4,
        ") v where tokens.id = v.column1");
    // A knock is exact to the minute, so the end of a life that goes on lies more than one behind it.
    MARK_FORGOTTEN = "update tokens set knocks = 0, knocked_at = null, knocked_from = null
        where id = $1 and knocked_at is not null and revoked_at is null
            and (expires_at is null or expires_at > knocked_at + 60)";
    COUNT = "select count(*) from tokens t where t.workgroup_id = $1 and t.knocked_at is not null";
    COUNT_SEEN = concat!("select count(*) from tokens t
        where t.workgroup_id = $1 and t.knocked_at is not null and ", seen!());
}

/// The columns of `tokens` that tell of them.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    knocks: i64,
    knocked_at: Option<i64>,
    knocked_from: Option<String>,
}

impl Row {
    pub(super) fn into_knocks(self) -> Option<Knocks> {
        let (calls, last_from) = (self.knocks, self.knocked_from.unwrap_or_default());
        self.knocked_at.map(|at| Knocks { calls, last_at: Time(at), last_from })
    }
}

/// Adds calls that came after their tokens' ends; none names a token twice.
pub async fn mark(tx: &mut Tx, rows: &[(&str, &Knocks)]) -> Result<()> {
    let blank = Knocks { calls: 0, last_at: Time(0), last_from: String::new() };
    for part in parts(rows, ("", &blank)) {
        on!(tx, c => part
            .iter()
            .fold(sqlx::query(MARK), |query, (token_id, knocks)| query
                .bind(*token_id)
                .bind(knocks.calls)
                .bind(knocks.last_at.0)
                .bind(&knocks.last_from))
            .execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Forgets them if the token lives again: its end lies behind the last of them.
pub async fn mark_forgotten(tx: &mut Tx, token_id: &str) -> Result<()> {
    put!(tx, MARK_FORGOTTEN, token_id);
    Ok(())
}

/// How many tokens of the workgroup were called after their end; `bound_to`: those that a principal bound to the group sees.
pub async fn count(on: &mut impl Lanes, workgroup_id: &str, bound_to: Option<&str>) -> Result<i64> {
    Ok(match bound_to {
        None => on!(on, c => sqlx::query_scalar(COUNT).bind(workgroup_id).fetch_one(c).await)?,
        Some(group) => on!(on, c => sqlx::query_scalar(COUNT_SEEN)
            .bind(workgroup_id)
            .bind(group)
            .fetch_one(c).await)?,
    })
}
