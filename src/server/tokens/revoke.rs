//! Revoke.

use crate::domain::token::Token;
use crate::domain::rights::Seat;
use crate::server::error::Result;
use crate::server::state::AppState;

/// `also`: the tokens that it made, too.
pub async fn revoke(_state: &AppState, _seat: &Seat, _id: &str, _also: bool, _address: Option<&str>) -> Result<Token> {
    unimplemented!()
}
