//! The list of tokens.

use crate::domain::token_list::{TokenList, TokenQuery};
use crate::server::viewer::Visit;
use crate::domain::rights::Seat;
use crate::server::error::Result;
use crate::server::state::AppState;

pub async fn for_page(_visit: &Visit, _slug: &str, _query: &TokenQuery) -> Result<TokenList> {
    unimplemented!()
}

pub async fn list(_state: &AppState, _seat: &Seat, _query: &TokenQuery, _limit: i64) -> Result<TokenList> {
    unimplemented!()
}
