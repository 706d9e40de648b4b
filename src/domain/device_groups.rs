//! What the pages of device groups are answered with, and what can be asked of their list.

use super::activity::Activity;
use super::group_draft::RawGroup;
use super::group_effect::Few;
use super::status::TokenStatus;
use super::time::Time;
use super::usage::counted;
use super::workgroup::Workgroup;
use serde::{Deserialize, Serialize};

/// A group's rule without the devices that it lists: how many they are is enough to say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleFacts {
    In(i64),
    NotIn(i64),
    Metadata { key: String, value: String },
}

impl RuleFacts {
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            RuleFacts::In(listed) => format!("Only {}, by a list", counted(*listed, "device")),
            RuleFacts::NotIn(0) => "Every device".to_owned(),
            RuleFacts::NotIn(listed) => {
                format!("All but {}, by a list", counted(*listed, "device"))
            }
            RuleFacts::Metadata { key, value } => format!("Devices with {key} = {value}"),
        }
    }
}

/// A group as lists and pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupFacts {
    pub id: String,
    pub name: String,
    pub rule: RuleFacts,
    /// How many devices it holds at present.
    pub devices: i64,
    /// Tokens bound to it that are not revoked.
    pub tokens: i64,
    /// Tokens bound to it that are revoked and not removed yet.
    pub revoked: i64,
    pub members: i64,
    /// Invitations that would bind somebody to it.
    pub invitations: i64,
    pub version: i64,
    pub created_at: Time,
}

impl GroupFacts {
    /// Whether anything refers to it, so that it cannot be removed.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.tokens + self.revoked + self.members + self.invitations > 0
    }
}

/// What is asked of the list. Everything stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupQuery {
    /// Part of a name.
    pub search: String,
    /// The page after this cursor.
    pub after: Option<String>,
    /// The page before this cursor.
    pub before: Option<String>,
}

impl GroupQuery {
    /// Reads the fields of an address, already decoded.
    #[must_use]
    pub fn read(field: impl Fn(&str) -> Option<String>) -> GroupQuery {
        let filled = |name: &str| field(name).filter(|text| !text.trim().is_empty());
        GroupQuery {
            search: filled("search").unwrap_or_default().trim().to_owned(),
            after: filled("after"),
            before: filled("before"),
        }
    }
}

/// One page of the groups that a seat sees, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupList {
    pub items: Vec<GroupFacts>,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// How many groups the seat sees, whatever is searched for.
    pub total: i64,
    /// How many devices the workgroup has: without one there is nothing to group.
    pub devices: i64,
    /// Whether the person may make groups, and whether they are bound to one.
    pub may_edit: bool,
    pub bound: bool,
}

/// A device on a group's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldDevice {
    pub id: String,
    pub external_id: String,
    pub name: String,
}

/// A token that is bound to a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundToken {
    pub id: String,
    pub title: String,
    pub hint: String,
    pub status: TokenStatus,
}

/// A member who is bound to a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundMember {
    pub id: String,
    pub name: String,
}

/// A group's page and its dialog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPage {
    pub workgroup: Workgroup,
    pub group: GroupFacts,
    /// One page of the devices that it holds.
    pub devices: Vec<HeldDevice>,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// What is bound to it; `None`: the person lacks Manage access, and sees how many alone.
    pub bound: Option<(Few<BoundToken>, Few<BoundMember>)>,
    /// Newest first; `None`: the person may not read it.
    pub activity: Option<Vec<Activity>>,
    pub may_edit: bool,
}

/// The form that makes or edits a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupForm {
    pub workgroup: Workgroup,
    /// The group that is edited; `None`: a new one.
    pub group: Option<GroupFacts>,
    pub start: RawGroup,
    /// Metadata keys in use, to choose from.
    pub keys: Vec<String>,
    /// How many devices the workgroup has.
    pub devices: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_said_in_words() {
        let by_metadata = RuleFacts::Metadata { key: "site".into(), value: "north".into() };
        let cases = [
            (RuleFacts::In(1), "Only 1 device, by a list"),
            (RuleFacts::In(12), "Only 12 devices, by a list"),
            (RuleFacts::NotIn(0), "Every device"),
            (RuleFacts::NotIn(2), "All but 2 devices, by a list"),
            (by_metadata, "Devices with site = north"),
        ];
        for (rule, words) in cases {
            assert_eq!(rule.in_words(), words);
        }
    }

    #[test]
    fn what_an_address_leaves_empty_is_not_asked() {
        let query = GroupQuery::read(|name| Some(if name == "search" { " a " } else { "" }.into()));
        assert_eq!(query, GroupQuery { search: "a".into(), ..GroupQuery::default() });
    }
}
