//! Retire.

use crate::domain::token::Token;
use crate::domain::rights::Seat;
use crate::server::error::Result;
use crate::server::state::AppState;

pub async fn retire(_state: &AppState, _seat: &Seat, _id: &str, _number: i64, _address: Option<&str>) -> Result<Token> {
    unimplemented!()
}
