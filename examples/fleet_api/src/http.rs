//! The routes, each with what it needs of a token, and what they answer. Who a token belongs to is settled before a handler runs.

use crate::fleet::{Activation, Fleet, Order, Reading, Refused};
use crate::latchkey::{Caller, Demand, Latchkey};
use crate::problem::Problem;
use crate::proxy;
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, delete, get, post};
use axum::{Extension, Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Whose word is taken for whose call it is.
#[derive(Clone)]
pub enum Trust {
    /// Latchkey's own, asked at each call.
    Introspection(Latchkey),
    /// A proxy's that has asked; the workgroup by its slug.
    Proxy(Arc<str>),
}

type Shared = Arc<Mutex<Fleet>>;
type Answer<T> = Result<T, Problem>;

const SENDING: Demand = of_device("telemetry.send");
const READING: Demand = of_device("activations.read");
const CONFIRMING: Demand = of_device("activations.confirm");
const ORDERING: Demand =
    Demand { kind: "access", permission: "devices.control", device: Some("id") };
const FORGETTING: Demand =
    Demand { kind: "access", permission: "devices.manage", device: Some("id") };
const ANALYSING: Demand = Demand { kind: "access", permission: "read", device: Some("id") };
const REPORTING: Demand = Demand { kind: "access", permission: "read", device: None };

const fn of_device(permission: &'static str) -> Demand {
    Demand { kind: "device", permission, device: Some("id") }
}

pub fn router(trust: &Trust) -> Router {
    let needs = |demand, route| guarded(trust, demand, route);
    let activations = needs(READING, get(waiting)).merge(needs(ORDERING, post(order)));
    let telemetry = needs(SENDING, post(send)).merge(needs(FORGETTING, delete(forget)));
    Router::new()
        .route("/devices/{id}/telemetry", telemetry)
        .route("/devices/{id}/activations", activations)
        .route("/devices/{id}/activations/{number}/confirm", needs(CONFIRMING, post(confirm)))
        .route("/analytics/{id}/{metric}", needs(ANALYSING, get(analyse)))
        .route("/reports/usage", needs(REPORTING, get(usage)))
        .route("/healthz", get(|| async { "alive" }))
        .fallback(|| async { Problem::not_found("address") })
        .method_not_allowed_fallback(|| async {
            Problem::new(405, "method_not_allowed", "This address takes other methods; see Allow.")
        })
        .layer(DefaultBodyLimit::max(64 * 1024))
        .with_state(Shared::default())
}

/// Only on the methods of the route: a wrong method is told so without a token.
fn guarded(trust: &Trust, demand: Demand, route: MethodRouter<Shared>) -> MethodRouter<Shared> {
    match trust {
        Trust::Introspection(latchkey) => route.route_layer(latchkey.requires(demand)),
        Trust::Proxy(workgroup) => {
            let workgroup = Arc::clone(workgroup);
            route.route_layer(from_fn(move |request, next| {
                let workgroup = Arc::clone(&workgroup);
                async move { proxy::vouched(&workgroup, demand, request, next).await }
            }))
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    readings: Vec<Reading>,
}

async fn send(
    State(fleet): State<Shared>,
    Path(id): Path<String>,
    body: Result<Json<Message>, JsonRejection>,
) -> Answer<impl IntoResponse> {
    let kept = open(&fleet).send(&id, of_body(body)?.readings)?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "kept": kept }))))
}

async fn forget(State(fleet): State<Shared>, Path(id): Path<String>) -> Answer<StatusCode> {
    open(&fleet).forget(&id)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn waiting(State(fleet): State<Shared>, Path(id): Path<String>) -> Json<Value> {
    Json(json!({ "items": open(&fleet).waiting(&id) }))
}

async fn order(
    State(fleet): State<Shared>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
    body: Result<Json<Order>, JsonRejection>,
) -> Answer<impl IntoResponse> {
    let activation = open(&fleet).order(&id, of_body(body)?, &caller.owner)?;
    Ok((StatusCode::CREATED, Json(activation)))
}

async fn confirm(
    State(fleet): State<Shared>,
    Path((id, number)): Path<(String, String)>,
) -> Answer<Json<Activation>> {
    let number = number.parse().map_err(|_| Problem::not_found("activation"))?;
    Ok(Json(open(&fleet).confirm(&id, number)?))
}

async fn analyse(
    State(fleet): State<Shared>,
    Path((id, metric)): Path<(String, String)>,
) -> Answer<impl IntoResponse> {
    Ok(Json(open(&fleet).analyse(&id, &metric)?))
}

async fn usage(State(fleet): State<Shared>) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], Json(json!({ "items": open(&fleet).usage() })))
}

fn open(fleet: &Shared) -> MutexGuard<'_, Fleet> {
    fleet.lock().unwrap_or_else(PoisonError::into_inner)
}

fn of_body<T>(body: Result<Json<T>, JsonRejection>) -> Answer<T> {
    body.map(|Json(value)| value).map_err(|rejection| match rejection.status().as_u16() {
        413 => Problem::new(413, "too_large", "The body is larger than 64 KiB."),
        415 => {
            Problem::new(415, "unsupported_media_type", "Send JSON: Content-Type application/json.")
        }
        _ => Problem::new(422, "invalid_input", rejection.body_text()),
    })
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Problem {
        match refused {
            Refused::Invalid(errors) => Problem {
                errors,
                ..Problem::new(422, "invalid_input", "Nothing was kept: see errors.")
            },
            Refused::Unknown(what) => Problem::not_found(what),
            Refused::AlreadyConfirmed => {
                Problem::new(409, "conflict", "This activation was confirmed before.")
            }
            Refused::TooManyWaiting => Problem::new(
                409,
                "conflict",
                "The device has a hundred activations to confirm first.",
            ),
        }
    }
}
