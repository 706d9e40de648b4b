//! The posts of the token pages: new, edit, and what the dialogs on a token's page do.

use super::{FormAnswer, FormBody, KEY};
use crate::domain::activity::Verb;
use crate::domain::refusal::{FieldErrors, Refusal};
use crate::domain::rights::Seat;
use crate::domain::token::{Kind, Older, Token};
use crate::domain::token_draft::{RawDraft, RawEdit};
use crate::server::error::Result;
use crate::server::secret::sha256;
use crate::server::tokens::once::{Done, Made, Once};
use crate::server::tokens::{denial, edit, issue, reissue, retire, revoke, show};
use crate::server::viewer::Visit;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path};
use axum::http::HeaderMap;

/// `POST …/tokens/new`
pub async fn new_token(
    Extension(visit): Extension<Visit>,
    Path(workgroup): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> FormAnswer {
    let form = match FormBody::parse(&headers, &body) {
        Ok(form) => form,
        Err(refusal) => return FormAnswer::refused(FormBody::default(), refusal),
    };
    match issue_one(&visit, &workgroup, uri.path(), &form, &body).await {
        Ok(answer) => answer,
        Err(error) => FormAnswer::refused(form, error),
    }
}

async fn issue_one(
    visit: &Visit,
    workgroup: &str,
    path: &str,
    form: &FormBody,
    body: &[u8],
) -> Result<FormAnswer> {
    let seat = visit.seat(workgroup).await?;
    let raw = draft(form);
    let address = Some(visit.address.as_str());
    denial::permitted_to_issue(&visit.state, &seat, &raw.owner, address).await?;
    if form.get("device").is_some() && raw.kind() != Kind::Device {
        let mut wrong = FieldErrors::default();
        wrong.add("device", "Choose the device that the token is for.");
        let others = issue::complaints(&visit.state, &seat, &raw).await?;
        return Err(wrong.and(others).into_refusal().into());
    }
    let once = once(visit, path, form, body)?;
    let made = issue::issue(&visit.state, &seat, &raw, address, once.as_ref()).await?;
    shown(visit, seat, made).await
}

fn draft(form: &FormBody) -> RawDraft {
    let text = |field: &str| form.text(field).to_owned();
    RawDraft {
        owner: text("owner"),
        email: text("email"),
        name: text("name"),
        expires: text("expires"),
        can_renew: form.get("can_renew").is_some(),
        permissions: form.all("permissions").map(str::to_owned).collect(),
        device_group: text("device_group"),
        device: text("device"),
        note: text("note"),
        rate_limit: text("rate_limit"),
    }
}

/// `POST …/tokens/{id}/edit`
pub async fn edit_token(
    Extension(visit): Extension<Visit>,
    Path((workgroup, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> FormAnswer {
    let form = match FormBody::parse(&headers, &body) {
        Ok(form) => form,
        Err(refusal) => return FormAnswer::refused(FormBody::default(), refusal),
    };
    let saved = async {
        let seat = visit.seat(&workgroup).await?;
        edit::edit(&visit.state, &seat, &id, &changes(&form), Some(&visit.address)).await
    };
    match saved.await {
        Ok(token) => done(&workgroup, &token, "saved"),
        Err(error) => FormAnswer::refused(form, error),
    }
}

/// A form sends all of its fields; an unchecked box is one that is not sent.
fn changes(form: &FormBody) -> RawEdit {
    let text = |field: &str| form.get(field).map(str::to_owned);
    RawEdit {
        version: form.text("version").parse().unwrap_or_default(),
        owner: text("owner"),
        email: text("email"),
        name: text("name"),
        expires: text("expires"),
        can_renew: Some(form.get("can_renew").is_some()),
        note: text("note"),
        rate_limit: text("rate_limit"),
    }
}

/// `POST …/tokens/{id}`: action = reissue, retire or revoke.
pub async fn token(
    Extension(visit): Extension<Visit>,
    Path((workgroup, id)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> FormAnswer {
    let form = match FormBody::parse(&headers, &body) {
        Ok(form) => form,
        Err(refusal) => return FormAnswer::refused(FormBody::default(), refusal),
    };
    match act(&visit, &workgroup, &id, uri.path(), &form, &body).await {
        Ok(answer) => answer,
        Err(error) => FormAnswer::refused(form, error),
    }
}

async fn act(
    visit: &Visit,
    workgroup: &str,
    id: &str,
    path: &str,
    form: &FormBody,
    body: &[u8],
) -> Result<FormAnswer> {
    let seat = visit.seat(workgroup).await?;
    let (state, address) = (&visit.state, Some(visit.address.as_str()));
    let action = form.text("action");
    if let Some(verb) = verb(action) {
        denial::permitted(state, &seat, verb, id, address).await?;
    }
    let (ended, how) = match action {
        "reissue" => {
            let older = Older::parse(form.text("older")).ok_or_else(|| {
                Refusal::field("older", "Choose what happens to the older strings.")
            })?;
            let once = once(visit, path, form, body)?;
            let made = reissue::reissue(state, &seat, id, older, address, once.as_ref()).await?;
            return shown(visit, seat, made).await;
        }
        "retire" => {
            let number = form.text("number").parse().map_err(|_| Refusal::not_found("string"))?;
            (retire::retire(state, &seat, id, number, address, None).await?, "retired")
        }
        "revoke" => {
            let also = form.get("also").is_some();
            (revoke::revoke(state, &seat, id, also, address, None).await?, "revoked")
        }
        _ => return Err(Refusal::field("action", "This page cannot do that.").into()),
    };
    match ended {
        Done::New(token) => Ok(done(workgroup, &token, how)),
        Done::Already(_) => Ok(FormAnswer::redirect(path)),
    }
}

/// What an action would be in the record.
fn verb(action: &str) -> Option<Verb> {
    match action {
        "reissue" => Some(Verb::TokenReissued),
        "retire" => Some(Verb::StringRetired),
        "revoke" => Some(Verb::TokenRevoked),
        _ => None,
    }
}

fn done(workgroup: &str, token: &Token, how: &str) -> FormAnswer {
    FormAnswer::redirect(format!("/{workgroup}/settings/tokens/{}?done={how}", token.id))
}

/// The string at its one reveal; or, when the form was sent before, that it was.
async fn shown(visit: &Visit, seat: Seat, made: Made) -> Result<FormAnswer> {
    let answer = match made {
        Done::New(issued) => {
            let done = format!("/{}/settings/tokens/{}", seat.workgroup.slug, issued.token.id);
            return Ok(FormAnswer::Issued { issued, workgroup: seat.workgroup, done });
        }
        Done::Already(answer) => answer,
    };
    let id = answer["id"].as_str().unwrap_or_default();
    let token = show::one(&visit.state, &seat, id).await?;
    Ok(FormAnswer::AlreadyMade { token: Box::new(token), workgroup: seat.workgroup, device: None })
}

/// The key that the form was given when it was shown. A form without one is not ours.
pub(super) fn once(
    visit: &Visit,
    path: &str,
    form: &FormBody,
    body: &[u8],
) -> Result<Option<Once>> {
    let key = form.text(KEY);
    if key.is_empty() || key.len() > 255 {
        return Err(Refusal::field(
            KEY,
            "The form has lost its key. Open the page again and send it from there.",
        )
        .into());
    }
    Ok(Some(Once {
        caller: format!("person:{}", visit.person()?.id),
        address: path.to_owned(),
        key: key.to_owned(),
        body_hash: sha256(body),
        reused,
    }))
}

/// The page that says so is given a new key, so that sending it once more makes what is typed there now.
fn reused() -> Refusal {
    Refusal::field(
        KEY,
        "This form was already sent and did its work then; nothing was made this time. What you typed since is kept: send it again to make another one.",
    )
}
