//! What was counted long ago is forgotten, in small bites.

use crate::domain::time::Time;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;
use std::time::Duration;
use tokio::time::Instant;

/// Days of use that are kept.
pub const KEPT: i64 = 400;
/// Rows of each table in one transaction.
const BITE: i64 = 300;
/// What one run takes at most; the rest is for the next one.
const NO_RUN_LONGER_THAN: Duration = Duration::from_secs(1);

/// Deletes the counts of days that lie more than [`KEPT`] days back, and what nobody has asked for,
/// or come from, since.
pub async fn forget(state: &AppState, now: Time) -> Result<()> {
    let began = Instant::now();
    let before = now.day() - KEPT;
    while began.elapsed() < NO_RUN_LONGER_THAN {
        let mut tx = state.db.begin().await?;
        // By the uses of their days, which therefore have to stand.
        store::token_addresses::delete_old(&mut tx, before, BITE).await?;
        let gone = [
            store::uses::delete_old(&mut tx, before, BITE).await?,
            store::refusals::delete_old(&mut tx, before, BITE).await?,
            store::asks::delete_old(&mut tx, before, BITE).await?,
        ];
        state.commit(tx).await?;
        if gone.iter().all(|rows| *rows < BITE as u64) {
            break;
        }
        tokio::task::yield_now().await;
    }
    Ok(())
}
