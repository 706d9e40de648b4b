//! `POST /api/v1/introspect` (RFC 7662): for APIs that ask themselves instead of standing behind a proxy.

use super::super::problem::Problem;
use super::super::router::Web;
use super::super::{bearer, client};
use super::authorize::{device, ends};
use crate::domain::demand::Demand;
use crate::domain::refusal::{Code, FieldErrors, Refusal};
use crate::domain::time::Time;
use crate::domain::token::Kind;
use crate::server::metrics::Answered;
use crate::server::state::AppState;
use crate::server::tokens::authorize::{Asked, Denied, of_live};
use crate::server::tokens::introspect::{self, Active};
use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Limited};
use serde::Serialize;
use serde_json::json;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::pin::pin;
use tokio::time::Instant;
use uuid::fmt::Hyphenated;

/// Bytes of the form.
const MOST_QUESTION: usize = 16 * 1024;

/// Bytes that hold what is told of most tokens.
const ROOM: usize = 1024;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What the form asks.
struct Question<'a> {
    token: Cow<'a, str>,
    demand: Option<Demand>,
}

pub async fn introspect(State(web): State<Web>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    answer(&web.app, peer, &parts.headers, read(body).await)
}

pub fn answer(
    app: &AppState,
    peer: Option<SocketAddr>,
    headers: &HeaderMap,
    body: Result<Bytes, BoxError>,
) -> Response {
    let began = Instant::now();
    let found = found(app, peer, headers, body);
    let answered = match &found {
        Ok((_, None)) => Answered::Inactive,
        Ok((_, Some(Active { allowed: Some(Err(refusal)), .. }))) => {
            Answered::Refused(refusal.code)
        }
        Ok(_) => Answered::Allowed,
        Err(denied) => Answered::Refused(denied.refusal.code),
    };
    app.metrics.introspected(answered, began.elapsed());
    let (ends_at, response) = match found {
        Ok((ends_at, active)) => (Some(ends_at), told(active.as_ref())),
        Err(denied) => (denied.live, Problem(*denied.refusal).into_response()),
    };
    finished(ends_at, response)
}

/// The form, as a rule in one piece that came with the head.
pub async fn read<B>(body: B) -> Result<Bytes, BoxError>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let mut body = pin!(Limited::new(body, MOST_QUESTION));
    let first = body.frame().await.transpose()?.and_then(|frame| frame.into_data().ok());
    let first = first.unwrap_or_default();
    if body.is_end_stream() {
        return Ok(first);
    }
    let mut all = first.to_vec();
    all.extend_from_slice(&body.collect().await?.to_bytes());
    Ok(all.into())
}

fn told(active: Option<&Active>) -> Response {
    let mut text = Vec::with_capacity(ROOM);
    let written = match active {
        Some(active) => {
            let mut id = [0; Hyphenated::LENGTH];
            serde_json::to_writer(&mut text, &Facts::of(active, &mut id))
        }
        None => serde_json::to_writer(&mut text, &json!({ "active": false })),
    };
    if written.is_err() {
        return Problem(Refusal::internal()).into_response();
    }
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// Every answer to a live string says when it ends.
fn finished(ends_at: Option<Option<Time>>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(ends_at) = ends_at {
        ends(headers, ends_at);
    }
    response
}

/// When the caller's own string ends, and what is told of the one examined.
fn found(
    app: &AppState,
    peer: Option<SocketAddr>,
    headers: &HeaderMap,
    body: Result<Bytes, BoxError>,
) -> Result<(Option<Time>, Option<Active>), Denied> {
    let own = bearer::text(headers)?;
    let address = client::address(&app.config, peer, headers);
    let now = app.now();
    let asked = Asked { text: &own, address: &address, workgroup: None };
    let caller = introspect::caller(app, asked, now)?;
    let too_large = |_| Refusal::new(Code::TooLarge, "The form is larger than 16 KiB.");
    let active = body.map_err(too_large).and_then(|body| {
        let question = Question::read(headers, &body)?;
        introspect::introspect(app, &caller, &question.token, &address, question.demand, now)
    });
    let active = active.map_err(|refusal| of_live(&caller, refusal))?;
    Ok((caller.ends_at, active))
}

impl<'a> Question<'a> {
    fn read(headers: &HeaderMap, body: &'a [u8]) -> Result<Question<'a>, Refusal> {
        let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media = media.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Refusal::new(
                Code::UnsupportedMediaType,
                "Send the token as a form: Content-Type application/x-www-form-urlencoded, token=….",
            ));
        }
        let (mut token, mut demand, mut wrong) = (None, None, FieldErrors::default());
        let mut devices = 0;
        for (name, value) in form_urlencoded::parse(body) {
            match name.as_ref() {
                "token" if token.is_some() => wrong.add("token", "Send one token."),
                "token" => token = Some(value),
                "permission" => {
                    demand.get_or_insert_with(Demand::default).permissions.push(value.into_owned());
                }
                "device" => {
                    devices += 1;
                    demand.get_or_insert_with(Demand::default).device = device(&value);
                }
                // RFC 7662, section 2.1: a hint, which may be ignored.
                "token_type_hint" => {}
                other => wrong.add(other, "There is no such field."),
            }
        }
        if devices > 1 {
            wrong.add("device", "Name one device.");
        }
        if token.is_none() {
            wrong.add("token", "Send the token string that is to be examined.");
        }
        match token {
            Some(token) if wrong.is_empty() => Ok(Question { token, demand }),
            _ => Err(wrong.into_refusal()),
        }
    }
}

/// The members of RFC 7662, section 2.2, and ours.
#[derive(Serialize)]
struct Facts<'a> {
    active: bool,
    token_type: &'static str,
    sub: &'a str,
    scope: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    id: &'a str,
    kind: &'static str,
    owner: &'a str,
    workgroup: &'a str,
    permissions: &'a BTreeSet<String>,
    device: Option<&'a str>,
    device_group: Option<&'a str>,
    expires_at: Option<String>,
    /// Of a legacy token alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    legacy_scopes: Option<&'a [String]>,
    /// Where something was asked, or too much.
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<i64>,
}

impl<'a> Facts<'a> {
    fn of(active: &'a Active, id: &'a mut [u8; Hyphenated::LENGTH]) -> Facts<'a> {
        let (live, grant) = (&active.live, active.live.grant());
        let id: &str = grant.id.hyphenated().encode_lower(id);
        let legacy = grant.kind() == Kind::Legacy;
        let refused = active.allowed.as_ref().and_then(|allowed| allowed.as_ref().err());
        Facts {
            active: true,
            token_type: "Bearer",
            sub: id,
            scope: &grant.permissions.text,
            exp: live.ends_at.map(|at| at.0),
            id,
            kind: grant.kind().code(),
            owner: &grant.owner,
            workgroup: &grant.home.slug,
            permissions: &grant.permissions.names,
            device: live.device(),
            device_group: live.group.as_ref().map(|group| group.name.as_str()),
            expires_at: live.ends_at.map(Time::rfc3339),
            legacy_scopes: legacy.then(|| grant.scopes()),
            allowed: active.allowed.as_ref().map(Result::is_ok),
            code: refused.map(|refusal| refusal.code.as_str()),
            detail: refused.map(|refusal| refusal.detail.as_str()),
            retry_after: refused.and_then(|refusal| Some(refusal.retry_after?.max(1))),
        }
    }
}
