//! What happened to one token: issued, revoked, renewed from somewhere new.

use super::Written;
use crate::server::error::Result;
use crate::server::notices::Renewal;
use crate::server::state::AppState;
use crate::server::store::Tx;
use crate::server::store::outbox::Owed;

pub(super) async fn issued(
    _state: &AppState,
    _tx: &mut Tx,
    _owed: &Owed,
    _token_id: &str,
) -> Result<Option<Written>> {
    Ok(None)
}

pub(super) async fn revoked(
    _state: &AppState,
    _tx: &mut Tx,
    _owed: &Owed,
    _token_id: &str,
) -> Result<Option<Written>> {
    Ok(None)
}

pub(super) async fn renewed(
    _state: &AppState,
    _tx: &mut Tx,
    _owed: &Owed,
    _renewal: &Renewal,
) -> Result<Option<Written>> {
    Ok(None)
}
