//! The posts of the members' pages: inviting, what is done with an invitation or a member, and accepting.

use super::people::agent;
use super::{FormAnswer, FormBody};
use crate::domain::members::RawRights;
use crate::domain::refusal::Refusal;
use crate::server::error::Result;
use crate::server::people::members::{remove, set};
use crate::server::people::{invitations, sign_out};
use crate::server::viewer::{self, Visit};
use axum::Extension;
use axum::extract::{OriginalUri, Path};
use axum::http::HeaderMap;

/// `POST …/members`: action = send-again or withdraw, and the invitation's id.
pub async fn members(
    Extension(visit): Extension<Visit>,
    Path(workgroup): Path<String>,
    form: FormBody,
) -> FormAnswer {
    let outcome = with_invitation(&visit, &workgroup, &form).await;
    FormAnswer::of(form, outcome)
}

async fn with_invitation(visit: &Visit, workgroup: &str, form: &FormBody) -> Result<FormAnswer> {
    let seat = visit.seat(workgroup).await?;
    let (state, address, id) = (&visit.state, Some(visit.address.as_str()), form.text("id"));
    let done = match form.text("action") {
        "send-again" => {
            invitations::send_again(state, &seat, id, address).await?;
            "sent-again"
        }
        "withdraw" => {
            invitations::withdraw(state, &seat, id, address).await?;
            "withdrawn"
        }
        _ => return Err(unknown_action().into()),
    };
    Ok(list(workgroup, done))
}

/// `POST …/members/invite`: email, role, permissions, device_group.
pub async fn invite(
    Extension(visit): Extension<Visit>,
    Path(workgroup): Path<String>,
    form: FormBody,
) -> FormAnswer {
    let invited = async {
        let seat = visit.seat(&workgroup).await?;
        let (email, address) = (form.text("email"), Some(visit.address.as_str()));
        invitations::invite(&visit.state, &seat, email, &rights(&form)?, address).await
    };
    let outcome = invited.await.map(|_| list(&workgroup, "invited"));
    FormAnswer::of(form, outcome)
}

/// `POST …/members/{id}`: action = set or remove.
pub async fn member(
    Extension(visit): Extension<Visit>,
    Path((workgroup, id)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
    form: FormBody,
) -> FormAnswer {
    let outcome = with_member(&visit, &workgroup, &id, uri.path(), &form).await;
    FormAnswer::of(form, outcome)
}

async fn with_member(
    visit: &Visit,
    workgroup: &str,
    id: &str,
    path: &str,
    form: &FormBody,
) -> Result<FormAnswer> {
    let seat = visit.seat(workgroup).await?;
    let (state, address) = (&visit.state, Some(visit.address.as_str()));
    match form.text("action") {
        "set" => {
            let version = form.text("version").parse().unwrap_or_default();
            set::set(state, &seat, id, version, &rights(form)?, address).await?;
            Ok(FormAnswer::redirect(format!("{path}?done=saved")))
        }
        "remove" => {
            remove::remove(state, &seat, id, address).await?;
            // Whoever left has no page here any more.
            Ok(if seat.is(id) {
                FormAnswer::redirect("/")
            } else {
                list(workgroup, "member-removed")
            })
        }
        _ => Err(unknown_action().into()),
    }
}

/// `POST /invite/{code}`: action = create (name, password), join or sign-out.
pub async fn accept(
    Extension(visit): Extension<Visit>,
    Path(code): Path<String>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    mut form: FormBody,
) -> FormAnswer {
    let outcome = with_link(&visit, &code, uri.path(), &mut form, agent(&headers)).await;
    FormAnswer::of(form, outcome)
}

async fn with_link(
    visit: &Visit,
    code: &str,
    path: &str,
    form: &mut FormBody,
    agent: &str,
) -> Result<FormAnswer> {
    let config = &visit.state.config;
    let joined = match form.text("action") {
        "create" => {
            let password = form.take("password");
            invitations::accept::create(visit, code, form.text("name"), password, agent).await?
        }
        "join" => invitations::accept::join(visit, code, agent).await?,
        "sign-out" => {
            sign_out::sign_out(visit).await?;
            return Ok(FormAnswer::redirect_with(path, viewer::cookie_gone(config)));
        }
        _ => return Err(unknown_action().into()),
    };
    let cookie = viewer::cookie(config, &joined.cookie);
    Ok(FormAnswer::redirect_with(format!("{}?done=joined", joined.start), cookie))
}

/// The rights that a form asks for. An owner's other fields are hidden, so they count for nothing.
fn rights(form: &FormBody) -> Result<RawRights> {
    match form.text("role") {
        "owner" => Ok(RawRights { owner: true, ..RawRights::default() }),
        "member" => Ok(RawRights {
            owner: false,
            permissions: form.all("permissions").map(str::to_owned).collect(),
            device_group: form.text("device_group").to_owned(),
        }),
        _ => Err(Refusal::field("role", "Choose owner or member.").into()),
    }
}

fn list(workgroup: &str, done: &str) -> FormAnswer {
    FormAnswer::redirect(format!("/{workgroup}/settings/members?done={done}"))
}

fn unknown_action() -> Refusal {
    Refusal::field("action", "This page cannot do that.")
}
