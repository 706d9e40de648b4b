//! What happened to one token: issued, revoked, renewed from somewhere new.

use super::facts::Facts;
use super::{Written, recipient};
use crate::domain::token::Token;
use crate::server::error::Result;
use crate::server::mail::letters;
use crate::server::notices::Renewal;
use crate::server::state::AppState;
use crate::server::store::outbox::Owed;
use crate::server::store::{self, Tx};

/// The token and its surroundings, if the recipient is still whom to tell.
async fn found(
    state: &AppState,
    tx: &mut Tx,
    owed: &Owed,
    token_id: &str,
) -> Result<Option<(Facts, Token)>> {
    let Some((workgroup_id, token)) = store::tokens::find_anywhere(tx, token_id).await? else {
        return Ok(None);
    };
    if token.email != owed.recipient {
        return Ok(None);
    }
    Ok(Facts::read(state, tx, &workgroup_id).await?.map(|facts| (facts, token)))
}

/// Dropped once it is revoked or has expired: that is told in letters of its own.
pub(super) async fn issued(
    state: &AppState,
    tx: &mut Tx,
    owed: &Owed,
    token_id: &str,
) -> Result<Option<Written>> {
    let Some((mut facts, token)) = found(state, tx, owed, token_id).await? else { return Ok(None) };
    if token.live_strings(facts.now).next().is_none() {
        return Ok(None);
    }
    let (to, contacts) = (recipient(owed)?, facts.contacts(tx).await?);
    let about = facts.of_token(tx, &token).await?;
    let sheet = facts.sheet(state);
    let by = &token.created_by;
    let text = letters::Issued { to: &to, sheet, token: &about, by, contacts: &contacts };
    Ok(Some(Written::open(text.letter()?)))
}

pub(super) async fn revoked(
    state: &AppState,
    tx: &mut Tx,
    owed: &Owed,
    token_id: &str,
) -> Result<Option<Written>> {
    let Some((mut facts, token)) = found(state, tx, owed, token_id).await? else { return Ok(None) };
    let Some(at) = token.revoked_at else { return Ok(None) };
    let (to, contacts) = (recipient(owed)?, facts.contacts(tx).await?);
    let about = facts.of_token(tx, &token).await?;
    let used = token.strings.iter().max_by_key(|string| string.last_used_at);
    let text = letters::Revoked {
        to: &to,
        sheet: facts.sheet(state),
        token: &about,
        at,
        by: token.revoked_by.as_deref().unwrap_or_default(),
        last_used: used.and_then(|it| it.last_used_at.zip(it.last_used_from.clone())),
        contacts: &contacts,
    };
    Ok(Some(Written::open(text.letter()?)))
}

/// Told even when the token was revoked or has ended since: somebody unknown held its string.
pub(super) async fn renewed(
    state: &AppState,
    tx: &mut Tx,
    owed: &Owed,
    renewal: &Renewal,
) -> Result<Option<Written>> {
    let Some((mut facts, token)) = found(state, tx, owed, &renewal.token_id).await? else {
        return Ok(None);
    };
    let (to, contacts) = (recipient(owed)?, facts.contacts(tx).await?);
    let about = facts.of_token(tx, &token).await?;
    let text = letters::Renewed {
        to: &to,
        sheet: facts.sheet(state),
        token: &about,
        number: renewal.number,
        from: &renewal.from,
        at: renewal.at,
        contacts: &contacts,
    };
    Ok(Some(Written::open(text.letter()?)))
}
