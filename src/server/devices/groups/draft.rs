//! From what was typed to a group that can be: its name is free, its devices are known, and it holds something.

use crate::domain::device::{DeviceGroup, GroupRule};
use crate::domain::group_draft::{RawRule, no_such};
use crate::domain::refusal::{FieldError, FieldErrors};
use crate::domain::rights::Seat;
use crate::domain::text::Name;
use crate::server::devices::register::parse_entry;
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store::{self, Lanes};
use std::collections::BTreeSet;

/// A value, or what is wrong with what was typed.
type Checked<T> = std::result::Result<T, String>;

/// What a group is to be, with everything that is wrong said at once. What is `None` stays as `now` has it.
pub(super) async fn checked(
    on: &mut impl Lanes,
    seat: &Seat,
    now: DeviceGroup,
    name: Option<&str>,
    rule: Option<&RawRule>,
) -> Result<DeviceGroup> {
    let mut wrong = FieldErrors::default();
    let name = match name {
        Some(typed) => wrong.take("name", free_name(on, seat, &now.id, typed).await?),
        None => Some(now.name),
    };
    let rule = match rule {
        Some(typed) => wrong.take(typed.code(), checked_rule(on, seat, typed).await?),
        None => Some(now.rule),
    };
    match (name, rule) {
        (Some(name), Some(rule)) => Ok(DeviceGroup { id: now.id, name, rule }),
        _ => Err(wrong.into_refusal().into()),
    }
}

/// Everything that is wrong with a name and a rule, for a face that found something wrong before.
pub async fn complaints(
    state: &AppState,
    seat: &Seat,
    own_id: &str,
    name: Option<&str>,
    rule: Option<&RawRule>,
) -> Result<Vec<FieldError>> {
    let mut reader = state.db.read().await?;
    let nothing = GroupRule::In(BTreeSet::new());
    let now = DeviceGroup { id: own_id.to_owned(), name: String::new(), rule: nothing };
    match checked(&mut reader, seat, now, name, rule).await {
        Ok(_) => Ok(Vec::new()),
        Err(Error::Refused(refusal)) => Ok(refusal.errors),
        Err(fault) => Err(fault),
    }
}

/// The name, if no other group of the workgroup has it in any case.
async fn free_name(
    on: &mut impl Lanes,
    seat: &Seat,
    own_id: &str,
    typed: &str,
) -> Result<Checked<String>> {
    let name = match Name::parse(typed) {
        Ok(name) => name.into_string(),
        Err(why) => return Ok(Err(why)),
    };
    let taken = store::groups::find_by_name(on, &seat.workgroup.id, &name).await?;
    Ok(match taken.filter(|other| other.id != own_id) {
        Some(other) => Err(format!("There is already a device group “{}”.", other.name)),
        None => Ok(name),
    })
}

async fn checked_rule(
    on: &mut impl Lanes,
    seat: &Seat,
    raw: &RawRule,
) -> Result<Checked<GroupRule>> {
    match raw {
        RawRule::In(ids) if ids.is_empty() => Ok(Err("Name at least one device.".to_owned())),
        RawRule::In(ids) => Ok(listed(on, seat, ids).await?.map(|(ids, _)| GroupRule::In(ids))),
        RawRule::NotIn(ids) => Ok(listed(on, seat, ids).await?.and_then(|(ids, all)| {
            match ids.len() {
                0 if all == 0 => Err(
                    "There is no device yet, so the group would hold nothing. Register a device first."
                        .to_owned(),
                ),
                named if named == all => Err(
                    "Every device is named here, so the group would hold nothing. Leave out those that it is to hold."
                        .to_owned(),
                ),
                _ => Ok(GroupRule::NotIn(ids)),
            }
        })),
        RawRule::Metadata { key, value } => metadata(on, seat, key, value).await,
    }
}

/// The ids of the devices, every one of which must be known, and how many devices there are in all.
async fn listed(
    on: &mut impl Lanes,
    seat: &Seat,
    external_ids: &[String],
) -> Result<Checked<(BTreeSet<String>, usize)>> {
    let known = store::group_reach::list_ids(on, &seat.workgroup.id).await?;
    let mut found = BTreeSet::new();
    let mut unknown = Vec::new();
    for id in external_ids {
        match known.get(id.trim()) {
            Some(id) => drop(found.insert(id.clone())),
            None => unknown.push(id.as_str()),
        }
    }
    Ok(if unknown.is_empty() { Ok((found, known.len())) } else { Err(no_such(&unknown)) })
}

/// A rule by metadata that some device fits: a typing error must not make a group that holds nothing.
async fn metadata(
    on: &mut impl Lanes,
    seat: &Seat,
    key: &str,
    value: &str,
) -> Result<Checked<GroupRule>> {
    let (key, value) = match parse_entry(&(key.to_owned(), value.to_owned())) {
        Ok(entry) => entry,
        Err(why) => return Ok(Err(why)),
    };
    let counts = store::group_reach::count_metadata(on, &seat.workgroup.id, &key, &value).await?;
    Ok(match counts {
        (0, _) => Err(format!(
            "No device has the metadata key “{key}”; it would hold nothing. Check the spelling, or register a device with it first."
        )),
        (_, 0) => Err(format!(
            "No device has “{key}” = “{value}”; it would hold nothing. Check the spelling, or register a device with it first."
        )),
        _ => Ok(GroupRule::Metadata { key, value }),
    })
}
