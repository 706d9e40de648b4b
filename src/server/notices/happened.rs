//! What happens to a token is told to its owner: owed in the transaction of the deed, to everybody but whoever did it.

use super::{Letter, Renewal, owe};
use crate::domain::activity::Actor;
use crate::domain::status::TokenStatus;
use crate::domain::time::MINUTE;
use crate::domain::token::Token;
use crate::domain::token_usage::ADDRESSES_KEPT;
use crate::domain::user::Email;
use crate::domain::workgroup::Workgroup;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx};
use anyhow::Context;

/// The very call that renews is counted as a use: an address is known once it was seen before that.
const KNOWN_AFTER: i64 = MINUTE;

/// A token was issued to its owner.
pub async fn owe_issued(
    state: &AppState,
    tx: &mut Tx,
    workgroup: &Workgroup,
    actor: &Actor,
    token: &Token,
) -> Result<()> {
    let letter = Letter::Issued { token_id: token.id.clone() };
    owe_unless_theirs(state, tx, workgroup, actor, token, &letter).await
}

/// The owner's address was corrected: the new one hears of the token. Inside a notice stage the sweep tells it anyway.
pub async fn owe_moved(
    state: &AppState,
    tx: &mut Tx,
    workgroup: &Workgroup,
    actor: &Actor,
    before: &Token,
    after: &Token,
) -> Result<()> {
    if before.email == after.email || after.status(state.now()) != TokenStatus::Active {
        return Ok(());
    }
    owe_issued(state, tx, workgroup, actor, after).await
}

/// A token was revoked. `before`: as it was; one that had expired stops nothing.
pub async fn owe_revoked(
    state: &AppState,
    tx: &mut Tx,
    workgroup: &Workgroup,
    actor: &Actor,
    before: &Token,
) -> Result<()> {
    if before.status(state.now()) == TokenStatus::Expired {
        return Ok(());
    }
    let letter = Letter::Revoked { token_id: before.id.clone() };
    owe_unless_theirs(state, tx, workgroup, actor, before, &letter).await
}

/// A token was renewed from `address`; its owner hears of it when the token was never used from there, though it was from
/// elsewhere. A token that was never used has nothing to compare with; one whose list new addresses have filled has, since
/// whoever drives out the known ones must not renew unheard.
pub async fn note_renewal(
    state: &AppState,
    tx: &mut Tx,
    workgroup: &Workgroup,
    token: &Token,
    number: i64,
    address: &str,
) -> Result<()> {
    let now = state.now();
    let seen = store::token_addresses::list_seen(tx, &token.id, now - KNOWN_AFTER).await?;
    store::token_addresses::insert_or_touch(tx, &[(token.id.as_str(), address, now)]).await?;
    let is_full = store::token_addresses::count(tx, &token.id).await? >= ADDRESSES_KEPT;
    if (seen.is_empty() && !is_full) || seen.iter().any(|known| known == address) {
        return Ok(());
    }
    let (token_id, from) = (token.id.clone(), address.to_owned());
    let letter = Letter::Renewed(Renewal { token_id, number, from, at: now });
    owe(state, tx, &letter, Some(&workgroup.id), &owner_of(token)?).await?;
    Ok(())
}

async fn owe_unless_theirs(
    state: &AppState,
    tx: &mut Tx,
    workgroup: &Workgroup,
    actor: &Actor,
    token: &Token,
    letter: &Letter,
) -> Result<()> {
    let recipient = owner_of(token)?;
    if let Actor::Person { id, .. } = actor
        && let Some(person) = store::users::find_by_id(tx, id).await?
        && person.user.email.to_lowercase() == recipient.folded()
    {
        return Ok(());
    }
    owe(state, tx, letter, Some(&workgroup.id), &recipient).await?;
    Ok(())
}

fn owner_of(token: &Token) -> Result<Email> {
    let parsed = Email::parse(&token.email).map_err(anyhow::Error::msg);
    Ok(parsed.context("the address of a token's owner is none")?)
}
