//! What every call of the management has: a seat, a bounded body, an `Idempotency-Key`, pages of a list.

use super::super::problem::Problem;
use super::Bearer;
use crate::domain::refusal::{Code, FieldErrors, Refusal};
use crate::domain::rights::Seat;
use crate::server::secret::sha256;
use crate::server::state::AppState;
use crate::server::tokens::once::{Done, Once, Running};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// PostgreSQL keeps it in no text, so no text of ours holds it.
pub const NUL: &str = "The character U+0000 is not allowed.";

pub type Answer = Result<Response, Problem>;

/// The caller's seat in the workgroup of the address; another workgroup does not exist for it.
pub async fn seat(app: &AppState, bearer: &Bearer, workgroup: &str) -> Result<Seat, Problem> {
    if bearer.presented.workgroup.slug != workgroup {
        return Err(Refusal::not_found("workgroup").into());
    }
    let mut reader = app.db.read().await?;
    Ok(bearer.presented.seat(&mut reader).await?)
}

/// A page of a list, with the way to the next one (RFC 8288).
pub fn listed(
    items: &[Value],
    path: &str,
    mut asked: BTreeMap<String, String>,
    next: Option<String>,
) -> Response {
    let mut response = Json(json!({ "items": items })).into_response();
    if let Some(next) = next {
        asked.insert("cursor".to_owned(), next);
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(asked).finish();
        let link = format!("<{path}?{query}>; rel=\"next\"");
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().insert(header::LINK, link);
        }
    }
    response
}

/// Rows on a page: 20 unless the caller asks for 1 to 100. Beside it no text of the query may hold what none can.
pub fn limit(asked: &BTreeMap<String, String>, wrong: &mut FieldErrors) -> i64 {
    for (name, _) in asked.iter().filter(|(_, text)| text.contains('\0')) {
        wrong.add(name, NUL);
    }
    match asked.get("limit").map(|typed| typed.parse::<i64>()) {
        None => 20,
        Some(Ok(limit @ 1..=100)) => limit,
        Some(_) => {
            wrong.add("limit", "Write a whole number from 1 to 100.");
            20
        }
    }
}

/// A body within the limit, or 413.
///
/// `most`: the limit in words.
pub fn whole(body: Result<Bytes, BytesRejection>, most: &str) -> Result<Bytes, Refusal> {
    body.map_err(|_| Refusal::new(Code::TooLarge, format!("The body is larger than {most}.")))
}

/// A call with an `Idempotency-Key`, of which the same may not run at the same time.
pub struct Call {
    once: Option<Once>,
    _running: Option<Running>,
}

impl Call {
    pub fn of(
        app: &AppState,
        bearer: &Bearer,
        path: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Call, Refusal> {
        let Some(key) = headers.get("idempotency-key") else {
            return Ok(Call { once: None, _running: None });
        };
        let key = key.to_str().ok().filter(|key| (1..=255).contains(&key.len()));
        let key = key.ok_or_else(|| {
            Refusal::field("Idempotency-Key", "Write 1 to 255 printable ASCII characters.")
        })?;
        let once = Once {
            caller: format!("token:{}", bearer.presented.token.id),
            address: path.to_owned(),
            key: key.to_owned(),
            body_hash: sha256(body),
            reused,
        };
        let running = app.running.start(&once).ok_or_else(|| {
            Refusal::conflict(
                "The first call with this Idempotency-Key is still running. Ask again in a moment.",
            )
        })?;
        Ok(Call { once: Some(once), _running: Some(running) })
    }

    pub fn once(&self) -> Option<&Once> {
        self.once.as_ref()
    }
}

pub fn answer(done: Done<Value>) -> Response {
    match done {
        Done::New(value) => Json(value).into_response(),
        Done::Already(value) => {
            let mut response = Json(value).into_response();
            let yes = HeaderValue::from_static("true");
            response.headers_mut().insert("idempotency-replayed", yes);
            response
        }
    }
}

fn reused() -> Refusal {
    Refusal::new(
        Code::InvalidInput,
        "This Idempotency-Key was already used with another body. Use a new key for a new call.",
    )
}
