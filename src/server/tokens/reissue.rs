//! Reissue: a new string with a fresh expiry and today's settings; the older strings end as the caller chose.

use super::denial;
use super::issue::{insert_string, prefix};
use super::json;
use super::once::{self, Made, Once};
use super::settle::settle;
use super::sight;
use crate::domain::activity::{Values, Verb};
use crate::domain::answers::IssuedToken;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::domain::time::Time;
use crate::domain::token::{MOST_LIVE_STRINGS, Older, Origin, Token};
use crate::server::activity::{Deed, Subject, record, values};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Lanes, Tx};

/// Adds a string to an active or expired token. Nobody reissues what they could not grant now.
pub async fn reissue(
    state: &AppState,
    seat: &Seat,
    id: &str,
    older: Older,
    address: Option<&str>,
    once: Option<&Once>,
) -> Result<Made> {
    let made = add(state, seat, id, older, address, once).await;
    denial::noted(state, seat, Verb::TokenReissued, id, address, made).await
}

async fn add(
    state: &AppState,
    seat: &Seat,
    id: &str,
    older: Older,
    address: Option<&str>,
    once: Option<&Once>,
) -> Result<Made> {
    let now = state.now();
    let mut tx = state.db.begin().await?;
    let token = sight::find(&mut tx, seat, id).await?;
    if let Some(answer) = once::find(&mut tx, once, now).await? {
        state.commit(tx).await?;
        return Ok(Made::Already(answer));
    }
    may(&mut tx, seat, &token).await?;
    has_room(&token, older, now)?;
    end_older(&mut tx, &token, older, now).await?;
    let issued = add_string(state, &mut tx, seat, &token).await?;
    let mut after = values([("String", format!("#{} {}", issued.number, issued.string.hint()))]);
    after.insert("Older strings".to_owned(), older.label().to_owned());
    let deed = Deed {
        verb: Verb::TokenReissued,
        subject: Subject::token(&token),
        before: Values::new(),
        after,
        address,
    };
    record(state, &mut tx, seat, deed).await?;
    once::keep(&mut tx, once, &json::without_string(&issued, now), now).await?;
    state.commit(tx).await?;
    Ok(Made::New(Box::new(issued)))
}

/// Whether this seat may reissue this token now: by its state, its kind, and what the seat holds.
pub(super) async fn may(on: &mut impl Lanes, seat: &Seat, token: &Token) -> Result<()> {
    seat.is_not_itself(token)?;
    sight::stands(token)?;
    sight::is_not_legacy(token)?;
    let catalogue = store::permissions::list(on).await?;
    seat.may_grant(token.kind, &token.permissions, &token.reach, &catalogue)?;
    Ok(())
}

fn has_room(token: &Token, older: Older, now: Time) -> Result<()> {
    if older == Older::EndNow || token.live_strings(now).count() < MOST_LIVE_STRINGS {
        return Ok(());
    }
    Err(Refusal::conflict(format!(
        "The token already has {MOST_LIVE_STRINGS} live strings. Choose to end the older ones now, or retire some first."
    ))
    .into())
}

/// Sets the end of every live string; one that ends sooner by itself keeps its own end.
async fn end_older(tx: &mut Tx, token: &Token, older: Older, now: Time) -> Result<()> {
    let Some(end) = older.end(now) else { return Ok(()) };
    for string in token.live_strings(now) {
        if string.ends_at().is_none_or(|own| end < own) {
            store::strings::mark_retired(tx, &token.id, string.number, end).await?;
        }
    }
    store::strings::mark_salts_erased(tx, &token.id, now).await
}

async fn add_string(
    state: &AppState,
    tx: &mut Tx,
    seat: &Seat,
    token: &Token,
) -> Result<IssuedToken> {
    let policy = &seat.workgroup.policy;
    let (lifetime, shortened) = policy.clamp(token.kind, token.lifetime);
    let string = state.chance.token_string(prefix(token.kind))?;
    let end = lifetime.end(state.now());
    let number = insert_string(state, tx, &token.id, &string, Origin::Reissue, end, None).await?;
    let token = settle(tx, &seat.workgroup, token).await?;
    let notes = if shortened { vec![shortening(&token, lifetime.label())] } else { Vec::new() };
    Ok(IssuedToken { token, number, string, notes })
}

/// What a reissue or renewal says when today's policy is stricter than the token's own lifetime.
pub(super) fn shortening(token: &Token, allowed: &str) -> String {
    format!(
        "The workgroup's policy allows at most {allowed}, so this string does not live for the token's own {}.",
        token.lifetime.label().to_lowercase()
    )
}
