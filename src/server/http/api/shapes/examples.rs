//! One believable answer of each kind, as the document shows it. A test holds them against their schemas.

use serde_json::{Value, json};

pub const ID: &str = "0199c5a2-7d3e-7c41-9b0a-5e2f6c1d8a37";
/// Right in shape alone: the last six characters are not its checksum, so no installation ever gives it.
pub const SECRET: &str = "lka_ExampleExampleExampleExampleExamYJHK9a";

pub fn string() -> Value {
    json!({
        "number": 1,
        "hint": "lka_…HK9a",
        "origin": "create",
        "issued_at": "2026-11-21T10:00:00Z",
        "expires_at": "2027-02-21T10:00:00Z",
        "retired_at": null,
        "last_used_at": "2026-11-21T18:30:00Z",
    })
}

pub fn token() -> Value {
    json!({
        "id": ID,
        "kind": "access",
        "owner": "North plant integrator",
        "email": "ops@north.example",
        "name": "production",
        "expires": "3m",
        "can_renew": true,
        "permissions": ["read", "devices.control"],
        "scopes": [],
        "device_group": "North",
        "device": null,
        "note": null,
        "rate_limit": null,
        "status": "active",
        "hint": "lka_…HK9a",
        "expires_at": "2027-02-21T10:00:00Z",
        "renew_from": "2027-01-22T10:00:00Z",
        "created_at": "2026-11-21T10:00:00Z",
        "created_by": "Ada Marsh",
        "revoked_at": null,
        "last_used_at": "2026-11-21T18:30:00Z",
        "version": 1,
        "strings": [string()],
    })
}

pub fn issued() -> Value {
    let mut token = token();
    token["token"] = SECRET.into();
    token
}

pub fn own() -> Value {
    let mut token = token();
    for unseen in ["note", "email", "created_by"] {
        token.as_object_mut().map(|members| members.remove(unseen));
    }
    token["workgroup"] = "harrow-valley".into();
    token["string"] = string();
    token
}

pub fn revoked() -> Value {
    let mut token = token();
    token["status"] = "revoked".into();
    token["revoked_at"] = "2026-11-22T08:00:00Z".into();
    token
}

pub fn new_token() -> Value {
    json!({
        "owner": "North plant integrator",
        "email": "ops@north.example",
        "name": "production",
        "expires": "3m",
        "can_renew": true,
        "permissions": ["read"],
    })
}

pub fn device() -> Value {
    json!({
        "external_id": "pump-1",
        "name": "Pump 1",
        "metadata": { "site": "north" },
        "version": 1,
        "created_at": "2026-11-21T10:00:00Z",
    })
}

pub fn new_device() -> Value {
    json!({ "external_id": "pump-1", "name": "Pump 1", "metadata": { "site": "north" } })
}

pub fn registered() -> Value {
    let mut token = token();
    for (name, value) in [
        ("kind", json!("device")),
        ("device", json!("pump-1")),
        ("device_group", Value::Null),
        ("expires", json!("never")),
        ("expires_at", Value::Null),
        ("renew_from", Value::Null),
        ("token", json!("lkd_ExampleExampleExampleExampleExamRy6sI3")),
        ("device_name", json!("Pump 1")),
        ("metadata", json!({ "site": "north" })),
    ] {
        token[name] = value;
    }
    token
}

pub fn group() -> Value {
    json!({
        "id": ID,
        "name": "North",
        "device_count": 12,
        "version": 1,
        "created_at": "2026-11-21T10:00:00Z",
        "metadata": { "key": "site", "value": "north" },
    })
}

pub fn new_group() -> Value {
    json!({ "name": "North", "metadata": { "key": "site", "value": "north" } })
}

pub fn policy() -> Value {
    json!({
        "workgroup": "harrow-valley",
        "name": "Harrow Valley",
        "longest_lifetime": "1y",
        "non_expiring": false,
        "notice_stages": [14, 7, 1],
        "notice_hour": 8,
        "time_zone": "Europe/Berlin",
        "version": 3,
    })
}

pub fn readiness() -> Value {
    json!({
        "status": "ready",
        "database": "ok",
        "last_tidied_at": "2026-11-21T10:00:00Z",
        "last_sweep_at": "2026-11-21T10:00:00Z",
        "oldest_unsent_at": null,
        "oldest_unsent_age": null,
        "waiting": 0,
        "undelivered": 0,
        "mail_alarm": false,
        "clock_doubted": false,
        "faults": [],
    })
}

pub fn no_readiness() -> Value {
    let mut readiness = readiness();
    readiness["status"] = "not ready".into();
    readiness["faults"] = json!(["The last sweep ended on 21 Nov 2026, 10:00 UTC."]);
    readiness
}

pub fn question() -> Value {
    json!({ "token": SECRET, "permission": "devices.control", "device": "pump-1" })
}

pub fn introspection() -> Value {
    json!({
        "active": true,
        "token_type": "Bearer",
        "sub": ID,
        "scope": "devices.control read",
        "id": ID,
        "kind": "access",
        "owner": "North plant integrator",
        "workgroup": "harrow-valley",
        "permissions": ["devices.control", "read"],
        "device": null,
        "device_group": null,
        "expires_at": "2027-02-21T10:00:00Z",
        "exp": 1_803_204_000,
        "allowed": true,
    })
}

fn route() -> Value {
    json!({
        "line": 1,
        "methods": ["POST"],
        "path": "/devices/{device}/telemetry",
        "kind": "device",
        "permissions": ["telemetry.send"],
        "device": "{device}",
    })
}

const ROUTE: &str = "POST /devices/{device}/telemetry device telemetry.send device={device}";

pub fn routes() -> Value {
    json!({ "workgroup": "harrow-valley", "routes": ROUTE, "family": "original", "lines": [route()], "version": 1 })
}

pub fn new_routes() -> Value {
    json!({ "version": 1, "routes": ROUTE, "family": "original" })
}

pub fn trial() -> Value {
    json!({
        "method": "POST",
        "path": "/devices/pump-1/telemetry",
        "kind": "device",
        "permissions": ["telemetry.send"],
        "device": "pump-1",
    })
}

pub fn route_verdict() -> Value {
    json!({ "allowed": true, "code": null, "why": "The token has all that this line asks for.", "route": route() })
}
