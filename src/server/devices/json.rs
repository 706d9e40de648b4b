//! Devices as JSON: the shapes that the HTTP API and the command line answer with.

use crate::domain::answers::IssuedToken;
use crate::domain::device::Device;
use crate::domain::device_list::KeptDevice;
use crate::domain::time::Time;
use crate::server::tokens;
use serde_json::{Value, json};

/// A new device: its first token as every new token is answered, with the device's own facts beside it.
#[must_use]
pub fn registered(device: &Device, issued: &IssuedToken, now: Time) -> Value {
    let mut value = registered_without_string(device, issued, now);
    value["token"] = issued.string.reveal().into();
    value
}

/// The same answer without the string: what a repetition of the call is told.
#[must_use]
pub fn registered_without_string(device: &Device, issued: &IssuedToken, now: Time) -> Value {
    let mut value = tokens::json::without_string(issued, now);
    value["device"] = json!(device.external_id);
    value["device_name"] = json!(device.name);
    value["metadata"] = json!(device.metadata);
    value
}

/// A device as it is kept.
#[must_use]
pub fn device(kept: &KeptDevice) -> Value {
    json!({
        "external_id": kept.device.external_id,
        "name": kept.device.name,
        "metadata": kept.device.metadata,
        "version": kept.version,
        "created_at": kept.created_at.rfc3339(),
    })
}
