//! The one table of the API's calls. Whatever is added here is routed and documented; nothing else is either.

use super::entry::{Entry, Tag, items, query, reference};
use super::shapes::{self, examples};
use super::{device_groups, devices, health, openapi, own_token, policy, routes, tokens};
use crate::domain::refusal::Code;
use crate::domain::status::TokenStatus;
use crate::server::http::metrics;
use serde_json::json;

const TOKENS: &str = "/workgroups/{workgroup}/tokens";
const TOKEN: &str = "/workgroups/{workgroup}/tokens/{id}";
const DEVICES: &str = "/workgroups/{workgroup}/devices";
const DEVICE: &str = "/workgroups/{workgroup}/devices/{external_id}";
const GROUPS: &str = "/workgroups/{workgroup}/device-groups";
const GROUP: &str = "/workgroups/{workgroup}/device-groups/{id}";
const POLICY: &str = "/workgroups/{workgroup}/policy";
pub const METRICS: &str = "/metrics";

/// Under `/api/v1`, for whoever holds a live string. HEAD and OPTIONS are refused there.
pub fn own() -> Vec<Entry> {
    const RENEWING: &str = "Answers with a new string of the same token, with identical permissions; older strings keep to \
         their own expiry. Repeating the call with the same string gives the same successor while that lives, so a lost \
         answer loses nothing.";
    let renewed = |entry: Entry| {
        entry
            .says(RENEWING)
            .answers(200, "The successor, shown in `token`.", "IssuedToken", examples::issued())
            .reveals()
            .refuses(&[Code::RenewalNotEnabled, Code::LegacyToken, Code::RenewedTooOften])
    };
    vec![
        Entry::get("/token", own_token::show)
            .called(Tag::Own, "showOwnToken", "What this token is, and when to renew it")
            .answers(200, "The token of the presented string.", "OwnToken", examples::own()),
        renewed(Entry::get("/token/renew", own_token::renew).called(
            Tag::Own,
            "renewByGet",
            "Renew, by GET",
        )),
        renewed(Entry::post("/token/renew", own_token::renew).called(Tag::Own, "renew", "Renew")),
        Entry::post("/token/revoke", own_token::revoke)
            .called(Tag::Own, "revokeOwnToken", "Revoke the whole token")
            .says("Every string of the token stops, for good.")
            .answers_nothing(204, "It is revoked.")
            .refuses(&[Code::Conflict]),
        Entry::post("/token/retire-older", own_token::retire_older)
            .called(Tag::Own, "retireOlder", "End the older strings")
            .says("This string stays; all lower-numbered ones end.")
            .answers(200, "The numbers of those that ended.", "Retired", json!({ "retired": [1] })),
    ]
}

/// Under `/api/v1`, for access tokens that manage.
pub fn managed() -> Vec<Entry> {
    let rows = [of_tokens(), of_one_token(), of_policy(), of_devices()].into_iter().flatten();
    rows.map(within_a_workgroup).collect()
}

/// The same, whose bodies may list ten thousand devices.
pub fn of_groups() -> Vec<Entry> {
    [of_all_groups(), of_one_group()].into_iter().flatten().map(within_a_workgroup).collect()
}

/// What stands before every call in a workgroup: the kind of the token, what it may, and whose the workgroup is.
fn within_a_workgroup(entry: Entry) -> Entry {
    entry.refuses(&[Code::WrongTokenType, Code::InsufficientPermissions, Code::NotFound])
}

fn of_tokens() -> Vec<Entry> {
    let status = shapes::codes(TokenStatus::ALL.map(TokenStatus::code)).build();
    let revoked = shapes::codes(["1", "true", "on", "0", "false", "off"]).build();
    const UNUSED: &str = "`never`: only those that were never used. `unused60`: only those whose last use, or making if they \
         were never used, lies at least 60 days back; any number of days will do. Revoked ones are not among them.";
    vec![
        Entry::get(TOKENS, tokens::list)
            .called(Tag::Tokens, "listTokens", "List tokens")
            .with(query("status", "Only those of this status.", status))
            .with(query("revoked", "Whether revoked ones are listed, too.", revoked))
            .with(query("use", UNUSED, shapes::unused()))
            .answers(200, "A page of tokens, soonest expiry first; those that never expire last.", "Tokens", items(examples::token()))
            .listed("Part of an owner, a name, an e-mail address or a hint."),
        Entry::post(TOKENS, tokens::create)
            .called(Tag::Tokens, "createToken", "Issue a token")
            .says("Nobody grants what they do not hold: only permissions of the calling token, and only its device group.")
            .takes("NewToken", examples::new_token())
            .answers(201, "The token, with its string in `token`.", "IssuedToken", examples::issued())
            .reveals()
            .once(),
    ]
}

fn of_one_token() -> Vec<Entry> {
    vec![
        Entry::get(TOKEN, tokens::show)
            .called(Tag::Tokens, "showToken", "Show a token")
            .answers(200, "The token.", "Token", examples::token()),
        Entry::patch(TOKEN, tokens::edit)
            .called(Tag::Tokens, "editToken", "Edit a token")
            .says("Permissions and device group never change; a new lifetime counts for future strings.")
            .takes("TokenChanges", json!({ "version": 1, "name": "staging" }))
            .answers(200, "The token as it is now.", "Token", examples::token())
            .refuses(&[Code::LegacyToken]),
        Entry::post("/workgroups/{workgroup}/tokens/{id}/reissue", tokens::reissue)
            .called(Tag::Tokens, "reissueToken", "Reissue a token")
            .says("A new string with a fresh expiry and today's settings.")
            .may_take("Reissue", json!({ "older": "24h" }))
            .answers(200, "The token, with its new string in `token`.", "IssuedToken", examples::issued())
            .reveals()
            .refuses(&[Code::LegacyToken])
            .once(),
        Entry::post("/workgroups/{workgroup}/tokens/{id}/revoke", tokens::revoke)
            .called(Tag::Tokens, "revokeToken", "Revoke a token")
            .says("Every string of the token stops, for good.")
            .answers(200, "The token as it is now.", "Token", examples::revoked())
            .once(),
        Entry::post("/workgroups/{workgroup}/tokens/{id}/strings/{number}/retire", tokens::retire)
            .called(Tag::Tokens, "retireString", "End one string of a token")
            .says("Any live string but the newest.")
            .answers(200, "The token as it is now.", "Token", examples::token())
            .once(),
    ]
}

fn of_policy() -> Vec<Entry> {
    vec![
        Entry::get(POLICY, policy::show)
            .called(Tag::Policy, "showPolicy", "Show the policy")
            .says("For access tokens that hold `access.manage`.")
            .answers(200, "The policy.", "Policy", examples::policy()),
        Entry::patch(POLICY, policy::edit)
            .called(Tag::Policy, "editPolicy", "Edit the policy: refused")
            .says("Only people who own the workgroup edit its policy, on its page. No token does: this is always refused.")
            .answers(200, "Never: the policy.", "Policy", examples::policy()),
    ]
}

fn of_devices() -> Vec<Entry> {
    vec![
        Entry::get(DEVICES, devices::list)
            .called(Tag::Devices, "listDevices", "List devices")
            .answers(200, "A page of devices.", "Devices", items(examples::device()))
            .listed("Part of an id, a name or the metadata."),
        Entry::post(DEVICES, devices::create)
            .called(Tag::Devices, "createDevice", "Register a device")
            .takes("NewDevice", examples::new_device())
            .answers(
                201,
                "Its first token, with the string in `token`.",
                "RegisteredDevice",
                examples::registered(),
            )
            .reveals()
            .once(),
        Entry::get(DEVICE, devices::show)
            .called(Tag::Devices, "showDevice", "Show a device")
            .answers(200, "The device.", "Device", examples::device()),
        Entry::patch(DEVICE, devices::edit)
            .called(Tag::Devices, "editDevice", "Edit a device")
            .takes("DeviceChanges", json!({ "version": 1, "name": "Pump 1 (north)" }))
            .answers(200, "The device as it is now.", "Device", examples::device()),
        Entry::delete(DEVICE, devices::remove)
            .called(Tag::Devices, "removeDevice", "Remove a device")
            .says("Its tokens are revoked.")
            .answers_nothing(204, "It is gone.")
            .refuses(&[Code::Conflict]),
    ]
}

fn of_all_groups() -> Vec<Entry> {
    vec![
        Entry::get(GROUPS, device_groups::list)
            .called(Tag::Groups, "listDeviceGroups", "List device groups")
            .answers(200, "A page of device groups.", "DeviceGroups", items(examples::group()))
            .listed("Part of a name."),
        Entry::post(GROUPS, device_groups::create)
            .called(Tag::Groups, "createDeviceGroup", "Make a device group")
            .takes("NewDeviceGroup", examples::new_group())
            .answers(201, "The device group.", "DeviceGroup", examples::group())
            .once(),
    ]
}

fn of_one_group() -> Vec<Entry> {
    vec![
        Entry::get(GROUP, device_groups::show)
            .called(Tag::Groups, "showDeviceGroup", "Show a device group")
            .answers(200, "The device group.", "DeviceGroup", examples::group()),
        Entry::patch(GROUP, device_groups::edit)
            .called(Tag::Groups, "editDeviceGroup", "Edit a device group")
            .says("Counts at once for every token and member bound to it; `dry_run` says beforehand what it would do.")
            .takes("DeviceGroupChanges", json!({ "version": 1, "name": "North" }))
            .answers(200, "The device group as it is now, or what the edit would do.", "EditedGroup", examples::group()),
        Entry::delete(GROUP, device_groups::remove)
            .called(Tag::Groups, "removeDeviceGroup", "Remove a device group")
            .answers_nothing(204, "It is gone.")
            .refuses(&[Code::Conflict]),
    ]
}

/// Route policies, a long text.
pub fn of_routes() -> Vec<Entry> {
    const PATH: &str = "/workgroups/{workgroup}/routes";
    let rows = vec![
        Entry::get(PATH, routes::show)
            .called(Tag::Policy, "showRoutes", "Show the route policies")
            .says("For access tokens that hold `access.manage` in the whole workgroup.")
            .answers(200, "The text, and what its lines mean.", "Routes", examples::routes()),
        Entry::put(PATH, routes::set)
            .called(Tag::Policy, "setRoutes", "Set the route policies")
            .says("For access tokens that hold `access.manage` in the whole workgroup, and every permission that the lines ask for which \
                 stand and which are to stand. `routes` replaces the whole text; null leaves the workgroup without route policies. \
                 `family` may be left out where one stands.")
            .takes("NewRoutes", examples::new_routes())
            .answers(200, "The text as it stands now, and what its lines mean.", "Routes", examples::routes())
            .refuses(&[Code::Conflict]),
        Entry::post("/workgroups/{workgroup}/routes/try", routes::try_out)
            .called(Tag::Policy, "tryRoutes", "Try a request")
            .says("What a token would be answered; with `routes` by that text, which is not kept.")
            .takes("Trial", examples::trial())
            .answers(200, "The verdict, and the line that decides.", "RouteVerdict", examples::route_verdict()),
    ];
    rows.into_iter().map(within_a_workgroup).collect()
}

/// Under `/api/v1`, for anybody.
pub fn document() -> Vec<Entry> {
    vec![
        Entry::get("/openapi.json", openapi::show)
            .called(Tag::Installation, "showDocument", "This document")
            .public()
            .answers_as(
                200,
                "The document.",
                "application/json",
                Some(shapes::object().into()),
                None,
            )
            .answers_nothing(304, "It is the one that `If-None-Match` names.")
            .sends("ETag", shapes::etag_header())
            .refuses(&[Code::Internal]),
    ]
}

/// At the root, for anybody on the listen address.
pub fn installation() -> Vec<Entry> {
    const APART: &str = "For Prometheus. On an address of its own where the settings give it one.";
    vec![
        Entry::get("/healthz", health::alive)
            .called(Tag::Installation, "alive", "Whether the process answers")
            .public()
            .answers(200, "It does.", "Alive", json!({ "status": "alive" })),
        Entry::get("/readyz", health::ready)
            .called(Tag::Installation, "ready", "Whether it does its work")
            .says("The database, the last sweep, the oldest unsent letter.")
            .public()
            .answers(200, "It does.", "Readiness", examples::readiness())
            .answers_as(
                503,
                "It does not; `faults` says why.",
                "application/json",
                Some(reference("Readiness")),
                Some(examples::no_readiness()),
            ),
        Entry::get(METRICS, metrics::read)
            .called(Tag::Installation, "metrics", "What is counted")
            .says(APART)
            .public()
            .answers_as(
                200,
                "Lines for Prometheus.",
                "text/plain",
                Some(shapes::any().into()),
                None,
            )
            .answers_as(200, "", "application/openmetrics-text", Some(shapes::any().into()), None)
            .refuses(&[Code::Internal]),
    ]
}
