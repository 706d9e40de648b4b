//! The new-token form: what it begins with, and what this person can choose.

use super::sight;
use crate::domain::answers::{NewTokenPage, PermissionChoice, ReplacedToken};
use crate::domain::device::{Device, DeviceChoice, GroupChoice};
use crate::domain::device_list::DeviceQuery;
use crate::domain::permission::Permission;
use crate::domain::rights::Seat;
use crate::domain::status::TokenStatus;
use crate::domain::time::Time;
use crate::domain::token::{Kind, Reach, Token};
use crate::domain::token_draft::RawDraft;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Lanes};
use crate::server::viewer::Visit;
use std::collections::BTreeSet;

/// Devices that the form lists; where there are more, the device's id is typed.
const DEVICES: i64 = 200;

/// `like`: the id of a token to fill it in from; `device`: the form of a device token; `of`: the external id of the device
/// that it is for.
pub async fn page(
    visit: &Visit,
    slug: &str,
    like: Option<&str>,
    device: bool,
    of: Option<&str>,
) -> Result<NewTokenPage> {
    let (state, seat) = (&visit.state, visit.seat(slug).await?);
    seat.manages_access()?;
    let mut reader = state.db.read().await?;
    let like = match like {
        Some(id) => Some(sight::find(&mut reader, &seat, id).await?),
        None => None,
    };
    // An access token expires, so renewing is the rule; a device token does not, unless it is asked to.
    let empty = RawDraft { can_renew: !device, ..RawDraft::default() };
    let catalogue = store::permissions::list(&mut reader).await?;
    let of = match of.filter(|_| device && like.is_none()) {
        Some(id) => find_device(&mut reader, &seat, id).await?,
        None => None,
    };
    let empty = of.as_ref().map_or(empty, |device| another(device, &seat, &catalogue));
    let draft = like.as_ref().map_or(empty, RawDraft::like);
    let replaces = like.as_ref().filter(|token| token.kind == Kind::Legacy);
    let replaces = replaces.map(|token| replaced(token, state.now()));
    let kind = if device || !draft.device.is_empty() { Kind::Device } else { Kind::Access };
    let (devices, typed_device) = devices(&mut reader, &seat, of).await?;
    let bound = seat.rights.group.as_ref().map(|group| group.id.as_str());
    let device_count =
        store::device_lists::count_seen(&mut reader, &seat.workgroup.id, bound).await?;
    Ok(NewTokenPage {
        draft,
        like: like.map(|token| token.title()),
        replaces,
        permissions: choices(&seat, kind, &catalogue),
        whole_workgroup: seat.rights.group.is_none(),
        groups: groups(&mut reader, &seat).await?,
        devices,
        typed_device,
        device_count,
        idempotency_key: state.chance.code()?.reveal().to_owned(),
        workgroup: seat.workgroup,
        now: state.now(),
    })
}

/// A device that the seat does not see does not exist: the form is then as if none had been named.
async fn find_device(on: &mut impl Lanes, seat: &Seat, id: &str) -> Result<Option<Device>> {
    let found = store::devices::find_by_external_id(on, &seat.workgroup.id, id.trim()).await?;
    Ok(found.filter(|device| seat.rights.sees_device(device)))
}

/// What another token of a device begins with: the device's name, and all that this person can give a device.
fn another(device: &Device, seat: &Seat, catalogue: &[Permission]) -> RawDraft {
    let choices = choices(seat, Kind::Device, catalogue).into_iter();
    let given = choices.filter(|choice| choice.barred.is_none());
    RawDraft {
        owner: device.name.clone(),
        device: device.external_id.clone(),
        permissions: given.map(|choice| choice.permission.name).collect(),
        ..RawDraft::default()
    }
}

/// The devices that the seat sees, by name; where there are too many to choose from, at most the one that was named, and
/// that it is typed.
async fn devices(
    on: &mut impl Lanes,
    seat: &Seat,
    of: Option<Device>,
) -> Result<(Vec<DeviceChoice>, bool)> {
    let query = DeviceQuery::default();
    let ask = store::device_lists::Ask {
        workgroup_id: &seat.workgroup.id,
        bound_to: seat.rights.group.as_ref().map(|group| group.id.as_str()),
        query: &query,
        most: DEVICES + 1,
    };
    let kept = store::device_lists::page(on, &ask, None, true).await?;
    let many = i64::try_from(kept.len()).unwrap_or(i64::MAX) > DEVICES;
    let devices: Vec<Device> = match many {
        false => kept.into_iter().map(|kept| kept.device).collect(),
        true => of.into_iter().collect(),
    };
    let choice =
        |device: Device| DeviceChoice { external_id: device.external_id, name: device.name };
    Ok((devices.into_iter().map(choice).collect(), many))
}

fn replaced(token: &Token, now: Time) -> ReplacedToken {
    let works = matches!(token.status(now), TokenStatus::Active | TokenStatus::Expiring);
    ReplacedToken {
        id: token.id.clone(),
        title: token.title(),
        hint: token.hint().to_owned(),
        scopes: token.scopes.clone(),
        works,
    }
}

/// The permission catalogue, in the order in which forms show it.
pub async fn catalogue(state: &AppState) -> Result<Vec<Permission>> {
    let mut reader = state.db.read().await?;
    store::permissions::list(&mut reader).await
}

/// The grantable part of the catalogue, each with why this person cannot grant it.
pub fn choices(seat: &Seat, kind: Kind, catalogue: &[Permission]) -> Vec<PermissionChoice> {
    // Reach is judged when the token is made; here only the permission matters.
    let reach = match &seat.rights.group {
        Some(group) => Reach::Group { id: group.id.clone(), name: group.name.clone() },
        None => Reach::Workgroup,
    };
    let usable = |permission: &&Permission| {
        permission.retired_at.is_none() && (kind == Kind::Access || permission.for_devices)
    };
    let choice = |permission: &Permission| {
        let asked = BTreeSet::from([permission.name.clone()]);
        let barred = seat.may_grant(kind, &asked, &reach, catalogue).err();
        PermissionChoice {
            permission: permission.clone(),
            barred: barred.map(|refusal| refusal.detail),
        }
    };
    catalogue.iter().filter(usable).map(choice).collect()
}

/// The groups that a token can be bound to: all, or the one that the person is bound to.
async fn groups(on: &mut impl Lanes, seat: &Seat) -> Result<Vec<GroupChoice>> {
    let mut groups = store::groups::list(on, &seat.workgroup.id).await?;
    if let Some(own) = &seat.rights.group {
        groups.retain(|group| group.id == own.id);
    }
    let mut choices = Vec::with_capacity(groups.len());
    for group in groups {
        let devices = store::groups::count_devices(on, &seat.workgroup.id, &group).await?;
        choices.push(GroupChoice { name: group.name, devices });
    }
    Ok(choices)
}
