//! How the demonstration's tables are written: people, devices, groups, and the life of each token, counted back from today.

use crate::domain::lifetime::Lifetime;
use crate::domain::time::{DAY, HOUR, MINUTE, Time};
use crate::domain::token::Older;

/// A person who signs in, and the address from which they work.
pub struct Person {
    pub name: &'static str,
    pub email: &'static str,
    pub address: &'static str,
    pub administrator: bool,
}

/// A workgroup with everything in it.
pub struct Site {
    pub name: &'static str,
    pub time_zone: &'static str,
    /// E-mail addresses of its owners; the first one founds it and registers its devices.
    pub owners: &'static [&'static str],
    pub members: &'static [Member],
    pub devices: &'static [Device],
    pub groups: &'static [Group],
    pub tokens: Vec<Plan>,
}

pub struct Member {
    pub email: &'static str,
    pub permissions: &'static [&'static str],
    pub group: Option<&'static str>,
}

pub struct Device {
    pub id: &'static str,
    pub name: &'static str,
    /// `key=value`
    pub metadata: &'static [&'static str],
    /// Where mail about its token goes instead of to whoever registered it.
    pub email: &'static str,
    pub used: Option<Used>,
    /// Its first token was revoked so many seconds ago.
    pub revoked: Option<i64>,
}

pub struct Group {
    pub name: &'static str,
    pub holds: Holds,
}

pub enum Holds {
    In(&'static [&'static str]),
    NotIn(&'static [&'static str]),
    Metadata(&'static str, &'static str),
}

/// How a token is called, day by day.
#[derive(Clone, Copy)]
pub enum Pattern {
    /// About so many calls each day.
    Steady(i64),
    /// The same, from Monday to Friday.
    Office(i64),
    /// Exactly so many each night.
    Nightly(i64),
    /// One day in seven.
    Weekly(i64),
    /// More from week to week, up to this.
    Growing(i64),
    /// On one day only.
    Once(i64),
}

#[derive(Clone, Copy)]
pub struct Used {
    pub pattern: Pattern,
    /// The last call, in seconds before now.
    pub ago: i64,
    pub from: &'static str,
}

/// What a token opens.
#[derive(Clone, Copy)]
pub enum Opens {
    Everything,
    Group(&'static str),
    Device(&'static str),
}

/// When a string is made.
#[derive(Clone, Copy)]
pub enum When {
    /// So many seconds before now.
    Ago(i64),
    /// When it has to be made to end so many seconds from now; in the past when negative.
    EndsIn(i64),
}

/// What happens to a token after it was issued.
#[derive(Clone, Copy)]
pub enum Turn {
    Reissued(Older),
    Renewed,
    Revoked,
}

/// Who issues a token and does whatever its holder does not do.
#[derive(Clone, Copy)]
pub enum Maker {
    Person(&'static str),
    /// The token with this owner.
    Token(&'static str),
}

/// A token's life.
pub struct Plan {
    pub owner: &'static str,
    pub email: &'static str,
    pub name: &'static str,
    pub note: &'static str,
    pub opens: Opens,
    pub permissions: &'static [&'static str],
    /// Not empty: a legacy token, imported as a hash.
    pub scopes: &'static [&'static str],
    pub lifetime: Lifetime,
    pub can_renew: bool,
    pub maker: Maker,
    pub made: When,
    pub turns: Vec<(When, Turn)>,
    pub used: Option<Used>,
    /// The string before the newest is still in use.
    pub lagging: Option<Used>,
}

pub const fn minutes(count: i64) -> i64 {
    count * MINUTE
}

pub const fn hours(count: i64) -> i64 {
    count * HOUR
}

pub const fn days(count: i64) -> i64 {
    count * DAY
}

pub const fn used(pattern: Pattern, ago: i64, from: &'static str) -> Option<Used> {
    Some(Used { pattern, ago, from })
}

/// An access token for the whole workgroup with Read alone; the methods say what is different.
pub fn token(owner: &'static str, email: &'static str, lifetime: Lifetime, made: When) -> Plan {
    Plan {
        owner,
        email,
        name: "",
        note: "",
        opens: Opens::Everything,
        permissions: &["read"],
        scopes: &[],
        lifetime,
        can_renew: false,
        maker: Maker::Person(""),
        made,
        turns: Vec::new(),
        used: None,
        lagging: None,
    }
}

impl Device {
    pub const fn revoked(self, ago: i64) -> Device {
        Device { revoked: Some(ago), ..self }
    }
}

impl Plan {
    pub fn named(self, name: &'static str) -> Plan {
        Plan { name, ..self }
    }

    pub fn noted(self, note: &'static str) -> Plan {
        Plan { note, ..self }
    }

    pub fn may(self, permissions: &'static [&'static str]) -> Plan {
        Plan { permissions, ..self }
    }

    pub fn legacy(self, scopes: &'static [&'static str]) -> Plan {
        Plan { scopes, permissions: &[], ..self }
    }

    pub fn opens(self, opens: Opens) -> Plan {
        Plan { opens, ..self }
    }

    pub fn can_renew(self) -> Plan {
        Plan { can_renew: true, ..self }
    }

    /// Issued by this person instead of the workgroup's first owner.
    pub fn by(self, email: &'static str) -> Plan {
        Plan { maker: Maker::Person(email), ..self }
    }

    /// Issued over HTTP with the token of this owner.
    pub fn by_token(self, owner: &'static str) -> Plan {
        Plan { maker: Maker::Token(owner), ..self }
    }

    pub fn then(mut self, when: When, turn: Turn) -> Plan {
        self.turns.push((when, turn));
        self
    }

    pub fn used(self, pattern: Pattern, ago: i64, from: &'static str) -> Plan {
        Plan { used: used(pattern, ago, from), ..self }
    }

    pub fn lagging(self, pattern: Pattern, ago: i64, from: &'static str) -> Plan {
        Plan { lagging: used(pattern, ago, from), ..self }
    }
}

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
                assert!((near..=far).contains(&(apart * ends.signum())), "{lifetime} {ends} {apart}");
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
