//! Imports: a file of devices or of legacy tokens is read and checked whole, previewed, and after a word of confirmation made
//! in small batches, so that nobody else waits. Knows no face.

mod check;
mod device_rows;
mod legacy_rows;
pub mod run;
mod sheet;
pub mod show;
pub mod start;
pub mod upload;

use crate::domain::import::{Import, ImportKind};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::server::devices::keeps_devices;
use crate::server::error::Result;
use crate::server::store::{self, Lanes};

/// Devices: whoever may register one. Legacy tokens: owners.
fn may(seat: &Seat, kind: ImportKind) -> std::result::Result<(), Refusal> {
    match kind {
        ImportKind::Devices => keeps_devices(seat),
        ImportKind::LegacyTokens => seat.owns(),
    }
}

/// The import, if this seat may make such: what it may not make it does not see.
async fn find(on: &mut impl Lanes, seat: &Seat, id: &str) -> Result<Import> {
    keeps_devices(seat)?;
    let found = store::imports::find(on, &seat.workgroup.id, id).await?;
    let seen = found.filter(|import| may(seat, import.kind).is_ok());
    Ok(seen.ok_or_else(|| Refusal::not_found("import"))?)
}
