//! A test mail, for whoever asked for it.

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
    _by: &str,
) -> Result<Option<Written>> {
    Ok(None)
}
