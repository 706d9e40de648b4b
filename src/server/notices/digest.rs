//! The digest: what each workgroup owner should know once a day, and whether there is anything to say.

use crate::domain::time::Time;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::Tx;

/// Owes the digests that are due; says how many.
pub async fn run(_state: &AppState) -> Result<u32> {
    Ok(0)
}

/// Notes what its reader knows, once the digest was sent.
pub async fn mark_told(_tx: &mut Tx, _user_id: &str, _items: &[String], _now: Time) -> Result<()> {
    Ok(())
}
