//! Table `expiry_days`: how many tokens reach a turn on a day. The strip and the counts come from it, never from counting rows.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::domain::token::Token;
use crate::domain::token_list::{Counts, DayCount};
use crate::server::error::Result;

statements! {
    INSERT_OR_ADD = "insert into expiry_days (workgroup_id, turn, day, tokens) values ($1, $2, $3, $4)
        on conflict (workgroup_id, turn, day) do update set tokens = expiry_days.tokens + excluded.tokens";
    INSERT_OR_ADD_BOTH = "insert into expiry_days (workgroup_id, turn, day, tokens)
        values ($1, $2, $3, $6), ($1, $4, $5, $6)
        on conflict (workgroup_id, turn, day) do update set tokens = expiry_days.tokens + excluded.tokens";
    DELETE_EMPTY = "delete from expiry_days where workgroup_id = $1 and turn = $2 and day = $3 and tokens = 0";
    DELETE_NEARS = "delete from expiry_days where workgroup_id = $1 and turn = 'nears'";
    INSERT_NEARS = "insert into expiry_days (workgroup_id, turn, day, tokens)
        select workgroup_id, 'nears', coalesce(expiring_at, expires_at) / 86400, count(*)
        from tokens where workgroup_id = $1 and revoked_at is null and expires_at is not null
        group by workgroup_id, coalesce(expiring_at, expires_at) / 86400";
    SUMS = "select turn, cast(sum(case when day < $2 then tokens else 0 end) as bigint) as before_today,
            cast(sum(tokens) as bigint) as total
        from expiry_days where workgroup_id = $1 group by turn";
    COUNT_ENDED_TODAY = "select count(*) from tokens
        where workgroup_id = $1 and revoked_at is null and sort_at >= $2 and sort_at <= $3";
    COUNT_NEARED_TODAY = "select count(*) from tokens
        where workgroup_id = $1 and revoked_at is null and expiring_at >= $2 and expiring_at <= $3";
    STRIP = "select day, tokens from expiry_days
        where workgroup_id = $1 and turn = 'ends' and day >= $2 and day <= $3 and tokens > 0 order by day";
}

/// The turns that a token is counted for.
fn turns(token: &Token) -> [Option<(&'static str, i64)>; 2] {
    if token.revoked_at.is_some() {
        return [Some(("revoked", 0)), None];
    }
    match (token.expires_at, token.expiring_at) {
        (Some(end), near) => {
            [Some(("ends", end.day())), Some(("nears", near.unwrap_or(end).day()))]
        }
        (None, _) => [Some(("never", 0)), None],
    }
}

/// Counts a token where it now stands and no longer where it stood before.
pub async fn mark_moved(
    tx: &mut Tx,
    workgroup_id: &str,
    before: Option<&Token>,
    after: Option<&Token>,
) -> Result<()> {
    for (token, step) in [(after, 1), (before, -1)] {
        match token.map(turns).unwrap_or_default() {
            [Some(one), Some(other)] => {
                put!(tx, INSERT_OR_ADD_BOTH, workgroup_id, one.0, one.1, other.0, other.1, step);
            }
            [one, other] => {
                for (turn, day) in one.into_iter().chain(other) {
                    put!(tx, INSERT_OR_ADD, workgroup_id, turn, day, step);
                }
            }
        }
    }
    for (turn, day) in before.map(turns).into_iter().flatten().flatten() {
        put!(tx, DELETE_EMPTY, workgroup_id, turn, day);
    }
    Ok(())
}

/// Counts anew on which days tokens come near their end, after the stages that say so have changed.
pub async fn insert_nears_anew(tx: &mut Tx, workgroup_id: &str) -> Result<()> {
    put!(tx, DELETE_NEARS, workgroup_id);
    put!(tx, INSERT_NEARS, workgroup_id);
    Ok(())
}

/// The counts of a workgroup at `now`: whole days from the sums, the day that runs from its own few rows.
pub async fn counts(on: &mut impl Lanes, workgroup_id: &str, now: Time) -> Result<Counts> {
    let today = now.day();
    let midnight = Time::of_day(today);
    let rows: Vec<(String, i64, i64)> = on!(on, c => sqlx::query_as(SUMS)
        .bind(workgroup_id)
        .bind(today)
        .fetch_all(c).await)?;
    let sum = |turn: &str| {
        rows.iter()
            .find(|(name, ..)| name == turn)
            .map_or((0, 0), |(_, past, total)| (*past, *total))
    };
    let ended_today: i64 = on!(on, c => sqlx::query_scalar(COUNT_ENDED_TODAY)
        .bind(workgroup_id)
        .bind(midnight.0)
        .bind(now.0)
        .fetch_one(c).await)?;
    let neared_today: i64 = on!(on, c => sqlx::query_scalar(COUNT_NEARED_TODAY)
        .bind(workgroup_id)
        .bind(midnight.0)
        .bind(now.0)
        .fetch_one(c).await)?;
    let expired = sum("ends").0 + ended_today;
    let neared = sum("nears").0 + neared_today;
    let never = sum("never").1;
    Ok(Counts {
        active: sum("ends").1 - neared + never,
        expiring: neared - expired,
        expired,
        revoked: sum("revoked").1,
        never,
        knocking: super::knocks::count(on, workgroup_id, None).await?,
    })
}

/// The expiries of the days `from` to `to`, both included.
pub async fn strip(
    on: &mut impl Lanes,
    workgroup_id: &str,
    from: i64,
    to: i64,
) -> Result<Vec<DayCount>> {
    let rows: Vec<(i64, i64)> = on!(on, c => sqlx::query_as(STRIP)
        .bind(workgroup_id)
        .bind(from)
        .bind(to)
        .fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(day, tokens)| DayCount { day, tokens }).collect())
}
