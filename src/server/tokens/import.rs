//! Import: a token of another system, known by the hash of its string alone. It is listed and can be revoked, nothing else.

use super::settle::settle_new;
use crate::domain::activity::{Values, Verb};
use crate::domain::legacy_row::LegacyRow;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::domain::time::Time;
use crate::domain::token::{Kind, Origin, Token};
use crate::server::activity::{Deed, Subject, record, values};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx, strings::NewString};

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
    let token = token(state.new_id()?, seat, row, state.now());
    let string = NewString {
        id: &state.new_id()?,
        token_id: &token.id.clone(),
        number: 1,
        hash: &hash,
        hint: &row.sha256.hint(),
        origin: Origin::Import,
        issued_at: token.created_at,
        expires_at: row.expires_at,
        parent: None,
    };
    let token = settle_new(tx, seat, token, &string).await?;
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
fn token(id: String, seat: &Seat, row: &LegacyRow, now: Time) -> Token {
    Token {
        kind: Kind::Legacy,
        name: row.name.as_ref().map(|name| name.as_str().to_owned()),
        lifetime: row.lifetime(now),
        scopes: row.scopes.clone(),
        created_by: seat.actor.label(),
        ..Token::new(id, row.owner.as_str(), row.email.as_str(), now)
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
