//! Table `outbox`: letters that are owed. Never a one-time code, never a token string.

use super::{Tx, on, statements, to_json};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    INSERT = "insert into outbox
            (id, dedupe_key, letter, workgroup_id, recipient, payload, created_at, due_at, attempts)
        values ($1, $2, $3, $4, $5, $6, $7, $7, 0)";
}

/// A letter to be owed, due at once.
pub struct NewLetter<'a> {
    pub id: &'a str,
    /// What must not be owed twice.
    pub dedupe_key: &'a str,
    pub letter: &'static str,
    pub workgroup_id: Option<&'a str>,
    pub recipient: &'a str,
    /// What it is about: an id.
    pub payload: &'a str,
    pub now: Time,
}

pub async fn insert(tx: &mut Tx, letter: &NewLetter<'_>) -> Result<()> {
    let payload = to_json(&letter.payload)?;
    on!(tx, c => sqlx::query(INSERT)
        .bind(letter.id)
        .bind(letter.dedupe_key)
        .bind(letter.letter)
        .bind(letter.workgroup_id)
        .bind(letter.recipient)
        .bind(&payload)
        .bind(letter.now.0)
        .execute(c).await.map(drop))?;
    Ok(())
}
