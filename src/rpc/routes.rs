//! The question of the page of a workgroup's route policies.

use crate::domain::refusal::Refusal;
use crate::domain::routes::{RawTrial, RoutesPage};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// A workgroup's route policies for its owners, and what was tried on them.
#[server(prefix = "/rpc", endpoint = "read_routes", input = GetUrl)]
pub async fn read_routes(workgroup: String, asked: RawTrial) -> Result<RoutesPage, Refusal> {
    use crate::server::{routes, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(routes::show::page(&visit, &workgroup, asked).await)
}
