//! Rights as people read them: on pages, and in the record with the values before and after.

use crate::domain::activity::Values;
use crate::domain::members::HeldRights;
use crate::domain::permission::Permission;
use crate::domain::rights::Rights;
use crate::domain::user::User;
use crate::server::activity::values;
use std::collections::BTreeSet;

/// What pages show of rights.
#[must_use]
pub fn held(rights: &Rights, catalogue: &[Permission]) -> HeldRights {
    let group = rights.group.as_ref().map(|group| group.name.clone());
    HeldRights { owner: rights.owner, permissions: known(&rights.permissions, catalogue), group }
}

/// The catalogue's entries of these names, in its order.
pub(crate) fn known(names: &BTreeSet<String>, catalogue: &[Permission]) -> Vec<Permission> {
    catalogue.iter().filter(|permission| names.contains(&permission.name)).cloned().collect()
}

/// Rights in the record.
pub(crate) fn recorded(rights: &Rights, catalogue: &[Permission]) -> Values {
    let held = held(rights, catalogue);
    if held.owner {
        return values([("Role", "Owner".to_owned())]);
    }
    let labels: Vec<_> = held.permissions.into_iter().map(|it| it.label).collect();
    values([
        ("Role", "Member".to_owned()),
        ("Permissions", labels.join(", ")),
        ("Device group", held.group.unwrap_or_else(|| "Whole workgroup".to_owned())),
    ])
}

/// The same with whose they are.
pub(crate) fn recorded_of(user: &User, rights: &Rights, catalogue: &[Permission]) -> Values {
    let mut words = recorded(rights, catalogue);
    words.insert("Email address".to_owned(), user.email.clone());
    words
}

/// Leaves what differs.
pub(crate) fn differing(before: &mut Values, after: &mut Values) {
    let same: Vec<String> =
        after.keys().filter(|key| before.get(*key) == after.get(*key)).cloned().collect();
    for key in same {
        before.remove(&key);
        after.remove(&key);
    }
}
