//! Edit: owner, e-mail, name, can-renew, the lifetime of future strings, note, rate limit. Never permissions or reach.

use super::denial;
use super::settle::settle;
use super::sight;
use crate::domain::activity::{Values, Verb};
use crate::domain::refusal::FieldError;
use crate::domain::rights::Seat;
use crate::domain::token::Token;
use crate::domain::token_draft::{RawEdit, TokenEdit};
use crate::server::activity::{Deed, Subject, changed_in_between, record};
use crate::server::error::Result;
use crate::server::notices::happened;
use crate::server::state::AppState;
use crate::server::store;

/// Changes what the edit names. A change by somebody else in between is reported, not overwritten.
pub async fn edit(
    state: &AppState,
    seat: &Seat,
    id: &str,
    raw: &RawEdit,
    address: Option<&str>,
) -> Result<Token> {
    let edited = change(state, seat, id, raw, address).await;
    denial::noted(state, seat, Verb::TokenEdited, id, address, edited).await
}

async fn change(
    state: &AppState,
    seat: &Seat,
    id: &str,
    raw: &RawEdit,
    address: Option<&str>,
) -> Result<Token> {
    let mut tx = state.db.begin().await?;
    let token = sight::find(&mut tx, seat, id).await?;
    seat.is_not_itself(&token)?;
    sight::stands(&token)?;
    sight::is_not_legacy(&token)?;
    if raw.version != token.version {
        return Err(changed_in_between(&mut tx, &seat.workgroup.id, id, "token").await?.into());
    }
    let edit = TokenEdit::parse(raw, &token, &seat.workgroup.policy)?;
    let (before, after) = differences(&token, &edit);
    if after.is_empty() && before.is_empty() {
        return Ok(token);
    }
    let changed = Token {
        owner: edit.owner.into_string(),
        email: edit.email.as_str().to_owned(),
        name: edit.name.map(|name| name.into_string()),
        lifetime: edit.lifetime,
        can_renew: edit.can_renew,
        note: edit.note,
        rate_limit: edit.rate_limit,
        ..token.clone()
    };
    if !store::tokens::mark_edited(&mut tx, &changed).await? {
        return Err(changed_in_between(&mut tx, &seat.workgroup.id, id, "token").await?.into());
    }
    let settled = settle(&mut tx, &seat.workgroup, &token).await?;
    let deed =
        Deed { verb: Verb::TokenEdited, subject: Subject::token(&settled), before, after, address };
    record(state, &mut tx, seat, deed).await?;
    let (workgroup, actor) = (&seat.workgroup, &seat.actor);
    happened::owe_moved(state, &mut tx, workgroup, actor, &token, &settled).await?;
    state.commit(tx).await?;
    Ok(settled)
}

/// Everything that is wrong with the edit's values, for a face that found something wrong before.
#[must_use]
pub fn complaints(seat: &Seat, token: &Token, raw: &RawEdit) -> Vec<FieldError> {
    let parsed = TokenEdit::parse(raw, token, &seat.workgroup.policy);
    parsed.err().map(|refusal| refusal.errors).unwrap_or_default()
}

/// Field by field, the words before and after; only what differs.
fn differences(token: &Token, edit: &TokenEdit) -> (Values, Values) {
    let yes = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
    let or_none = |text: Option<&str>| text.unwrap_or("none").to_owned();
    let limit =
        |limit: Option<i64>| limit.map_or_else(|| "default".to_owned(), |it| it.to_string());
    let fields = [
        ("Token owner", token.owner.clone(), edit.owner.to_string()),
        ("Email address", token.email.clone(), edit.email.to_string()),
        ("Name", or_none(token.name.as_deref()), or_none(edit.name.as_ref().map(|n| n.as_str()))),
        ("Token expiry", token.lifetime.label().to_owned(), edit.lifetime.label().to_owned()),
        ("Can renew", yes(token.can_renew), yes(edit.can_renew)),
        ("Note", or_none(token.note.as_deref()), or_none(edit.note.as_deref())),
        ("Rate limit", limit(token.rate_limit), limit(edit.rate_limit)),
    ];
    let changed = fields.into_iter().filter(|(_, before, after)| before != after);
    changed
        .map(|(field, before, after)| ((field.to_owned(), before), (field.to_owned(), after)))
        .unzip()
}
