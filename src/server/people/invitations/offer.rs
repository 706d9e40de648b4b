//! What an invitation still offers at this moment: judged when its link is opened, when it is accepted, and on the list.

use super::super::members;
use crate::domain::activity::Actor;
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Rights, Seat};
use crate::domain::workgroup::Workgroup;
use crate::server::error::{Error, Result};
use crate::server::secret::Code;
use crate::server::state::AppState;
use crate::server::store::codes::Purpose;
use crate::server::store::invitations::Invitation;
use crate::server::store::{self, Lanes};
use anyhow::Context;
use std::collections::BTreeSet;

/// An invitation that can be accepted now.
pub struct Offer {
    pub invitation: Invitation,
    pub workgroup: Workgroup,
    pub rights: Rights,
    /// Labels of what was offered and is no longer given to anybody.
    pub dropped: Vec<String>,
}

/// What the link offers.
///
/// # Errors
/// Not found, whatever the reason, once the link does not work any more; else as [`judge`].
pub async fn open(state: &AppState, on: &mut impl Lanes, code: &Code) -> Result<Offer> {
    let found = store::codes::find(on, &code.hash(), Purpose::Invitation).await?;
    let now = state.now();
    let id = found.filter(|found| now < found.expires_at).and_then(|found| found.subject_id);
    let invitation = match id {
        Some(id) => store::invitations::find(on, &id).await?,
        None => None,
    };
    let invitation = invitation.filter(|it| now < it.expires_at).ok_or_else(gone)?;
    let workgroup = store::workgroups::find_by_id(on, &invitation.workgroup_id).await?;
    let workgroup = workgroup.context("an invitation to a workgroup that does not exist")?;
    judge(state, on, &workgroup, invitation).await
}

/// Whether the invitation still holds: what [`given_today`] says, and whoever sent it could give the same now. So nobody
/// comes in on the word of somebody who was removed meanwhile.
///
/// # Errors
/// A conflict that says what is wrong, and whom to ask.
pub async fn judge(
    state: &AppState,
    on: &mut impl Lanes,
    workgroup: &Workgroup,
    invitation: Invitation,
) -> Result<Offer> {
    let offer = given_today(on, workgroup, invitation).await?;
    let by = &offer.invitation.invited_by;
    let inviter = inviter(state, on, workgroup, by).await?;
    if inviter.is_some_and(|seat| seat.may_give(None, &offer.rights).is_ok()) {
        return Ok(offer);
    }
    let detail = format!(
        "{}, who sent this invitation, can no longer give what it offers. {}",
        by.label(),
        ask(workgroup)
    );
    Err(Refusal::conflict(detail).into())
}

/// What the invitation offers as things are: its group is there, and what is no longer given to anybody is left out.
///
/// # Errors
/// A conflict when the group was removed, or no permission is left.
pub async fn given_today(
    on: &mut impl Lanes,
    workgroup: &Workgroup,
    invitation: Invitation,
) -> Result<Offer> {
    let offered = invitation.offered.clone();
    let mut group = None;
    if let Some(id) = &offered.device_group_id {
        group = store::groups::find_by_id(on, id).await?;
        if group.is_none() {
            // Without its group the invitation would reach further than it was meant to.
            let detail =
                format!("The device group of this invitation was removed. {}", ask(workgroup));
            return Err(Refusal::conflict(detail).into());
        }
    }
    let (permissions, dropped) = given(on, offered.permissions).await?;
    let rights = Rights { owner: offered.owner, permissions, group };
    if !rights.owner && rights.permissions.is_empty() {
        let detail =
            format!("No permission that this invitation offers is still given. {}", ask(workgroup));
        return Err(Refusal::conflict(detail).into());
    }
    Ok(Offer { invitation, workgroup: workgroup.clone(), rights, dropped })
}

fn ask(workgroup: &Workgroup) -> String {
    format!("Ask an owner of {} for a new invitation.", workgroup.name)
}

/// The sentence for the list, if the invitation cannot be accepted.
pub fn problem(judged: Result<Offer>) -> Result<Option<String>> {
    match judged {
        Ok(_) => Ok(None),
        Err(Error::Refused(refusal)) => Ok(Some(refusal.detail)),
        Err(fault) => Err(fault),
    }
}

/// What of the permissions can be given today, and the labels of the rest.
async fn given(
    on: &mut impl Lanes,
    mut names: BTreeSet<String>,
) -> Result<(BTreeSet<String>, Vec<String>)> {
    let catalogue = store::permissions::list(on).await?;
    let mut dropped = Vec::new();
    names.retain(|name| {
        let known = catalogue.iter().find(|permission| &permission.name == name);
        let stands = known.is_some_and(|permission| permission.retired_at.is_none());
        if !stands {
            dropped.push(known.map_or_else(|| name.clone(), |known| known.label.clone()));
        }
        stands
    });
    Ok((names, dropped))
}

/// The seat of whoever sent it, as it is today; `None`: they have none any more.
async fn inviter(
    state: &AppState,
    on: &mut impl Lanes,
    workgroup: &Workgroup,
    actor: &Actor,
) -> Result<Option<Seat>> {
    let seat = |rights| Seat { workgroup: workgroup.clone(), actor: actor.clone(), rights };
    match actor {
        Actor::CommandLine | Actor::Clock => Ok(Some(seat(Rights::owner()))),
        Actor::Token { .. } => Ok(None),
        Actor::Person { id, .. } => {
            let account = store::users::find_by_id(on, id).await?;
            if account.is_none_or(|it| it.disabled_at.is_some_and(|at| at <= state.now())) {
                return Ok(None);
            }
            Ok(members::rights(on, workgroup, id).await?.map(seat))
        }
    }
}

/// One sentence for every way in which a link ends: used, withdrawn, sent again, too old, never made.
pub fn gone() -> Refusal {
    Refusal::new(
        crate::domain::refusal::Code::NotFound,
        "This invitation does not work any more: it was accepted or withdrawn, a newer letter replaced it, or it is older \
         than seven days. Ask whoever invited you to send it again.",
    )
}
