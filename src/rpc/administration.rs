//! The questions of the administration's pages. For whoever is no administrator they have no answer.

use crate::domain::activity::Activity;
use crate::domain::administration::{
    CatalogueEntry, CataloguePage, Listed, PolicyPage, UserRow, WorkgroupRow,
};
use crate::domain::clock::ClockPage;
use crate::domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// One page of the workgroups; `after` is the id of the last one on the page before.
#[server(prefix = "/rpc", endpoint = "list_workgroups", input = GetUrl)]
pub async fn list_workgroups(
    search: String,
    after: String,
) -> Result<Listed<WorkgroupRow>, Refusal> {
    use crate::server::{administration::workgroups, viewer::Visit};
    let visit = Visit::current()?;
    let asked = async {
        let administrator = visit.administrator()?;
        workgroups::list(&visit.state, &administrator, &search, &after).await
    };
    visit.answer(asked.await)
}

/// What an administrator is told of the clock while it is in doubt.
#[server(prefix = "/rpc", endpoint = "read_clock", input = GetUrl)]
pub async fn read_clock() -> Result<Option<ClockPage>, Refusal> {
    use crate::server::{clock_guard, viewer::Visit};
    let visit = Visit::current()?;
    let asked = async {
        visit.administrator()?;
        clock_guard::page(&visit.state).await
    };
    visit.answer(asked.await)
}

/// A workgroup's name and policy.
#[server(prefix = "/rpc", endpoint = "read_workgroup", input = GetUrl)]
pub async fn read_workgroup(slug: String) -> Result<PolicyPage, Refusal> {
    use crate::server::{administration::policy, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(policy::page_for_administrator(&visit, &slug).await)
}

/// One page of the users; `after` is the id of the last one on the page before.
#[server(prefix = "/rpc", endpoint = "list_users", input = GetUrl)]
pub async fn list_users(search: String, after: String) -> Result<Listed<UserRow>, Refusal> {
    use crate::server::{administration::users, viewer::Visit};
    let visit = Visit::current()?;
    let asked = async {
        let administrator = visit.administrator()?;
        users::list(&visit.state, &administrator, &search, &after).await
    };
    visit.answer(asked.await)
}

/// The whole permission catalogue.
#[server(prefix = "/rpc", endpoint = "read_catalogue", input = GetUrl)]
pub async fn read_catalogue() -> Result<CataloguePage, Refusal> {
    use crate::server::{administration::catalogue, viewer::Visit};
    let visit = Visit::current()?;
    let asked = async {
        visit.administrator()?;
        catalogue::page(&visit.state).await
    };
    visit.answer(asked.await)
}

/// One permission.
#[server(prefix = "/rpc", endpoint = "read_permission", input = GetUrl)]
pub async fn read_permission(name: String) -> Result<CatalogueEntry, Refusal> {
    use crate::server::{administration::catalogue, viewer::Visit};
    let visit = Visit::current()?;
    let asked = async {
        visit.administrator()?;
        catalogue::entry(&visit.state, &name).await
    };
    visit.answer(asked.await)
}

/// Whether a form that asks for nothing else may be shown.
#[server(prefix = "/rpc", endpoint = "read_administrator", input = GetUrl)]
pub async fn read_administrator() -> Result<(), Refusal> {
    use crate::server::viewer::Visit;
    let visit = Visit::current()?;
    visit.answer(visit.administrator().map(drop))
}

/// One page of the installation's record; `after` is the id of the last row on the page before.
#[server(prefix = "/rpc", endpoint = "read_record", input = GetUrl)]
pub async fn read_record(after: String) -> Result<Listed<Activity>, Refusal> {
    use crate::server::{administration::record, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(record::page(&visit, &after).await)
}
