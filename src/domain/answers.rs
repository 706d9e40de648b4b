//! What each page is answered with: the domain's own types, gathered so that a page needs one question.

use super::activity::Activity;
use super::alarm::Alarm;
use super::device::{DeviceChoice, GroupChoice};
use super::letter_page::NoticeSent;
use super::permission::Permission;
use super::renewal::best_from;
use super::time::Time;
use super::token::Token;
use super::token_draft::RawDraft;
use super::token_string::TokenString;
use super::token_usage::TokenUsage;
use super::user::{SessionFacts, User};
use super::workgroup::Workgroup;
use serde::{Deserialize, Serialize};

/// What stands round every page of a signed-in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub user: User,
    /// The workgroups that they are a member of, by name.
    pub workgroups: Vec<Workgroup>,
    /// The one whose page this is; `None` on account pages.
    pub current: Option<Workgroup>,
    /// What they may do there, for the links of the rail; nothing on account pages.
    pub may: May,
    /// Tokens that are not revoked, as the rail shows beside *Tokens*; `None` without Manage access or on account pages.
    pub tokens: Option<i64>,
    /// What is wrong now, as far as it is theirs to know.
    pub alarms: Vec<Alarm>,
}

/// What a member may do in a workgroup, as far as pages offer it or leave it out. Every request judges it anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct May {
    pub own: bool,
    pub manage_access: bool,
    pub manage_devices: bool,
    /// Bound to a device group.
    pub bound: bool,
}

/// The page in front of everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInPage {
    /// The installation's host, as its public URL names it.
    pub host: String,
    /// No user exists yet: the set-up link that the server printed is the way in.
    pub set_up: bool,
}

/// Whether a set-up link may be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUpPage {
    pub host: String,
    /// Until when the link works.
    pub expires_at: Time,
}

/// Whose password a mailed link sets anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetPage {
    pub host: String,
    pub email: String,
    /// Until when the link works.
    pub expires_at: Time,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPage {
    pub user: User,
    /// Whether they get the daily digest; `None`: they own no workgroup.
    pub digest: Option<bool>,
    /// Newest first; the one that asks is marked.
    pub sessions: Vec<SessionFacts>,
    pub now: Time,
}

/// Behind the link that turns a digest off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsubscribePage {
    /// The installation's host, with its port.
    pub host: String,
    pub email: String,
    /// It is off already.
    pub off: bool,
}

/// A permission as a form offers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionChoice {
    pub permission: Permission,
    /// Why this person cannot grant it; `None`: they can.
    pub barred: Option<String>,
}

/// The new-token form: what it begins with and what can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTokenPage {
    pub workgroup: Workgroup,
    /// Empty, or filled in from the token that is duplicated.
    pub draft: RawDraft,
    /// The title of that token.
    pub like: Option<String>,
    /// A legacy one, which the new token is to replace.
    pub replaces: Option<ReplacedToken>,
    pub permissions: Vec<PermissionChoice>,
    /// Whether a token for the whole workgroup may be made; a member bound to a group may not.
    pub whole_workgroup: bool,
    pub groups: Vec<GroupChoice>,
    /// The devices that the person sees.
    pub devices: Vec<DeviceChoice>,
    /// They are too many to choose from: the device's id is typed, and at most the one that was named is listed.
    pub typed_device: bool,
    /// How many devices the workgroup has.
    pub device_count: i64,
    /// Makes a repeated post harmless.
    pub idempotency_key: String,
    pub now: Time,
}

/// A legacy token whose place a new one takes. Nothing happens to it by that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplacedToken {
    pub id: String,
    pub title: String,
    pub hint: String,
    pub scopes: Vec<String>,
    /// It works until it is revoked.
    pub works: bool,
}

/// A token's page, its edit page and its dialogs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenPage {
    pub workgroup: Workgroup,
    pub token: Token,
    /// The catalogue entries of its permissions.
    pub permissions: Vec<Permission>,
    /// For a token bound to a group: its rule in words, and how many devices it holds.
    pub group: Option<(String, i64)>,
    /// What its calls tell.
    pub usage: TokenUsage,
    /// Newest first.
    pub activity: Vec<Activity>,
    /// Whether this person may see the record of the whole workgroup.
    pub reads_record: bool,
    /// What its addresses were told of its ends, newest first.
    pub notices: Vec<NoticeSent>,
    /// When its address is told next, and how many days before the end; 0: at the end itself.
    pub next_notice: Option<(Time, i64)>,
    /// Tokens that this token made and that still stand.
    pub made: Vec<MadeToken>,
    /// Why this person cannot reissue it (rights, kind, state); `None`: they can.
    pub reissue_barred: Option<String>,
    /// The lifetime that a new string gets today and when it would end, with the policy's word on it if it shortens it.
    pub next_end: Option<Time>,
    pub shortened: Option<String>,
    /// Requests per minute for a token without a limit of its own.
    pub default_rate_limit: i64,
    pub idempotency_key: String,
    pub now: Time,
}

/// A token that another token made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeToken {
    pub id: String,
    pub title: String,
    pub hint: String,
}

/// A string at its one reveal, with the token that it opens. It cannot be serialised.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    pub token: Token,
    /// The number of this string: not always the newest, when a renewal was repeated.
    pub number: i64,
    pub string: TokenString,
    /// What the caller should know, such as a lifetime that the policy shortened.
    pub notes: Vec<String>,
}

impl Token {
    /// From when on renewing is best, by the string that lives longest. `None`: it cannot renew or does not expire.
    #[must_use]
    pub fn renew_from(&self) -> Option<Time> {
        let (ends_at, expiring_at) = (self.expires_at?, self.expiring_at?);
        let last = self.strings.iter().find(|string| string.ends_at() == Some(ends_at));
        let issued_at = last.map_or(self.created_at, |string| string.issued_at);
        self.can_renew.then(|| best_from(issued_at, ends_at, expiring_at))
    }

    /// Its permissions as the catalogue labels them, in the catalogue's order.
    #[must_use]
    pub fn permission_labels(&self, catalogue: &[Permission]) -> Vec<String> {
        let labelled = catalogue.iter().filter(|p| self.permissions.contains(&p.name));
        let known: Vec<_> = labelled.map(|p| p.label.clone()).collect();
        if known.is_empty() { self.permissions.iter().cloned().collect() } else { known }
    }
}
