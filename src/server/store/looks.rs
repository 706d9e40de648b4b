//! The sweep's questions: which tokens are due for a look, what their addresses were told, and what a letter claimed.

use super::strings::{AT_ONCE, hundred};
use super::tokens::{Row, columns, complete};
use super::{Lanes, Tx, on, put, statements};
use crate::domain::notice::Told;
use crate::domain::time::Time;
use crate::domain::token::Token;
use crate::server::error::Result;

statements! {
    // Answered from the index tokens_to_look_at alone, in its order; each pair once.
    LIST_DUE = "select distinct workgroup_id, email from (select workgroup_id, email from tokens
        where look_at <= $1 order by look_at, workgroup_id, email limit $2) due";
    LIST_OF_ADDRESS = concat!("select ", columns!(), "
        where t.workgroup_id = $1 and t.email = $2 and t.look_at <= $3 order by t.look_at, t.id limit $4");
    LIST_LOOKS = "select id, look_at from tokens
        where workgroup_id = $1 and email = $2 and look_at <= $3 order by look_at, id limit $4";
    LIST_TOLD = concat!("select n.token_id, s.number, n.stage, n.address
        from notices n join token_strings s on s.id = n.string_id where n.token_id in (", hundred!(), ")");
    LIST_STRING_IDS = concat!("select token_id, number, id from token_strings where token_id in (", hundred!(), ")");
    LIST_CLAIMS = "select n.string_id, n.token_id, s.number, n.stage, n.claimed_at
        from notices n join token_strings s on s.id = n.string_id where n.outbox_id = $1
        order by n.token_id, s.number, n.stage";
    DELETE_CLAIM = "delete from notices where string_id = $1 and stage = $2 and address = $3 and settled_at is null";
    MARK_LOOKED_AT = "update tokens set look_at = $2 where id = $1";
    LIST_CONTACTS = "select u.name, u.email from memberships m join users u on u.id = m.user_id
        where m.workgroup_id = $1 and m.owner and u.disabled_at is null order by u.name, u.id";
}

/// Stages of one string that an address was told, or that a letter claimed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Claim {
    pub string_id: String,
    pub token_id: String,
    /// The string's number.
    pub number: i64,
    pub stage: i64,
    /// Unix seconds.
    pub claimed_at: i64,
}

/// What the addresses of a token were told.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ToldRow {
    pub token_id: String,
    number: i64,
    stage: i64,
    pub address: String,
}

impl ToldRow {
    #[must_use]
    pub fn told(&self) -> Told {
        (self.number, self.stage)
    }
}

/// Workgroup and address, each pair once, of the `most` tokens that have been due for a look the longest.
pub async fn list_due(on: &mut impl Lanes, now: Time, most: i64) -> Result<Vec<(String, String)>> {
    Ok(on!(on, c => sqlx::query_as(LIST_DUE).bind(now.0).bind(most).fetch_all(c).await)?)
}

/// The tokens of an address in a workgroup that are due for a look until `until`, each with when it is.
pub async fn list_of_address(
    on: &mut impl Lanes,
    workgroup_id: &str,
    email: &str,
    until: Time,
    most: i64,
) -> Result<Vec<(Time, Token)>> {
    let looks: Vec<(String, i64)> = on!(on, c => sqlx::query_as(LIST_LOOKS)
        .bind(workgroup_id)
        .bind(email)
        .bind(until.0)
        .bind(most)
        .fetch_all(c).await)?;
    let rows: Vec<Row> = on!(on, c => sqlx::query_as(LIST_OF_ADDRESS)
        .bind(workgroup_id)
        .bind(email)
        .bind(until.0)
        .bind(most)
        .fetch_all(c).await)?;
    let tokens = complete(on, rows, None).await?;
    Ok(looks.into_iter().map(|(_, at)| Time(at)).zip(tokens).collect())
}

/// What was told of these tokens, to whichever address.
pub async fn list_told(on: &mut impl Lanes, token_ids: &[String]) -> Result<Vec<ToldRow>> {
    let mut told = Vec::new();
    for part in token_ids.chunks(AT_ONCE) {
        let Some(last) = part.last() else { continue };
        let padded = part.iter().chain(std::iter::repeat(last)).take(AT_ONCE);
        let rows: Vec<ToldRow> = on!(on, c => padded
            .fold(sqlx::query_as(LIST_TOLD), |query, id| query.bind(id))
            .fetch_all(c).await)?;
        told.extend(rows);
    }
    Ok(told)
}

/// Token, number and id of every string of these tokens.
pub async fn list_string_ids(
    on: &mut impl Lanes,
    token_ids: &[String],
) -> Result<Vec<(String, i64, String)>> {
    let mut ids = Vec::new();
    for part in token_ids.chunks(AT_ONCE) {
        let Some(last) = part.last() else { continue };
        let padded = part.iter().chain(std::iter::repeat(last)).take(AT_ONCE);
        let rows: Vec<(String, i64, String)> = on!(on, c => padded
            .fold(sqlx::query_as(LIST_STRING_IDS), |query, id| query.bind(id))
            .fetch_all(c).await)?;
        ids.extend(rows);
    }
    Ok(ids)
}

/// What a letter claimed.
pub async fn list_claims(on: &mut impl Lanes, outbox_id: &str) -> Result<Vec<Claim>> {
    Ok(on!(on, c => sqlx::query_as(LIST_CLAIMS).bind(outbox_id).fetch_all(c).await)?)
}

/// The stage was not told after all: it may fall due again.
pub async fn delete_claim(tx: &mut Tx, claim: &Claim, address: &str) -> Result<()> {
    put!(tx, DELETE_CLAIM, &claim.string_id, claim.stage, address);
    Ok(())
}

/// Sets when the token is looked at next; `None`: never again, unless it changes.
pub async fn mark_looked_at(tx: &mut Tx, id: &str, next: Option<Time>) -> Result<()> {
    put!(tx, MARK_LOOKED_AT, id, next.map(|at| at.0));
    Ok(())
}

/// Name and address of the workgroup's owners who can sign in, by name.
pub async fn list_contacts(
    on: &mut impl Lanes,
    workgroup_id: &str,
) -> Result<Vec<(String, String)>> {
    Ok(on!(on, c => sqlx::query_as(LIST_CONTACTS).bind(workgroup_id).fetch_all(c).await)?)
}
