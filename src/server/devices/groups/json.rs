//! Device groups as JSON: the shapes that the HTTP API and the command line answer with.

use super::WholeGroup;
use crate::domain::device::DeviceChoice;
use crate::domain::device_groups::RuleFacts;
use crate::domain::group_effect::{Few, GroupEffect};
use serde_json::{Value, json};

/// A group under the name of its rule: `in` and `not_in` hold external ids, `metadata` a key and a value.
#[must_use]
pub fn group(group: &WholeGroup) -> Value {
    let facts = &group.facts;
    let mut value = json!({
        "id": facts.id,
        "name": facts.name,
        "device_count": facts.devices,
        "version": facts.version,
        "created_at": facts.created_at.rfc3339(),
    });
    let (name, rule) = match &facts.rule {
        RuleFacts::In(_) => ("in", json!(group.listed)),
        RuleFacts::NotIn(_) => ("not_in", json!(group.listed)),
        RuleFacts::Metadata { key, value } => ("metadata", json!({ "key": key, "value": value })),
    };
    value[name] = rule;
    value
}

/// What an edit would open and close; of long lists the first twenty and the count.
#[must_use]
pub fn effect(effect: &GroupEffect) -> Value {
    let devices = |few: &Few<DeviceChoice>| {
        let first: Vec<_> = few
            .first
            .iter()
            .map(|device| json!({ "external_id": device.external_id, "name": device.name }))
            .collect();
        json!({ "count": few.total, "first": first })
    };
    let names = |few: &Few<String>| json!({ "count": few.total, "first": few.first });
    json!({
        "gains": devices(&effect.comes),
        "loses": devices(&effect.goes),
        "device_count": effect.holds,
        "tokens": names(&effect.tokens),
        "members": names(&effect.members),
    })
}
