//! Denials in the record: what somebody tried to do with a token who lacked the right to it.

use crate::domain::activity::Verb;
use crate::domain::rights::Seat;
use crate::domain::text::Owner;
use crate::server::activity::{Attempt, Subject, is_denial, note_denial};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;

/// Judges Manage access before anything of a call is read, as faces do whose input may be wrong besides; a no is recorded.
pub async fn permitted(
    state: &AppState,
    seat: &Seat,
    verb: Verb,
    id: &str,
    address: Option<&str>,
) -> Result<()> {
    let judged = seat.manages_access().map_err(Into::into);
    noted(state, seat, verb, id, address, judged).await
}

/// The same for a token that is to be made: all that is known of it is its owner, as typed.
pub async fn permitted_to_issue(
    state: &AppState,
    seat: &Seat,
    owner: &str,
    address: Option<&str>,
) -> Result<()> {
    let judged = seat.manages_access().map_err(Into::into);
    noted_unmade(state, seat, owner, address, judged).await
}

/// Gives the outcome as it is. A denial is recorded, with the token if the workgroup has it: whoever reads the record may
/// know it, whoever is denied is not told. Another id stands for nothing and is not kept.
pub(super) async fn noted<T>(
    state: &AppState,
    seat: &Seat,
    verb: Verb,
    id: &str,
    address: Option<&str>,
    outcome: Result<T>,
) -> Result<T> {
    if !is_denial(&outcome) {
        return outcome;
    }
    let mut reader = state.db.read().await?;
    let token = store::tokens::find(&mut reader, &seat.workgroup.id, id).await?;
    drop(reader);
    let subject = token.as_ref().map_or_else(|| Subject::unmade("token", ""), Subject::token);
    note_denial(state, seat, Attempt { verb, subject, address }, outcome).await
}

/// The same for a token that was to be made.
pub(super) async fn noted_unmade<T>(
    state: &AppState,
    seat: &Seat,
    owner: &str,
    address: Option<&str>,
    outcome: Result<T>,
) -> Result<T> {
    if !is_denial(&outcome) {
        return outcome;
    }
    // What could be no owner's name is not kept, however long it is.
    let owner = Owner::parse(owner).map(Owner::into_string).unwrap_or_default();
    let subject = Subject::unmade("token", &owner);
    note_denial(state, seat, Attempt { verb: Verb::TokenCreated, subject, address }, outcome).await
}
