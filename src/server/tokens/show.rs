//! One token.

use crate::domain::answers::TokenPage;
use crate::domain::token::Token;
use crate::server::viewer::Visit;
use crate::domain::rights::Seat;
use crate::server::error::Result;
use crate::server::state::AppState;

pub async fn page(_visit: &Visit, _slug: &str, _id: &str) -> Result<TokenPage> {
    unimplemented!()
}

pub async fn one(_state: &AppState, _seat: &Seat, _id: &str) -> Result<Token> {
    unimplemented!()
}

/// The slug of the workgroup that a token belongs to: for the command line, which names tokens by id alone.
pub async fn workgroup_of(_state: &AppState, _id: &str) -> Result<String> {
    unimplemented!()
}
