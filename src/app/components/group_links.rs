//! Where the pages and dialogs of device groups are: every link to one is made here.

use crate::domain::device_groups::GroupQuery;
use leptos_router::location::Url;

#[must_use]
pub fn list(workgroup: &str, query: &GroupQuery) -> String {
    let mut address = format!("/{workgroup}/settings/device-groups");
    let fields = [
        ("search", Some(&query.search).filter(|search| !search.is_empty())),
        ("after", query.after.as_ref()),
        ("before", query.before.as_ref()),
    ];
    let mut sign = '?';
    for (name, value) in fields {
        let Some(value) = value else { continue };
        address.push_str(&format!("{sign}{name}={}", Url::escape(value)));
        sign = '&';
    }
    address
}

#[must_use]
pub fn new(workgroup: &str) -> String {
    format!("/{workgroup}/settings/device-groups/new")
}

#[must_use]
pub fn page(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/device-groups/{id}")
}

#[must_use]
pub fn edit(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/device-groups/{id}/edit")
}

/// The dialog that asks before the group is removed.
#[must_use]
pub fn remove(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/device-groups/{id}?dialog=remove")
}

/// The devices of the workgroup.
#[must_use]
pub fn devices(workgroup: &str) -> String {
    format!("/{workgroup}/settings/devices")
}

#[must_use]
pub fn device(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/devices/{id}")
}

#[must_use]
pub fn member(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/members/{id}")
}
