//! A letter that was given up, and the one that takes its place.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    FIND = "select id, letter, payload, recipient, subject, created_at, attempts, undelivered_at, sent_again_at
        from outbox where workgroup_id = $1 and id = $2";
    MARK_SENT_AGAIN = "update outbox set sent_again_at = $2 where id = $1";
    MOVE_CLAIMS = "update notices set outbox_id = $2, settled_at = null where outbox_id = $1";
}

/// A letter that somebody wants sent again.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Failed {
    pub id: String,
    pub letter: String,
    /// What it is about, as JSON.
    pub payload: String,
    pub recipient: String,
    pub subject: Option<String>,
    /// Unix seconds, as are the others.
    pub created_at: i64,
    pub attempts: i64,
    /// When it was given up.
    pub undelivered_at: Option<i64>,
    /// When another letter took its place.
    pub sent_again_at: Option<i64>,
}

/// A letter of this workgroup.
pub async fn find(on: &mut impl Lanes, workgroup_id: &str, id: &str) -> Result<Option<Failed>> {
    Ok(on!(on, c => sqlx::query_as(FIND)
        .bind(workgroup_id)
        .bind(id)
        .fetch_optional(c).await)?)
}

/// The key of the letter that takes the place of another; there is one at most.
#[must_use]
pub fn again_key(id: &str) -> String {
    format!("again:{id}")
}

/// Another letter stands in its place: it is undelivered no more.
pub async fn mark_sent_again(tx: &mut Tx, id: &str, now: Time) -> Result<()> {
    put!(tx, MARK_SENT_AGAIN, id, now.0);
    Ok(())
}

/// What one letter was owed for, another tells from now on.
pub async fn move_claims(tx: &mut Tx, from: &str, to: &str) -> Result<()> {
    put!(tx, MOVE_CLAIMS, from, to);
    Ok(())
}
