//! The questions of the members' pages, and of an invitation's link.

use crate::domain::members::{InviteMemberPage, InvitePage, MemberList, MemberPage, MemberQuery};
use crate::domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// One page of a workgroup's members, and its pending invitations.
#[server(prefix = "/rpc", endpoint = "list_members", input = GetUrl)]
pub async fn list_members(workgroup: String, query: MemberQuery) -> Result<MemberList, Refusal> {
    use crate::server::{people, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(people::members::list::for_page(&visit, &workgroup, &query).await)
}

/// The form that invites.
#[server(prefix = "/rpc", endpoint = "read_invite_member", input = GetUrl)]
pub async fn read_invite_member(workgroup: String) -> Result<InviteMemberPage, Refusal> {
    use crate::server::{people, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(people::invitations::form(&visit, &workgroup).await)
}

/// Everything about one member.
#[server(prefix = "/rpc", endpoint = "read_member", input = GetUrl)]
pub async fn read_member(workgroup: String, id: String) -> Result<MemberPage, Refusal> {
    use crate::server::{people, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(people::members::show::page(&visit, &workgroup, &id).await)
}

/// Refused as not found once the link was used, was withdrawn or replaced, or has ended.
#[server(prefix = "/rpc", endpoint = "read_invitation", input = GetUrl)]
pub async fn read_invitation(code: String) -> Result<InvitePage, Refusal> {
    use crate::server::{people, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(people::invitations::page::page(&visit, &code).await)
}
