//! `/metrics`: what is counted and how things stand, as text for Prometheus; and the counting of requests.

use crate::domain::refusal::{Code, Refusal};
use crate::server::error::{Error, Result};
use crate::server::health;
use crate::server::metrics::Metrics;
use crate::server::state::AppState;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

/// What a reader of OpenMetrics asks for; anybody else is told that it is the older format, which it is as well.
const OPEN_METRICS: &str = "application/openmetrics-text";

/// All that is served on an address of its own.
pub fn alone(app: AppState) -> Router {
    Router::new().route("/metrics", get(read)).fallback(nothing).with_state(app)
}

async fn nothing() -> StatusCode {
    StatusCode::NOT_FOUND
}

pub async fn read(State(app): State<AppState>, headers: HeaderMap) -> Response {
    match text(&app).await {
        Ok(text) => ([(header::CONTENT_TYPE, media(&headers))], text).into_response(),
        Err(error) => super::problem::Problem::from(error).into_response(),
    }
}

/// A database that does not answer is told of, not hidden behind an error.
async fn text(app: &AppState) -> Result<String> {
    let standing = health::standing(app).await;
    if let Err(Error::Fault(error)) = &standing {
        tracing::error!(%error, "the metrics lack what the database would say");
    }
    let index = (app.grants.len(), app.grants.age(&app.clock));
    Ok(app.metrics.text(app.clock.uptime(), index, standing.ok().as_ref())?)
}

fn media(headers: &HeaderMap) -> &'static str {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains(OPEN_METRICS)) {
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    } else {
        "text/plain; version=0.0.4; charset=utf-8"
    }
}

/// Why a request was refused; rides on the response from [`super::problem::Problem`] to [`count`].
#[derive(Clone, Copy)]
pub struct Refused(Code);

impl From<&Refusal> for Refused {
    fn from(refusal: &Refusal) -> Refused {
        Refused(refusal.code)
    }
}

/// Counts every answer by its class, and the refusals by their code.
pub async fn count(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    metrics.request(response.status().as_u16());
    if let Some(Refused(code)) = response.extensions().get() {
        metrics.refusal(code.as_str());
    }
    response
}
