//! What the tables tell of the installation at a glance: letters that wait, letters that were given up, tokens by state.

use super::{Lanes, on, statements};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    WAITING = "select count(*) as letters, min(created_at) as oldest from outbox
        where sent_at is null and undelivered_at is null";
    COUNT_UNDELIVERED = "select count(*) from outbox where undelivered_at is not null and sent_again_at is null";
    COUNT_TOKENS = "select cast(coalesce(sum(case when turn = 'never' or (turn = 'ends' and day >= $1)
                then tokens end), 0) as bigint) as active,
            cast(coalesce(sum(case when turn = 'ends' and day < $1 then tokens end), 0) as bigint) as expired,
            cast(coalesce(sum(case when turn = 'revoked' then tokens end), 0) as bigint) as revoked
        from expiry_days where turn in ('ends', 'never', 'revoked')";
}

/// The letters of the outbox that nobody must forget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Letters {
    /// Owed, and neither sent nor given up.
    pub waiting: i64,
    /// When the first of those was owed.
    pub oldest_at: Option<Time>,
    /// Given up.
    pub undelivered: i64,
}

/// The tokens of all workgroups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Tokens {
    /// Those that end today too.
    pub active: i64,
    /// Ended before today (UTC): whole days are counted, never rows.
    pub expired: i64,
    pub revoked: i64,
}

pub async fn letters(on: &mut impl Lanes) -> Result<Letters> {
    let (waiting, oldest): (i64, Option<i64>) =
        on!(on, c => sqlx::query_as(WAITING).fetch_one(c).await)?;
    let undelivered: i64 = on!(on, c => sqlx::query_scalar(COUNT_UNDELIVERED).fetch_one(c).await)?;
    Ok(Letters { waiting, oldest_at: oldest.map(Time), undelivered })
}

pub async fn tokens(on: &mut impl Lanes, now: Time) -> Result<Tokens> {
    Ok(on!(on, c => sqlx::query_as(COUNT_TOKENS).bind(now.day()).fetch_one(c).await)?)
}
