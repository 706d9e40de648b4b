//! Device groups: making a named subset of a workgroup's devices, by list, by exception or by metadata.

use super::keeps_devices;
use super::register::parse_entry;
use crate::domain::activity::{Values, Verb};
use crate::domain::device::{DeviceGroup, GroupRule};
use crate::domain::refusal::FieldErrors;
use crate::domain::rights::Seat;
use crate::domain::text::Name;
use crate::server::activity::{self, Deed, Subject};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx, changes};
use std::collections::BTreeSet;

/// At most this many unknown ids are named in a refusal.
const NAMED: usize = 5;

/// A new group as typed.
#[derive(Clone, Debug)]
pub struct RawGroup {
    pub name: String,
    pub rule: RawRule,
}

/// Which devices it is to hold; devices by their external ids.
#[derive(Clone, Debug)]
pub enum RawRule {
    In(Vec<String>),
    NotIn(Vec<String>),
    Metadata { key: String, value: String },
}

/// A group as it was made.
#[derive(Clone, Debug)]
pub struct NewGroup {
    pub group: DeviceGroup,
    /// Its rule in words.
    pub rule: String,
    /// How many devices it holds at present.
    pub devices: i64,
}

impl RawRule {
    /// The field that a refusal names.
    fn field(&self) -> &'static str {
        match self {
            RawRule::In(_) => "in",
            RawRule::NotIn(_) => "not_in",
            RawRule::Metadata { .. } => "metadata",
        }
    }

    fn in_words(&self) -> String {
        match self {
            RawRule::In(ids) => format!("in {}", ids.join(", ")),
            RawRule::NotIn(ids) if ids.is_empty() => "every device".to_owned(),
            RawRule::NotIn(ids) => format!("all but {}", ids.join(", ")),
            RawRule::Metadata { key, value } => format!("{key} = {value}"),
        }
    }
}

pub async fn create(
    state: &AppState,
    seat: &Seat,
    raw: &RawGroup,
    address: Option<&str>,
) -> Result<NewGroup> {
    keeps_devices(seat)?;
    let mut tx = state.db.begin().await?;
    let mut wrong = FieldErrors::default();
    let name = wrong.take("name", free_name(&mut tx, seat, &raw.name).await?);
    let rule = wrong.take(raw.rule.field(), rule(&mut tx, seat, &raw.rule).await?);
    let (Some(name), Some(rule)) = (name, rule) else { return Err(wrong.into_refusal().into()) };
    let group = DeviceGroup { id: state.new_id()?, name, rule };
    store::groups::insert(&mut tx, &seat.workgroup.id, &group, state.now()).await?;
    let words = raw.rule.in_words();
    let deed = Deed {
        verb: Verb::DeviceGroupCreated,
        subject: Subject::device_group(&group),
        before: Values::new(),
        after: activity::values([("name", group.name.clone()), ("rule", words.clone())]),
        address,
    };
    activity::record(state, &mut tx, seat, deed).await?;
    changes::insert(&mut tx, changes::Subject::DeviceGroup, &group.id).await?;
    let devices = store::groups::count_devices(&mut tx, &seat.workgroup.id, &group).await?;
    tx.commit().await?;
    Ok(NewGroup { group, rule: words, devices })
}

/// The name, if no group of the workgroup has it in any case.
async fn free_name(
    tx: &mut Tx,
    seat: &Seat,
    typed: &str,
) -> Result<std::result::Result<String, String>> {
    let name = match Name::parse(typed) {
        Ok(name) => name.into_string(),
        Err(why) => return Ok(Err(why)),
    };
    let taken = store::groups::find_by_name(tx, &seat.workgroup.id, &name).await?;
    Ok(match taken {
        Some(other) => Err(format!("There is already a device group “{}”.", other.name)),
        None => Ok(name),
    })
}

async fn rule(
    tx: &mut Tx,
    seat: &Seat,
    raw: &RawRule,
) -> Result<std::result::Result<GroupRule, String>> {
    Ok(match raw {
        RawRule::In(ids) if ids.is_empty() => Err("Name at least one device.".to_owned()),
        RawRule::In(ids) => devices(tx, seat, ids).await?.map(GroupRule::In),
        RawRule::NotIn(ids) => devices(tx, seat, ids).await?.map(GroupRule::NotIn),
        RawRule::Metadata { key, value } => parse_entry(&(key.clone(), value.clone()))
            .map(|(key, value)| GroupRule::Metadata { key, value }),
    })
}

/// The internal ids of the devices; every external id must be known.
async fn devices(
    tx: &mut Tx,
    seat: &Seat,
    external_ids: &[String],
) -> Result<std::result::Result<BTreeSet<String>, String>> {
    let mut found = BTreeSet::new();
    let mut unknown = Vec::new();
    for id in external_ids {
        match store::devices::find_by_external_id(tx, &seat.workgroup.id, id.trim()).await? {
            Some(device) => drop(found.insert(device.id)),
            None => unknown.push(id.as_str()),
        }
    }
    Ok(if unknown.is_empty() { Ok(found) } else { Err(no_such(&unknown)) })
}

fn no_such(unknown: &[&str]) -> String {
    let named: Vec<_> = unknown
        .iter()
        .take(NAMED)
        .map(|id| id.chars().filter(|c| !c.is_control()).take(40).collect::<String>())
        .map(|id| format!("“{id}”"))
        .collect();
    let more = unknown.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("There is no device {}{rest}.", named.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_devices_are_named_but_not_without_end() {
        assert_eq!(no_such(&["a"]), "There is no device “a”.");
        let many = ["a", "b", "c", "d", "e", "f", "g"];
        assert_eq!(no_such(&many), "There is no device “a”, “b”, “c”, “d”, “e” and 2 more.");
        assert_eq!(no_such(&["a\u{1b}[31mb"]), "There is no device “a[31mb”.");
    }

    #[test]
    fn a_rule_is_said_in_words() {
        let ids = || vec!["p1".to_owned(), "p2".to_owned()];
        let by_metadata = RawRule::Metadata { key: "site".into(), value: "north".into() };
        let cases = [
            (RawRule::In(ids()), "in", "in p1, p2"),
            (RawRule::NotIn(ids()), "not_in", "all but p1, p2"),
            (RawRule::NotIn(vec![]), "not_in", "every device"),
            (by_metadata, "metadata", "site = north"),
        ];
        for (rule, field, words) in cases {
            assert_eq!((rule.field(), rule.in_words().as_str()), (field, words));
        }
    }
}
