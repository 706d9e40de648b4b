//! `POST /api/v1/introspect` (RFC 7662): for APIs that ask themselves instead of standing behind a proxy.

use super::super::problem::Problem;
use super::super::{bearer, client};
use super::authorize::device;
use crate::domain::demand::Demand;
use crate::domain::refusal::{Code, FieldErrors, Refusal};
use crate::domain::time::Time;
use crate::domain::token::Kind;
use crate::server::state::AppState;
use crate::server::tokens::authorize::Asked;
use crate::server::tokens::introspect::{self, Active};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::time::Instant;

/// What the form asks.
struct Question {
    token: SecretString,
    demand: Option<Demand>,
}

pub async fn introspect(
    State(app): State<AppState>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let began = Instant::now();
    let peer = peer.map(|Extension(info)| info.0);
    let answer = answer(&app, peer, &headers, body);
    let code = match &answer {
        Ok((_, None)) => "inactive",
        Ok((_, Some(Active { allowed: Some(Err(refusal)), .. }))) => refusal.code.as_str(),
        Ok(_) => "allowed",
        Err(refusal) => refusal.code.as_str(),
    };
    app.metrics.introspected(code, began.elapsed());
    match answer {
        Ok((ends, active)) => {
            let body = active.map_or_else(|| json!({ "active": false }), |active| facts(&active));
            let headers =
                [("cache-control", "no-store".to_owned()), ("x-latchkey-token-expires", ends)];
            (headers, Json(body)).into_response()
        }
        Err(refusal) => Problem(refusal).into_response(),
    }
}

/// When the caller's own string ends, and what is told of the one examined.
fn answer(
    app: &AppState,
    peer: Option<SocketAddr>,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(String, Option<Active>), Refusal> {
    let own = bearer::text(headers)?;
    let address = client::address(&app.config, peer, headers);
    let caller = introspect::caller(app, Asked { text: &own, address: &address, workgroup: None })?;
    let ends = caller.ends_at.map_or("never".to_owned(), Time::rfc3339);
    let too_large = |_| Refusal::new(Code::TooLarge, "The form is larger than 16 KiB.");
    let question = Question::read(headers, &body.map_err(too_large)?)?;
    let text = question.token.expose_secret();
    let active = introspect::introspect(app, &caller, text, &address, question.demand)?;
    Ok((ends, active))
}

impl Question {
    fn read(headers: &HeaderMap, body: &[u8]) -> Result<Question, Refusal> {
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
                "token" => token = Some(SecretString::from(value.into_owned())),
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
fn facts(active: &Active) -> Value {
    let (live, grant) = (&active.live, active.live.grant());
    let id = grant.id.to_string();
    let mut facts = json!({
        "active": true,
        "token_type": "Bearer",
        "sub": id,
        "scope": grant.permissions.text,
        "id": id,
        "kind": grant.kind.code(),
        "owner": grant.owner,
        "workgroup": grant.home.slug,
        "permissions": grant.permissions.names,
        "device": live.device(),
        "device_group": live.group.as_ref().map(|group| &group.name),
        "expires_at": live.ends_at.map(Time::rfc3339),
    });
    if let Some(at) = live.ends_at {
        facts["exp"] = json!(at.0);
    }
    if grant.kind == Kind::Legacy {
        facts["legacy_scopes"] = json!(grant.scopes.as_deref().cloned().unwrap_or_default());
    }
    if let Some(allowed) = &active.allowed {
        facts["allowed"] = json!(allowed.is_ok());
        if let Err(refusal) = allowed {
            facts["code"] = json!(refusal.code.as_str());
            facts["detail"] = json!(refusal.detail);
            if let Some(seconds) = refusal.retry_after {
                facts["retry_after"] = json!(seconds.max(1));
            }
        }
    }
    facts
}
