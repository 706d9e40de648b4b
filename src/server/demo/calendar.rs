//! From the demonstration's tables to dates and counts: the moment of an event, the calls of a day.

use super::plan::{Pattern, When};
use crate::domain::lifetime::Lifetime;
use crate::domain::time::{DAY, HOUR, MINUTE, Time};

impl When {
    /// The moment, within a working day of what the table says: real tokens are not all made at the same second.
    pub fn at(self, now: Time, lifetime: Lifetime, salt: u64) -> Time {
        let spread = |seconds: i64| if seconds.abs() < 2 * DAY { 20 * MINUTE } else { 7 * HOUR };
        let stray = |seconds: i64| (salt % 1000) as i64 * spread(seconds) / 1000;
        match self {
            When::Ago(seconds) => now - seconds - stray(seconds),
            When::EndsIn(seconds) => {
                let sign = if seconds < 0 { -1 } else { 1 };
                let made = made_for(now + seconds + sign * stray(seconds), sign, lifetime);
                made.min(now - MINUTE)
            }
        }
    }
}

/// When a string of this lifetime is made to end at `end`. Where month ends leave no such moment it ends a little farther
/// from now: later for `sign` 1, earlier for -1.
fn made_for(end: Time, sign: i64, lifetime: Lifetime) -> Time {
    let miss = |made: Time| lifetime.end(made).map_or(0, |at| at.0 - end.0);
    let mut made = end;
    for _ in 0..4 {
        made = made - miss(made);
    }
    for _ in 0..4 {
        if miss(made) * sign >= 0 {
            break;
        }
        made = made + sign * DAY;
    }
    made
}

impl Pattern {
    /// Calls on a day, counted since 1970 (a Thursday), `ago` days before today.
    pub fn calls(self, day: i64, ago: i64, salt: u64) -> i64 {
        let noise = (salt ^ mix(day.unsigned_abs())) % 41;
        let about = |count: i64| count * (80 + noise as i64) / 100;
        match self {
            Pattern::Steady(count) => about(count),
            Pattern::Office(_) if matches!((day + 4).rem_euclid(7), 0 | 6) => 0,
            Pattern::Office(count) => about(count),
            Pattern::Nightly(count) => count,
            Pattern::Weekly(count) if (day - salt as i64 % 7).rem_euclid(7) == 0 => about(count),
            Pattern::Weekly(_) | Pattern::Once(_) => 0,
            Pattern::Growing(count) => about(count * (40 - ago) / 40),
        }
    }

    /// Calls of the day of the last use at the least: those that come in one go are not cut short.
    pub fn least(self) -> i64 {
        match self {
            Pattern::Nightly(count) | Pattern::Weekly(count) | Pattern::Once(count) => count,
            Pattern::Steady(_) | Pattern::Office(_) | Pattern::Growing(_) => 1,
        }
    }
}

/// A number that looks like chance but is the same in every demonstration (FNV-1a).
pub fn salt(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn mix(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever day the demonstration is run on, what is to end soon ends soon and what has ended has ended.
    #[test]
    fn a_string_ends_when_the_table_says_on_every_day_of_four_years() {
        let first = Time::parse("2026-11-01T12:00:00Z").unwrap();
        for (now, lifetime) in (0..4 * 365)
            .map(|day| first + day * DAY)
            .flat_map(|now| Lifetime::ALL.map(|lifetime| (now, lifetime)))
            .filter(|(_, lifetime)| lifetime.expires())
        {
            for ends in [-30, -3, -1, 1, 2, 6] {
                let made = When::EndsIn(ends * DAY).at(now, lifetime, 500);
                let apart = lifetime.end(made).unwrap().0 - now.0;
                let (near, far) = (ends.abs() * DAY, (ends.abs() + 4) * DAY);
                assert!(
                    (near..=far).contains(&(apart * ends.signum())),
                    "{lifetime} {ends} {apart}"
                );
                assert!(made < now);
            }
        }
    }

    #[test]
    fn offices_are_closed_at_weekends() {
        // 21 November 2026 is a Saturday.
        let saturday = Time::parse("2026-11-21T00:00:00Z").unwrap().day();
        let calls = |day| Pattern::Office(100).calls(day, 0, 7);
        assert_eq!((calls(saturday), calls(saturday + 1)), (0, 0));
        assert!(calls(saturday + 2) > 0 && calls(saturday - 1) > 0);
    }
}
