//! The permission catalogue: names with a label and a description. It is data; this is what an installation starts with.

use super::time::Time;
use serde::{Deserialize, Serialize};

/// Holding it lets one issue, edit, reissue and revoke tokens and manage members.
pub const ACCESS_MANAGE: &str = "access.manage";
/// Holding it lets one register devices and give device tokens.
pub const DEVICES_MANAGE: &str = "devices.manage";
/// Every access token has it.
pub const READ: &str = "read";
/// Holding it lets an API ask whether a token of the workgroup is live.
pub const TOKENS_INTROSPECT: &str = "tokens.introspect";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    pub name: String,
    pub label: String,
    pub description: String,
    /// The heading under which forms list it: Look, Devices, Workgroup, For devices.
    pub section: String,
    /// Usable by device tokens. Excludes `powerful`.
    pub for_devices: bool,
    pub powerful: bool,
    /// Since when it can no longer be granted; tokens that have it keep it.
    pub retired_at: Option<Time>,
}

/// Name, label, description, section, for devices, powerful.
type Seed = (&'static str, &'static str, &'static str, &'static str, bool, bool);

#[rustfmt::skip]
const SEEDS: [Seed; 11] = [
    (READ, "Read", "See devices, values and alarms. Every access token has it.", "Look", false, false),
    ("discovery", "Discovery", "Find devices on the network that are not registered yet.", "Look", false, false),
    ("devices.control", "Control devices", "Send commands and change set points.", "Devices", false, true),
    (DEVICES_MANAGE, "Manage devices", "Register, rename and remove devices.", "Devices", false, false),
    ("tunnel", "Tunnel", "Open a network connection through a device.", "Devices", false, true),
    ("dashboards.manage", "Manage searches and dashboards", "Change what everybody in the workgroup sees.", "Workgroup", false, false),
    (ACCESS_MANAGE, "Manage access", "Issue, edit and revoke tokens over HTTP.", "Workgroup", false, true),
    (TOKENS_INTROSPECT, "Check other tokens", "Ask whether a token of this workgroup is live, for an API of your own.", "Workgroup", false, false),
    ("telemetry.send", "Send telemetry", "Report measured values.", "For devices", true, false),
    ("activations.read", "Receive activations", "Fetch the activations that are meant for a device.", "For devices", true, false),
    ("activations.confirm", "Confirm activations", "Report that an activation was carried out.", "For devices", true, false),
];

/// The catalogue at first start, in the order in which forms show it.
#[must_use]
pub fn catalogue_at_first_start() -> Vec<Permission> {
    SEEDS
        .iter()
        .map(|(name, label, description, section, for_devices, powerful)| Permission {
            name: (*name).to_owned(),
            label: (*label).to_owned(),
            description: (*description).to_owned(),
            section: (*section).to_owned(),
            for_devices: *for_devices,
            powerful: *powerful,
            retired_at: None,
        })
        .collect()
}
