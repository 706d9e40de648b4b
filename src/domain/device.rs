//! Devices, the named subsets of them that a token or member can be bound to, and the one rule of which device is inside.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A thing that the protected API knows by an id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub id: String,
    /// The id under which the protected API knows it; unique in its workgroup.
    pub external_id: String,
    pub name: String,
    pub metadata: BTreeMap<String, String>,
}

/// Which devices a group holds. Edits count at once: nothing is copied into tokens or members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupRule {
    /// The listed devices, by internal id.
    In(BTreeSet<String>),
    /// All devices of the workgroup but the listed ones.
    NotIn(BTreeSet<String>),
    /// Every device whose metadata has this key with this value.
    Metadata { key: String, value: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceGroup {
    pub id: String,
    pub name: String,
    pub rule: GroupRule,
}

impl DeviceGroup {
    #[must_use]
    pub fn contains(&self, device: &Device) -> bool {
        match &self.rule {
            GroupRule::In(ids) => ids.contains(&device.id),
            GroupRule::NotIn(ids) => !ids.contains(&device.id),
            GroupRule::Metadata { key, value } => device.metadata.get(key) == Some(value),
        }
    }
}

/// A group as a form offers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupChoice {
    pub name: String,
    /// How many devices it holds at present.
    pub devices: i64,
}

/// A device as a form offers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceChoice {
    pub external_id: String,
    pub name: String,
}

/// The external id of a device: 1 to 120 visible characters, as it stands in the protected API's addresses. `any` is none: an API
/// that asks about `any` device means whichever.
pub fn parse_external_id(text: &str) -> Result<String, String> {
    let text = text.trim();
    let visible = text.chars().all(|c| !c.is_control() && !c.is_whitespace());
    match text.chars().count() {
        _ if text.eq_ignore_ascii_case("any") => {
            Err("\u{201c}any\u{201d} means whichever device when an API asks. Choose another id."
                .into())
        }
        1..=120 if visible => Ok(text.to_owned()),
        1..=120 => Err("Spaces and control characters are not allowed.".into()),
        count => Err(format!("Write 1 to 120 characters; these are {count}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_means_whichever_device_is_none() {
        for (text, fits) in [("any", false), (" ANY ", false), ("any-1", true), ("pump-1", true)] {
            assert_eq!(parse_external_id(text).is_ok(), fits, "{text}");
        }
    }

    #[test]
    fn a_group_holds_what_its_rule_says() {
        let pump = Device {
            id: "d1".into(),
            external_id: "pump-1".into(),
            name: "Pump 1".into(),
            metadata: BTreeMap::from([("site".into(), "north".into())]),
        };
        let listed = BTreeSet::from(["d1".to_owned()]);
        let cases = [
            (GroupRule::In(listed.clone()), true),
            (GroupRule::In(BTreeSet::new()), false),
            (GroupRule::NotIn(listed), false),
            (GroupRule::NotIn(BTreeSet::new()), true),
            (GroupRule::Metadata { key: "site".into(), value: "north".into() }, true),
            (GroupRule::Metadata { key: "site".into(), value: "south".into() }, false),
            (GroupRule::Metadata { key: "line".into(), value: "north".into() }, false),
        ];
        for (rule, inside) in cases {
            let group = DeviceGroup { id: "g".into(), name: "G".into(), rule };
            assert_eq!(group.contains(&pump), inside, "{:?}", group.rule);
        }
    }
}
