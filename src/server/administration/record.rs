//! The record of the installation: what was done to its users, its catalogue and its workgroups, outside of any workgroup.

use super::ONE_MORE;
use crate::domain::activity::Activity;
use crate::domain::administration::Listed;
use crate::server::error::Result;
use crate::server::store;
use crate::server::viewer::Visit;

/// One page, newest first, behind the row with the id `after`.
pub async fn page(visit: &Visit, after: &str) -> Result<Listed<Activity>> {
    visit.administrator()?;
    let mut reader = visit.state.db.read().await?;
    let rows = store::activity::list_of_installation(&mut reader, after, ONE_MORE).await?;
    let total = store::activity::count_of_installation(&mut reader).await?;
    Ok(Listed::of(rows, total, visit.state.now(), |row| &row.id))
}
