//! Where the record is, and the pages of what it is about: every link to one is made here.

use super::token_links;
use crate::domain::activity_query::{ActivityQuery, SubjectKind};

#[must_use]
pub fn list(workgroup: &str, query: &ActivityQuery) -> String {
    format!("/{workgroup}/settings/activity{}", query.address())
}

/// All that was done to one thing.
#[must_use]
pub fn of_subject(workgroup: &str, id: &str) -> String {
    list(workgroup, &ActivityQuery { subject: id.to_owned(), ..ActivityQuery::default() })
}

/// The page of what a row is about, for kinds that have one.
#[must_use]
pub fn subject(workgroup: &str, kind: &str, id: &str) -> Option<String> {
    let path = match SubjectKind::parse(kind)? {
        SubjectKind::Token => return Some(token_links::page(workgroup, id)),
        SubjectKind::Device => "devices",
        SubjectKind::DeviceGroup => "device-groups",
        SubjectKind::Member => "members",
        SubjectKind::Invitation | SubjectKind::Workgroup | SubjectKind::Import => return None,
    };
    Some(format!("/{workgroup}/settings/{path}/{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_page_is_linked_to() {
        let cases = [
            ("token", Some("/harrow/settings/tokens/x")),
            ("device", Some("/harrow/settings/devices/x")),
            ("device_group", Some("/harrow/settings/device-groups/x")),
            ("member", Some("/harrow/settings/members/x")),
            ("workgroup", None),
            ("user", None),
        ];
        for (kind, address) in cases {
            assert_eq!(subject("harrow", kind, "x").as_deref(), address, "{kind}");
        }
        let id = "0192f0a1-0000-7000-8000-00000000000a";
        assert_eq!(of_subject("harrow", id), format!("/harrow/settings/activity?subject={id}"));
    }
}
