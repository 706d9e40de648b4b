//! A workgroup's name and policy: every member reads them, owners and administrators change them.

use crate::domain::activity::{Actor, Values, Verb};
use crate::domain::administration::PolicyPage;
use crate::domain::notice::LOOKED_AHEAD;
use crate::domain::policy_draft::{RawPolicy, differences};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Administrator, Seat};
use crate::domain::workgroup::Workgroup;
use crate::server::activity::{
    Attempt, Deed, Subject, changed_in_between, note_denial, record_by, record_installation,
};
use crate::server::error::Result;
use crate::server::people::time_zone;
use crate::server::state::AppState;
use crate::server::store::{self, Lanes, Tx, changes};
use crate::server::tokens::settle::settle_stages;
use crate::server::viewer::Visit;

/// Who changes it, and from where.
struct Editor<'a> {
    actor: &'a Actor,
    address: Option<&'a str>,
    /// An administrator, whose deeds the installation's record holds too: they do not see the workgroup's own.
    from_outside: bool,
}

/// The policy page of a member.
pub async fn page(visit: &Visit, slug: &str) -> Result<PolicyPage> {
    let seat = visit.seat(slug).await?;
    let may_edit = seat.owns().is_ok();
    of_workgroup(&visit.state, seat.workgroup, may_edit).await
}

/// The same for an administrator, who need not be a member.
pub async fn page_for_administrator(visit: &Visit, slug: &str) -> Result<PolicyPage> {
    visit.administrator()?;
    let mut reader = visit.state.db.read().await?;
    let workgroup = find(&mut reader, slug).await?;
    drop(reader);
    of_workgroup(&visit.state, workgroup, true).await
}

async fn of_workgroup(
    state: &AppState,
    workgroup: Workgroup,
    may_edit: bool,
) -> Result<PolicyPage> {
    let mut reader = state.db.read().await?;
    let version = store::workgroups::find_version(&mut reader, &workgroup.id).await?;
    let rows =
        store::activity::list_of_subject(&mut reader, &workgroup.id, &workgroup.id, 20).await?;
    let edit = |verb| matches!(verb, Verb::PolicyChanged | Verb::WorkgroupRenamed);
    let last = rows.into_iter().find(|row| row.denied.is_none() && edit(row.verb));
    Ok(PolicyPage { workgroup, version, may_edit, last, now: state.now() })
}

/// The workgroup as it is for a seat that manages access, with the version that an edit names.
pub async fn read(state: &AppState, seat: &Seat) -> Result<(Workgroup, i64)> {
    seat.manages_access()?;
    let mut reader = state.db.read().await?;
    let workgroup = find(&mut reader, &seat.workgroup.slug).await?;
    let version = store::workgroups::find_version(&mut reader, &workgroup.id).await?;
    Ok((workgroup, version))
}

/// Changes what the edit names, for an owner. A change by somebody else in between is reported, not overwritten.
pub async fn edit(
    state: &AppState,
    seat: &Seat,
    raw: &RawPolicy,
    address: Option<&str>,
) -> Result<Workgroup> {
    let subject = Subject::workgroup(&seat.workgroup);
    let attempt = Attempt { verb: Verb::PolicyChanged, subject, address };
    let done = edit_as_owner(state, seat, raw, address).await;
    note_denial(state, seat, attempt, done).await
}

async fn edit_as_owner(
    state: &AppState,
    seat: &Seat,
    raw: &RawPolicy,
    address: Option<&str>,
) -> Result<Workgroup> {
    seat.owns()?;
    let editor = Editor { actor: &seat.actor, address, from_outside: false };
    change(state, &seat.workgroup.slug, raw, &editor).await
}

/// The same, for whoever runs the installation.
pub async fn edit_as_administrator(
    state: &AppState,
    administrator: &Administrator,
    slug: &str,
    raw: &RawPolicy,
) -> Result<Workgroup> {
    let address = administrator.address.as_deref();
    let editor = Editor { actor: &administrator.actor, address, from_outside: true };
    change(state, slug, raw, &editor).await
}

async fn change(
    state: &AppState,
    slug: &str,
    raw: &RawPolicy,
    editor: &Editor<'_>,
) -> Result<Workgroup> {
    let mut tx = state.db.begin().await?;
    let before = find(&mut tx, slug).await?;
    let version = store::workgroups::find_version(&mut tx, &before.id).await?;
    let after = raw.parse(&before, raw.time_zone.as_deref().map(time_zone::parse))?;
    if raw.version.is_some_and(|seen| seen != version) {
        return Err(changed_in_between(&mut tx, &before.id, &before.id, "policy").await?.into());
    }
    if after == before {
        return Ok(before);
    }
    if !store::workgroups::mark_edited(&mut tx, &after, version).await? {
        return Err(changed_in_between(&mut tx, &before.id, &before.id, "policy").await?.into());
    }
    if after.policy.stages != before.policy.stages {
        settle_stages(&mut tx, &after, state.now()).await?;
    }
    look_again(state, &mut tx, &before, &after).await?;
    changes::insert(&mut tx, changes::Subject::Workgroup, &after.id).await?;
    record_change(state, &mut tx, editor, &before, &after).await?;
    state.commit(tx).await?;
    Ok(after)
}

/// What a notice hangs on has changed: the tokens within reach of the widest stage that can be are looked at anew. What ends
/// later is looked at when it comes within reach, whatever the policy.
async fn look_again(
    state: &AppState,
    tx: &mut Tx,
    before: &Workgroup,
    after: &Workgroup,
) -> Result<()> {
    let hung_on =
        |it: &Workgroup| (it.time_zone.clone(), it.policy.stages.clone(), it.policy.notice_hour);
    if hung_on(before) != hung_on(after) {
        store::tokens::mark_looked_at_soon(tx, &after.id, state.now() + LOOKED_AHEAD).await?;
    }
    Ok(())
}

/// A new name and a new policy are two deeds.
async fn record_change(
    state: &AppState,
    tx: &mut Tx,
    editor: &Editor<'_>,
    before: &Workgroup,
    after: &Workgroup,
) -> Result<()> {
    let name = |workgroup: &Workgroup| Values::from([("Name".to_owned(), workgroup.name.clone())]);
    let renamed = (before.name != after.name).then(|| (name(before), name(after)));
    let policy = Some(differences(before, after)).filter(|(_, after)| !after.is_empty());
    let deeds = [(Verb::WorkgroupRenamed, renamed), (Verb::PolicyChanged, policy)];
    for (verb, values) in deeds {
        let Some((old, new)) = values else { continue };
        let deed = || Deed {
            verb,
            subject: Subject::workgroup(after),
            before: old.clone(),
            after: new.clone(),
            address: editor.address,
        };
        record_by(state, tx, &after.id, editor.actor, deed()).await?;
        if editor.from_outside {
            record_installation(state, tx, editor.actor, deed()).await?;
        }
    }
    Ok(())
}

async fn find(on: &mut impl Lanes, slug: &str) -> Result<Workgroup> {
    let found = store::workgroups::find_by_slug(on, slug).await?;
    Ok(found.ok_or_else(|| Refusal::not_found("workgroup"))?)
}
