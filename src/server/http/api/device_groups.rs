//! `/api/v1/workgroups/{workgroup}/device-groups`: what an access token that holds Manage devices can do.

use super::super::problem::Problem;
use super::body::Members;
use super::call::{Answer, Call, answer, limit, listed, seat, whole};
use super::{Bearer, Named};
use crate::domain::activity::Verb;
use crate::domain::device_groups::GroupQuery;
use crate::domain::group_draft::{RawGroup, RawGroupEdit, RawRule};
use crate::domain::refusal::FieldErrors;
use crate::domain::rights::Seat;
use crate::server::devices::groups::{self as use_cases, Consent, Edited, json, list as lists};
use crate::server::devices::manages_devices;
use crate::server::state::AppState;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{OriginalUri, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use std::collections::BTreeMap;

/// The limit of a body, in words: a list of devices may be long.
const MOST: &str = "2 MiB";

/// For questions.
async fn keeper(app: &AppState, bearer: &Bearer, workgroup: &str) -> Result<Seat, Problem> {
    let seat = seat(app, bearer, workgroup).await?;
    manages_devices(&seat)?;
    Ok(seat)
}

/// For changes: whether they may is judged, and a no recorded, before the body is read.
async fn changer(
    app: &AppState,
    bearer: &Bearer,
    workgroup: &str,
    verb: Verb,
) -> Result<Seat, Problem> {
    let seat = seat(app, bearer, workgroup).await?;
    use_cases::permit(app, &seat, verb, Some(&bearer.address)).await?;
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
    let mut wrong = FieldErrors::default();
    let limit = limit(&asked, &mut wrong);
    if !wrong.is_empty() {
        return Err(wrong.into_refusal().into());
    }
    let query = GroupQuery {
        search: asked.get("search").cloned().unwrap_or_default(),
        after: asked.get("cursor").cloned(),
        before: None,
    };
    let (groups, next) = lists::list(&app, &seat, &query, limit).await?;
    let items: Vec<_> = groups.iter().map(json::group).collect();
    Ok(listed(&items, uri.path(), asked, next))
}

pub async fn create(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named(workgroup): Named<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let seat = changer(&app, &bearer, &workgroup, Verb::DeviceGroupCreated).await?;
    let address = Some(bearer.address.as_str());
    use_cases::permit_keeping(&app, &seat, Verb::DeviceGroupCreated, None, address).await?;
    let body = whole(body, MOST)?;
    let mut members = Members::parse(&headers, &body)?;
    let name = members.text("name").unwrap_or_default();
    let rule = rule(&mut members);
    if rule.is_none() && members.wrong.is_empty() {
        members.wrong.add("rule", "Send one of in, not_in and metadata.");
    }
    members.end("A new device group has no such member.");
    let Some(rule) = rule.filter(|_| members.wrong.is_empty()) else {
        let others = use_cases::complaints(&app, &seat, "", Some(&name), None).await?;
        return Err(members.wrong.and(others).into_refusal().into());
    };
    let call = Call::of(&app, &bearer, uri.path(), &headers, &body)?;
    let raw = RawGroup { name, rule };
    let made = use_cases::create_once(&app, &seat, &raw, address, call.once()).await?;
    let mut response = answer(made.map(|made| json::group(&made.whole)));
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// The one rule that the body names; what is wrong with it stands in `members.wrong`.
fn rule(members: &mut Members) -> Option<RawRule> {
    let listed = members.list("in").map(RawRule::In);
    let excepted = members.list("not_in").map(RawRule::NotIn);
    let entry = members.entry("metadata");
    let entry = entry.map(|(key, value)| RawRule::Metadata { key, value });
    let mut rules: Vec<_> = [listed, excepted, entry].into_iter().flatten().collect();
    if rules.len() > 1 {
        members.wrong.add("rule", "Send only one of in, not_in and metadata.");
        return None;
    }
    rules.pop()
}

pub async fn show(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named((workgroup, id)): Named<(String, String)>,
) -> Answer {
    let seat = keeper(&app, &bearer, &workgroup).await?;
    let group = use_cases::show::one(&app, &seat, &id).await?;
    Ok(Json(json::group(&group)).into_response())
}

pub async fn edit(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named((workgroup, id)): Named<(String, String)>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let seat = changer(&app, &bearer, &workgroup, Verb::DeviceGroupEdited).await?;
    // Whether it exists for the caller comes before what is wrong with the body.
    let seen = use_cases::show::one(&app, &seat, &id).await?;
    let address = Some(bearer.address.as_str());
    let verb = Verb::DeviceGroupEdited;
    use_cases::permit_keeping(&app, &seat, verb, Some(&seen), address).await?;
    let mut members = Members::parse(&headers, &whole(body, MOST)?)?;
    let (raw, dry_run) = changes(&mut members);
    if !members.wrong.is_empty() {
        let (name, rule) = (raw.name.as_deref(), raw.rule.as_ref());
        let others = use_cases::complaints(&app, &seat, &id, name, rule).await?;
        return Err(members.wrong.and(others).into_refusal().into());
    }
    let consent = if dry_run { Consent::Withheld } else { Consent::Given };
    let value = match use_cases::edit(&app, &seat, &id, &raw, consent, address).await? {
        Edited::Saved(group, _) => json::group(&group),
        Edited::Asked(effect) => {
            let mut value = json::effect(&effect);
            value["dry_run"] = true.into();
            value
        }
    };
    Ok(Json(value).into_response())
}

fn changes(members: &mut Members) -> (RawGroupEdit, bool) {
    let version = members.number("version");
    if version.is_none() && !members.wrong.names("version") {
        members.wrong.add("version", "Send the version of the device group that you saw.");
    }
    let raw = RawGroupEdit {
        version: version.unwrap_or_default(),
        name: members.text("name"),
        rule: rule(members),
    };
    let dry_run = members.flag("dry_run").unwrap_or_default();
    members.end("This member cannot be changed.");
    (raw, dry_run)
}

pub async fn remove(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named((workgroup, id)): Named<(String, String)>,
) -> Answer {
    let seat = changer(&app, &bearer, &workgroup, Verb::DeviceGroupRemoved).await?;
    use_cases::remove(&app, &seat, &id, Some(&bearer.address)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
