//! A workgroup owner's digest, gathered anew when it is delivered.

use super::Written;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::Tx;
use crate::server::store::outbox::Owed;

/// `day`: the reader's local date that it was owed for, `2026-11-22`.
pub(super) async fn letter(
    _state: &AppState,
    _tx: &mut Tx,
    _owed: &Owed,
    _user_id: &str,
    _day: &str,
) -> Result<Option<Written>> {
    Ok(None)
}
