//! Issue: a new token with its first string.

use super::once::{Made, Once};
use crate::domain::token_draft::RawDraft;
use crate::domain::rights::Seat;
use crate::server::error::Result;
use crate::server::state::AppState;

pub async fn issue(_state: &AppState, _seat: &Seat, _raw: &RawDraft, _address: Option<&str>, _once: Option<&Once>) -> Result<Made> {
    unimplemented!()
}
