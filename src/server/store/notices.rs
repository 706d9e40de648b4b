//! Table `notices`: which stage of a string's end an address was told.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    INSERT = "insert into notices (string_id, token_id, stage, address, outbox_id, claimed_at)
        values ($1, $2, $3, $4, $5, $6)";
    LIST_OF_LETTER = "select string_id, token_id, stage, address, settled_at from notices where outbox_id = $1
        order by token_id, string_id, stage";
    MARK_SETTLED = "update notices set settled_at = $2 where outbox_id = $1 and settled_at is null";
}

/// A stage of a string's end that an address is told, or was.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Notice {
    pub string_id: String,
    pub token_id: String,
    /// Days before the end; 0: the end itself.
    pub stage: i64,
    pub address: String,
    /// Unix seconds; when its letter was sent.
    pub settled_at: Option<i64>,
}

/// Claims a stage for an address, in the transaction that owes the letter `outbox_id`.
pub async fn insert(tx: &mut Tx, notice: &Notice, outbox_id: &str, now: Time) -> Result<()> {
    put!(
        tx,
        INSERT,
        &notice.string_id,
        &notice.token_id,
        notice.stage,
        &notice.address,
        outbox_id,
        now.0
    );
    Ok(())
}

/// What a letter was owed for.
pub async fn list_of_letter(on: &mut impl Lanes, outbox_id: &str) -> Result<Vec<Notice>> {
    Ok(on!(on, c => sqlx::query_as(LIST_OF_LETTER).bind(outbox_id).fetch_all(c).await)?)
}

/// The letter was sent: its stages are done.
pub async fn mark_settled(tx: &mut Tx, outbox_id: &str, now: Time) -> Result<()> {
    put!(tx, MARK_SETTLED, outbox_id, now.0);
    Ok(())
}
