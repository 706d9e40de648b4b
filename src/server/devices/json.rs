//! Devices as JSON: the shapes that the HTTP API and the command line answer with.

use crate::domain::answers::IssuedToken;
use crate::domain::device::Device;
use crate::domain::time::Time;
use crate::server::tokens;
use serde_json::{Value, json};

/// A new device: its first token as every new token is answered, with the device's own facts beside it.
#[must_use]
pub fn registered(device: &Device, issued: &IssuedToken, now: Time) -> Value {
    let mut value = tokens::json::issued(issued, now);
    value["device"] = json!(device.external_id);
    value["device_name"] = json!(device.name);
    value["metadata"] = json!(device.metadata);
    value
}
