//! The record: one row for every change, in the change's own transaction, and one for every change that was denied.

pub mod csv;
pub mod export;
pub mod list;

use crate::domain::activity::{Actor, Values, Verb};
use crate::domain::device::{Device, DeviceGroup};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rights::Seat;
use crate::domain::time::MINUTE;
use crate::domain::token::Token;
use crate::domain::user::User;
use crate::domain::workgroup::Workgroup;
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store::{self, Lanes, Tx};
use std::borrow::Cow;

/// The same denial is recorded once in this time: a program that tries for ever must not fill the record.
const DENIALS_EVERY: i64 = MINUTE;

/// What something was done to.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// `token`, `device`, `device_group`, `member`, `invitation`, `workgroup`, `user`, `permission`, `import`
    pub kind: &'static str,
    pub id: Cow<'a, str>,
    /// As it is called now.
    pub name: Cow<'a, str>,
}

impl<'a> Subject<'a> {
    pub fn new(
        kind: &'static str,
        id: impl Into<Cow<'a, str>>,
        name: impl Into<Cow<'a, str>>,
    ) -> Subject<'a> {
        Subject { kind, id: id.into(), name: name.into() }
    }

    #[must_use]
    pub fn token(token: &'a Token) -> Subject<'a> {
        Subject::new("token", &token.id, token.title())
    }

    #[must_use]
    pub fn device(device: &'a Device) -> Subject<'a> {
        Subject::new("device", &device.id, &device.name)
    }

    #[must_use]
    pub fn device_group(group: &'a DeviceGroup) -> Subject<'a> {
        Subject::new("device_group", &group.id, &group.name)
    }

    /// A person as a member of a workgroup.
    #[must_use]
    pub fn member(user: &'a User) -> Subject<'a> {
        Subject::new("member", &user.id, &user.name)
    }

    #[must_use]
    pub fn workgroup(workgroup: &'a Workgroup) -> Subject<'a> {
        Subject::new("workgroup", &workgroup.id, &workgroup.name)
    }

    /// Something that could not be made: it has no id.
    #[must_use]
    pub fn unmade(kind: &'static str, name: &'a str) -> Subject<'a> {
        Subject::new(kind, "", name)
    }
}

/// What was done, to what, from where.
pub struct Deed<'a> {
    pub verb: Verb,
    pub subject: Subject<'a>,
    pub before: Values,
    pub after: Values,
    /// The client's address; `None` on the command line.
    pub address: Option<&'a str>,
}

/// Records what somebody in a seat did.
pub async fn record(state: &AppState, tx: &mut Tx, seat: &Seat, deed: Deed<'_>) -> Result<()> {
    record_by(state, tx, &seat.workgroup.id, &seat.actor, deed).await
}

/// Records what an actor did who has no seat: the holder of a token string.
pub async fn record_by(
    state: &AppState,
    tx: &mut Tx,
    workgroup_id: &str,
    actor: &Actor,
    deed: Deed<'_>,
) -> Result<()> {
    insert(state, tx, Some(workgroup_id), actor, &deed, None).await
}

/// Records what was done to the installation as a whole: its users, its catalogue.
pub async fn record_installation(
    state: &AppState,
    tx: &mut Tx,
    actor: &Actor,
    deed: Deed<'_>,
) -> Result<()> {
    insert(state, tx, None, actor, &deed, None).await
}

async fn insert(
    state: &AppState,
    tx: &mut Tx,
    workgroup_id: Option<&str>,
    actor: &Actor,
    deed: &Deed<'_>,
    denied: Option<&str>,
) -> Result<()> {
    let row = store::activity::NewActivity {
        id: state.new_id()?,
        workgroup_id,
        at: state.now(),
        actor,
        verb: deed.verb,
        subject_kind: deed.subject.kind,
        subject_id: &deed.subject.id,
        subject_name: &deed.subject.name,
        before: &deed.before,
        after: &deed.after,
        address: deed.address,
        denied,
    };
    store::activity::insert(tx, &row).await
}

/// What somebody tries to do, for the record of denials.
#[derive(Clone, Debug)]
pub struct Attempt<'a> {
    pub verb: Verb,
    pub subject: Subject<'a>,
    pub address: Option<&'a str>,
}

/// Whether the seat lacked the right.
#[must_use]
pub fn is_denial<T>(outcome: &Result<T>) -> bool {
    matches!(outcome, Err(Error::Refused(refusal)) if refusal.code == Code::InsufficientPermissions)
}

/// Gives the outcome of a management action as it is, and records it when the seat lacked the right to it
/// ([`Code::InsufficientPermissions`]). Every use case that changes something ends with this.
pub async fn note_denial<T>(
    state: &AppState,
    seat: &Seat,
    attempt: Attempt<'_>,
    outcome: Result<T>,
) -> Result<T> {
    if let Err(Error::Refused(refusal)) = &outcome
        && refusal.code == Code::InsufficientPermissions
        && let Err(fault) = denied(state, seat, attempt, &refusal.detail).await
    {
        // The answer stays a no; that it could not be recorded is ours to know.
        tracing::error!(%fault, "a denial could not be recorded");
    }
    outcome
}

async fn denied(state: &AppState, seat: &Seat, attempt: Attempt<'_>, why: &str) -> Result<()> {
    let Attempt { verb, subject, address } = attempt;
    let deed = Deed { verb, subject, before: Values::new(), after: Values::new(), address };
    let since = state.now() - DENIALS_EVERY;
    let mut tx = state.db.begin().await?;
    let (actor, workgroup) = (&seat.actor, &seat.workgroup.id);
    if store::activity::denied_since(&mut tx, workgroup, actor, verb, &deed.subject.id, since)
        .await?
    {
        return Ok(());
    }
    insert(state, &mut tx, Some(workgroup), actor, &deed, Some(why)).await?;
    state.commit(tx).await
}

/// The refusal of an edit that saw an older version: who changed the thing meanwhile, and to what. `what`: `token`, `device`.
pub async fn changed_in_between(
    on: &mut impl Lanes,
    workgroup_id: &str,
    subject_id: &str,
    what: &str,
) -> Result<Refusal> {
    let last = store::activity::find_last_done(on, workgroup_id, subject_id).await?;
    let who = last.map_or_else(String::new, |row| {
        let changes: Vec<_> =
            row.after.iter().map(|(field, value)| format!("{field}: {value}")).collect();
        let said =
            if changes.is_empty() { String::new() } else { format!(" ({})", changes.join("; ")) };
        format!(" {} was the last, on {}{said}.", row.actor, row.at.exact())
    });
    Ok(Refusal::conflict(format!(
        "Somebody changed this {what} after you opened it.{who} Nothing of yours was saved; look at the {what} as it is now, then save again."
    )))
}

/// Values from pairs of names and words.
pub fn values<const N: usize>(pairs: [(&str, String); N]) -> Values {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
