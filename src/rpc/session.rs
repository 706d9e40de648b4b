//! Who is signed in, and the pages round signing in.

use crate::domain::answers::{
    AccountPage, Frame, ResetPage, SetUpPage, SignInPage, UnsubscribePage,
};
use crate::domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// What stands round a page: the person, their workgroups, and the one at `workgroup` if the page belongs to one.
#[server(prefix = "/rpc", endpoint = "read_frame", input = GetUrl)]
pub async fn read_frame(workgroup: Option<String>) -> Result<Frame, Refusal> {
    use crate::server::{people, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(people::frame::show(&visit, workgroup.as_deref()).await)
}

#[server(prefix = "/rpc", endpoint = "read_sign_in", input = GetUrl)]
pub async fn read_sign_in() -> Result<SignInPage, Refusal> {
    use crate::server::{people, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(people::frame::sign_in_page(&visit.state).await)
}

/// What every address of this installation begins with, for pages that anybody may read.
#[server(prefix = "/rpc", endpoint = "read_public_url", input = GetUrl)]
pub async fn read_public_url() -> Result<String, Refusal> {
    use crate::server::viewer::Visit;
    let visit = Visit::current()?;
    Ok(visit.state.config.public_url.as_str().to_owned())
}

/// Refused as not found once the link was used, has ended, or was replaced.
#[server(prefix = "/rpc", endpoint = "read_set_up", input = GetUrl)]
pub async fn read_set_up(code: String) -> Result<SetUpPage, Refusal> {
    use crate::server::{people, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(people::set_up::page(&visit.state, &code).await)
}

/// Refused as not found once the link was used, has ended, or was replaced.
#[server(prefix = "/rpc", endpoint = "read_reset", input = GetUrl)]
pub async fn read_reset(code: String) -> Result<ResetPage, Refusal> {
    use crate::server::{people, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(people::reset::page(&visit.state, &code).await)
}

#[server(prefix = "/rpc", endpoint = "read_account", input = GetUrl)]
pub async fn read_account() -> Result<AccountPage, Refusal> {
    use crate::server::{people, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(people::frame::account_page(&visit).await)
}

/// Refused as not found when nobody was sent such a link.
#[server(prefix = "/rpc", endpoint = "read_unsubscribe", input = GetUrl)]
pub async fn read_unsubscribe(code: String) -> Result<UnsubscribePage, Refusal> {
    use crate::server::{people, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(people::digest::page(&visit.state, &code).await)
}
