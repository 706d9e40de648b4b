//! Import: a token of another system, known by the hash of its string alone. It is listed and can be revoked, nothing else.

use super::settle::settle;
use crate::domain::activity::{Values, Verb};
use crate::domain::legacy_row::LegacyRow;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::domain::time::Time;
use crate::domain::token::{Kind, Origin, Reach, Token};
use crate::server::activity::{Deed, Subject, record, values};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx, tokens::NewToken};
use std::collections::BTreeSet;

/// Writes a checked row in the caller's transaction. Refused before anything is written if a string with this hash is here
/// already, in whatever workgroup; that the seat may import was judged before.
pub async fn import(
    state: &AppState,
    tx: &mut Tx,
    seat: &Seat,
    row: &LegacyRow,
    address: Option<&str>,
) -> Result<Token> {
    let hash = row.sha256.bytes();
    if store::strings::find_by_hash(tx, &hash).await?.is_some() {
        return Err(Refusal::field("sha256", "A token with this string is here already.").into());
    }
    let (id, now) = (state.new_id()?, state.now());
    store::tokens::insert(tx, &draft(&id, seat, row, now)).await?;
    let string = store::strings::NewString {
        id: &state.new_id()?,
        token_id: &id,
        number: store::tokens::mark_newest(tx, &id).await?,
        hash: &hash,
        hint: &row.sha256.hint(),
        origin: Origin::Import,
        issued_at: now,
        expires_at: row.expires_at,
        parent: None,
    };
    store::strings::insert(tx, &string).await?;
    let token = settle(tx, &seat.workgroup, &id, None).await?;
    let deed = Deed {
        verb: Verb::TokenImported,
        subject: Subject::token(&token),
        before: Values::new(),
        after: facts(&token),
        address,
    };
    record(state, tx, seat, deed).await?;
    Ok(token)
}

/// The token of the row, without its string.
fn draft<'a>(id: &'a str, seat: &'a Seat, row: &'a LegacyRow, now: Time) -> NewToken<'a> {
    NewToken {
        id,
        workgroup_id: &seat.workgroup.id,
        kind: Kind::Legacy,
        owner: row.owner.as_str(),
        name: row.name.as_ref().map(|name| name.as_str()),
        email: row.email.as_str(),
        lifetime: row.lifetime(now),
        can_renew: false,
        permissions: const { &BTreeSet::new() },
        scopes: &row.scopes,
        reach: &Reach::Workgroup,
        note: None,
        rate_limit: None,
        created_at: now,
        created_by: &seat.actor,
    }
}

/// An imported token in words, for the record.
fn facts(token: &Token) -> Values {
    values([
        ("Token owner", token.owner.clone()),
        ("Email address", token.email.clone()),
        ("Scopes", token.scopes.join(", ")),
    ])
}
