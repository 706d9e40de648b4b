//! What the holder of a live string can do with nothing but that string: look, renew, retire older ones, revoke.

use super::super::problem::Problem;
use super::Bearer;
use crate::domain::time::Time;
use crate::domain::token::Reach;
use crate::server::state::AppState;
use crate::server::tokens::{json, renew as renewal, retire, revoke as revocation};
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

/// `GET /api/v1/token`: what it is, and when to renew.
pub async fn show(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
) -> Json<Value> {
    let presented = &bearer.presented;
    let mut answer = json::token(&presented.token, app.now());
    // What the owners note about a token, and how they reach its owner, is not for whoever holds a string.
    for own in ["note", "email", "created_by"] {
        answer.as_object_mut().map(|members| members.remove(own));
    }
    answer["workgroup"] = presented.workgroup.slug.as_str().into();
    answer["string"] = presented.string().map_or(Value::Null, json::string);
    // Its own: whoever lost the answer of a renewal still holds the older string, and has to ask again.
    answer["renew_from"] = json!(presented.renew_from().map(Time::rfc3339));
    if let Reach::Device { name, .. } = &presented.token.reach {
        answer["device_name"] = name.as_str().into();
    }
    Json(answer)
}

/// `GET` or `POST /api/v1/token/renew`.
pub async fn renew(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
) -> Result<Json<Value>, Problem> {
    let text = bearer.text.expose_secret();
    let issued = renewal::renew(&app, &bearer.presented, text, &bearer.address).await?;
    Ok(Json(json::issued(&issued, app.now())))
}

/// `POST /api/v1/token/retire-older`.
pub async fn retire_older(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
) -> Result<Json<Value>, Problem> {
    let retired = retire::retire_older(&app, &bearer.presented, Some(&bearer.address)).await?;
    Ok(Json(json!({ "retired": retired })))
}

/// `POST /api/v1/token/revoke`: the whole token.
pub async fn revoke(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
) -> Result<StatusCode, Problem> {
    revocation::revoke_by_holder(&app, &bearer.presented, Some(&bearer.address)).await?;
    Ok(StatusCode::NO_CONTENT)
}
