//! What a digest tells of one workgroup: each question is answered from an index, and says of each row whether this reader knows it.

use super::{Lanes, on, statements};
use crate::domain::digest::{LATELY, UNDELIVERED_FOR};
use crate::domain::status::REMOVED_AFTER;
use crate::domain::time::Time;
use crate::domain::workgroup::Workgroup;
use crate::server::error::Result;

/// What every question begins with: the columns of a token, the key of the item, and whether the reader `$2` was told.
macro_rules! token {
    ($key:expr, $at:literal) => {
        concat!(
            "select t.id, t.owner, t.name, t.kind, t.can_renew, ",
            $at,
            " as at, ",
            $key,
            " as item,
            exists (select 1 from digest_told a where a.user_id = $2 and a.item = ",
            $key,
            ") as told "
        )
    };
}

/// Whether a letter about tokens is still wanted: a notice that nothing tighter has followed, of a token that stands, for an
/// address that is still its owner's, about an end that is still ahead or was the token's own.
macro_rules! wanted {
    () => {
        "n.outbox_id = o.id and n.settled_at is null and t.revoked_at is null and t.email = o.recipient
            and (t.expires_at = s.expires_at
                or (s.last_used_at >= $5 and coalesce(s.retired_at, s.expires_at) > $6))
            and not exists (select 1 from notices m
                where m.string_id = n.string_id and m.address = n.address and m.stage < n.stage
                    and m.settled_at is not null)"
    };
}

statements! {
    LIST_EXPIRING = concat!(
        token!("'expiring:' || t.id || ':' || cast(t.sort_at as text)", "t.sort_at"),
        "from tokens t
        where t.workgroup_id = $1 and t.revoked_at is null and t.sort_at > $3 and t.sort_at <= $4
            and coalesce(t.expiring_at, t.sort_at) <= $3
        order by t.sort_at, t.id limit $5");
    COUNT_EXPIRING = "select count(*) from tokens t
        where t.workgroup_id = $1 and t.revoked_at is null and t.sort_at > $2 and t.sort_at <= $3
            and coalesce(t.expiring_at, t.sort_at) <= $2";
    LIST_EXPIRED = concat!(
        token!("'expired:' || t.id || ':' || cast(t.sort_at as text)", "t.sort_at"),
        "from tokens t
        where t.workgroup_id = $1 and t.revoked_at is null and t.sort_at <= $3 and t.sort_at > $4
            and not exists (select 1 from digest_told b
                where b.user_id = $2 and b.item = 'expired:' || t.id || ':' || cast(t.sort_at as text))
        order by t.sort_at desc, t.id desc limit $5");
    LIST_MISSED = concat!(
        token!("'missed:' || t.id || ':' || cast(t.renew_by as text)", "t.sort_at"),
        "from tokens t
        where t.workgroup_id = $1 and t.renew_by <= $3 and t.sort_at > $3
            and exists (select 1 from token_strings s
                where s.token_id = t.id and s.last_used_at >= $4 and s.expires_at > $3
                    and (s.retired_at is null or s.retired_at > $3))
        order by t.renew_by, t.id limit $5");
    LIST_KNOCKING = "select k.id, k.owner, k.name, k.revoked, k.at, k.knocks, k.knocked_at, k.knocked_from, '' as hint,
            k.item, exists (select 1 from digest_told a where a.user_id = $2 and a.item = k.item) as told
        from (select t.id, t.owner, t.name, t.revoked_at is not null as revoked,
                coalesce(t.revoked_at, t.expires_at) as at, t.knocks, t.knocked_at, t.knocked_from,
                'knocking:' || t.id || ':' || cast(coalesce(t.revoked_at, t.expires_at) as text) as item
            from tokens t
            where t.workgroup_id = $1 and t.knocked_at >= $3 and (t.revoked_at is not null or t.sort_at <= $4)) k
        order by k.knocked_at desc, k.id limit $5";
    LIST_KNOCKING_GONE = "select k.id, k.owner, k.name, k.revoked, k.at, k.knocks, k.knocked_at, k.knocked_from,
            k.hint, k.item, exists (select 1 from digest_told a where a.user_id = $2 and a.item = k.item) as told
        from (select g.token_id as id, max(g.owner) as owner, max(g.name) as name,
                max(case when g.why = 'revoked' then 1 else 0 end) = 1 as revoked, max(g.ended_at) as at,
                cast(sum(g.knocks) as bigint) as knocks, max(g.knocked_at) as knocked_at,
                max(g.knocked_from) as knocked_from, max(g.hint) as hint,
                'knocking:' || g.token_id || ':' || cast(max(g.ended_at) as text) as item
            from tombstones g
            where g.workgroup_id = $1 and g.knocked_at >= $3
                and not exists (select 1 from tokens t where t.id = g.token_id)
            group by g.token_id) k
        order by k.knocked_at desc, k.id limit $4";
    LIST_UNDELIVERED = concat!(
        "select u.id, u.recipient, u.last_answer, u.attempts, u.at, u.tokens, t.owner, t.name, t.expires_at, u.item,
            exists (select 1 from digest_told a where a.user_id = $2 and a.item = u.item) as told
        from (select o.id, o.recipient, o.last_answer, o.attempts, o.undelivered_at as at, o.token_id,
                'undelivered:' || o.id || ':' || cast(o.undelivered_at as text) as item, 1 as tokens
            from outbox o
            where o.workgroup_id = $1 and o.undelivered_at >= $3 and o.sent_again_at is null and o.letter in ('issued', 'revoked', 'renewed')
                and exists (select 1 from tokens t where t.id = o.token_id and t.email = o.recipient
                    and (o.letter = 'revoked' or t.revoked_at is null))
            union all
            select o.id, o.recipient, o.last_answer, o.attempts, o.undelivered_at as at, min(t.id) as token_id,
                'undelivered:' || o.id || ':' || cast(o.undelivered_at as text) as item,
                cast(count(distinct t.id) as bigint) as tokens
            from outbox o join notices n on n.outbox_id = o.id
                join token_strings s on s.id = n.string_id join tokens t on t.id = n.token_id
            where o.workgroup_id = $1 and o.undelivered_at >= $3 and o.sent_again_at is null and o.letter = 'expiry' and ",
        wanted!(),
        "
            group by o.id, o.recipient, o.last_answer, o.attempts, o.undelivered_at) u
            join tokens t on t.id = u.token_id
        order by u.at desc, u.id limit $4");
}

/// A token that ends or has ended, or that was not renewed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Ending {
    pub id: String,
    pub owner: String,
    pub name: Option<String>,
    pub kind: String,
    pub can_renew: bool,
    /// Unix seconds: its end.
    pub at: i64,
    /// What this reader was told, or will have been.
    pub item: String,
    pub told: bool,
}

/// A token that is called with after its end, or one that is gone.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Knocking {
    pub id: String,
    pub owner: String,
    pub name: Option<String>,
    pub revoked: bool,
    /// Unix seconds: its end.
    pub at: i64,
    pub knocks: i64,
    pub knocked_at: i64,
    pub knocked_from: Option<String>,
    /// Of a token that is gone; else empty.
    pub hint: String,
    pub item: String,
    pub told: bool,
}

/// A letter that was given up and is still wanted.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Undelivered {
    /// The letter.
    pub id: String,
    pub recipient: String,
    pub last_answer: Option<String>,
    pub attempts: i64,
    /// Unix seconds: when it was given up.
    pub at: i64,
    /// How many tokens it is about, and the first of them.
    pub tokens: i64,
    pub owner: String,
    pub name: Option<String>,
    pub expires_at: Option<i64>,
    pub item: String,
    pub told: bool,
}

/// Who reads about which workgroup, when, and how many rows of each sort at most.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    pub workgroup: &'a Workgroup,
    pub user_id: &'a str,
    pub now: Time,
    pub most: i64,
}

impl Ask<'_> {
    /// What ends later cannot have come near its end: no stage is wider.
    fn horizon(&self) -> i64 {
        let widest = self.workgroup.policy.stages.days().first().copied().unwrap_or(0);
        (self.now + widest * crate::domain::time::DAY).0
    }

    fn lately(&self) -> i64 {
        (self.now - LATELY).0
    }
}

/// Inside their first stage, those that end soonest first.
pub async fn list_expiring(on: &mut impl Lanes, ask: &Ask<'_>) -> Result<Vec<Ending>> {
    Ok(on!(on, c => sqlx::query_as(LIST_EXPIRING)
        .bind(&ask.workgroup.id)
        .bind(ask.user_id)
        .bind(ask.now.0)
        .bind(ask.horizon())
        .bind(ask.most)
        .fetch_all(c).await)?)
}

pub async fn count_expiring(on: &mut impl Lanes, ask: &Ask<'_>) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(COUNT_EXPIRING)
        .bind(&ask.workgroup.id)
        .bind(ask.now.0)
        .bind(ask.horizon())
        .fetch_one(c).await)?)
}

/// Expired, and this reader was not told; the last ones first.
pub async fn list_expired(on: &mut impl Lanes, ask: &Ask<'_>) -> Result<Vec<Ending>> {
    Ok(on!(on, c => sqlx::query_as(LIST_EXPIRED)
        .bind(&ask.workgroup.id)
        .bind(ask.user_id)
        .bind(ask.now.0)
        .bind((ask.now - REMOVED_AFTER).0)
        .bind(ask.most)
        .fetch_all(c).await)?)
}

/// In use, and past the time by which their holder should have renewed them, the longest first.
pub async fn list_missed(on: &mut impl Lanes, ask: &Ask<'_>) -> Result<Vec<Ending>> {
    Ok(on!(on, c => sqlx::query_as(LIST_MISSED)
        .bind(&ask.workgroup.id)
        .bind(ask.user_id)
        .bind(ask.now.0)
        .bind(ask.lately())
        .bind(ask.most)
        .fetch_all(c).await)?)
}

/// Ended and still called with, those called with last first.
pub async fn list_knocking(on: &mut impl Lanes, ask: &Ask<'_>) -> Result<Vec<Knocking>> {
    Ok(on!(on, c => sqlx::query_as(LIST_KNOCKING)
        .bind(&ask.workgroup.id)
        .bind(ask.user_id)
        .bind(ask.lately())
        .bind(ask.now.0)
        .bind(ask.most)
        .fetch_all(c).await)?)
}

/// The same of tokens that were removed.
pub async fn list_knocking_gone(on: &mut impl Lanes, ask: &Ask<'_>) -> Result<Vec<Knocking>> {
    Ok(on!(on, c => sqlx::query_as(LIST_KNOCKING_GONE)
        .bind(&ask.workgroup.id)
        .bind(ask.user_id)
        .bind(ask.lately())
        .bind(ask.most)
        .fetch_all(c).await)?)
}

/// Given up and still wanted, the last ones first.
pub async fn list_undelivered(on: &mut impl Lanes, ask: &Ask<'_>) -> Result<Vec<Undelivered>> {
    Ok(on!(on, c => sqlx::query_as(LIST_UNDELIVERED)
        .bind(&ask.workgroup.id)
        .bind(ask.user_id)
        .bind((ask.now - UNDELIVERED_FOR).0)
        .bind(ask.most)
        .bind(ask.lately())
        .bind(ask.now.0)
        .fetch_all(c).await)?)
}
