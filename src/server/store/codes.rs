//! Table `one_time_codes`: hashes of codes that open one door once.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::server::error::Result;
use crate::server::secret::Hash;

statements! {
    INSERT = "insert into one_time_codes (code_hash, purpose, expires_at, created_at, subject_id)
        values ($1, $2, $3, $4, $5)";
    FIND = "select expires_at, subject_id from one_time_codes where code_hash = $1 and purpose = $2";
    DELETE = "delete from one_time_codes where code_hash = $1";
    DELETE_OF_SUBJECT = "delete from one_time_codes where purpose = $1 and subject_id = $2";
    DELETE_ALL_OF = "delete from one_time_codes where purpose = $1";
    DELETE_DEAD = "delete from one_time_codes where expires_at <= $1";
}

/// The door that a code opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    SetUp,
    /// Its subject is the invitation.
    Invitation,
    /// Its subject is the user whose password it resets.
    Reset,
}

/// A code that was found; it may have ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub expires_at: Time,
    /// What it is about.
    pub subject_id: Option<String>,
}

impl Purpose {
    fn code(self) -> &'static str {
        match self {
            Purpose::SetUp => "set_up",
            Purpose::Invitation => "invitation",
            Purpose::Reset => "reset",
        }
    }
}

pub async fn insert(
    tx: &mut Tx,
    code_hash: &Hash,
    purpose: Purpose,
    subject_id: Option<&str>,
    expires_at: Time,
    now: Time,
) -> Result<()> {
    put!(tx, INSERT, &code_hash[..], purpose.code(), expires_at.0, now.0, subject_id);
    Ok(())
}

pub async fn find(
    on: &mut impl Lanes,
    code_hash: &Hash,
    purpose: Purpose,
) -> Result<Option<Found>> {
    let row: Option<(i64, Option<String>)> = on!(on, c => sqlx::query_as(FIND)
        .bind(&code_hash[..])
        .bind(purpose.code())
        .fetch_optional(c).await)?;
    Ok(row.map(|(expires_at, subject_id)| Found { expires_at: Time(expires_at), subject_id }))
}

/// Ends every code of the purpose that is about this: earlier links stop working.
pub async fn delete_of_subject(tx: &mut Tx, purpose: Purpose, subject_id: &str) -> Result<()> {
    put!(tx, DELETE_OF_SUBJECT, purpose.code(), subject_id);
    Ok(())
}

pub async fn delete(tx: &mut Tx, code_hash: &Hash) -> Result<()> {
    put!(tx, DELETE, &code_hash[..]);
    Ok(())
}

pub async fn delete_all_of(tx: &mut Tx, purpose: Purpose) -> Result<()> {
    put!(tx, DELETE_ALL_OF, purpose.code());
    Ok(())
}

pub async fn delete_dead(tx: &mut Tx, now: Time) -> Result<()> {
    put!(tx, DELETE_DEAD, now.0);
    Ok(())
}
