//! A token as JSON: the one shape that the HTTP API and the command line answer with. Times are RFC 3339 in UTC.

use crate::domain::answers::IssuedToken;
use crate::domain::time::Time;
use crate::domain::token::{NumberedString, Reach, Token};
use serde_json::{Value, json};

/// The token without any secret.
#[must_use]
pub fn token(token: &Token, now: Time) -> Value {
    let (group, device) = match &token.reach {
        Reach::Workgroup => (None, None),
        Reach::Group { name, .. } => (Some(name), None),
        Reach::Device { external_id, .. } => (None, Some(external_id)),
    };
    // #1 first: a program that looks for a number finds it where it expects it.
    let strings: Vec<_> = token.strings.iter().rev().map(string).collect();
    json!({
        "id": token.id,
        "kind": token.kind.code(),
        "owner": token.owner,
        "email": token.email,
        "name": token.name,
        "expires": token.lifetime.code(),
        "can_renew": token.can_renew,
        "permissions": token.permissions,
        "scopes": token.scopes,
        "device_group": group,
        "device": device,
        "note": token.note,
        "rate_limit": token.rate_limit,
        "status": token.status(now).code(),
        "hint": token.hint(),
        "expires_at": at(token.expires_at),
        "renew_from": at(token.renew_from()),
        "created_at": token.created_at.rfc3339(),
        "created_by": token.created_by,
        "revoked_at": at(token.revoked_at),
        "last_used_at": at(token.last_used_at()),
        "version": token.version,
        "strings": strings,
    })
}

/// The token with its new string, under `token`. `hint` and `expires_at` are those of that string: an older string of a
/// longer life may keep the token alive beyond it.
#[must_use]
pub fn issued(issued: &IssuedToken, now: Time) -> Value {
    let mut value = without_string(issued, now);
    value["token"] = issued.string.reveal().into();
    value
}

/// The same answer without the string: what a repetition of the call is told.
#[must_use]
pub fn without_string(issued: &IssuedToken, now: Time) -> Value {
    let mut value = token(&issued.token, now);
    let own = issued.token.strings.iter().find(|string| string.number == issued.number);
    if let Some(own) = own {
        value["hint"] = own.hint.as_str().into();
        value["expires_at"] = json!(at(own.expires_at));
    }
    if !issued.notes.is_empty() {
        value["notes"] = json!(issued.notes);
    }
    value
}

/// One of its strings, without the secret.
#[must_use]
pub fn string(string: &NumberedString) -> Value {
    json!({
        "number": string.number,
        "hint": string.hint,
        "origin": string.origin.code(),
        "issued_at": string.issued_at.rfc3339(),
        "expires_at": at(string.expires_at),
        "retired_at": at(string.retired_at),
        "last_used_at": at(string.last_used_at),
    })
}

fn at(time: Option<Time>) -> Option<String> {
    time.map(Time::rfc3339)
}
