//! Setting what a member holds: from their page, or on the command line. All of it is replaced.

use super::words::{differing, recorded, recorded_of};
use super::{Member, find, grant, keep_an_owner, nobody, still, subject};
use crate::domain::activity::{Actor, Verb};
use crate::domain::members::RawRights;
use crate::domain::refusal::{Code, FieldErrors, Refusal};
use crate::domain::rights::{Rights, Seat};
use crate::domain::user::{Email, User};
use crate::server::activity::{Attempt, Deed, Subject, changed_in_between, note_denial, record};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::codes::Purpose;
use crate::server::store::memberships::Membership;
use crate::server::store::{self, Tx};

/// What somebody is to be in a workgroup.
#[derive(Clone, Debug)]
pub enum Standing {
    /// Holds every permission.
    Owner,
    /// Holds these.
    Chosen(Vec<String>),
}

impl Standing {
    /// As a form would ask for it.
    #[must_use]
    pub fn raw(self, device_group: Option<&str>) -> RawRights {
        let device_group = device_group.unwrap_or_default().to_owned();
        match self {
            Standing::Owner => RawRights { owner: true, device_group, ..RawRights::default() },
            Standing::Chosen(permissions) => RawRights { owner: false, permissions, device_group },
        }
    }
}

/// Changes what a member holds; `version` is the one that was seen.
///
/// # Errors
/// As the rules of `domain::rights` say; the fields `permissions` and `device_group`; a conflict when somebody else changed
/// the member in between, or when no owner would be left.
pub async fn set(
    state: &AppState,
    seat: &Seat,
    user_id: &str,
    version: i64,
    raw: &RawRights,
    address: Option<&str>,
) -> Result<Member> {
    let subject = subject(state, seat, user_id).await?;
    let attempt = Attempt { verb: Verb::MemberSet, subject, address };
    let outcome = change(state, seat, user_id, version, raw, address).await;
    note_denial(state, seat, attempt, outcome).await
}

async fn change(
    state: &AppState,
    seat: &Seat,
    user_id: &str,
    version: i64,
    raw: &RawRights,
    address: Option<&str>,
) -> Result<Member> {
    let mut tx = state.db.begin().await?;
    let seat = still(&mut tx, seat).await?;
    seat.manages_members()?;
    let (user, before, seen) = find(&mut tx, &seat, user_id).await?;
    if before.owner {
        seat.owns()?;
    }
    if version != seen {
        return Err(changed_in_between(&mut tx, &seat.workgroup.id, &user.id, "member")
            .await?
            .into());
    }
    let mut errors = FieldErrors::default();
    let after = grant::parse(&mut tx, &seat, Some(&before), raw, &mut errors).await?;
    let after = after.ok_or_else(|| errors.into_refusal())?;
    seat.may_set(&user.id, &before, &after)?;
    let member = write(state, &mut tx, &seat, user, Some(before), after, address).await?;
    state.commit(tx).await?;
    Ok(member)
}

/// Makes somebody a member on the command line, or changes what they hold.
///
/// # Errors
/// Refused: an unknown workgroup or user, the fields `permissions` and `device_group`, and demoting the last owner.
pub async fn set_member(
    state: &AppState,
    slug: &str,
    email: &str,
    standing: Standing,
    device_group: Option<&str>,
) -> Result<Member> {
    let email = Email::parse(email).map_err(|message| Refusal::field("email", message))?;
    let mut tx = state.db.begin().await?;
    let workgroup = store::workgroups::find_by_slug(&mut tx, slug).await?;
    let workgroup = workgroup.ok_or_else(|| {
        Refusal::new(Code::NotFound, format!("There is no workgroup {slug} here."))
    })?;
    let seat = Seat { workgroup, actor: Actor::CommandLine, rights: Rights::owner() };
    let account = store::users::find_by_email(&mut tx, &email).await?;
    let user = account.ok_or_else(|| nobody(&email))?.user;
    let before = super::rights(&mut tx, &seat.workgroup, &user.id).await?;
    let raw = standing.raw(device_group);
    let mut errors = FieldErrors::default();
    if raw.owner && device_group.is_some() {
        errors.add("device_group", "An owner holds everything and is bound to no device group.");
    }
    let after = grant::parse(&mut tx, &seat, before.as_ref(), &raw, &mut errors).await?;
    let (Some(after), true) = (after, errors.is_empty()) else {
        return Err(errors.into_refusal().into());
    };
    seat.may_give(before.as_ref(), &after)?;
    let member = write(state, &mut tx, &seat, user, before, after, None).await?;
    state.commit(tx).await?;
    Ok(member)
}

/// Nothing is written or recorded when nothing changes.
async fn write(
    state: &AppState,
    tx: &mut Tx,
    seat: &Seat,
    user: User,
    before: Option<Rights>,
    after: Rights,
    address: Option<&str>,
) -> Result<Member> {
    let workgroup = &seat.workgroup;
    if before.as_ref() == Some(&after) {
        return Ok(Member { workgroup: workgroup.clone(), user, rights: after });
    }
    if before.as_ref().is_some_and(|before| before.owner) && !after.owner {
        keep_an_owner(tx, workgroup, &user).await?;
    }
    if before.is_none() {
        forget_invitation(tx, &workgroup.id, &user).await?;
    }
    let membership = membership(&after);
    store::memberships::insert_or_replace(tx, &workgroup.id, &user.id, &membership, state.now())
        .await?;
    let catalogue = store::permissions::list(tx).await?;
    let mut old = before.map(|before| recorded(&before, &catalogue)).unwrap_or_default();
    let mut new = recorded(&after, &catalogue);
    differing(&mut old, &mut new);
    if old.is_empty() {
        new = recorded_of(&user, &after, &catalogue);
    }
    let subject = Subject::member(&user);
    let deed = Deed { verb: Verb::MemberSet, subject, before: old, after: new, address };
    record(state, tx, seat, deed).await?;
    Ok(Member { workgroup: workgroup.clone(), user, rights: after })
}

/// The row of these rights.
pub(crate) fn membership(rights: &Rights) -> Membership {
    Membership {
        owner: rights.owner,
        permissions: rights.permissions.clone(),
        device_group_id: rights.group.as_ref().map(|group| group.id.clone()),
        ..Membership::default()
    }
}

/// Whoever is a member by other means needs no invitation any more.
pub(crate) async fn forget_invitation(tx: &mut Tx, workgroup_id: &str, user: &User) -> Result<()> {
    let Ok(email) = Email::parse(&user.email) else { return Ok(()) };
    let pending = store::invitations::find_by_email(tx, workgroup_id, &email).await?;
    if let Some(pending) = pending {
        store::codes::delete_of_subject(tx, Purpose::Invitation, &pending.id).await?;
        store::invitations::delete(tx, &pending.id).await?;
    }
    Ok(())
}
