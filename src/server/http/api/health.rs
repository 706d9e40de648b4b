//! Whether the process is alive, and whether it can do its work.

use crate::domain::time::Time;
use crate::server::health::{self, Health};
use crate::server::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub async fn alive() -> Json<Value> {
    Json(json!({ "status": "alive" }))
}

/// 200 while the database answers and the clock's work is done, else 503 and why.
pub async fn ready(State(app): State<AppState>) -> Response {
    match health::look(&app).await {
        Ok(health) => {
            let ready = health.faults.is_empty();
            let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
            (status, Json(body(&health))).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "not ready");
            let faults = ["The database does not answer."];
            let body =
                json!({ "status": "not ready", "database": "not reachable", "faults": faults });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}

/// What is wrong with the mail is for those who sign in: here it is only whether.
fn body(health: &Health) -> Value {
    let oldest = health.letters.oldest_at;
    let age = |at: Time| (health.now.0 - at.0).max(0);
    json!({
        "status": if health.faults.is_empty() { "ready" } else { "not ready" },
        "database": "ok",
        "last_tidied_at": health.last_tidied_at.map(Time::rfc3339),
        "last_sweep_at": health.last_sweep_at.map(Time::rfc3339),
        "oldest_unsent_at": oldest.map(Time::rfc3339),
        "oldest_unsent_age": oldest.map(age),
        "waiting": health.letters.waiting,
        "undelivered": health.letters.undelivered,
        "mail_alarm": health.mail_alarm,
        "clock_doubted": health.clock_doubted,
        "faults": health.faults,
    })
}
