//! `/api/v1/authorize`: what a proxy asks of every request that it is about to let through (forward-auth). Whatever the method, it is
//! judged alike; the body is not looked at.

use super::super::{bearer, client, original, problem};
use crate::domain::demand::{Demand, DeviceAsked};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Time;
use crate::domain::token::Kind;
use crate::server::grants::Routes;
use crate::server::state::AppState;
use crate::server::tokens::authorize::{Asked, Denied, Live, authorize as judge};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::borrow::Cow;
use std::net::SocketAddr;
use tokio::time::Instant;

/// What is encoded besides everything that is not ASCII: with the sign itself, decoding gives back exactly what was there.
const ENCODED: &AsciiSet = &CONTROLS.add(b'%');

/// What the address asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Query {
    workgroup: Option<String>,
    demand: Demand,
    /// The proxy passes every status on.
    full: bool,
}

/// Any method on `/api/v1/authorize`.
pub async fn authorize(State(app): State<AppState>, request: Request) -> Response {
    let began = Instant::now();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let (query, wrong) = Query::read(request.uri().query().unwrap_or_default());
    let verdict = verdict(&app, peer, request.headers(), &query, wrong);
    let code = verdict.as_ref().err().map(|denied| denied.refusal.code);
    let response = match verdict {
        Ok(live) => allowed(&live),
        Err(denied) => refused(denied, query.full),
    };
    app.metrics.verdict(code.map_or("allowed", Code::as_str), began.elapsed());
    response
}

fn verdict(
    app: &AppState,
    peer: Option<SocketAddr>,
    headers: &HeaderMap,
    query: &Query,
    wrong: Option<Refusal>,
) -> Result<Live, Denied> {
    let text = bearer::text(headers)?;
    let address = client::address(&app.config, peer, headers);
    let asked = Asked { text: &text, address: &address, workgroup: query.workgroup.as_deref() };
    judge(app, asked, |grant| {
        wrong.map_or(Ok(()), Err)?;
        let mut own = query.demand.clone();
        let routes = query.workgroup.as_ref().and_then(|_| grant.home.routes());
        let Some(routes) = routes else { return Ok(vec![own]) };
        // The line names the device; the address may only ask for more.
        if own.device == DeviceAsked::Unnamed {
            own.device = DeviceAsked::Any;
        }
        let trusted = client::is_trusted_proxy(&app.config, peer);
        Ok(vec![routed(&routes, headers, trusted)?, own])
    })
}

/// What the workgroup's route policies ask of the request that the proxy was asked for.
fn routed(routes: &Routes, headers: &HeaderMap, trusted: bool) -> Result<Demand, Refusal> {
    let Some((family, policies)) = &routes.read else {
        tracing::error!("the route policies of a workgroup cannot be read; nothing is let through");
        return Err(Refusal::internal());
    };
    let (method, target) = original::request(headers, *family, trusted)?;
    policies.demand(method, target)
}

impl Query {
    /// What can be read of it, and what is wrong with the rest: something that is not understood is never passed over.
    fn read(text: &str) -> (Query, Option<Refusal>) {
        let (mut query, mut wrong) = (Query::default(), None);
        let (mut kinds, mut devices, mut workgroups) = (0, 0, 0);
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            match name.as_ref() {
                "workgroup" => {
                    workgroups += 1;
                    query.workgroup = Some(value.into_owned());
                }
                "permission" => query.demand.permissions.push(value.into_owned()),
                "device" => {
                    devices += 1;
                    query.demand.device = device(&value);
                }
                "kind" => {
                    kinds += 1;
                    query.demand.kind = Kind::parse(&value).filter(|kind| *kind != Kind::Legacy);
                    if query.demand.kind.is_none() {
                        wrong = Some(odd(format!(
                            "kind is access or device, not \u{201c}{value}\u{201d}."
                        )));
                    }
                }
                "statuses" if value == "full" => query.full = true,
                _ => wrong = Some(odd(format!("{name}={value} means nothing here."))),
            }
        }
        if kinds.max(devices).max(workgroups) > 1 {
            wrong = Some(odd("workgroup, device and kind are given once.".to_owned()));
        }
        (query, wrong)
    }
}

pub(super) fn device(value: &str) -> DeviceAsked {
    match value {
        "any" => DeviceAsked::Any,
        id => DeviceAsked::Named(id.to_owned()),
    }
}

fn odd(what: String) -> Refusal {
    Refusal::new(
        Code::InvalidInput,
        format!("The address of the authorize call is wrong, so nothing is allowed: {what}"),
    )
}

fn allowed(live: &Live) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.reserve(10);
    let grant = live.grant();
    let mut id = [0; uuid::fmt::Hyphenated::LENGTH];
    put(headers, "x-latchkey-token", grant.id.hyphenated().encode_lower(&mut id));
    headers.insert("x-latchkey-kind", HeaderValue::from_static(grant.kind.code()));
    put(headers, "x-latchkey-owner", &encoded(&grant.owner));
    put(headers, "x-latchkey-workgroup", &grant.home.slug);
    put(headers, "x-latchkey-permissions", &grant.permissions.text);
    if let Some(device) = live.device() {
        put(headers, "x-latchkey-device", &encoded(device));
    }
    if let Some(group) = &live.group {
        put(headers, "x-latchkey-device-group", &encoded(&group.name));
    }
    if grant.kind == Kind::Legacy {
        let scopes = grant.scopes.as_deref().map(|scopes| scopes.join(" ")).unwrap_or_default();
        put(headers, "x-latchkey-legacy-scopes", &encoded(&scopes));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    ends(headers, live.ends_at);
    response
}

fn refused(denied: Denied, full: bool) -> Response {
    let mut response = problem::for_proxy(&denied.refusal, full);
    let headers = response.headers_mut();
    if let Some(ends_at) = denied.live {
        ends(headers, ends_at);
    }
    if let Some(quota) = denied.quota {
        let seconds = denied.refusal.retry_after.unwrap_or_default();
        problem::limit(headers, &format!("\"requests\";q={quota};w=60"), seconds);
    }
    response
}

fn ends(headers: &mut HeaderMap, at: Option<Time>) {
    let text = at.map_or(Cow::Borrowed("never"), |at| Cow::Owned(at.rfc3339()));
    put(headers, "x-latchkey-token-expires", &text);
}

fn encoded(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, ENCODED).into()
}

fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_address_is_passed_over() {
        let (query, wrong) = Query::read(
            "workgroup=harrow&permission=read&permission=a%2Bb&device=pump%201&kind=access&statuses=full",
        );
        assert_eq!(wrong, None);
        let demand = Demand {
            kind: Some(Kind::Access),
            permissions: vec!["read".into(), "a+b".into()],
            device: DeviceAsked::Named("pump 1".into()),
        };
        assert_eq!(query, Query { workgroup: Some("harrow".into()), demand, full: true });
        assert_eq!(Query::read("").1, None);
        assert_eq!(Query::read("device=any").0.demand.device, DeviceAsked::Any);
        for odd in [
            "permisson=read",
            "Permission=read",
            "kind=legacy",
            "kind=",
            "kind=access&kind=device",
            "device=a&device=b",
            "workgroup=a&workgroup=b",
            "statuses=some",
            "token=lka_x",
            "read",
        ] {
            let (_, wrong) = Query::read(odd);
            assert_eq!(wrong.map(|refusal| refusal.code), Some(Code::InvalidInput), "{odd}");
        }
    }

    #[test]
    fn what_is_not_ascii_is_encoded_and_can_be_read_back() {
        for (text, value) in [
            ("North plant", "North plant"),
            ("50 % more", "50 %25 more"),
            ("Zoë\u{7}", "Zo%C3%AB%07"),
            ("泵", "%E6%B3%B5"),
        ] {
            assert_eq!(encoded(text), value);
            let back = percent_encoding::percent_decode_str(value).decode_utf8().unwrap();
            assert_eq!(back, text);
        }
    }
}
