//! `/api/v1/authorize`: what a proxy asks of every request that it is about to let through (forward-auth). Whatever the method, it is
//! judged alike; the body is not looked at.

use super::super::router::Web;
use super::super::{bearer, client, original, problem};
use crate::domain::demand::{Demand, DeviceAsked};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Time;
use crate::domain::token::Kind;
use crate::server::grants::Routes;
use crate::server::metrics::Answered;
use crate::server::state::AppState;
use crate::server::tokens::authorize::{Asked, Denied, Live, authorize as judge};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::borrow::Cow;
use std::net::SocketAddr;
use tokio::time::Instant;

/// What is encoded besides everything that is not ASCII: with the sign itself, decoding gives back exactly what was there.
const ENCODED: &AsciiSet = &CONTROLS.add(b'%');

const TOKEN: HeaderName = HeaderName::from_static("x-latchkey-token");
const KIND: HeaderName = HeaderName::from_static("x-latchkey-kind");
const OWNER: HeaderName = HeaderName::from_static("x-latchkey-owner");
const WORKGROUP: HeaderName = HeaderName::from_static("x-latchkey-workgroup");
const PERMISSIONS: HeaderName = HeaderName::from_static("x-latchkey-permissions");
const DEVICE: HeaderName = HeaderName::from_static("x-latchkey-device");
const GROUP: HeaderName = HeaderName::from_static("x-latchkey-device-group");
const SCOPES: HeaderName = HeaderName::from_static("x-latchkey-legacy-scopes");
const EXPIRES: HeaderName = HeaderName::from_static("x-latchkey-token-expires");

/// What the address asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Query {
    workgroup: Option<String>,
    demand: Demand,
    /// The proxy passes every status on.
    full: bool,
}

/// Any method on `/api/v1/authorize`.
pub async fn authorize(State(web): State<Web>, request: Request) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    answer(&web.app, peer, request.uri(), request.headers())
}

pub fn answer(
    app: &AppState,
    peer: Option<SocketAddr>,
    address: &Uri,
    headers: &HeaderMap,
) -> Response {
    let began = Instant::now();
    let (query, wrong) = Query::read(address.query().unwrap_or_default());
    let verdict = verdict(app, peer, headers, &query, wrong);
    let answered = match &verdict {
        Ok(_) => Answered::Allowed,
        Err(denied) => Answered::Refused(denied.refusal.code),
    };
    let response = match verdict {
        Ok(live) => allowed(&live),
        Err(denied) => refused(denied, query.full),
    };
    app.metrics.authorized(answered, began.elapsed());
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
    judge(app, asked, &query.demand, |grant| {
        wrong.map_or(Ok(()), Err)?;
        let routes = query.workgroup.as_ref().and_then(|_| grant.home.routes());
        let trusted = || client::is_trusted_proxy(&app.config, peer);
        routes.map(|routes| routed(&routes, headers, trusted())).transpose()
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
    put(headers, TOKEN, grant.id.hyphenated().encode_lower(&mut id));
    headers.insert(KIND, HeaderValue::from_static(grant.kind().code()));
    put(headers, OWNER, &encoded(&grant.owner));
    put(headers, WORKGROUP, &grant.home.slug);
    put(headers, PERMISSIONS, &grant.permissions.text);
    if let Some(device) = live.device() {
        put(headers, DEVICE, &encoded(device));
    }
    if let Some(group) = &live.group {
        put(headers, GROUP, &encoded(&group.name));
    }
    if grant.kind() == Kind::Legacy {
        put(headers, SCOPES, &encoded(&grant.scopes().join(" ")));
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

pub(super) fn ends(headers: &mut HeaderMap, at: Option<Time>) {
    let text = at.map_or(Cow::Borrowed("never"), |at| Cow::Owned(at.rfc3339()));
    put(headers, EXPIRES, &text);
}

fn encoded(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, ENCODED).into()
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
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
