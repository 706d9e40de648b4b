//! How the demonstration's tables are written: people, devices, groups, and the life of each token, counted back from today.

use crate::domain::lifetime::Lifetime;
use crate::domain::time::{DAY, HOUR, MINUTE};
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
