//! The calendar feed of a workgroup: the code in its address, and the ends of tokens that it tells.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    FIND_CODE = "select calendar_code from workgroups where id = $1";
    FIND_WORKGROUP = "select id from workgroups where calendar_code = $1";
    MARK_CODE = "update workgroups set calendar_code = $2 where id = $1";
    LIST_ENDS = "select t.id, t.kind, t.owner, t.name, t.can_renew, t.version, t.expires_at, s.hint, s.issued_at
        from tokens t join token_strings s on s.token_id = t.id
        where t.workgroup_id = $1 and t.revoked_at is null and t.sort_at >= $2 and t.sort_at <= $3
            and t.expires_at is not null
            and s.number = (select max(l.number) from token_strings l
                where l.token_id = t.id and l.retired_at is null and l.expires_at = t.expires_at)
        order by t.sort_at, t.id limit $4";
}

/// The end of a token.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct End {
    /// The token's.
    pub id: String,
    pub kind: String,
    pub owner: String,
    pub name: Option<String>,
    pub can_renew: bool,
    /// How often the token was changed.
    pub version: i64,
    /// Unix seconds.
    pub expires_at: i64,
    /// Of the string that lasts longest.
    pub hint: String,
    /// When that string was made, unix seconds.
    pub issued_at: i64,
}

/// The code in the address of a workgroup's feed; `None`: it has none.
pub async fn find_code(on: &mut impl Lanes, workgroup_id: &str) -> Result<Option<String>> {
    Ok(on!(on, c => sqlx::query_scalar(FIND_CODE).bind(workgroup_id).fetch_one(c).await)?)
}

/// The id of the workgroup whose feed has this code.
pub async fn find_workgroup(on: &mut impl Lanes, code: &str) -> Result<Option<String>> {
    Ok(on!(on, c => sqlx::query_scalar(FIND_WORKGROUP).bind(code).fetch_optional(c).await)?)
}

pub async fn mark_code(tx: &mut Tx, workgroup_id: &str, code: Option<&str>) -> Result<()> {
    put!(tx, MARK_CODE, workgroup_id, code);
    Ok(())
}

/// The ends of a workgroup's unrevoked tokens between two moments, soonest first, at most `most`.
pub async fn list_ends(
    on: &mut impl Lanes,
    workgroup_id: &str,
    from: Time,
    to: Time,
    most: i64,
) -> Result<Vec<End>> {
    Ok(on!(on, c => sqlx::query_as(LIST_ENDS)
        .bind(workgroup_id)
        .bind(from.0)
        .bind(to.0)
        .bind(most)
        .fetch_all(c).await)?)
}
