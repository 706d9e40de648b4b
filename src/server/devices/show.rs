//! One device, with everything that its page tells; and the form of a new one.

use super::{keeps_devices, manages_devices};
use crate::domain::device_list::{
    DeviceAccess, DevicePage, GroupName, KeptDevice, NewDevicePage, TokenLine,
};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::domain::token::{Kind, Token};
use crate::domain::token_list::Cursor;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::device_lists::{self, Seen};
use crate::server::store::{self, Lanes};
use crate::server::tokens::form;
use crate::server::viewer::Visit;
use std::collections::BTreeSet;

/// Rows of each list on a device's page.
const ROWS: i64 = 50;

/// The device, if the seat sees it: outside of the principal's group it does not exist.
pub async fn find(on: &mut impl Lanes, seat: &Seat, id: &str) -> Result<KeptDevice> {
    let found = store::devices::find_kept(on, &seat.workgroup.id, id).await?;
    seen(seat, found)
}

fn seen(seat: &Seat, found: Option<KeptDevice>) -> Result<KeptDevice> {
    let seen = found.filter(|kept| seat.rights.sees_device(&kept.device));
    Ok(seen.ok_or_else(|| Refusal::not_found("device"))?)
}

pub async fn one(state: &AppState, seat: &Seat, id: &str) -> Result<KeptDevice> {
    let mut reader = state.db.read().await?;
    find(&mut reader, seat, id).await
}

/// By the id under which the protected API knows it.
pub async fn by_external_id(
    state: &AppState,
    seat: &Seat,
    external_id: &str,
) -> Result<KeptDevice> {
    let mut reader = state.db.read().await?;
    let workgroup_id = &seat.workgroup.id;
    let found =
        store::devices::find_kept_by_external_id(&mut reader, workgroup_id, external_id).await?;
    seen(seat, found)
}

/// `after`: where the page of the tokens that reach it begins.
pub async fn page(visit: &Visit, slug: &str, id: &str, after: Option<&str>) -> Result<DevicePage> {
    let (state, seat) = (&visit.state, visit.seat(slug).await?);
    let mut reader = state.db.read().await?;
    let kept = find(&mut reader, &seat, id).await?;
    let (workgroup_id, may) = (&seat.workgroup.id, seat.may());
    let access = match may.manage_access {
        true => Some(access(&mut reader, &seat, id, state.now(), after).await?),
        false => None,
    };
    let activity = match may.manage_access || may.manage_devices {
        true => store::activity::list_of_subject(&mut reader, &seat.workgroup.id, id, ROWS).await?,
        false => Vec::new(),
    };
    let keeper = keeps_devices(&seat).is_ok();
    // Only what a person may act on is told.
    let alone_in = match keeper {
        true => store::devices::alone_in(&mut reader, id).await?,
        false => Vec::new(),
    };
    let keys = match may.manage_devices {
        true => store::devices::keys_of_groups(&mut reader, workgroup_id).await?,
        false => BTreeSet::new(),
    };
    let standing = match keeper {
        true => store::tokens::count_of_device(&mut reader, workgroup_id, id).await?.1,
        false => 0,
    };
    Ok(DevicePage {
        kept,
        may,
        groups: groups(&mut reader, &seat, id).await?,
        alone_in,
        keys_of_groups: keys.into_iter().collect(),
        standing,
        access,
        activity,
        workgroup: seat.workgroup,
        now: state.now(),
    })
}

/// The edit page is for whoever may edit.
pub async fn edit_page(visit: &Visit, slug: &str, id: &str) -> Result<DevicePage> {
    let seat = visit.seat(slug).await?;
    one(&visit.state, &seat, id).await?;
    manages_devices(&seat)?;
    page(visit, slug, id, None).await
}

/// The groups that hold it: for whoever is bound, their own.
async fn groups(on: &mut impl Lanes, seat: &Seat, id: &str) -> Result<Vec<GroupName>> {
    if let Some(own) = &seat.rights.group {
        return Ok(vec![GroupName { id: own.id.clone(), name: own.name.clone() }]);
    }
    device_lists::groups_holding(on, &seat.workgroup.id, id).await
}

async fn access(
    on: &mut impl Lanes,
    seat: &Seat,
    id: &str,
    now: crate::domain::time::Time,
    after: Option<&str>,
) -> Result<DeviceAccess> {
    let workgroup_id = &seat.workgroup.id;
    let bound_to = seat.rights.group.as_ref().map(|group| group.id.as_str());
    let seen = Seen { workgroup_id, device_id: id, bound_to };
    let own = store::tokens::list_of_device(on, workgroup_id, id, ROWS).await?;
    let (own_count, _) = store::tokens::count_of_device(on, workgroup_id, id).await?;
    let after = after.and_then(Cursor::decode);
    let mut reaching = device_lists::reaching(on, &seen, now, after.as_ref(), ROWS + 1).await?;
    let more = i64::try_from(reaching.len()).unwrap_or(i64::MAX) > ROWS;
    if more {
        reaching.pop();
    }
    let next = reaching.last().filter(|_| more).map(|token| Cursor::of(token).encode());
    let (members, member_count) = device_lists::bound_members(on, &seen, ROWS).await?;
    let lines = |tokens: Vec<Token>| tokens.iter().map(|it| TokenLine::of(it, now)).collect();
    let (own, reaching) = (lines(own), lines(reaching));
    Ok(DeviceAccess { own, own_count, reaching, next, members, member_count })
}

/// The form of a new device, for whoever may register one.
pub async fn new_page(visit: &Visit, slug: &str) -> Result<NewDevicePage> {
    let (state, seat) = (&visit.state, visit.seat(slug).await?);
    keeps_devices(&seat)?;
    let catalogue = form::catalogue(state).await?;
    Ok(NewDevicePage {
        permissions: form::choices(&seat, Kind::Device, &catalogue),
        idempotency_key: state.chance.code()?.reveal().to_owned(),
        workgroup: seat.workgroup,
    })
}

/// A token that registering a device made, for whoever registers devices: they were shown its string.
pub async fn first_token(state: &AppState, seat: &Seat, id: &str) -> Result<Token> {
    keeps_devices(seat)?;
    let mut reader = state.db.read().await?;
    let found = store::tokens::find(&mut reader, &seat.workgroup.id, id).await?;
    Ok(found.ok_or_else(|| Refusal::not_found("token"))?)
}
