//! The sweep: what has come near its end since the last one, and who is told of it.

use crate::server::error::Result;
use crate::server::state::AppState;

/// What came of a sweep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Letters that were queued.
    pub queued: u32,
    /// Tokens that were looked at.
    pub looked_at: u32,
}

/// Looks at every token that is due for it, and owes the letters that follow.
pub async fn run(_state: &AppState) -> Result<Swept> {
    Ok(Swept::default())
}
