//! What the demonstration writes that no use case does: how letters were answered that nobody sent.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    LIST_SENT = "select id, workgroup_id, letter, sent_at from outbox
        where sent_at is not null and workgroup_id is not null order by sent_at desc, id desc";
    MARK_GIVEN_UP = "update outbox set undelivered_at = sent_at, sent_at = null, last_answer = $2 where id = $1";
    MARK_WAITING = "update outbox set sent_at = null, due_at = $2, attempts = $3, last_answer = $4 where id = $1";
    MARK_UNSETTLED = "update notices set settled_at = null where outbox_id = $1";
}

/// A letter that was sent, and is shown by a workgroup.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Sent {
    pub id: String,
    pub workgroup_id: String,
    pub letter: String,
    /// Unix seconds.
    pub sent_at: i64,
}

/// Newest first.
pub async fn list_sent(on: &mut impl Lanes) -> Result<Vec<Sent>> {
    Ok(on!(on, c => sqlx::query_as(LIST_SENT).fetch_all(c).await)?)
}

/// It was refused for good instead.
pub async fn mark_given_up(tx: &mut Tx, id: &str, answer: &str) -> Result<()> {
    put!(tx, MARK_GIVEN_UP, id, answer);
    unsettle(tx, id).await
}

/// It was put off instead, so many times, and is tried again at `due_at`.
pub async fn mark_waiting(
    tx: &mut Tx,
    id: &str,
    due_at: Time,
    attempts: i64,
    answer: &str,
) -> Result<()> {
    put!(tx, MARK_WAITING, id, due_at.0, attempts, answer);
    unsettle(tx, id).await
}

async fn unsettle(tx: &mut Tx, id: &str) -> Result<()> {
    put!(tx, MARK_UNSETTLED, id);
    Ok(())
}
