//! What is still known of a string that has left the system: enough to tell a late caller why it opens nothing.

use super::status::StringState;
use super::time::{DAY, Time};
use super::token::{Kind, Knocks};
use serde::{Deserialize, Serialize};

/// How long it is kept.
pub const KEPT: i64 = 365 * DAY;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// The id of its token, which may be gone too.
    pub token_id: String,
    pub kind: Kind,
    pub owner: String,
    pub name: Option<String>,
    pub number: i64,
    /// `lka_…9fK2`
    pub hint: String,
    /// How it stood when it was removed; never [`StringState::Live`].
    pub why: StringState,
    pub expires_at: Option<Time>,
    /// When it stopped working.
    pub ended_at: Time,
    pub removed_at: Time,
    /// Calls since it was removed.
    pub knocks: Option<Knocks>,
}

/// Removed strings of a workgroup that are still used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StillUsed {
    /// Last call first; the first few.
    pub strings: Vec<Tombstone>,
    /// How many there are in all.
    pub count: i64,
}
