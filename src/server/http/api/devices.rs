//! `/api/v1/workgroups/{workgroup}/devices`: what an access token that holds Manage devices can do.

use super::body::Members;
use super::call::{Answer, Call, answer, limit, listed, seat, whole};
use super::{Bearer, Named};
use crate::domain::activity::Verb;
use crate::domain::device_list::{DeviceCursor, DeviceQuery};
use crate::domain::refusal::{FieldErrors, Refusal};
use crate::domain::rights::Seat;
use crate::server::devices::edit::{self as editing, RawDeviceEdit};
use crate::server::devices::register::{self, RawDevice};
use crate::server::devices::{json, list as lists, manages_devices, permit};
use crate::server::devices::{remove as removing, show as showing};
use crate::server::http::problem::Problem;
use crate::server::state::AppState;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{OriginalUri, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use std::collections::BTreeMap;

/// For questions. A change is judged by its use case, which records a denial.
async fn keeper(app: &AppState, bearer: &Bearer, workgroup: &str) -> Result<Seat, Problem> {
    let seat = seat(app, bearer, workgroup).await?;
    manages_devices(&seat)?;
    Ok(seat)
}

pub async fn list(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named(workgroup): Named<String>,
    OriginalUri(uri): OriginalUri,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Answer {
    let seat = keeper(&app, &bearer, &workgroup).await?;
    let (query, limit) = query(&asked)?;
    let page = lists::list(&app, &seat, &query, limit).await?;
    let items: Vec<_> = page.items.iter().map(json::device).collect();
    Ok(listed(&items, uri.path(), asked, page.next))
}

fn query(asked: &BTreeMap<String, String>) -> Result<(DeviceQuery, i64), Refusal> {
    let mut wrong = FieldErrors::default();
    let limit = limit(asked, &mut wrong);
    let text = |name: &str| asked.get(name).cloned();
    if text("cursor").is_some_and(|cursor| DeviceCursor::decode(&cursor).is_none()) {
        wrong.add("cursor", "Take the cursor from the Link header of the page before.");
    }
    if !wrong.is_empty() {
        return Err(wrong.into_refusal());
    }
    let search = text("search").unwrap_or_default();
    Ok((DeviceQuery { search, after: text("cursor"), ..DeviceQuery::default() }, limit))
}

pub async fn create(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named(workgroup): Named<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let seat = seat(&app, &bearer, &workgroup).await?;
    let address = Some(bearer.address.as_str());
    register::permit(&app, &seat, address).await?;
    let body = whole(body, "64 KiB")?;
    let mut members = Members::parse(&headers, &body)?;
    let raw = draft(&mut members);
    if !members.wrong.is_empty() {
        let others = register::complaints(&app, &seat, &raw).await?;
        return Err(members.wrong.and(others).into_refusal().into());
    }
    let call = Call::of(&app, &bearer, uri.path(), &headers, &body)?;
    let done = register::register_once(&app, &seat, &raw, address, call.once()).await?;
    let shown = |(device, issued)| json::registered(&device, &issued, app.now());
    let mut response = answer(done.map(shown));
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// The members of a new device. Whatever else stands in the body is refused, never taken.
fn draft(members: &mut Members) -> RawDevice {
    let (external_id, id) = (members.text("external_id"), members.text("id"));
    if external_id.is_some() && id.is_some() {
        members.wrong.add("id", "The same as \u{201c}external_id\u{201d}: send one of them.");
    }
    let raw = RawDevice {
        external_id: external_id.or(id).unwrap_or_default(),
        name: members.text("name").unwrap_or_default(),
        metadata: members.entries("metadata").unwrap_or_default(),
        permissions: members.list("permissions"),
    };
    members.end("A new device has no such member.");
    raw
}

pub async fn show(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named((workgroup, external_id)): Named<(String, String)>,
) -> Answer {
    let seat = keeper(&app, &bearer, &workgroup).await?;
    let kept = showing::by_external_id(&app, &seat, &external_id).await?;
    Ok(Json(json::device(&kept)).into_response())
}

pub async fn edit(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named((workgroup, external_id)): Named<(String, String)>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let seat = seat(&app, &bearer, &workgroup).await?;
    let address = Some(bearer.address.as_str());
    permit(&app, &seat, Verb::DeviceEdited, &external_id, address).await?;
    // Whether it exists for the caller comes before what is wrong with the body.
    let kept = showing::by_external_id(&app, &seat, &external_id).await?;
    let mut members = Members::parse(&headers, &whole(body, "64 KiB")?)?;
    let raw = changes(&mut members);
    if !members.wrong.is_empty() {
        let others = editing::complaints(&kept, &raw);
        return Err(members.wrong.and(others).into_refusal().into());
    }
    let kept = editing::edit(&app, &seat, &kept.device.id, &raw, address).await?;
    Ok(Json(json::device(&kept)).into_response())
}

fn changes(members: &mut Members) -> RawDeviceEdit {
    let version = members.number("version");
    let raw = RawDeviceEdit {
        version: version.unwrap_or_default(),
        name: members.text("name"),
        metadata: members.entries("metadata"),
    };
    if version.is_none() && !members.wrong.names("version") {
        members.wrong.add("version", "Send the version of the device that you saw.");
    }
    members.end("This member cannot be changed.");
    raw
}

pub async fn remove(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named((workgroup, external_id)): Named<(String, String)>,
) -> Answer {
    let seat = seat(&app, &bearer, &workgroup).await?;
    let address = Some(bearer.address.as_str());
    permit(&app, &seat, Verb::DeviceRemoved, &external_id, address).await?;
    let kept = showing::by_external_id(&app, &seat, &external_id).await?;
    removing::remove(&app, &seat, &kept.device.id, address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
