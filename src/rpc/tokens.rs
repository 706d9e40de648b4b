//! The questions of the token pages.

use crate::domain::answers::{NewTokenPage, TokenPage};
use crate::domain::refusal::Refusal;
use crate::domain::token_list::{TokenList, TokenQuery};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// One page of a workgroup's tokens, with counts and the twelve-month strip.
#[server(prefix = "/rpc", endpoint = "list_tokens", input = GetUrl)]
pub async fn list_tokens(workgroup: String, query: TokenQuery) -> Result<TokenList, Refusal> {
    use crate::server::{tokens, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(tokens::list::for_page(&visit, &workgroup, &query).await)
}

/// The new-token form; `like` is the id of a token to fill it in from, `device` asks for the form of a device token, `of`
/// is the external id of the device that it is for.
#[server(prefix = "/rpc", endpoint = "read_new_token", input = GetUrl)]
pub async fn read_new_token(
    workgroup: String,
    like: Option<String>,
    device: bool,
    of: Option<String>,
) -> Result<NewTokenPage, Refusal> {
    use crate::server::{tokens, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(
        tokens::form::page(&visit, &workgroup, like.as_deref(), device, of.as_deref()).await,
    )
}

/// Everything about one token: its page, its edit page and its dialogs.
#[server(prefix = "/rpc", endpoint = "read_token", input = GetUrl)]
pub async fn read_token(workgroup: String, id: String) -> Result<TokenPage, Refusal> {
    use crate::server::{tokens, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(tokens::show::page(&visit, &workgroup, &id).await)
}
