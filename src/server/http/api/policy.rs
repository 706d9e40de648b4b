//! `/api/v1/workgroups/{workgroup}/policy`: read by access tokens that hold Manage access; only people who own it change it.

use super::call::seat;
use super::{Bearer, Named};
use crate::domain::policy_draft::RawPolicy;
use crate::server::administration::{json, policy};
use crate::server::http::problem::Problem;
use crate::server::state::AppState;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};

pub async fn show(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named(workgroup): Named<String>,
) -> Result<Response, Problem> {
    let seat = seat(&app, &bearer, &workgroup).await?;
    seat.manages_access()?;
    let (workgroup, version) = policy::read(&app, &seat).await?;
    Ok(Json(json::policy(&workgroup, version)).into_response())
}

/// No token owns a workgroup: whatever the body says, this is refused and recorded.
pub async fn edit(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named(workgroup): Named<String>,
) -> Result<Response, Problem> {
    let seat = seat(&app, &bearer, &workgroup).await?;
    let raw = RawPolicy::default();
    policy::edit(&app, &seat, &raw, Some(&bearer.address)).await?;
    let (workgroup, version) = policy::read(&app, &seat).await?;
    Ok(Json(json::policy(&workgroup, version)).into_response())
}
