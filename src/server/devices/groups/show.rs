//! One device group: everything that its page tells, and the form that makes or edits one.

use super::list::ROWS;
use super::{WholeGroup, find, whole};
use crate::domain::activity::Activity;
use crate::domain::device_groups::{
    BoundMember, BoundToken, GroupFacts, GroupForm, GroupPage, HeldDevice,
};
use crate::domain::group_draft::{RawGroup, RawRule};
use crate::domain::group_effect::{Few, NAMED};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rights::Seat;
use crate::server::devices::keeps_devices;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Lanes};
use crate::server::viewer::Visit;
use anyhow::Context;

/// Rows of activity on a group's page.
const ACTIVITIES: i64 = 50;
/// Metadata keys that the form offers.
const KEYS: i64 = 200;

/// The page of a group; `after` and `before` are ids of devices, between which its page of devices lies.
pub async fn page(
    visit: &Visit,
    slug: &str,
    id: &str,
    after: Option<&str>,
    before: Option<&str>,
) -> Result<GroupPage> {
    let (state, seat) = (&visit.state, visit.seat(slug).await?);
    let mut reader = state.db.read().await?;
    let group = find(&mut reader, &seat, id).await?;
    let (devices, previous, next) = held(&mut reader, &seat, id, after, before).await?;
    let may = seat.may();
    Ok(GroupPage {
        devices,
        previous,
        next,
        bound: match may.manage_access {
            true => Some(bound(state, &mut reader, &group).await?),
            false => None,
        },
        activity: activity(&mut reader, &seat, id).await?,
        may_edit: may.manage_devices && !may.bound,
        group,
        workgroup: seat.workgroup,
    })
}

type Held = (Vec<HeldDevice>, Option<String>, Option<String>);

/// A page of devices and the ids round it. One that is gone is as if none had been named.
async fn held(
    on: &mut impl Lanes,
    seat: &Seat,
    id: &str,
    after: Option<&str>,
    before: Option<&str>,
) -> Result<Held> {
    let workgroup_id = &seat.workgroup.id;
    let mut place = None;
    if let Some(device) = after.or(before) {
        let found = store::group_reach::find_place(on, workgroup_id, device).await?;
        place = found.map(|name| (name, device));
    }
    let forward = after.is_some() || place.is_none();
    let from = place.as_ref().map_or(("", ""), |(name, device)| (name.as_str(), *device));
    let most = ROWS + 1;
    let mut devices =
        store::group_reach::list_held(on, workgroup_id, id, from, forward, most).await?;
    let more = i64::try_from(devices.len()).unwrap_or(i64::MAX) > ROWS;
    if more {
        devices.remove(if forward { devices.len() - 1 } else { 0 });
    }
    let first = devices.first().filter(|_| if forward { place.is_some() } else { more });
    let last = devices.last().filter(|_| !forward || more);
    let (previous, next) = (first.map(|it| it.id.clone()), last.map(|it| it.id.clone()));
    Ok((devices, previous, next))
}

/// What is bound to the group, for whoever manages access: they see these tokens and members in their own lists.
async fn bound(
    state: &AppState,
    on: &mut impl Lanes,
    group: &GroupFacts,
) -> Result<(Few<BoundToken>, Few<BoundMember>)> {
    let most = i64::try_from(NAMED).unwrap_or(i64::MAX);
    let tokens = store::group_reach::list_tokens(on, &group.id, most).await?;
    let first = tokens.into_iter().map(|token| BoundToken {
        title: token.title(),
        hint: token.hint().to_owned(),
        status: token.status(state.now()),
        id: token.id,
    });
    let tokens = Few { first: first.collect(), total: group.tokens };
    let members = store::group_reach::list_members(on, &group.id).await?;
    Ok((tokens, Few::of(members.into_iter())))
}

/// What was done to the group. Whoever is bound to it would read there of devices that do not exist for them.
async fn activity(on: &mut impl Lanes, seat: &Seat, id: &str) -> Result<Option<Vec<Activity>>> {
    let may = seat.may();
    if may.bound || !(may.manage_devices || may.manage_access) {
        return Ok(None);
    }
    let mut rows = store::activity::list_of_subject(on, &seat.workgroup.id, id, ACTIVITIES).await?;
    rows.retain(|row| row.denied.is_none());
    Ok(Some(rows))
}

/// The form for a new group, or for the one with this id as it is now.
pub async fn form(visit: &Visit, slug: &str, id: Option<&str>) -> Result<GroupForm> {
    let (state, seat) = (&visit.state, visit.seat(slug).await?);
    let mut reader = state.db.read().await?;
    let group = match id {
        Some(id) => Some(find(&mut reader, &seat, id).await?),
        None => None,
    };
    keeps_devices(&seat)?;
    let start = match &group {
        Some(group) => as_typed(&mut reader, group).await?,
        None => RawGroup { name: String::new(), rule: RawRule::In(Vec::new()) },
    };
    Ok(GroupForm {
        start,
        group,
        keys: store::group_reach::list_keys(&mut reader, &seat.workgroup.id, KEYS).await?,
        devices: store::devices::count(&mut reader, &seat.workgroup.id).await?,
        workgroup: seat.workgroup,
    })
}

async fn as_typed(on: &mut impl Lanes, facts: &GroupFacts) -> Result<RawGroup> {
    let group = store::groups::find_by_id(on, &facts.id).await?;
    let group = group.context("a group with facts has no row")?;
    let listed = store::group_reach::list_listed(on, &facts.id).await?;
    Ok(RawGroup { name: group.name, rule: RawRule::of(&group.rule, listed) })
}

/// One group as programs are answered.
pub async fn one(state: &AppState, seat: &Seat, id: &str) -> Result<WholeGroup> {
    let mut reader = state.db.read().await?;
    let facts = find(&mut reader, seat, id).await?;
    whole(&mut reader, seat, facts).await
}

/// One group by its name in any case, or by its id: for the command line.
pub async fn one_called(state: &AppState, seat: &Seat, called: &str) -> Result<WholeGroup> {
    let mut reader = state.db.read().await?;
    let named = store::groups::find_by_name(&mut reader, &seat.workgroup.id, called).await?;
    let id = named.map_or_else(|| called.to_owned(), |group| group.id);
    let found = store::group_facts::find(&mut reader, &seat.workgroup.id, &id).await?;
    let facts = found.ok_or_else(|| {
        let called: String = called.chars().filter(|c| !c.is_control()).take(80).collect();
        Refusal::new(Code::NotFound, format!("There is no device group “{called}” here."))
    })?;
    whole(&mut reader, seat, facts).await
}
