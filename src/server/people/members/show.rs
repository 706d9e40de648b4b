//! One member's page: what they hold, what can be changed by whoever asks, and what stays when they go.

use super::words::held;
use super::{find, grant};
use crate::domain::activity::Values;
use crate::domain::answers::MadeToken;
use crate::domain::members::{MemberPage, MemberRow};
use crate::domain::rights::{Rights, Seat};
use crate::server::error::Result;
use crate::server::store::{self, Lanes};
use crate::server::viewer::Visit;
use anyhow::Context;

/// Rows of the record on the page.
const RECORD: i64 = 20;
/// Tokens that the page names; the others are counted.
const NAMED: i64 = 10;

/// Everybody may open their own, to leave; the others' need Manage access.
pub async fn page(visit: &Visit, slug: &str, user_id: &str) -> Result<MemberPage> {
    let (state, seat) = (&visit.state, visit.seat(slug).await?);
    if !seat.is(user_id) {
        seat.manages_members()?;
    }
    let mut reader = state.db.read().await?;
    let (_, rights, version) = find(&mut reader, &seat, user_id).await?;
    let workgroup = &seat.workgroup.id;
    let bound_to = seat.rights.group.as_ref().map(|group| group.id.as_str());
    let (issued, issued_count) = match seat.manages_access() {
        Ok(()) => {
            store::tokens::list_issued_by(&mut reader, workgroup, user_id, bound_to, NAMED).await?
        }
        // Whoever cannot see tokens is told of none.
        Err(_) => (Vec::new(), 0),
    };
    let made = |token: crate::domain::token::Token| MadeToken {
        title: token.title(),
        hint: token.hint().to_owned(),
        id: token.id,
    };
    let mut activity =
        store::activity::list_of_subject(&mut reader, workgroup, user_id, RECORD).await?;
    // What was only tried stands in the workgroup's record, not among what was done here.
    activity.retain(|row| row.denied.is_none());
    if let Some(own) = &seat.rights.group {
        // Another group does not exist for whoever is bound to one.
        let other = |values: &Values| values.get("Device group").is_some_and(|it| it != &own.name);
        activity.retain(|row| !other(&row.before) && !other(&row.after));
    }
    Ok(MemberPage {
        member: row(&mut reader, &seat, user_id, &rights).await?,
        version,
        choices: grant::choices(&mut reader, &seat, Some(&rights)).await?,
        set_barred: set_barred(&mut reader, &seat, user_id, &rights).await?,
        remove_barred: remove_barred(&mut reader, &seat, user_id, &rights).await?,
        issued: issued.into_iter().map(made).collect(),
        issued_count,
        activity,
        workgroup: seat.workgroup,
        now: state.now(),
    })
}

async fn row(
    on: &mut impl Lanes,
    seat: &Seat,
    user_id: &str,
    rights: &Rights,
) -> Result<MemberRow> {
    let catalogue = store::permissions::list(on).await?;
    let all = store::memberships::list(on, &seat.workgroup.id).await?;
    let listed = all.into_iter().find(|listed| listed.user.id == user_id);
    let listed = listed.context("a member is not on the list")?;
    Ok(MemberRow {
        you: seat.is(user_id),
        rights: held(rights, &catalogue),
        administrator: listed.user.administrator,
        user_id: listed.user.id,
        name: listed.user.name,
        email: listed.user.email,
        disabled: listed.disabled_at.is_some(),
        last_signed_in_at: listed.last_signed_in_at,
        joined_at: listed.joined_at,
    })
}

/// Why nothing can be changed here at all; what can be given is judged when it is sent.
async fn set_barred(
    on: &mut impl Lanes,
    seat: &Seat,
    user_id: &str,
    rights: &Rights,
) -> Result<Option<String>> {
    // The least that could be asked for: an owner who steps down, anybody else who loses everything.
    let least = Rights { group: rights.group.clone(), ..Rights::default() };
    let judged = if rights == &least {
        seat.manages_members()
    } else {
        seat.may_set(user_id, rights, &least)
    };
    match judged {
        Err(refusal) => Ok(Some(refusal.detail)),
        Ok(()) => last_owner(on, seat, rights).await,
    }
}

async fn remove_barred(
    on: &mut impl Lanes,
    seat: &Seat,
    user_id: &str,
    rights: &Rights,
) -> Result<Option<String>> {
    match seat.may_remove(user_id, rights) {
        Err(refusal) => Ok(Some(refusal.detail)),
        Ok(()) => last_owner(on, seat, rights).await,
    }
}

async fn last_owner(on: &mut impl Lanes, seat: &Seat, rights: &Rights) -> Result<Option<String>> {
    if !rights.owner || store::memberships::count_owners(on, &seat.workgroup.id).await? > 1 {
        return Ok(None);
    }
    let name = &seat.workgroup.name;
    Ok(Some(format!("{name} would have no owner. Make somebody else an owner first.")))
}
