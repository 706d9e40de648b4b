//! Revoke: every string of the token stops, for good.

use super::denial;
use super::json;
use super::once::{self, Done, Once};
use super::settle::settle;
use super::sight;
use super::verify::Presented;
use crate::domain::activity::{Actor, Values, Verb};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::domain::token::Token;
use crate::domain::workgroup::Workgroup;
use crate::server::activity::{Deed, Subject, record_by};
use crate::server::error::Result;
use crate::server::notices::happened;
use crate::server::state::AppState;
use crate::server::store::{self, Tx};

/// By somebody who manages access. `also`: the tokens that it made and that this seat sees, too.
pub async fn revoke(
    state: &AppState,
    seat: &Seat,
    id: &str,
    also: bool,
    address: Option<&str>,
    once: Option<&Once>,
) -> Result<Done<Token>> {
    let revoked = end_all(state, seat, id, also, address, once).await;
    denial::noted(state, seat, Verb::TokenRevoked, id, address, revoked).await
}

async fn end_all(
    state: &AppState,
    seat: &Seat,
    id: &str,
    also: bool,
    address: Option<&str>,
    once: Option<&Once>,
) -> Result<Done<Token>> {
    let now = state.now();
    let mut tx = state.db.begin().await?;
    let token = sight::find(&mut tx, seat, id).await?;
    if let Some(answer) = once::find(&mut tx, once, now).await? {
        state.commit(tx).await?;
        return Ok(Done::Already(answer));
    }
    sight::stands(&token)?;
    let revoked = end(state, &mut tx, &seat.workgroup, &seat.actor, &token, address).await?;
    if also {
        for made in store::tokens::list_made_by(&mut tx, &seat.workgroup.id, id).await? {
            // What the seat does not see stays as it is.
            if let Ok(made) = sight::find(&mut tx, seat, &made.id).await {
                end(state, &mut tx, &seat.workgroup, &seat.actor, &made, address).await?;
            }
        }
    }
    once::keep(&mut tx, once, &json::token(&revoked, now), now).await?;
    state.commit(tx).await?;
    Ok(Done::New(revoked))
}

/// By whoever holds a live string.
pub async fn revoke_by_holder(
    state: &AppState,
    presented: &Presented,
    address: Option<&str>,
) -> Result<()> {
    let mut tx = state.db.begin().await?;
    let current = presented.again(&mut tx, state.now()).await?;
    let actor = current.actor();
    end(state, &mut tx, &current.workgroup, &actor, &current.token, address).await?;
    state.commit(tx).await
}

/// Revokes it in the caller's transaction. Rights were judged before.
pub async fn end(
    state: &AppState,
    tx: &mut Tx,
    workgroup: &Workgroup,
    actor: &Actor,
    token: &Token,
    address: Option<&str>,
) -> Result<Token> {
    if !store::tokens::mark_revoked(tx, &token.id, state.now(), &actor.label()).await? {
        return Err(Refusal::conflict("The token is already revoked.").into());
    }
    store::strings::mark_all_salts_erased(tx, &token.id).await?;
    let revoked = settle(tx, workgroup, token).await?;
    let deed = Deed {
        verb: Verb::TokenRevoked,
        subject: Subject::token(&revoked),
        before: Values::new(),
        after: Values::new(),
        address,
    };
    record_by(state, tx, &workgroup.id, actor, deed).await?;
    happened::owe_revoked(state, tx, workgroup, actor, token).await?;
    Ok(revoked)
}
