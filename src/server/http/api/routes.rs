//! `/api/v1/workgroups/{workgroup}/routes`: read, tried and set by access tokens that hold Manage access in the whole workgroup.

use super::super::problem::Problem;
use super::body::Members;
use super::call::{Answer, seat, whole};
use super::{Bearer, Named};
use crate::domain::rights::Seat;
use crate::domain::routes::RawTrial;
use crate::server::routes::edit::{self, RawRoutes};
use crate::server::routes::{json, show, trial};
use crate::server::state::AppState;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};

/// The limit of a body, in words: a text of 64 kB may be escaped.
const MOST: &str = "2 MiB";

pub async fn show(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named(workgroup): Named<String>,
) -> Answer {
    let seat = seat(&app, &bearer, &workgroup).await?;
    answer(&app, &seat).await
}

/// Whether the caller may is judged, and a no recorded, before the body is read.
pub async fn set(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named(workgroup): Named<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let seat = seat(&app, &bearer, &workgroup).await?;
    let address = Some(bearer.address.as_str());
    edit::permit(&app, &seat, address).await?;
    let mut members = Members::parse(&headers, &whole(body, MOST)?)?;
    let version = members.number("version");
    if version.is_none() && !members.wrong.names("version") {
        members.wrong.add("version", "Send the version of the route policies that you saw.");
    }
    let text = members.text("routes");
    if text.is_none() && !members.wrong.names("routes") {
        members.wrong.add("routes", "Send the text of the route policies, or null to have none.");
    }
    let text = text.filter(|text| !text.is_empty());
    let raw = RawRoutes { version, text, family: members.text("family") };
    members.end("Route policies have no such member.");
    if !members.wrong.is_empty() {
        return Err(members.wrong.into_refusal().into());
    }
    edit::edit(&app, &seat, &raw, address).await?;
    answer(&app, &seat).await
}

/// What a request would be answered; with `routes` in the body by that text, which is not kept.
pub async fn try_out(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named(workgroup): Named<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let seat = seat(&app, &bearer, &workgroup).await?;
    seat.reads_routes()?;
    let mut members = Members::parse(&headers, &whole(body, MOST)?)?;
    let text = members.text("routes");
    let raw = RawTrial {
        method: members.text("method").unwrap_or_default(),
        path: members.text("path").unwrap_or_default(),
        kind: members.text("kind").unwrap_or_default(),
        permissions: members.list("permissions").unwrap_or_default(),
        device: members.text("device").unwrap_or_default(),
    };
    members.end("A trial has no such member.");
    if !members.wrong.is_empty() {
        let others = raw.parse().err().map(|refusal| refusal.errors).unwrap_or_default();
        return Err(members.wrong.and(others).into_refusal().into());
    }
    let verdict = trial::run(&app, &seat, &raw, text.as_deref()).await?;
    Ok(Json(json::verdict(&verdict)).into_response())
}

async fn answer(app: &AppState, seat: &Seat) -> Result<Response, Problem> {
    let (written, routes) = show::read(app, seat).await?;
    Ok(Json(json::written(&seat.workgroup.slug, &written, &routes)).into_response())
}
