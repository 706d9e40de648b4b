//! Examples of refusals: each as a caller of that very kind of call reads it.

use super::super::entry::Tag;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Time;
use crate::server::http::problem;
use serde_json::Value;

/// What the examples of a group of calls speak of.
struct Sample {
    /// The permission that is missing, and how it is called.
    permission: (&'static str, &'static str),
    /// What is not there.
    thing: &'static str,
    /// A field that is wrong, and why.
    field: (&'static str, &'static str),
}

impl Sample {
    fn of(tag: Tag) -> Sample {
        let manages_access = ("access.manage", "Manage access");
        let manages_devices = ("devices.manage", "Manage devices");
        let name = ("name", "At most 80 characters; these are 81.");
        let (permission, thing, field) = match tag {
            Tag::Verify => (
                ("devices.control", "Control devices"),
                "device",
                ("token", "Send the token string that is to be examined."),
            ),
            Tag::Devices => (manages_devices, "device", name),
            Tag::Groups => (manages_devices, "device group", name),
            Tag::Policy => {
                (manages_access, "workgroup", ("path", "Write a path, such as /devices/pump-1."))
            }
            Tag::Own | Tag::Tokens | Tag::Installation => {
                (manages_access, "token", ("email", "Write one e-mail address."))
            }
        };
        Sample { permission, thing, field }
    }
}

/// A refusal of this code as a caller reads it.
pub fn refused(code: Code, status: u16, tag: Tag) -> Value {
    let Sample { permission, thing, field } = Sample::of(tag);
    let plain = Refusal::new(code, detail(code));
    let refusal = match code {
        Code::InvalidInput => Refusal::field(field.0, field.1),
        Code::NotFound => Refusal::not_found(thing),
        Code::UnsupportedMediaType if tag == Tag::Verify => Refusal::new(
            code,
            "Send the token as a form: Content-Type application/x-www-form-urlencoded, token=….",
        ),
        Code::TooLarge => Refusal::new(code, too_large(tag)),
        Code::Conflict => Refusal::conflict(format!(
            "Somebody changed the {thing} after you read it. Read it again, then repeat your change."
        )),
        Code::InsufficientPermissions => Refusal::missing_permission(
            permission.0,
            format!("This needs the permission {}.", permission.1),
        ),
        Code::TokenExpired => Refusal { expired_at: Time::parse("2026-11-20T10:00:00Z"), ..plain },
        Code::RateLimited => Refusal { retry_after: Some(3), ..plain },
        Code::RenewedTooOften => Refusal { retry_after: Some(86_400), ..plain },
        Code::Unavailable => Refusal { retry_after: Some(1), ..plain },
        Code::Internal => Refusal::internal(),
        _ => plain,
    };
    problem::body(&refusal, status)
}

/// By what the calls take: a form, lists of devices or lines, or one thing.
fn too_large(tag: Tag) -> &'static str {
    match tag {
        Tag::Verify => "The form is larger than 16 KiB.",
        Tag::Groups | Tag::Policy => "The body is larger than 2 MiB.",
        _ => "The body is larger than 64 KiB.",
    }
}

/// A sentence such as the code comes with.
fn detail(code: Code) -> &'static str {
    match code {
        Code::DuplicateCredentials => {
            "The request carries two Authorization headers. Send exactly one."
        }
        Code::MissingToken => {
            "This call needs a token in the header “Authorization: Bearer <token string>”."
        }
        Code::MissingBearerPrefix => {
            "The Authorization header must be “Bearer <token string>”; the word Bearer is missing."
        }
        Code::MalformedToken => {
            "This is not a token string: its checksum does not fit. Copy the whole string again."
        }
        Code::InvalidToken => {
            "No token has this string. It may belong to another installation, or have been removed long ago."
        }
        Code::TokenExpired => {
            "This token string (#1) expired on 20 November 2026, 10:00 UTC. Use a newer string, or ask the workgroup's owners for one."
        }
        Code::TokenRevoked => {
            "This token was revoked; none of its strings opens anything. Ask the workgroup's owners for a new token."
        }
        Code::TokenSuperseded => {
            "This token string (#1) was retired before its expiry. Use a newer string of the same token."
        }
        Code::WrongTokenType => "This call needs an access token; this is a device token.",
        Code::RenewalNotEnabled => {
            "Renewal is not turned on for this token. Ask the workgroup's owners for a new string."
        }
        Code::LegacyToken => {
            "A legacy token cannot be edited, renewed or reissued. Replace it by a new token."
        }
        Code::UnsupportedMediaType => {
            "Send the body as JSON, with the header “Content-Type: application/json”."
        }
        Code::RateLimited => {
            "This token may make 600 requests a minute and has made them. Try again in 3 s."
        }
        Code::RenewedTooOften => {
            "This token already has 10 live strings. Use one of them, retire older ones, or wait until one ends."
        }
        Code::Unavailable => {
            "Latchkey cannot hear from its database, so nothing is allowed at the moment. Try again soon."
        }
        other => other.title(),
    }
}
