//! A refusal as the API answers it: problem details (RFC 9457), `WWW-Authenticate` (RFC 6750, section 3), `Retry-After`.

use super::metrics::Refused;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::token::MOST_LIVE_STRINGS;
use crate::server::error::Error;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// What an API handler fails with.
#[derive(Debug)]
pub struct Problem(pub Refusal);

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        Problem(refusal)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        Problem(error.into_refusal())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.0.code.status();
        answer(&self.0, status)
    }
}

/// The same for a proxy that takes nothing but 2xx, 401 and 403 from its auth call: every fault of the client is one of the two, and
/// the true code stands in the body and in `X-Latchkey-Code`. `full`: the proxy passes every status on.
pub fn for_proxy(refusal: &Refusal, full: bool) -> Response {
    let status = if full { refusal.code.status() } else { proxied(refusal.code.status()) };
    let mut response = answer(refusal, status);
    let code = HeaderValue::from_static(refusal.code.as_str());
    response.headers_mut().insert("x-latchkey-code", code);
    response
}

/// What such a proxy is answered in the place of this status.
pub fn proxied(status: u16) -> u16 {
    match status {
        400 => 401,
        404..=499 => 403,
        status => status,
    }
}

fn answer(refusal: &Refusal, status: u16) -> Response {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (code, body(refusal, status).to_string()).into_response();
    response.extensions_mut().insert(Refused::from(refusal));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(challenge) = challenge(refusal, status) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    if let Some(seconds) = refusal.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    }
    if refusal.code == Code::RenewedTooOften {
        let seconds = refusal.retry_after.unwrap_or_default();
        limit(headers, &format!("\"live-strings\";q={MOST_LIVE_STRINGS}"), seconds);
    }
    response
}

/// A quota that is used up, in the RateLimit fields (draft-ietf-httpapi-ratelimit-headers-10, section 3). `policy`: its name in
/// quotation marks with its parameters.
pub fn limit(headers: &mut HeaderMap, policy: &str, seconds: i64) {
    let name = policy.split(';').next().unwrap_or_default();
    let left = format!("{name};r=0;t={}", seconds.max(1));
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", &left)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
}

/// The body of a refusal that is answered with this status (RFC 9457, section 3).
pub fn body(refusal: &Refusal, status: u16) -> Value {
    let code = refusal.code;
    let mut body = json!({
        "type": format!("urn:latchkey:problem:{}", code.as_str()),
        "title": code.title(),
        "status": status,
        "detail": refusal.detail,
        "code": code.as_str(),
    });
    if !refusal.errors.is_empty() {
        body["errors"] = json!(refusal.errors);
    }
    if let Some(permission) = &refusal.required_permission {
        body["required_permission"] = json!(permission);
    }
    if let Some(at) = refusal.expired_at {
        body["expired_at"] = json!(at.rfc3339());
    }
    if let Some(seconds) = refusal.retry_after {
        body["retry_after"] = json!(seconds.max(1));
    }
    body
}

/// The challenge of a 401 or 403. A request without a token is told no error (RFC 6750, section 3.1).
fn challenge(refusal: &Refusal, status: u16) -> Option<HeaderValue> {
    let realm = "Bearer realm=\"latchkey\"";
    let code = refusal.code;
    let error = match (code, status) {
        (Code::MissingToken | Code::MissingBearerPrefix, _) => {
            return Some(HeaderValue::from_static(realm));
        }
        (Code::SignInRequired | Code::CrossSiteRequest, _) => return None,
        // RFC 6750, section 3.1: more than one method was used.
        (Code::DuplicateCredentials, 401) => "invalid_request",
        (_, 401) => "invalid_token",
        (_, 403) => "insufficient_scope",
        _ => return None,
    };
    let mut text =
        format!("{realm}, error=\"{error}\", error_description=\"{}\"", plain(&refusal.detail));
    if let Some(scope) = &refusal.required_permission {
        text.push_str(&format!(", scope=\"{}\"", plain(scope)));
    }
    HeaderValue::from_str(&text).ok()
}

/// The characters that `error_description` may hold: printable ASCII without quote and backslash.
fn plain(text: &str) -> String {
    let fits = |c: &char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
    text.replace('…', "...").chars().filter(fits).collect()
}
