//! The calls of the last 30 days, written straight into the book: nobody can make them after the fact.

use super::calendar::salt;
use super::plan::Used;
use super::questions;
use super::story::{Life, Lives};
use crate::domain::time::{DAY, HOUR, MINUTE, Time};
use crate::domain::token::{DayUse, Knocks, NumberedString, Token};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::strings::LastUse;
use crate::server::store::{self, Tx};
use anyhow::Context;

/// Days of use that are told.
const TOLD: i64 = 30;
/// A holder who gets a new string uses the old one for this much longer.
const CHANGE_OVER: i64 = 3 * HOUR;

/// A stretch of time in which one string was in use.
struct Stretch {
    number: i64,
    from: Time,
    until: Time,
    /// From when on calls are refused.
    end: Option<Time>,
    used: Used,
}

pub async fn write(past: &AppState, now: Time, lives: &Lives) -> Result<()> {
    let mut tx = past.db.begin().await?;
    for life in lives.values() {
        let found = store::tokens::find_anywhere(&mut tx, &life.token_id).await?;
        let (_, token) = found.context("a token of the demonstration is gone")?;
        for stretch in stretches(&token, life, now) {
            write_stretch(&mut tx, &token, &stretch, now).await?;
        }
    }
    past.commit(tx).await
}

/// When each string was in use: from its making until the next one took over.
fn stretches(token: &Token, life: &Life, now: Time) -> Vec<Stretch> {
    let Some(used) = life.used else { return Vec::new() };
    let last = now - used.ago;
    let oldest_first: Vec<&NumberedString> = token.strings.iter().rev().collect();
    let mut stretches = Vec::new();
    for (place, string) in oldest_first.iter().enumerate() {
        let next = oldest_first.get(place + 1).map(|next| next.issued_at + CHANGE_OVER);
        let newest_but_one = place + 2 == oldest_first.len();
        let (until, used) = match (next, life.lagging) {
            (Some(_), Some(lagging)) if newest_but_one => (now - lagging.ago, lagging),
            (Some(next), _) => (next.min(string.ends_at().unwrap_or(next)).min(last), used),
            (None, _) => (last, used),
        };
        if until > string.issued_at {
            let end = string.ends_at().into_iter().chain(token.revoked_at).min();
            let from = string.issued_at;
            stretches.push(Stretch { number: string.number, from, until, end, used });
        }
    }
    stretches
}

async fn write_stretch(tx: &mut Tx, token: &Token, stretch: &Stretch, now: Time) -> Result<()> {
    let first = stretch.from.day().max(now.day() - TOLD + 1);
    let own_end = token.ended_at(now).filter(|end| *end <= stretch.until);
    let days = (first..=stretch.until.day())
        .map(|day| stretch.on(day, now, salt(&token.title())))
        .filter(|day_use| day_use.allowed + day_use.refused > 0);
    let mut days: Vec<(&str, DayUse)> = days.map(|day_use| (token.id.as_str(), day_use)).collect();
    let after = |used: &&(&str, DayUse)| own_end.is_some_and(|end| used.1.day >= end.day());
    let refused: i64 = days.iter().filter(after).map(|(_, used)| used.refused).sum();
    questions::write(tx, token, &mut days).await?;
    store::uses::insert_or_add(tx, &days).await?;
    let minute = stretch.until - stretch.until.0.rem_euclid(MINUTE);
    if own_end.is_some() && refused > 0 {
        let last_from = stretch.used.from.to_owned();
        let knocks = Knocks { calls: refused, last_at: minute, last_from };
        store::knocks::mark(tx, &[(&token.id, &knocks)]).await?;
    }
    let (token_id, from) = (token.id.as_str(), stretch.used.from);
    let address = [(token_id, from, stretch.from), (token_id, from, minute)];
    for seen in address {
        store::token_addresses::insert_or_touch(tx, &[seen]).await?;
    }
    store::in_use::mark_used_day(tx, &[(token_id, minute.day())]).await?;
    let last = LastUse { token_id, number: stretch.number, at: minute, from };
    store::strings::mark_used(tx, &[last]).await
}

impl Stretch {
    /// The calls of a day: allowed up to the string's end, refused from then on.
    fn on(&self, day: i64, now: Time, salt: u64) -> DayUse {
        let pattern = self.used.pattern;
        let mut calls = pattern.calls(day, now.day() - day, salt);
        if day == self.until.day() {
            // The day has not passed yet, or the use stopped in the middle of it.
            let part = (self.until.0 - Time::of_day(day).0).max(HOUR);
            calls = (calls * part / DAY).max(pattern.least());
        }
        let allowed = match self.end {
            Some(end) if self.until <= end => calls,
            Some(end) if day > end.day() => 0,
            Some(end) if day == end.day() => calls * (end.0 - Time::of_day(day).0) / DAY,
            _ => calls,
        };
        DayUse { day, number: self.number, allowed, refused: calls - allowed }
    }
}
