//! Who belongs to a workgroup and what they hold there. Rights are read anew every time they are asked for.

pub mod grant;
pub mod list;
pub mod remove;
pub mod set;
pub mod show;
pub mod words;

pub use super::users::{RawUser, create_user};
pub use super::workgroups::create_workgroup;
pub use set::{Standing, set_member};

use crate::domain::activity::Actor;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rights::{Rights, Seat};
use crate::domain::user::{Email, User};
use crate::domain::workgroup::Workgroup;
use crate::server::activity::Subject;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::memberships::Membership;
use crate::server::store::{self, Lanes, Tx};
use anyhow::Context;

/// A member as they are after a change.
#[derive(Clone, Debug)]
pub struct Member {
    pub workgroup: Workgroup,
    pub user: User,
    pub rights: Rights,
}

/// What a user holds in a workgroup at this moment; `None`: they are no member.
pub async fn rights(
    on: &mut impl Lanes,
    workgroup: &Workgroup,
    user_id: &str,
) -> Result<Option<Rights>> {
    match store::memberships::find(on, &workgroup.id, user_id).await? {
        Some(membership) => Ok(Some(of(on, membership).await?)),
        None => Ok(None),
    }
}

/// A membership with its group. A group that is gone is a fault: it must never widen what it bounded.
async fn of(on: &mut impl Lanes, membership: Membership) -> Result<Rights> {
    let Membership { owner, permissions, device_group_id, .. } = membership;
    let group = match device_group_id {
        None => None,
        Some(id) => {
            let group = store::groups::find_by_id(on, &id).await?;
            Some(group.context("a member is bound to a device group that does not exist")?)
        }
    };
    Ok(Rights { owner, permissions, group })
}

/// The workgroup and what the user holds there; for whoever is no member, the workgroup does not exist.
pub async fn place(state: &AppState, slug: &str, user_id: &str) -> Result<(Workgroup, Rights)> {
    let mut reader = state.db.read().await?;
    let gone = || Refusal::not_found("workgroup");
    let workgroup = store::workgroups::find_by_slug(&mut reader, slug).await?.ok_or_else(gone)?;
    let rights = rights(&mut reader, &workgroup, user_id).await?.ok_or_else(gone)?;
    Ok((workgroup, rights))
}

/// The seat of whoever has the e-mail address, as if they asked themselves.
pub async fn seat_of(state: &AppState, slug: &str, email: &str) -> Result<Seat> {
    let email = Email::parse(email).map_err(|message| Refusal::field("email", message))?;
    let account = store::users::find_by_email(&mut state.db.read().await?, &email).await?;
    let user = account.ok_or_else(|| nobody(&email))?.user;
    let (workgroup, rights) = place(state, slug, &user.id).await?;
    Ok(Seat { workgroup, actor: Actor::Person { id: user.id, name: user.name }, rights })
}

fn nobody(email: &Email) -> Refusal {
    Refusal::new(Code::NotFound, format!("Nobody here has the address {email}."))
}

/// The seat as it is in the transaction of a change: whoever lost their rights a moment ago changes nothing any more.
pub async fn still(on: &mut impl Lanes, seat: &Seat) -> Result<Seat> {
    let Actor::Person { id, .. } = &seat.actor else { return Ok(seat.clone()) };
    let rights = rights(on, &seat.workgroup, id).await?;
    let rights = rights.ok_or_else(|| Refusal::not_found("workgroup"))?;
    Ok(Seat { rights, ..seat.clone() })
}

/// A member whom the seat sees: the person, their rights, and the version of their membership.
async fn find(on: &mut impl Lanes, seat: &Seat, user_id: &str) -> Result<(User, Rights, i64)> {
    let gone = || Refusal::not_found("member");
    let found = store::memberships::find(on, &seat.workgroup.id, user_id).await?;
    let membership = found.ok_or_else(gone)?;
    let seen = seat.sees_member(membership.owner, membership.device_group_id.as_deref());
    if !seen && !seat.is(user_id) {
        return Err(gone().into());
    }
    let version = membership.version;
    let rights = of(on, membership).await?;
    let account = store::users::find_by_id(on, user_id).await?;
    Ok((account.context("a member is no user")?.user, rights, version))
}

/// What a denial is recorded under: the member, or nobody in particular where the seat sees no such member.
async fn subject(state: &AppState, seat: &Seat, user_id: &str) -> Result<Subject<'static>> {
    let found = find(&mut state.db.read().await?, seat, user_id).await;
    Ok(match found {
        Ok((user, ..)) => Subject::new("member", user.id, user.name),
        Err(_) => Subject::unmade("member", ""),
    })
}

/// Of a workgroup with owners one always remains.
async fn keep_an_owner(tx: &mut Tx, workgroup: &Workgroup, user: &User) -> Result<()> {
    if store::memberships::count_owners(tx, &workgroup.id).await? > 1 {
        return Ok(());
    }
    let detail = format!(
        "{} is the last owner of {}. Make somebody else an owner first.",
        user.email, workgroup.name
    );
    Err(Refusal::conflict(detail).into())
}

#[cfg(test)]
mod tests;
