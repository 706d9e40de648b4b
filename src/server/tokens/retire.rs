//! Retire: a string ends now though its token lives on.

use super::denial;
use super::json;
use super::once::{self, Done, Once};
use super::settle::settle;
use super::sight;
use super::verify::Presented;
use crate::domain::activity::{Values, Verb};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::domain::token::Token;
use crate::server::activity::{Deed, Subject, record, record_by, values};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;

/// By somebody who manages access: any live string but the newest.
pub async fn retire(
    state: &AppState,
    seat: &Seat,
    id: &str,
    number: i64,
    address: Option<&str>,
    once: Option<&Once>,
) -> Result<Done<Token>> {
    let retired = end_string(state, seat, id, number, address, once).await;
    denial::noted(state, seat, Verb::StringRetired, id, address, retired).await
}

async fn end_string(
    state: &AppState,
    seat: &Seat,
    id: &str,
    number: i64,
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
    let known = token.strings.iter().any(|string| string.number == number);
    if !known {
        return Err(Refusal::not_found("string").into());
    }
    if token.newest().is_some_and(|newest| newest.number == number) {
        return Err(Refusal::conflict(format!(
            "#{number} is the newest string and cannot be retired alone. Reissue the token, or revoke it."
        ))
        .into());
    }
    let Some(string) = token.live_strings(now).find(|string| string.number == number) else {
        return Err(Refusal::conflict(format!("#{number} has already ended.")).into());
    };
    let after = values([("String", format!("#{number} {}", string.hint))]);
    store::strings::mark_retired(&mut tx, id, number, now).await?;
    store::strings::mark_salts_erased(&mut tx, id, now).await?;
    let settled = settle(&mut tx, &seat.workgroup, &token).await?;
    let deed = Deed {
        verb: Verb::StringRetired,
        subject: Subject::token(&settled),
        before: Values::new(),
        after,
        address,
    };
    record(state, &mut tx, seat, deed).await?;
    once::keep(&mut tx, once, &json::token(&settled, now), now).await?;
    state.commit(tx).await?;
    Ok(Done::New(settled))
}

/// By whoever holds a live string: all live strings with a lower number end. Gives their numbers, lowest first.
pub async fn retire_older(
    state: &AppState,
    presented: &Presented,
    address: Option<&str>,
) -> Result<Vec<i64>> {
    let now = state.now();
    let mut tx = state.db.begin().await?;
    let current = presented.again(&mut tx, now).await?;
    let token = &current.token;
    let mut ended: Vec<i64> = token
        .live_strings(now)
        .map(|string| string.number)
        .filter(|number| *number < current.number)
        .collect();
    ended.sort_unstable();
    if ended.is_empty() {
        state.commit(tx).await?;
        return Ok(ended);
    }
    for number in &ended {
        store::strings::mark_retired(&mut tx, &token.id, *number, now).await?;
    }
    store::strings::mark_salts_erased(&mut tx, &token.id, now).await?;
    settle(&mut tx, &current.workgroup, token).await?;
    let list: Vec<_> = ended.iter().map(|number| format!("#{number}")).collect();
    let deed = Deed {
        verb: Verb::OlderStringsRetired,
        subject: Subject::token(token),
        before: Values::new(),
        after: values([("Strings", list.join(", "))]),
        address,
    };
    record_by(state, &mut tx, &current.workgroup.id, &current.actor(), deed).await?;
    state.commit(tx).await?;
    Ok(ended)
}
