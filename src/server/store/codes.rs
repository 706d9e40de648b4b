//! Table `one_time_codes`: hashes of codes that open one door once.

use super::{Lanes, Tx, on, statements};
use crate::domain::time::Time;
use crate::server::error::Result;
use crate::server::secret::Hash;

statements! {
    INSERT = "insert into one_time_codes (code_hash, purpose, expires_at, created_at) values ($1, $2, $3, $4)";
    FIND = "select expires_at from one_time_codes where code_hash = $1 and purpose = $2";
    DELETE = "delete from one_time_codes where code_hash = $1";
    DELETE_ALL_OF = "delete from one_time_codes where purpose = $1";
    DELETE_DEAD = "delete from one_time_codes where expires_at <= $1";
}

/// The door that a code opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    SetUp,
}

impl Purpose {
    fn code(self) -> &'static str {
        match self {
            Purpose::SetUp => "set_up",
        }
    }
}

pub async fn insert(
    tx: &mut Tx,
    code_hash: &Hash,
    purpose: Purpose,
    expires_at: Time,
    now: Time,
) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(&code_hash[..])
        .bind(purpose.code())
        .bind(expires_at.0)
        .bind(now.0)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// When the code ends; it may have.
pub async fn find(on: &mut impl Lanes, code_hash: &Hash, purpose: Purpose) -> Result<Option<Time>> {
    let expires_at: Option<i64> = on!(on, c => sqlx::query_scalar(FIND)
        .bind(&code_hash[..])
        .bind(purpose.code())
        .fetch_optional(c).await)?;
    Ok(expires_at.map(Time))
}

pub async fn delete(tx: &mut Tx, code_hash: &Hash) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE).bind(&code_hash[..]).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn delete_all_of(tx: &mut Tx, purpose: Purpose) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE_ALL_OF).bind(purpose.code()).execute(c).await.map(drop))?;
    Ok(())
}

pub async fn delete_dead(tx: &mut Tx, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(DELETE_DEAD).bind(now.0).execute(c).await.map(drop))?;
    Ok(())
}
