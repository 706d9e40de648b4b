//! Letters as the pages tell of them: what was sent, to whom, and how it was taken.

use super::{Lanes, on, statements};
use crate::server::error::Result;

statements! {
    COUNT_UNDELIVERED = "select count(*) from outbox where workgroup_id = $1 and undelivered_at is not null";
}

/// Letters of a workgroup that were given up.
pub async fn count_undelivered(on: &mut impl Lanes, workgroup_id: &str) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(COUNT_UNDELIVERED).bind(workgroup_id).fetch_one(c).await)?)
}
