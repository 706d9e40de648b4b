//! What the administration's pages and a workgroup's policy page are answered with.

use super::activity::Activity;
use super::catalogue::Holders;
use super::permission::Permission;
use super::time::Time;
use super::user::User;
use super::workgroup::Workgroup;
use serde::{Deserialize, Serialize};

/// Rows of a list that is paged.
pub const PAGE: i64 = 50;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// The id of the last row, if there are more behind it.
    pub next: Option<String>,
    /// How many there are in all, whatever is searched for.
    pub total: i64,
    pub now: Time,
}

impl<T> Listed<T> {
    /// From rows of which one more than a page was asked for.
    pub fn of(mut rows: Vec<T>, total: i64, now: Time, id: impl Fn(&T) -> &str) -> Listed<T> {
        let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let more = rows.len() > most;
        rows.truncate(most);
        let next = rows.last().filter(|_| more).map(|row| id(row).to_owned());
        Listed { items: rows, next, total, now }
    }
}

/// Somebody named beside something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub name: String,
    pub email: String,
}

/// A workgroup as administrators see it: never what is inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkgroupRow {
    pub id: String,
    pub slug: String,
    pub name: String,
    pub time_zone: String,
    pub created_at: Time,
    pub owners: Vec<Named>,
    pub members: i64,
    /// Those that are not revoked.
    pub tokens: i64,
    /// Whether the administrator who asks owns it.
    pub mine: bool,
}

/// A user as administrators see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow {
    pub user: User,
    /// Since when they cannot sign in.
    pub disabled_at: Option<Time>,
    pub last_signed_in_at: Option<Time>,
    pub created_at: Time,
    /// The names of their workgroups, and whether they own them.
    pub workgroups: Vec<(String, bool)>,
    /// Whether it is the administrator who asks.
    pub me: bool,
}

/// The catalogue, in the order in which forms show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CataloguePage {
    pub entries: Vec<CatalogueEntry>,
    pub now: Time,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueEntry {
    pub permission: Permission,
    pub version: i64,
    pub holders: Holders,
}

/// A workgroup's name and policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyPage {
    pub workgroup: Workgroup,
    pub version: i64,
    /// Whether the person who asks may change it.
    pub may_edit: bool,
    /// Who changed it last.
    pub last: Option<Activity>,
    pub now: Time,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_whether_there_are_more_behind_it() {
        let rows = |count: i64| (0..count).map(|number| number.to_string()).collect::<Vec<_>>();
        let listed = |count| Listed::of(rows(count), count, Time(0), |row| row);
        assert_eq!((listed(0).items.len(), listed(0).next), (0, None));
        assert_eq!((listed(50).items.len(), listed(50).next), (50, None));
        assert_eq!((listed(51).items.len(), listed(51).next), (50, Some("49".to_owned())));
    }
}
