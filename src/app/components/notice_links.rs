//! Where the notices of a workgroup are: every link to one is made here.

use crate::domain::notices_list::NoticesQuery;

#[must_use]
pub fn list(workgroup: &str, query: &NoticesQuery) -> String {
    format!("/{workgroup}/settings/notices{}", query.address())
}

/// Where the forms of the list are posted to.
#[must_use]
pub fn posted(workgroup: &str) -> String {
    list(workgroup, &NoticesQuery::default())
}

/// A letter as it was sent.
#[must_use]
pub fn letter(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/notices/{id}")
}
