//! What a caller may read when something is refused: the closed list of codes and the one sentence beside them.

use super::time::Time;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Every code of a refusal, as programs meet it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    DuplicateCredentials,
    MissingToken,
    MissingBearerPrefix,
    MalformedToken,
    InvalidToken,
    TokenExpired,
    TokenRevoked,
    TokenSuperseded,
    /// A page or server function was asked for without a session.
    SignInRequired,
    WrongTokenType,
    InsufficientPermissions,
    RenewalNotEnabled,
    LegacyToken,
    /// A change that did not come from one of our own pages.
    CrossSiteRequest,
    NotFound,
    MethodNotAllowed,
    Conflict,
    TooLarge,
    UnsupportedMediaType,
    InvalidInput,
    RateLimited,
    RenewedTooOften,
    Unavailable,
    /// Stays the last.
    Internal,
}

impl Code {
    /// All of them, in the order above. The length follows from the last one: one more above it, and this does not compile
    /// until it stands here, too.
    pub const ALL: [Code; Code::Internal as usize + 1] = [
        Code::DuplicateCredentials,
        Code::MissingToken,
        Code::MissingBearerPrefix,
        Code::MalformedToken,
        Code::InvalidToken,
        Code::TokenExpired,
        Code::TokenRevoked,
        Code::TokenSuperseded,
        Code::SignInRequired,
        Code::WrongTokenType,
        Code::InsufficientPermissions,
        Code::RenewalNotEnabled,
        Code::LegacyToken,
        Code::CrossSiteRequest,
        Code::NotFound,
        Code::MethodNotAllowed,
        Code::Conflict,
        Code::TooLarge,
        Code::UnsupportedMediaType,
        Code::InvalidInput,
        Code::RateLimited,
        Code::RenewedTooOften,
        Code::Unavailable,
        Code::Internal,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Code::DuplicateCredentials => "duplicate_credentials",
            Code::MissingToken => "missing_token",
            Code::MissingBearerPrefix => "missing_bearer_prefix",
            Code::MalformedToken => "malformed_token",
            Code::InvalidToken => "invalid_token",
            Code::TokenExpired => "token_expired",
            Code::TokenRevoked => "token_revoked",
            Code::TokenSuperseded => "token_superseded",
            Code::SignInRequired => "sign_in_required",
            Code::WrongTokenType => "wrong_token_type",
            Code::InsufficientPermissions => "insufficient_permissions",
            Code::RenewalNotEnabled => "renewal_not_enabled",
            Code::LegacyToken => "legacy_token",
            Code::CrossSiteRequest => "cross_site_request",
            Code::NotFound => "not_found",
            Code::MethodNotAllowed => "method_not_allowed",
            Code::Conflict => "conflict",
            Code::TooLarge => "too_large",
            Code::UnsupportedMediaType => "unsupported_media_type",
            Code::InvalidInput => "invalid_input",
            Code::RateLimited => "rate_limited",
            Code::RenewedTooOften => "renewed_too_often",
            Code::Unavailable => "unavailable",
            Code::Internal => "internal_error",
        }
    }

    /// The HTTP status that goes with the code (RFC 9110, section 15).
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Code::DuplicateCredentials => 400,
            Code::MissingToken
            | Code::MissingBearerPrefix
            | Code::MalformedToken
            | Code::InvalidToken
            | Code::TokenExpired
            | Code::TokenRevoked
            | Code::TokenSuperseded
            | Code::SignInRequired => 401,
            Code::WrongTokenType
            | Code::InsufficientPermissions
            | Code::RenewalNotEnabled
            | Code::LegacyToken
            | Code::CrossSiteRequest => 403,
            Code::NotFound => 404,
            Code::MethodNotAllowed => 405,
            Code::Conflict => 409,
            Code::TooLarge => 413,
            Code::UnsupportedMediaType => 415,
            Code::InvalidInput => 422,
            Code::RateLimited | Code::RenewedTooOften => 429,
            Code::Internal => 500,
            Code::Unavailable => 503,
        }
    }

    /// A short title, the same for every refusal of the code (RFC 9457, section 3.1.3).
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Code::DuplicateCredentials => "Two Authorization headers",
            Code::MissingToken => "No token was sent",
            Code::MissingBearerPrefix => "The Authorization header is not a Bearer one",
            Code::MalformedToken => "Not a token string",
            Code::InvalidToken => "Unknown token",
            Code::TokenExpired => "The token string has expired",
            Code::TokenRevoked => "The token was revoked",
            Code::TokenSuperseded => "The token string was replaced",
            Code::SignInRequired => "Sign in first",
            Code::WrongTokenType => "Wrong kind of token",
            Code::InsufficientPermissions => "A permission is missing",
            Code::RenewalNotEnabled => "This token cannot be renewed",
            Code::LegacyToken => "A legacy token cannot do this",
            Code::CrossSiteRequest => "The request came from another site",
            Code::NotFound => "Not found",
            Code::MethodNotAllowed => "Method not allowed",
            Code::Conflict => "In conflict with the present state",
            Code::TooLarge => "The body is too large",
            Code::UnsupportedMediaType => "Unsupported media type",
            Code::InvalidInput => "Some of the input is not valid",
            Code::RateLimited => "Too many requests",
            Code::RenewedTooOften => "Too many live strings",
            Code::Unavailable => "Not available at the moment",
            Code::Internal => "Something failed on our side",
        }
    }
}

/// What is wrong with one field of a form or one member of a JSON body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

/// A refusal: the caller may read all of it. Faults of ours never become one, but for [`Code::Internal`] without detail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub code: Code,
    /// What was wrong and what to do, in a sentence.
    pub detail: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_permission: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired_at: Option<Time>,
    /// Seconds after which the same call may succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<i64>,
}

impl Refusal {
    pub fn new(code: Code, detail: impl Into<String>) -> Refusal {
        Refusal {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            required_permission: None,
            expired_at: None,
            retry_after: None,
        }
    }

    /// 404, whatever the reason: what the caller may not see does not exist.
    pub fn not_found(what: &str) -> Refusal {
        Refusal::new(Code::NotFound, format!("There is no such {what} here."))
    }

    pub fn conflict(detail: impl Into<String>) -> Refusal {
        Refusal::new(Code::Conflict, detail)
    }

    pub fn missing_permission(name: &str, detail: impl Into<String>) -> Refusal {
        Refusal {
            required_permission: Some(name.to_owned()),
            ..Refusal::new(Code::InsufficientPermissions, detail)
        }
    }

    /// One wrong field.
    pub fn field(field: &str, message: impl Into<String>) -> Refusal {
        let mut errors = FieldErrors::default();
        errors.add(field, message);
        errors.into_refusal()
    }

    pub fn internal() -> Refusal {
        Refusal::new(
            Code::Internal,
            "Latchkey could not finish this. Nothing was changed; try again in a moment.",
        )
    }

    /// The message for one field, if it was refused.
    #[must_use]
    pub fn message_for(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)?;
        self.errors.iter().try_for_each(|error| write!(f, " {}: {}", error.field, error.message))
    }
}

impl std::error::Error for Refusal {}

/// Gathers everything that is wrong with an input, so that all of it is said at once.
#[derive(Debug, Default)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    /// Keeps the value, or notes the message and gives nothing.
    pub fn take<T>(&mut self, field: &str, result: Result<T, impl Into<String>>) -> Option<T> {
        result.map_err(|message| self.add(field, message)).ok()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether something was said of this field.
    #[must_use]
    pub fn names(&self, field: &str) -> bool {
        self.0.iter().any(|error| error.field == field)
    }

    /// Together with what another check found, one message a field.
    #[must_use]
    pub fn and(mut self, others: Vec<FieldError>) -> FieldErrors {
        for error in others {
            if !self.names(&error.field) {
                self.0.push(error);
            }
        }
        self
    }

    #[must_use]
    pub fn into_refusal(self) -> Refusal {
        let count = self.0.len();
        let detail = if count == 1 {
            "One field is not valid; nothing was changed.".to_owned()
        } else {
            format!("{count} fields are not valid; nothing was changed.")
        };
        Refusal { errors: self.0, ..Refusal::new(Code::InvalidInput, detail) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_code_stands_in_its_place_and_has_a_name_of_its_own() {
        for (place, code) in Code::ALL.into_iter().enumerate() {
            assert_eq!(code as usize, place, "{}", code.as_str());
        }
        let names: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
