//! What is kept of a token: no more than a verdict and its headers need, since there may be a million of them.

use super::home::Home;
use crate::domain::demand::Bound;
use crate::domain::status::StringState;
use crate::domain::time::Time;
use crate::domain::token::Kind;
use crate::server::secret::Hash;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use once_cell::race::OnceBox;
use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// What a hash leads to.
#[derive(Debug)]
pub enum Record {
    Grant(Grant),
    /// The string has left the system; a late caller is still told why.
    Grave(Grave),
}

impl Record {
    #[must_use]
    pub fn has(&self, hash: &Hash) -> bool {
        match self {
            Record::Grant(grant) => grant.strings.find(hash).is_some(),
            Record::Grave(grave) => &grave.hash == hash,
        }
    }

    #[must_use]
    pub fn home(&self) -> &Home {
        match self {
            Record::Grant(grant) => &grant.home,
            Record::Grave(grave) => &grave.home,
        }
    }
}

/// A token with its strings.
#[derive(Debug)]
pub struct Grant {
    pub id: Uuid,
    pub home: Arc<Home>,
    pub owner: Box<str>,
    pub permissions: Arc<Permissions>,
    pub opens: Opens,
    pub rare: Option<Box<Rare>>,
    pub strings: Strings,
    pub meter: OnceBox<Arc<Meter>>,
}

/// What few tokens have.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rare {
    /// Of a legacy token: opaque.
    pub scopes: Vec<String>,
    pub revoked_at: Option<Time>,
    /// Requests per minute, where it has its own.
    pub limit: Option<NonZeroU32>,
}

/// A kind and a set of permissions, shared by all tokens with the same ones.
#[derive(Debug)]
pub struct Permissions {
    pub kind: Kind,
    pub names: BTreeSet<String>,
    /// The names with a blank between them, as a header and a scope hold them.
    pub text: String,
}

/// What it reaches; names stand in its [`Home`], where an edit counts at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opens {
    Workgroup,
    /// A device group, by its id.
    Group(Box<str>),
    /// A device, by its external id.
    Device(Box<str>),
}

/// Nearly every token has one string: it lies in the grant itself.
#[derive(Debug)]
pub enum Strings {
    One(Held),
    Many(Box<[Held]>),
}

impl Strings {
    #[must_use]
    pub fn all(&self) -> &[Held] {
        match self {
            Strings::One(string) => std::slice::from_ref(string),
            Strings::Many(strings) => strings,
        }
    }

    #[must_use]
    pub fn find(&self, hash: &Hash) -> Option<&Held> {
        self.all().iter().find(|string| &string.hash == hash)
    }
}

/// One string of a token.
#[derive(Clone, Debug)]
pub struct Held {
    pub hash: Hash,
    /// From 1 on.
    pub number: NonZeroU32,
    pub expires_at: When,
    pub retired_at: When,
}

impl Held {
    /// When it stops working by itself; `None`: never.
    #[must_use]
    pub fn ends_at(&self) -> Option<Time> {
        self.expires_at.get().into_iter().chain(self.retired_at.get()).min()
    }
}

/// A time or none, in the room of a time: every string has two of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When(i64);

impl When {
    const NEVER: i64 = i64::MIN;

    #[must_use]
    pub fn get(self) -> Option<Time> {
        (self.0 != When::NEVER).then_some(Time(self.0))
    }
}

impl From<Option<i64>> for When {
    /// Unix seconds, as the store has them.
    fn from(at: Option<i64>) -> When {
        When(at.unwrap_or(When::NEVER))
    }
}

impl Grant {
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.permissions.kind
    }

    /// Of a legacy token: opaque.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        self.rare.as_ref().map(|rare| rare.scopes.as_slice()).unwrap_or_default()
    }

    #[must_use]
    pub fn limit(&self) -> Option<NonZeroU32> {
        self.rare.as_ref()?.limit
    }

    #[must_use]
    pub fn state(&self, string: &Held, now: Time) -> StringState {
        let (expires_at, retired_at) = (string.expires_at.get(), string.retired_at.get());
        let revoked_at = self.rare.as_ref().and_then(|rare| rare.revoked_at);
        StringState::of(expires_at, retired_at, revoked_at, now)
    }

    /// Takes one request out of its minute; else how long to wait, and how many it has.
    pub fn charge(&self, default: NonZeroU32) -> Result<(), (Duration, NonZeroU32)> {
        let meter = || Box::new(Arc::new(Meter::new(self.limit().unwrap_or(default))));
        self.meter.get_or_init(meter).charge()
    }

    /// `group`: the name of the group that it is bound to, if it is.
    #[must_use]
    pub fn bound<'a>(&'a self, group: Option<&'a str>) -> Bound<'a> {
        match &self.opens {
            Opens::Workgroup => Bound::Workgroup,
            Opens::Group(_) => Bound::Group(group.unwrap_or_default()),
            Opens::Device(id) => Bound::Device(id),
        }
    }
}

/// How many requests a token has left in its minute (GCRA); made at its first call.
#[derive(Debug)]
pub struct Meter {
    limit: NonZeroU32,
    limiter: DefaultDirectRateLimiter,
}

impl Meter {
    fn new(limit: NonZeroU32) -> Meter {
        Meter { limit, limiter: RateLimiter::direct(Quota::per_minute(limit)) }
    }

    fn charge(&self) -> Result<(), (Duration, NonZeroU32)> {
        use governor::clock::{Clock, DefaultClock};
        let wait =
            |not_yet: governor::NotUntil<_>| not_yet.wait_time_from(DefaultClock::default().now());
        self.limiter.check().map_err(|not_yet| (wait(not_yet), self.limit))
    }
}

/// A string that was removed.
#[derive(Debug)]
pub struct Grave {
    pub hash: Hash,
    pub token_id: Uuid,
    pub home: Arc<Home>,
    pub kind: Kind,
    pub number: u32,
    pub why: StringState,
    pub expires_at: Option<Time>,
    pub removed_at: Time,
}
