//! The question of a workgroup's policy page.

use crate::domain::administration::PolicyPage;
use crate::domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// A workgroup's name and policy, for every member.
#[server(prefix = "/rpc", endpoint = "read_policy", input = GetUrl)]
pub async fn read_policy(workgroup: String) -> Result<PolicyPage, Refusal> {
    use crate::server::{administration::policy, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(policy::page(&visit, &workgroup).await)
}
