//! `/api/v1/workgroups/{workgroup}/tokens`: what an access token that holds Manage access can do.

use super::super::problem::Problem;
use super::body::Members;
use super::call::{Answer, Call, answer, limit, listed, seat, whole};
use super::{Bearer, Named};
use crate::domain::activity::Verb;
use crate::domain::refusal::{FieldErrors, Refusal};
use crate::domain::rights::Seat;
use crate::domain::status::TokenStatus;
use crate::domain::token::Older;
use crate::domain::token_draft::{RawDraft, RawEdit};
use crate::domain::token_list::{Cursor, TokenQuery, Unused};
use crate::server::state::AppState;
use crate::server::tokens::{
    denial, edit as editing, issue, json, list as lists, reissue as reissuing,
};
use crate::server::tokens::{retire as retiring, revoke as revoking, show as showing};
use axum::Extension;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use std::collections::BTreeMap;

/// The limit of a body, in words.
const MOST: &str = "64 KiB";

/// The seat of a caller that would change the token `id`. Whether they may is judged, and a no recorded, before the body
/// is read.
async fn acting_on(
    app: &AppState,
    bearer: &Bearer,
    workgroup: &str,
    verb: Verb,
    id: &str,
) -> Result<Seat, Problem> {
    let seat = seat(app, bearer, workgroup).await?;
    denial::permitted(app, &seat, verb, id, Some(&bearer.address)).await?;
    Ok(seat)
}

pub async fn list(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named(workgroup): Named<String>,
    OriginalUri(uri): OriginalUri,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Answer {
    let seat = seat(&app, &bearer, &workgroup).await?;
    seat.manages_access()?;
    let (query, limit) = query(&asked)?;
    let page = lists::list(&app, &seat, &query, limit).await?;
    let items: Vec<_> = page.items.iter().map(|token| json::token(token, page.now)).collect();
    Ok(listed(&items, uri.path(), asked, page.next))
}

fn query(asked: &BTreeMap<String, String>) -> Result<(TokenQuery, i64), Refusal> {
    let mut wrong = FieldErrors::default();
    let text = |name: &str| asked.get(name).map(String::as_str);
    let limit = limit(asked, &mut wrong);
    let status = text("status").and_then(|code| {
        let status = TokenStatus::parse(code);
        if status.is_none() {
            wrong.add("status", "Choose one of active, expiring, expired, revoked.");
        }
        status
    });
    let revoked = matches!(text("revoked"), Some("1" | "true" | "on"));
    let unused = text("use").and_then(|code| {
        let unused = Unused::parse(code);
        if unused.is_none() {
            wrong.add("use", "Choose one of never, unused60; any number of days will do.");
        } else if revoked || status == Some(TokenStatus::Revoked) {
            wrong.add("use", "Revoked tokens are not in use: ask for them without `use`.");
        }
        unused
    });
    if text("cursor").is_some_and(|cursor| Cursor::decode(cursor).is_none()) {
        wrong.add("cursor", "Take the cursor from the Link header of the page before.");
    }
    if !wrong.is_empty() {
        return Err(wrong.into_refusal());
    }
    let query = TokenQuery {
        search: text("search").unwrap_or_default().to_owned(),
        status,
        revoked,
        unused,
        after: text("cursor").map(str::to_owned),
        ..TokenQuery::default()
    };
    Ok((query, limit))
}

pub async fn create(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named(workgroup): Named<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Answer {
    let seat = seat(&app, &bearer, &workgroup).await?;
    denial::permitted_to_issue(&app, &seat, "", Some(&bearer.address)).await?;
    let body = whole(body, MOST)?;
    let mut members = Members::parse(&headers, &body)?;
    let raw = draft(&mut members);
    if !members.wrong.is_empty() {
        let others = issue::complaints(&app, &seat, &raw).await?;
        return Err(members.wrong.and(others).into_refusal().into());
    }
    let call = Call::of(&app, &bearer, uri.path(), &headers, &body)?;
    let made = issue::issue(&app, &seat, &raw, Some(&bearer.address), call.once()).await?;
    let mut response = answer(made.map(|issued| json::issued(&issued, app.now())));
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// The members of a new token. Whatever else stands in the body is refused, never taken.
fn draft(members: &mut Members) -> RawDraft {
    let raw = RawDraft {
        owner: members.text("owner").unwrap_or_default(),
        email: members.text("email").unwrap_or_default(),
        name: members.text("name").unwrap_or_default(),
        expires: members.text("expires").unwrap_or_default(),
        can_renew: members.flag("can_renew").unwrap_or_default(),
        permissions: members.list("permissions").unwrap_or_default(),
        device_group: members.text("device_group").unwrap_or_default(),
        device: members.text("device").unwrap_or_default(),
        note: members.text("note").unwrap_or_default(),
        rate_limit: members.rate_limit("rate_limit").unwrap_or_default(),
    };
    members.end("A new token has no such member.");
    raw
}

pub async fn show(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named((workgroup, id)): Named<(String, String)>,
) -> Answer {
    let seat = seat(&app, &bearer, &workgroup).await?;
    let token = showing::one(&app, &seat, &id).await?;
    Ok(Json(json::token(&token, app.now())).into_response())
}

pub async fn edit(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named((workgroup, id)): Named<(String, String)>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Answer {
    let seat = acting_on(&app, &bearer, &workgroup, Verb::TokenEdited, &id).await?;
    // Whether it exists for the caller comes before what is wrong with the body.
    let token = showing::one(&app, &seat, &id).await?;
    let mut members = Members::parse(&headers, &whole(body, MOST)?)?;
    let raw = changes(&mut members);
    if !members.wrong.is_empty() {
        let others = editing::complaints(&seat, &token, &raw);
        return Err(members.wrong.and(others).into_refusal().into());
    }
    let token = editing::edit(&app, &seat, &id, &raw, Some(&bearer.address)).await?;
    Ok(Json(json::token(&token, app.now())).into_response())
}

fn changes(members: &mut Members) -> RawEdit {
    let version = members.number("version");
    let raw = RawEdit {
        version: version.unwrap_or_default(),
        owner: members.text("owner"),
        email: members.text("email"),
        name: members.text("name"),
        expires: members.text("expires"),
        can_renew: members.flag("can_renew"),
        note: members.text("note"),
        rate_limit: members.rate_limit("rate_limit"),
    };
    if version.is_none() && !members.wrong.names("version") {
        members.wrong.add("version", "Send the version of the token that you saw.");
    }
    members.end("This member cannot be changed.");
    raw
}

pub async fn reissue(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named((workgroup, id)): Named<(String, String)>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Answer {
    let seat = acting_on(&app, &bearer, &workgroup, Verb::TokenReissued, &id).await?;
    let body = whole(body, MOST)?;
    let mut members = Members::parse_optional(&headers, &body)?;
    let typed = members.text("older");
    let older = typed.as_deref().map_or(Some(Older::default()), Older::parse);
    if older.is_none() && !members.wrong.names("older") {
        members.wrong.add("older", "Choose one of keep, 24h, 7d, now.");
    }
    members.end("A reissue takes only \u{201c}older\u{201d}.");
    let Some(older) = older.filter(|_| members.wrong.is_empty()) else {
        return Err(members.wrong.into_refusal().into());
    };
    let call = Call::of(&app, &bearer, uri.path(), &headers, &body)?;
    let made =
        reissuing::reissue(&app, &seat, &id, older, Some(&bearer.address), call.once()).await?;
    Ok(answer(made.map(|issued| json::issued(&issued, app.now()))))
}

pub async fn revoke(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named((workgroup, id)): Named<(String, String)>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    let seat = acting_on(&app, &bearer, &workgroup, Verb::TokenRevoked, &id).await?;
    let call = Call::of(&app, &bearer, uri.path(), &headers, b"")?;
    let address = Some(bearer.address.as_str());
    let done = revoking::revoke(&app, &seat, &id, false, address, call.once()).await?;
    Ok(answer(done.map(|token| json::token(&token, app.now()))))
}

pub async fn retire(
    State(app): State<AppState>,
    Extension(bearer): Extension<Bearer>,
    Named((workgroup, id, number)): Named<(String, String, String)>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Answer {
    let seat = acting_on(&app, &bearer, &workgroup, Verb::StringRetired, &id).await?;
    let Ok(number) = number.parse::<i64>() else {
        return Err(Refusal::not_found("string").into());
    };
    let call = Call::of(&app, &bearer, uri.path(), &headers, b"")?;
    let address = Some(bearer.address.as_str());
    let done = retiring::retire(&app, &seat, &id, number, address, call.once()).await?;
    Ok(answer(done.map(|token| json::token(&token, app.now()))))
}
