//! The question of the notices page.

use crate::domain::notices_list::{NoticesPage, NoticesQuery};
use crate::domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// What a workgroup sent, newest first, and what comes next.
#[server(prefix = "/rpc", endpoint = "list_notices", input = GetUrl)]
pub async fn list_notices(workgroup: String, query: NoticesQuery) -> Result<NoticesPage, Refusal> {
    use crate::server::{notices, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(notices::list::page(&visit, &workgroup, &query).await)
}
