//! The rows of the two calls that other APIs make: authorize and introspect.

use super::entry::{Entry, Tag, query};
use super::refusals::header;
use super::shapes::{self, examples};
use super::{authorize, introspect};
use crate::domain::refusal::Code;
use crate::domain::routes::Family;
use axum::routing::MethodFilter;
use utoipa::openapi::path::HttpMethod;
use utoipa::openapi::schema::Type;

/// What a 204 of authorize says, beside when the string ends.
const TOLD: [(&str, &str); 8] = [
    ("X-Latchkey-Token", "The token's id."),
    ("X-Latchkey-Kind", "`access`, `device` or `legacy`."),
    (
        "X-Latchkey-Owner",
        "The token's owner; what is not ASCII is percent-encoded UTF-8, and so is the percent sign.",
    ),
    (
        "X-Latchkey-Workgroup",
        "The workgroup's short name. Check it where the call names no workgroup.",
    ),
    ("X-Latchkey-Permissions", "Its permissions, with a blank between them."),
    (
        "X-Latchkey-Device",
        "The device that it belongs to, by its external id, encoded like the owner.",
    ),
    (
        "X-Latchkey-Device-Group",
        "The name of the device group that it is bound to, encoded like the owner.",
    ),
    (
        "X-Latchkey-Legacy-Scopes",
        "The scopes of a legacy token, with a blank between them; never permissions.",
    ),
];

/// Any method is judged alike; the document names those that it can.
pub fn authorizing() -> Vec<Entry> {
    let methods = [
        (HttpMethod::Get, MethodFilter::GET, "authorize"),
        (HttpMethod::Post, MethodFilter::POST, "authorizeByPost"),
        (HttpMethod::Put, MethodFilter::PUT, "authorizeByPut"),
        (HttpMethod::Patch, MethodFilter::PATCH, "authorizeByPatch"),
        (HttpMethod::Delete, MethodFilter::DELETE, "authorizeByDelete"),
        (HttpMethod::Options, MethodFilter::OPTIONS, "authorizeByOptions"),
    ];
    methods.map(|(method, filter, id)| authorizing_by((method, filter), id)).into()
}

fn authorizing_by(method: (HttpMethod, MethodFilter), id: &'static str) -> Entry {
    const WHAT: &str = "For proxies (forward-auth): the caller's own Authorization header is sent on. Any method is judged alike. Every fault of the \
         client is 401 or 403, with the true code in the body and in `X-Latchkey-Code`; `statuses=full` asks for the \
         statuses of the codes. Name the workgroup: without it a token of any workgroup passes, and the API has to check \
         `X-Latchkey-Workgroup` itself.";
    let entry = Entry::other(method, "/authorize", authorize::authorize)
        .called(Tag::Verify, id, "May this token do this?")
        .says(WHAT)
        .with(query(
            "workgroup",
            "Whose API this is; a token of another one is `invalid_token`.",
            shapes::any(),
        ))
        .with(query("permission", "What the token must hold. May be repeated.", shapes::any()))
        .with(query(
            "device",
            "The device's external id, or `any` if the API itself looks at the headers.",
            shapes::any(),
        ))
        .with(query(
            "kind",
            "Which tokens belong here.",
            shapes::codes(["access", "device"]).build(),
        ))
        .with(query(
            "statuses",
            "For proxies that pass every status on.",
            shapes::codes(["full"]).build(),
        ))
        .answers_nothing(204, "It may. Whose it is stands in the headers.")
        .refuses(&[
            Code::WrongTokenType,
            Code::InsufficientPermissions,
            Code::NotFound,
            Code::InvalidInput,
            Code::RateLimited,
            Code::Unavailable,
        ])
        .proxied();
    let entry = Family::ALL.into_iter().fold(entry, |entry, family| {
        let (method, uri) = family.headers();
        let asked = |name, what| shapes::asked_of_the_proxy(name, what, family);
        entry
            .with(asked(method, "The method that was asked of the proxy"))
            .with(asked(uri, "The path and query that were asked of the proxy"))
    });
    let entry = entry.sends("Cache-Control", header("`no-store`.", Type::String));
    TOLD.iter().fold(entry, |entry, (name, what)| entry.sends(name, header(what, Type::String)))
}

pub fn introspecting() -> Vec<Entry> {
    const WHAT: &str = "RFC 7662, for access tokens that hold `tokens.introspect`. Of anything but a live token of the caller's \
         own workgroup nothing is told: `{\"active\":false}`. The token examined is charged, never its caller.";
    vec![
        Entry::post("/introspect", introspect::introspect)
            .called(Tag::Verify, "introspect", "What is this token, and may it?")
            .says(WHAT)
            .takes_form("Question", examples::question())
            .answers(200, "What is told of it.", "Introspection", examples::introspection())
            .refuses(&[Code::WrongTokenType, Code::InsufficientPermissions, Code::Unavailable]),
    ]
}
