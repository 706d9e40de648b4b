//! The installation's workgroups: listing and founding them, and becoming an owner of one. What is inside stays unseen.

use super::ONE_MORE;
use crate::domain::activity::{Actor, Values, Verb};
use crate::domain::administration::{Listed, Named, WorkgroupRow};
use crate::domain::refusal::{FieldErrors, Refusal};
use crate::domain::rights::Administrator;
use crate::domain::time::Time;
use crate::domain::user::{Email, User};
use crate::domain::workgroup::Workgroup;
use crate::server::activity::{Deed, Subject, record_by, record_installation, values};
use crate::server::error::Result;
use crate::server::people::members::set::forget_invitation;
use crate::server::people::workgroups::{WorkgroupDraft, found};
use crate::server::state::AppState;
use crate::server::store::memberships::Membership;
use crate::server::store::{self, Tx};

/// One page by name, behind the workgroup with the id `after`.
pub async fn list(
    state: &AppState,
    administrator: &Administrator,
    search: &str,
    after: &str,
) -> Result<Listed<WorkgroupRow>> {
    let mut reader = state.db.read().await?;
    let found = store::workgroups::list(&mut reader, after, search, ONE_MORE).await?;
    let total = store::workgroups::count(&mut reader).await?;
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        let owners = store::memberships::list_owners(&mut reader, &row.id).await?;
        let me = administrator.user_id();
        rows.push(WorkgroupRow {
            mine: owners.iter().any(|owner| Some(owner.id.as_str()) == me),
            owners: owners.into_iter().map(named).collect(),
            id: row.id,
            slug: row.slug,
            name: row.name,
            time_zone: row.time_zone,
            created_at: Time(row.created_at),
            members: row.members,
            tokens: row.tokens,
        });
    }
    Ok(Listed::of(rows, total, state.now(), |row| &row.id))
}

fn named(user: User) -> Named {
    Named { name: user.name, email: user.email }
}

/// Founds a workgroup; its first owner must exist and be able to sign in.
pub async fn create(
    state: &AppState,
    administrator: &Administrator,
    name: &str,
    owner: &str,
    time_zone: &str,
) -> Result<Workgroup> {
    let mut errors = FieldErrors::default();
    let draft = WorkgroupDraft::parse("name", name, time_zone, &mut errors);
    let email = errors.take("owner", Email::parse(owner));
    let mut tx = state.db.begin().await?;
    let owner = match &email {
        Some(email) => errors.take("owner", first_owner(&mut tx, email).await?),
        None => None,
    };
    let (Some(draft), Some(owner)) = (draft, owner) else {
        return Err(errors.into_refusal().into());
    };
    let (actor, address) = (&administrator.actor, administrator.address.as_deref());
    let workgroup = found(state, &mut tx, draft, &owner, actor, address).await?;
    let deed = Deed {
        verb: Verb::WorkgroupCreated,
        subject: Subject::workgroup(&workgroup),
        before: Values::new(),
        after: values([("Slug", workgroup.slug.clone()), ("Owner", owner.email.clone())]),
        address,
    };
    record_installation(state, &mut tx, actor, deed).await?;
    state.commit(tx).await?;
    Ok(workgroup)
}

/// Whoever has the address, or why they cannot own a workgroup.
async fn first_owner(tx: &mut Tx, email: &Email) -> Result<std::result::Result<User, String>> {
    Ok(match store::users::find_by_email(tx, email).await? {
        None => Err(format!("Nobody has the address {email}. Make the user first.")),
        Some(account) if account.disabled_at.is_some() => Err(format!(
            "{} is disabled. Enable them first, or choose somebody else.",
            account.user.name
        )),
        Some(account) => Ok(account.user),
    })
}

/// Makes the administrator an owner of a workgroup. The workgroup's own Activity says so.
pub async fn own(state: &AppState, administrator: &Administrator, id: &str) -> Result<Workgroup> {
    let mut tx = state.db.begin().await?;
    let found = store::workgroups::find_by_id(&mut tx, id).await?;
    let workgroup = found.ok_or_else(|| Refusal::not_found("workgroup"))?;
    let me = administrator.user_id().unwrap_or_default();
    let account = store::users::find_by_id(&mut tx, me).await?;
    let user = account.ok_or_else(|| Refusal::not_found("user"))?.user;
    let before = store::memberships::find(&mut tx, id, &user.id).await?;
    if before.as_ref().is_some_and(|before| before.owner) {
        let detail = format!("You own {} already.", workgroup.name);
        return Err(Refusal::conflict(detail).into());
    }
    let ownership = Membership { owner: true, ..Membership::default() };
    store::memberships::insert_or_replace(&mut tx, id, &user.id, &ownership, state.now()).await?;
    forget_invitation(&mut tx, id, &user).await?;
    let was = if before.is_some() { "member" } else { "no member" };
    record_owner(state, &mut tx, administrator, &workgroup, &user, was).await?;
    state.commit(tx).await?;
    Ok(workgroup)
}

async fn record_owner(
    state: &AppState,
    tx: &mut Tx,
    administrator: &Administrator,
    workgroup: &Workgroup,
    user: &User,
    was: &str,
) -> Result<()> {
    let (actor, address): (&Actor, _) = (&administrator.actor, administrator.address.as_deref());
    let role = |role: &str| Values::from([("role".to_owned(), role.to_owned())]);
    let mut after = role("owner");
    after.insert("by".to_owned(), "an administrator, for themselves".to_owned());
    let inside = Deed {
        verb: Verb::MemberSet,
        subject: Subject::member(user),
        before: role(was),
        after: after.clone(),
        address,
    };
    record_by(state, tx, &workgroup.id, actor, inside).await?;
    after.insert("workgroup".to_owned(), workgroup.name.clone());
    let outside = Deed {
        verb: Verb::MemberSet,
        subject: Subject::member(user),
        before: role(was),
        after,
        address,
    };
    record_installation(state, tx, actor, outside).await
}
