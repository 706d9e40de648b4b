//! Members and invitations: what is asked for, and what their pages are answered with.

use super::activity::Activity;
use super::answers::{MadeToken, PermissionChoice};
use super::permission::Permission;
use super::time::{DAY, Time};
use super::workgroup::Workgroup;
use serde::{Deserialize, Serialize};

/// How long an invitation works, from when it was sent last.
pub const INVITATION_LIFE: i64 = 7 * DAY;

/// The rights that a form asks for, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRights {
    /// Holds every permission; then nothing else counts.
    pub owner: bool,
    pub permissions: Vec<String>,
    /// The name of the one that they are bound to; empty: none.
    pub device_group: String,
}

/// What a member holds, or is offered, as pages show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRights {
    pub owner: bool,
    /// In the catalogue's order; empty for owners.
    pub permissions: Vec<Permission>,
    /// The device group that they are bound to.
    pub group: Option<String>,
}

impl HeldRights {
    /// `Owner, holds everything`; `Read, Control devices; bound to North plant`.
    #[must_use]
    pub fn in_words(&self) -> String {
        if self.owner {
            return "Owner, holds everything".to_owned();
        }
        let labels: Vec<_> = self.permissions.iter().map(|it| it.label.as_str()).collect();
        let held = if labels.is_empty() { "Nothing".to_owned() } else { labels.join(", ") };
        match &self.group {
            None => held,
            Some(group) => format!("{held}; bound to {group}"),
        }
    }
}

/// Part of a name or address, and which page: both stand in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberQuery {
    pub search: String,
    /// The first is 1; what is no page is the first.
    pub page: usize,
}

impl MemberQuery {
    #[must_use]
    pub fn read(field: impl Fn(&str) -> Option<String>) -> MemberQuery {
        let text = |name: &str| field(name).map(|text| text.trim().to_owned()).unwrap_or_default();
        MemberQuery { search: text("search"), page: text("page").parse().unwrap_or(1).max(1) }
    }
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    pub user_id: String,
    pub name: String,
    pub email: String,
    pub administrator: bool,
    /// Cannot sign in.
    pub disabled: bool,
    pub rights: HeldRights,
    pub last_signed_in_at: Option<Time>,
    pub joined_at: Time,
    /// The one who asks.
    pub you: bool,
}

/// An invitation that nobody has accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationRow {
    pub id: String,
    pub email: String,
    pub rights: HeldRights,
    /// Whoever sent it last.
    pub invited_by: String,
    pub expires_at: Time,
    /// Why nobody can accept it though it has not expired.
    pub problem: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberList {
    pub workgroup: Workgroup,
    /// Owners first, then by name.
    pub items: Vec<MemberRow>,
    /// How many the search finds on all pages, and how many the person sees at all.
    pub found: usize,
    pub total: usize,
    pub owners: usize,
    pub page: usize,
    pub pages: usize,
    pub invitations: Vec<InvitationRow>,
    pub now: Time,
}

/// What can be chosen for somebody's rights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightsChoices {
    pub permissions: Vec<PermissionChoice>,
    pub groups: Vec<String>,
    /// Whether they may be left unbound; a bound person binds others to their own group.
    pub whole_workgroup: bool,
    /// Whether owners may be made.
    pub owner: bool,
}

/// The form that invites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteMemberPage {
    pub workgroup: Workgroup,
    pub choices: RightsChoices,
}

/// One member: rights, what they issued, what was done, and the dialog that removes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPage {
    pub workgroup: Workgroup,
    pub member: MemberRow,
    pub version: i64,
    pub choices: RightsChoices,
    /// Why the person cannot change the rights; `None`: they can.
    pub set_barred: Option<String>,
    pub remove_barred: Option<String>,
    /// The tokens that they issued and that stand, as far as the person sees them: the first, and how many.
    pub issued: Vec<MadeToken>,
    pub issued_count: i64,
    /// Newest first.
    pub activity: Vec<Activity>,
    pub now: Time,
}

/// What whoever opens an invitation has to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Guest {
    /// Nobody signs in with the address yet.
    New,
    /// Somebody does, and has to.
    SignIn,
    /// They have, and can join.
    Here { name: String },
    /// Somebody else is signed in in this browser.
    Other { email: String },
}

/// An invitation as its one-time link shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitePage {
    pub workgroup: String,
    pub invited_by: String,
    pub email: String,
    pub rights: HeldRights,
    /// Permissions that were offered and are no longer given to anybody.
    pub dropped: Vec<String>,
    pub expires_at: Time,
    pub guest: Guest,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::catalogue_at_first_start;

    #[test]
    fn rights_are_said_in_words() {
        let held = |names: &[&str], group: Option<&str>| HeldRights {
            owner: false,
            permissions: catalogue_at_first_start()
                .into_iter()
                .filter(|it| names.contains(&it.name.as_str()))
                .collect(),
            group: group.map(Into::into),
        };
        let owner = HeldRights { owner: true, ..HeldRights::default() };
        let cases = [
            (owner, "Owner, holds everything"),
            (held(&["read"], None), "Read"),
            (
                held(&["devices.control", "read"], Some("North plant")),
                "Read, Control devices; bound to North plant",
            ),
            (held(&[], None), "Nothing"),
        ];
        for (rights, words) in cases {
            assert_eq!(rights.in_words(), words);
        }
    }

    #[test]
    fn a_page_that_is_none_is_the_first() {
        let read = |page: &str| MemberQuery::read(|name| (name == "page").then(|| page.to_owned()));
        for (page, number) in [("2", 2), ("0", 1), ("-1", 1), ("x", 1), ("", 1)] {
            assert_eq!(read(page).page, number, "{page}");
        }
    }
}
