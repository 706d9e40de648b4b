//! A refusal as this API answers it: problem details (RFC 9457), with the challenge of RFC 6750 where a token is at fault.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Why not.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: u16,
    /// A word for programs; the same words as Latchkey's.
    pub code: String,
    /// A sentence for people.
    pub detail: String,
    pub required_permission: Option<String>,
    /// Seconds.
    pub retry_after: Option<u64>,
    /// Every wrong member of a body, with what is wrong.
    pub errors: Vec<(String, String)>,
}

impl Problem {
    pub fn new(status: u16, code: &str, detail: impl Into<String>) -> Problem {
        Problem {
            status,
            code: code.to_owned(),
            detail: detail.into(),
            required_permission: None,
            retry_after: None,
            errors: Vec::new(),
        }
    }

    /// Nobody can say at the moment: closed.
    pub fn unavailable(detail: &str) -> Problem {
        Problem { retry_after: Some(1), ..Problem::new(503, "unavailable", detail) }
    }

    pub fn not_found(what: &str) -> Problem {
        Problem::new(404, "not_found", format!("There is no such {what}."))
    }

    /// RFC 6750, section 3: a call without a token is told no error.
    fn challenge(&self) -> Option<String> {
        let error = match (self.status, self.code.as_str()) {
            (401, "missing_token" | "missing_bearer_prefix") => return Some(REALM.to_owned()),
            (400, "duplicate_credentials") => "invalid_request",
            (401, _) => "invalid_token",
            (403, _) => "insufficient_scope",
            _ => return None,
        };
        let scope = self.required_permission.as_ref().map(|name| format!(", scope=\"{name}\""));
        Some(format!("{REALM}, error=\"{error}\"{}", scope.unwrap_or_default()))
    }

    fn body(&self) -> Value {
        let status = StatusCode::from_u16(self.status).unwrap_or_default();
        let mut body = json!({
            "type": "about:blank",
            "title": status.canonical_reason(),
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        });
        if let Some(permission) = &self.required_permission {
            body["required_permission"] = json!(permission);
        }
        if let Some(seconds) = self.retry_after {
            body["retry_after"] = json!(seconds);
        }
        let errors = self.errors.iter();
        let errors: Vec<_> =
            errors.map(|(field, wrong)| json!({ "field": field, "message": wrong })).collect();
        if !errors.is_empty() {
            body["errors"] = json!(errors);
        }
        body
    }
}

const REALM: &str = "Bearer realm=\"fleet\"";

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let challenge = self.challenge().and_then(|text| HeaderValue::from_str(&text).ok());
        if let Some(challenge) = challenge {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        (status, headers, self.body().to_string()).into_response()
    }
}
