//! A token as everybody sees it: a grant with its numbered strings. Hashes and secrets never stand here.

use super::lifetime::Lifetime;
use super::time::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A token holds at most this many live strings.
pub const MOST_LIVE_STRINGS: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// For programs and integrations; reaches the whole workgroup, or one device group.
    Access,
    /// Belongs to one device and opens that device alone.
    Device,
    /// Brought over from another system as a hash; listed and revocable, nothing else.
    Legacy,
}

impl Kind {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Kind::Access => "access",
            Kind::Device => "device",
            Kind::Legacy => "legacy",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<Kind> {
        [Kind::Access, Kind::Device, Kind::Legacy].into_iter().find(|kind| kind.code() == code)
    }
}

/// What a token opens. It never changes after creation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    Workgroup,
    Group { id: String, name: String },
    Device { id: String, external_id: String, name: String },
}

impl Reach {
    /// In words, as lists show it.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Reach::Workgroup => "Whole workgroup",
            Reach::Group { name, .. } | Reach::Device { name, .. } => name,
        }
    }
}

/// How a string came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Create,
    Reissue,
    Renew,
    Import,
}

impl Origin {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Origin::Create => "create",
            Origin::Reissue => "reissue",
            Origin::Renew => "renew",
            Origin::Import => "import",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<Origin> {
        [Origin::Create, Origin::Reissue, Origin::Renew, Origin::Import]
            .into_iter()
            .find(|origin| origin.code() == code)
    }

    /// `Created`, `Reissued`, `Renewed`, `Imported`.
    #[must_use]
    pub fn past(self) -> &'static str {
        match self {
            Origin::Create => "Created",
            Origin::Reissue => "Reissued",
            Origin::Renew => "Renewed",
            Origin::Import => "Imported",
        }
    }
}

/// What happens to the strings that a token already has when it is reissued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Older {
    #[default]
    #[serde(rename = "keep")]
    Keep,
    #[serde(rename = "24h")]
    End24Hours,
    #[serde(rename = "7d")]
    End7Days,
    #[serde(rename = "now")]
    EndNow,
}

impl Older {
    pub const ALL: [Older; 4] = [Older::Keep, Older::End24Hours, Older::End7Days, Older::EndNow];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Older::Keep => "keep",
            Older::End24Hours => "24h",
            Older::End7Days => "7d",
            Older::EndNow => "now",
        }
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Older::Keep => "Keep until their own expiry",
            Older::End24Hours => "End in 24 hours",
            Older::End7Days => "End in 7 days",
            Older::EndNow => "End now",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<Older> {
        Older::ALL.into_iter().find(|older| older.code() == code)
    }

    /// When the older strings end, if they are not kept.
    #[must_use]
    pub fn end(self, now: Time) -> Option<Time> {
        match self {
            Older::Keep => None,
            Older::End24Hours => Some(now + super::time::DAY),
            Older::End7Days => Some(now + 7 * super::time::DAY),
            Older::EndNow => Some(now),
        }
    }
}

/// One string of a token, without its secret: #1, #2 …, never reused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberedString {
    pub number: i64,
    /// `lka_…9fK2`
    pub hint: String,
    pub origin: Origin,
    pub issued_at: Time,
    pub expires_at: Option<Time>,
    /// When it was, or will be, retired; may lie ahead after a reissue that ends older strings later.
    pub retired_at: Option<Time>,
    /// Exact to the minute.
    pub last_used_at: Option<Time>,
    pub last_used_from: Option<String>,
}

/// Calls of one token on one UTC day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayUse {
    /// Days since 1970.
    pub day: i64,
    pub number: i64,
    pub allowed: i64,
    pub refused: i64,
}

/// Calls with something that has ended: somebody is broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knocks {
    pub calls: i64,
    /// Exact to the minute.
    pub last_at: Time,
    pub last_from: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub id: String,
    pub kind: Kind,
    pub owner: String,
    pub name: Option<String>,
    pub email: String,
    /// Of future strings; the ones that exist keep their own expiry.
    pub lifetime: Lifetime,
    pub can_renew: bool,
    pub permissions: BTreeSet<String>,
    /// Opaque scopes of a legacy token: reported, never taken for a permission.
    pub scopes: Vec<String>,
    pub reach: Reach,
    pub note: Option<String>,
    /// Requests per minute; `None`: the installation's default.
    pub rate_limit: Option<i64>,
    pub created_at: Time,
    /// Who made it, in words: a person's name, a token's owner, "the command line".
    pub created_by: String,
    pub revoked_at: Option<Time>,
    pub revoked_by: Option<String>,
    /// Counts the edits; an edit names the one it saw.
    pub version: i64,
    /// The latest expiry among its strings that are not retired; `None` if one never expires.
    pub expires_at: Option<Time>,
    /// When its first notice stage begins, from which on it is shown as Expiring.
    pub expiring_at: Option<Time>,
    /// Calls after its end; forgotten when it lives again.
    pub knocks: Option<Knocks>,
    /// Newest first.
    pub strings: Vec<NumberedString>,
    /// The last 30 days of use, oldest first; days without a call are left out.
    pub uses: Vec<DayUse>,
}

impl Token {
    /// A token as it begins, before anything was chosen for it but whose it is.
    #[must_use]
    pub fn new(id: String, owner: &str, email: &str, created_at: Time) -> Token {
        Token {
            id,
            kind: Kind::Access,
            owner: owner.to_owned(),
            name: None,
            email: email.to_owned(),
            lifetime: Lifetime::default(),
            can_renew: false,
            permissions: BTreeSet::new(),
            scopes: Vec::new(),
            reach: Reach::Workgroup,
            note: None,
            rate_limit: None,
            created_at,
            created_by: String::new(),
            revoked_at: None,
            revoked_by: None,
            version: 1,
            expires_at: None,
            expiring_at: None,
            knocks: None,
            strings: Vec::new(),
            uses: Vec::new(),
        }
    }

    /// The newest string. Every token has one: it is made together with it.
    #[must_use]
    pub fn newest(&self) -> Option<&NumberedString> {
        self.strings.first()
    }

    /// The hint of its newest string.
    #[must_use]
    pub fn hint(&self) -> &str {
        self.newest().map_or("", |string| &string.hint)
    }

    /// The latest use of any of its strings.
    #[must_use]
    pub fn last_used_at(&self) -> Option<Time> {
        self.strings.iter().filter_map(|string| string.last_used_at).max()
    }

    /// Owner and, where there is one, name: "North plant integrator · staging".
    #[must_use]
    pub fn title(&self) -> String {
        match &self.name {
            Some(name) => format!("{} · {name}", self.owner),
            None => self.owner.clone(),
        }
    }
}
