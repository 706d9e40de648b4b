//! What ends for one address: the notices that the letter claimed, as far as they are still true.

use super::Written;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::Tx;
use crate::server::store::outbox::Owed;

pub(super) async fn letter(
    _state: &AppState,
    _tx: &mut Tx,
    _owed: &Owed,
    _workgroup_id: &str,
) -> Result<Option<Written>> {
    Ok(None)
}
