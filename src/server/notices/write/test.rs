//! A test mail, for whoever asked for it.

use super::facts::Facts;
use super::{Written, recipient};
use crate::server::error::Result;
use crate::server::mail::letters;
use crate::server::state::AppState;
use crate::server::store::Tx;
use crate::server::store::outbox::Owed;

pub(super) async fn letter(
    state: &AppState,
    tx: &mut Tx,
    owed: &Owed,
    workgroup_id: &str,
    by: &str,
) -> Result<Option<Written>> {
    let Some(facts) = Facts::read(state, tx, workgroup_id).await? else { return Ok(None) };
    let to = recipient(owed)?;
    let text = letters::Test { to: &to, sheet: facts.sheet(state), by };
    Ok(Some(Written::open(text.letter()?)))
}
