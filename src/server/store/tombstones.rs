//! Table `tombstones`: strings that are gone, so that a late caller is still told why. A hash, never a string.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::status::StringState;
use crate::domain::time::Time;
use crate::domain::token::{Kind, Knocks, NumberedString, Token};
use crate::domain::tombstone::Tombstone;
use crate::server::error::Result;
use crate::server::secret::Hash;
use anyhow::anyhow;

statements! {
    // A legacy hash can be brought over anew and leave again: the newer grave is the one that speaks.
    INSERT = "insert into tombstones (hash, token_id, workgroup_id, kind, owner, name, number, hint, why, expires_at,
            ended_at, removed_at)
        select s.hash, s.token_id, $3, $4, $5, $6, s.number, s.hint, $7, s.expires_at, $8, $9
        from token_strings s where s.token_id = $1 and s.number = $2
        on conflict (hash) do update set token_id = excluded.token_id, workgroup_id = excluded.workgroup_id,
            kind = excluded.kind, owner = excluded.owner, name = excluded.name, number = excluded.number,
            hint = excluded.hint, why = excluded.why, expires_at = excluded.expires_at, ended_at = excluded.ended_at,
            removed_at = excluded.removed_at, knocks = 0, knocked_at = null, knocked_from = null";
    FIND = "select token_id, kind, owner, name, number, hint, why, expires_at, ended_at, removed_at, knocks,
            knocked_at, knocked_from
        from tombstones where hash = $1";
    LIST_KNOCKING = "select token_id, kind, owner, name, number, hint, why, expires_at, ended_at, removed_at, knocks,
            knocked_at, knocked_from
        from tombstones where workgroup_id = $1 and knocked_at >= $2 order by knocked_at desc, token_id, number limit $3";
    COUNT_KNOCKING = "select count(*) from tombstones where workgroup_id = $1 and knocked_at >= $2";
    MARK_KNOCKED = "update tombstones set knocks = knocks + $2,
            knocked_from = case when coalesce(knocked_at, 0) <= $3 then $4 else knocked_from end,
            knocked_at = case when coalesce(knocked_at, 0) <= $3 then $3 else knocked_at end
        where hash = $1";
    DELETE_OLD = "delete from tombstones where hash in
        (select t.hash from tombstones t where t.removed_at <= $1 order by t.removed_at limit $2)";
}

#[derive(sqlx::FromRow)]
struct Row {
    token_id: String,
    kind: String,
    owner: String,
    name: Option<String>,
    number: i64,
    hint: String,
    why: String,
    expires_at: Option<i64>,
    ended_at: i64,
    removed_at: i64,
    knocks: i64,
    knocked_at: Option<i64>,
    knocked_from: Option<String>,
}

impl Row {
    fn into_tombstone(self) -> Result<Tombstone> {
        let odd =
            |what: &str| anyhow!("a tombstone of token {} has an unknown {what}", self.token_id);
        let from = self.knocked_from.clone().unwrap_or_default();
        Ok(Tombstone {
            kind: Kind::parse(&self.kind).ok_or_else(|| odd("kind"))?,
            why: StringState::parse(&self.why).ok_or_else(|| odd("reason"))?,
            knocks: self.knocked_at.map(|at| Knocks {
                calls: self.knocks,
                last_at: Time(at),
                last_from: from,
            }),
            token_id: self.token_id,
            owner: self.owner,
            name: self.name,
            number: self.number,
            hint: self.hint,
            expires_at: self.expires_at.map(Time),
            ended_at: Time(self.ended_at),
            removed_at: Time(self.removed_at),
        })
    }
}

/// Keeps what a late caller is told of a string that is about to be removed.
pub async fn insert(
    tx: &mut Tx,
    workgroup_id: &str,
    token: &Token,
    string: &NumberedString,
    now: Time,
) -> Result<()> {
    let why = string.state(token.revoked_at, now);
    let ended_at = string.stopped_at(token.revoked_at).unwrap_or(now);
    put!(
        tx,
        INSERT,
        &token.id,
        string.number,
        workgroup_id,
        token.kind.code(),
        &token.owner,
        token.name.as_deref(),
        why.code(),
        ended_at.0,
        now.0
    );
    Ok(())
}

pub async fn find(on: &mut impl Lanes, hash: &Hash) -> Result<Option<Tombstone>> {
    let row: Option<Row> =
        on!(on, c => sqlx::query_as(FIND).bind(&hash[..]).fetch_optional(c).await)?;
    row.map(Row::into_tombstone).transpose()
}

/// Those that were called since `since`, last call first, at most `most`; and how many there are.
pub async fn list_knocking(
    on: &mut impl Lanes,
    workgroup_id: &str,
    since: Time,
    most: i64,
) -> Result<(Vec<Tombstone>, i64)> {
    let rows: Vec<Row> = on!(on, c => sqlx::query_as(LIST_KNOCKING)
        .bind(workgroup_id)
        .bind(since.0)
        .bind(most)
        .fetch_all(c).await)?;
    let count: i64 = on!(on, c => sqlx::query_scalar(COUNT_KNOCKING)
        .bind(workgroup_id)
        .bind(since.0)
        .fetch_one(c).await)?;
    let list = rows.into_iter().map(Row::into_tombstone).collect::<Result<_>>()?;
    Ok((list, count))
}

/// Adds calls with a string that is gone.
pub async fn mark_knocked(tx: &mut Tx, hash: &Hash, knocks: &Knocks) -> Result<()> {
    put!(tx, MARK_KNOCKED, &hash[..], knocks.calls, knocks.last_at.0, &knocks.last_from);
    Ok(())
}

/// Deletes at most `most` of those that were set up to `until`; says how many.
pub async fn delete_old(tx: &mut Tx, until: Time, most: i64) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(DELETE_OLD)
        .bind(until.0)
        .bind(most)
        .execute(c).await.map(|done| done.rows_affected()))?)
}
