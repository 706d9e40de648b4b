//! Reissue: a new string with a fresh expiry and today's settings.

use super::once::{Made, Once};
use crate::domain::token::Older;
use crate::domain::rights::Seat;
use crate::server::error::Result;
use crate::server::state::AppState;

pub async fn reissue(_state: &AppState, _seat: &Seat, _id: &str, _older: Older, _address: Option<&str>, _once: Option<&Once>) -> Result<Made> {
    unimplemented!()
}
