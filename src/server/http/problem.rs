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
        let refusal = self.0;
        let status = StatusCode::from_u16(refusal.code.status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, body(&refusal).to_string()).into_response();
        response.extensions_mut().insert(Refused::from(&refusal));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(challenge) = challenge(&refusal) {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = refusal.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        if refusal.code == Code::RenewedTooOften {
            limit(headers, refusal.retry_after.unwrap_or_default().max(1));
        }
        response
    }
}

/// The quota of live strings in the RateLimit fields (draft-ietf-httpapi-ratelimit-headers-10, section 3).
fn limit(headers: &mut HeaderMap, seconds: i64) {
    let policy = format!("\"live-strings\";q={MOST_LIVE_STRINGS}");
    let left = format!("\"live-strings\";r=0;t={seconds}");
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
}

fn body(refusal: &Refusal) -> Value {
    let code = refusal.code;
    let mut body = json!({
        "type": format!("urn:latchkey:problem:{}", code.as_str()),
        "title": code.title(),
        "status": code.status(),
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
fn challenge(refusal: &Refusal) -> Option<HeaderValue> {
    let realm = "Bearer realm=\"latchkey\"";
    let code = refusal.code;
    let error = match (code, code.status()) {
        (Code::MissingToken | Code::MissingBearerPrefix, _) => {
            return Some(HeaderValue::from_static(realm));
        }
        (Code::SignInRequired | Code::CrossSiteRequest, _) => return None,
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
