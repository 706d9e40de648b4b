//! One look at a token: which notice is due to its address, which is soon, and when to look again. What was told before is given.

use super::LOOKED_AHEAD;
use super::due::{End, Rules};
use crate::domain::time::{DAY, HOUR, Time};
use crate::domain::token::Token;
use crate::domain::workgroup::Policy;
use jiff::tz::TimeZone;

/// A stage of one string's end that an address was told: the string's number, and the stage.
pub type Told = (i64, i64);

/// A stage that is to be told now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The string's number.
    pub number: i64,
    /// Days before the end; 0: the end itself.
    pub stage: i64,
    /// It goes when it falls due, and takes along what is due within a day.
    pub urgent: bool,
}

/// What one look at a token finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The tightest due stage of each end, unless it or a tighter one was told.
    pub due: Vec<Due>,
    /// What goes instead in a mail that is urgent, for this or another token: also what falls due within 24 hours. Never an
    /// expiry ahead of its time.
    pub along: Vec<Due>,
}

/// What is to be told of a token at `now`, given what its address was told.
#[must_use]
pub fn look(token: &Token, rules: &Rules<'_>, told: &[Told], now: Time) -> Look {
    let ends = token.ends(now);
    let found = |until: Time| {
        let of = |end: &End<'_>| tightest(end, rules, told, now, until);
        ends.iter().filter(|end| end.in_use).filter_map(of).collect()
    };
    Look { due: found(now), along: found(now + DAY) }
}

/// The tightest stage that is due at `until`, if neither it nor a tighter one was told.
fn tightest(
    end: &End<'_>,
    rules: &Rules<'_>,
    told: &[Told],
    now: Time,
    until: Time,
) -> Option<Due> {
    let told = tightest_told(end, told);
    let due = |(stage, at): &(i64, Time)| *at <= if *stage == 0 { now } else { until };
    let (stage, _) = end.stages(rules).into_iter().rfind(due)?;
    let new = told.is_none_or(|told| stage < told);
    new.then(|| Due { number: end.string.number, stage, urgent: end.urgent(stage, rules) })
}

fn tightest_told(end: &End<'_>, told: &[Told]) -> Option<i64> {
    let of_it = told.iter().filter(|(number, _)| *number == end.string.number);
    of_it.map(|(_, stage)| *stage).min()
}

/// When the token is looked at next, once everything due at `now` was told; always after `now`. `None`: never again.
#[must_use]
pub fn next_look(token: &Token, rules: &Rules<'_>, told: &[Told], now: Time) -> Option<Time> {
    let next = token.ends(now).iter().filter_map(|end| next_of(end, rules, told, now)).min();
    next.map(|at| at.max(now + 1))
}

fn next_of(end: &End<'_>, rules: &Rules<'_>, told: &[Told], now: Time) -> Option<Time> {
    let near = end.at - LOOKED_AHEAD;
    if near > now {
        // Until then nothing is due, whatever the policy becomes.
        return Some(near);
    }
    let told = tightest_told(end, told);
    let untold = |stage: i64| told.is_none_or(|told| stage < told);
    let stages = end.stages(rules);
    let ahead = stages.iter().find(|(stage, at)| *at > now && untold(*stage)).map(|(_, at)| *at);
    if end.in_use {
        return ahead;
    }
    // Use may begin: the stage that would be due then is asked for again.
    let waiting = stages.iter().rfind(|(_, at)| *at <= now).filter(|(stage, _)| untold(*stage));
    let again =
        waiting.map(
            |(stage, _)| {
                if end.urgent(*stage, rules) { now + HOUR } else { rules.next_hour(now) }
            },
        );
    let again = again.filter(|at| *at < end.at);
    [ahead, again].into_iter().flatten().min()
}

/// What comes next for a token's address, soonest first: when, and how many days before the end; the end itself is 0. What is
/// due but not yet told stands first, at the moment when it fell due.
#[must_use]
pub fn next_notices(
    token: &Token,
    policy: &Policy,
    zone: &TimeZone,
    told: &[Told],
    now: Time,
) -> Vec<(Time, i64)> {
    let rules = Rules::new(policy, zone.clone());
    let mut next = Vec::new();
    for end in token.ends(now).iter().filter(|end| end.in_use) {
        let told = tightest_told(end, told);
        let stages = end.stages(&rules);
        let due = stages.iter().rposition(|(_, at)| *at <= now).unwrap_or_default();
        let untold = |stage: i64| told.is_none_or(|told| stage < told);
        let coming = stages.into_iter().skip(due).filter(|(stage, _)| untold(*stage));
        next.extend(coming.map(|(stage, at)| (at, stage)));
    }
    next.sort_unstable();
    next
}

#[cfg(test)]
mod tests;
