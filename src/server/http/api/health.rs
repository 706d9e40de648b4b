//! Whether the process is alive, and whether it can do its work.

use super::super::router::Web;
use crate::server::state::AppState;
use crate::server::upkeep;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

pub fn router() -> Router<Web> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready))
}

async fn alive() -> Json<serde_json::Value> {
    Json(json!({ "status": "alive" }))
}

/// 200 while the database answers, else 503.
async fn ready(State(app): State<AppState>) -> Response {
    match upkeep::last_tidied(&app).await {
        Ok(seen) => {
            let seen = (seen.0 > 0).then(|| seen.rfc3339());
            Json(json!({ "status": "ready", "database": "ok", "last_tidied_at": seen }))
                .into_response()
        }
        Err(error) => {
            tracing::error!(%error, "not ready");
            let body = Json(json!({ "status": "not ready", "database": "not reachable" }));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}
