//! The questions of the device group pages.

use crate::domain::device_groups::{GroupForm, GroupList, GroupPage, GroupQuery};
use crate::domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// One page of the groups that the person sees.
#[server(prefix = "/rpc", endpoint = "list_device_groups", input = GetUrl)]
pub async fn list_device_groups(
    workgroup: String,
    query: GroupQuery,
) -> Result<GroupList, Refusal> {
    use crate::server::{devices::groups, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(groups::list::for_page(&visit, &workgroup, &query).await)
}

/// Everything about one group; `after` and `before` page through its devices.
#[server(prefix = "/rpc", endpoint = "read_device_group", input = GetUrl)]
pub async fn read_device_group(
    workgroup: String,
    id: String,
    after: Option<String>,
    before: Option<String>,
) -> Result<GroupPage, Refusal> {
    use crate::server::{devices::groups::show, viewer::Visit};
    let visit = Visit::current()?;
    let (after, before) = (after.as_deref(), before.as_deref());
    visit.answer(show::page(&visit, &workgroup, &id, after, before).await)
}

/// The form for a new group, or for the one with this id.
#[server(prefix = "/rpc", endpoint = "read_device_group_form", input = GetUrl)]
pub async fn read_device_group_form(
    workgroup: String,
    id: Option<String>,
) -> Result<GroupForm, Refusal> {
    use crate::server::{devices::groups::show, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(show::form(&visit, &workgroup, id.as_deref()).await)
}
