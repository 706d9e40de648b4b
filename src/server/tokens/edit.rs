//! Edit.

use crate::domain::token::Token;
use crate::domain::token_draft::RawEdit;
use crate::domain::rights::Seat;
use crate::server::error::Result;
use crate::server::state::AppState;

pub async fn edit(_state: &AppState, _seat: &Seat, _id: &str, _raw: &RawEdit, _address: Option<&str>) -> Result<Token> {
    unimplemented!()
}
