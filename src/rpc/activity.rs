//! The question of the activity page.

use crate::domain::activity_list::ActivityPage;
use crate::domain::activity_query::ActivityQuery;
use crate::domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// One page of a workgroup's record, newest first.
#[server(prefix = "/rpc", endpoint = "read_activity", input = GetUrl)]
pub async fn read_activity(
    workgroup: String,
    query: ActivityQuery,
) -> Result<ActivityPage, Refusal> {
    use crate::server::{activity, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(activity::list::page(&visit, &workgroup, &query).await)
}
