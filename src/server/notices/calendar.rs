//! The calendar feed of a workgroup: its address, which those who read the notices make, change and stop, and what it tells.

use crate::domain::activity::Verb;
use crate::domain::calendar::{AHEAD, BACK, Calendar, MOST_ENTRIES, TokenEnd};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rights::Seat;
use crate::domain::time::Time;
use crate::domain::token::Kind;
use crate::server::activity::{Attempt, Deed, Subject, note_denial, record, values};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Lanes, calendar::End, changes};
use anyhow::Context;

/// What becomes of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// There is to be one; the one that is there stays.
    Make,
    /// A new one; the old one leads nowhere from then on.
    Change,
    /// None any more.
    Stop,
}

impl Change {
    /// The `action` of the forms.
    #[must_use]
    pub fn parse(action: &str) -> Option<Change> {
        Some(match action {
            "calendar-make" => Change::Make,
            "calendar-change" => Change::Change,
            "calendar-stop" => Change::Stop,
            _ => return None,
        })
    }
}

/// The address of the workgroup's feed, for a seat that reads the notices; `None`: there is none.
pub async fn address(state: &AppState, seat: &Seat) -> Result<Option<String>> {
    reads(seat)?;
    let mut reader = state.db.read().await?;
    let code = store::calendar::find_code(&mut reader, &seat.workgroup.id).await?;
    Ok(code.map(|code| format!("{}/calendar/{code}.ics", state.config.public_url.as_str())))
}

/// Makes, changes or stops the feed.
pub async fn change(
    state: &AppState,
    seat: &Seat,
    change: Change,
    address: Option<&str>,
) -> Result<()> {
    let subject = Subject::workgroup(&seat.workgroup);
    let attempt = Attempt { verb: Verb::CalendarChanged, subject, address };
    note_denial(state, seat, attempt, set(state, seat, change, address).await).await
}

async fn set(state: &AppState, seat: &Seat, change: Change, address: Option<&str>) -> Result<()> {
    reads(seat)?;
    let id = &seat.workgroup.id;
    let mut tx = state.db.begin().await?;
    let old = store::calendar::find_code(&mut tx, id).await?;
    let new = match change {
        Change::Make if old.is_some() => return Ok(()),
        Change::Stop if old.is_none() => return Ok(()),
        Change::Stop => None,
        Change::Make | Change::Change => Some(state.chance.code()?),
    };
    store::calendar::mark_code(&mut tx, id, new.as_ref().map(|code| code.reveal())).await?;
    store::changes::insert(&mut tx, changes::Subject::Workgroup, id).await?;
    // The address itself is a secret: the record says only what became of it.
    let (before, after) = match (old.is_some(), new.is_some()) {
        (true, true) => ("an address", "another address"),
        (true, false) => ("an address", "none"),
        (false, _) => ("none", "an address"),
    };
    let deed = Deed {
        verb: Verb::CalendarChanged,
        subject: Subject::workgroup(&seat.workgroup),
        before: values([("Calendar feed", before.to_owned())]),
        after: values([("Calendar feed", after.to_owned())]),
        address,
    };
    record(state, &mut tx, seat, deed).await?;
    state.commit(tx).await
}

/// The calendar is of the whole workgroup, as its notices are.
fn reads(seat: &Seat) -> Result<()> {
    seat.manages_access()?;
    let Some(group) = &seat.rights.group else { return Ok(()) };
    Err(Refusal::new(
        Code::InsufficientPermissions,
        format!(
            "You are bound to the device group {}, and this calendar is of the whole workgroup. Nothing was changed; ask somebody who manages access in all of {}.",
            group.name, seat.workgroup.name
        ),
    )
    .into())
}

/// The calendar whose address holds this code; what is no code of ours, or none any more, is not found.
pub async fn read(state: &AppState, code: &str) -> Result<Calendar> {
    let unknown = || Refusal::not_found("calendar");
    let ours = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if code.len() != 43 || !code.bytes().all(ours) {
        return Err(unknown().into());
    }
    let mut reader = state.db.read().await?;
    let id = store::calendar::find_workgroup(&mut reader, code).await?.ok_or_else(unknown)?;
    of_workgroup(state, &mut reader, &id).await
}

async fn of_workgroup(state: &AppState, on: &mut impl Lanes, id: &str) -> Result<Calendar> {
    let now = state.now();
    let workgroup = store::workgroups::find_by_id(on, id).await?;
    let workgroup = workgroup.context("a calendar without its workgroup")?;
    let (from, to) = (now - BACK, now + AHEAD);
    let ends = store::calendar::list_ends(on, id, from, to, MOST_ENTRIES).await?;
    let ends = ends.into_iter().map(entry).collect::<anyhow::Result<_>>()?;
    Ok(Calendar { workgroup, ends, now })
}

fn entry(end: End) -> anyhow::Result<TokenEnd> {
    let kind = Kind::parse(&end.kind).with_context(|| format!("token {} is of no kind", end.id))?;
    let title = match end.name {
        Some(name) => format!("{} · {name}", end.owner),
        None => end.owner,
    };
    Ok(TokenEnd {
        token_id: end.id,
        title,
        at: Time(end.expires_at),
        hint: end.hint,
        since: Time(end.issued_at),
        version: end.version,
        kind,
        can_renew: end.can_renew,
    })
}
