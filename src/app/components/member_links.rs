//! Where the pages and dialogs of members are: every link to one is made here.

use crate::domain::members::MemberQuery;
use leptos_router::location::Url;

#[must_use]
pub fn list(workgroup: &str) -> String {
    format!("/{workgroup}/settings/members")
}

/// Another page of the same search.
#[must_use]
pub fn page_of(workgroup: &str, query: &MemberQuery) -> String {
    let mut fields = Vec::new();
    if !query.search.is_empty() {
        fields.push(format!("search={}", Url::escape(&query.search)));
    }
    if query.page > 1 {
        fields.push(format!("page={}", query.page));
    }
    let list = list(workgroup);
    if fields.is_empty() { list } else { format!("{list}?{}", fields.join("&")) }
}

#[must_use]
pub fn invite(workgroup: &str) -> String {
    format!("/{workgroup}/settings/members/invite")
}

#[must_use]
pub fn page(workgroup: &str, user_id: &str) -> String {
    format!("/{workgroup}/settings/members/{user_id}")
}

/// The dialog that removes a member.
#[must_use]
pub fn remove(workgroup: &str, user_id: &str) -> String {
    format!("{}?dialog=remove", page(workgroup, user_id))
}

/// The dialog that withdraws an invitation.
#[must_use]
pub fn withdraw(workgroup: &str, invitation_id: &str) -> String {
    format!("{}?dialog=withdraw&id={invitation_id}", list(workgroup))
}
