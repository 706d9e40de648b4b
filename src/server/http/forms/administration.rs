//! The posts of the administration: workgroups, users and the permission catalogue. Administrators alone reach them.

use super::policy::raw as raw_policy;
use super::{FormAnswer, FormBody};
use crate::domain::catalogue::RawPermission;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Administrator;
use crate::domain::time::Time;
use crate::server::administration::{catalogue, policy, users, workgroups};
use crate::server::clock_guard;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::viewer::Visit;
use axum::Extension;
use axum::extract::Path;

const WORKGROUPS: &str = "/administration";
const USERS: &str = "/administration/users";
const PERMISSIONS: &str = "/administration/permissions";

/// What an administrator asks for with a form.
struct Asked<'a> {
    state: &'a AppState,
    administrator: Administrator,
    form: &'a FormBody,
}

impl<'a> Asked<'a> {
    fn of(visit: &'a Visit, form: &'a FormBody) -> Result<Asked<'a>> {
        Ok(Asked { state: &visit.state, administrator: visit.administrator()?, form })
    }
}

fn unknown_action() -> Refusal {
    Refusal::field("action", "This page cannot do that.")
}

/// `POST /administration`: action = own, with the id of a workgroup; or confirm-clock, with the time of the doubt.
pub async fn workgroups(Extension(visit): Extension<Visit>, form: FormBody) -> FormAnswer {
    let outcome = match form.text("action") {
        "confirm-clock" => confirm_clock(&visit, &form).await,
        _ => own(&visit, &form).await,
    };
    FormAnswer::of(form, outcome)
}

async fn own(visit: &Visit, form: &FormBody) -> Result<FormAnswer> {
    let Asked { state, administrator, form } = Asked::of(visit, form)?;
    if form.text("action") != "own" {
        return Err(unknown_action().into());
    }
    workgroups::own(state, &administrator, form.text("id")).await?;
    Ok(FormAnswer::redirect(format!("{WORKGROUPS}?done=owner")))
}

async fn confirm_clock(visit: &Visit, form: &FormBody) -> Result<FormAnswer> {
    let Asked { state, administrator, form } = Asked::of(visit, form)?;
    let since = Time(form.text("since").parse().unwrap_or_default());
    // Where it was in no doubt any more, nothing was done and nothing is said.
    let done = clock_guard::confirm(state, &administrator, Some(since)).await?;
    let said = if done { "?done=clock-confirmed" } else { "" };
    Ok(FormAnswer::redirect(format!("{WORKGROUPS}{said}")))
}

/// `POST /administration/workgroups/new`: name, owner, time_zone.
pub async fn new_workgroup(Extension(visit): Extension<Visit>, form: FormBody) -> FormAnswer {
    let outcome = found(&visit, &form).await;
    FormAnswer::of(form, outcome)
}

async fn found(visit: &Visit, form: &FormBody) -> Result<FormAnswer> {
    let Asked { state, administrator, form } = Asked::of(visit, form)?;
    let [name, owner, zone] = ["name", "owner", "time_zone"].map(|field| form.text(field));
    workgroups::create(state, &administrator, name, owner, zone).await?;
    Ok(FormAnswer::redirect(format!("{WORKGROUPS}?done=workgroup-made")))
}

/// `POST /administration/workgroups/{slug}`: the same form as the workgroup's own policy page.
pub async fn workgroup(
    Extension(visit): Extension<Visit>,
    Path(slug): Path<String>,
    form: FormBody,
) -> FormAnswer {
    let outcome = save_workgroup(&visit, &slug, &form).await;
    FormAnswer::of(form, outcome)
}

async fn save_workgroup(visit: &Visit, slug: &str, form: &FormBody) -> Result<FormAnswer> {
    let Asked { state, administrator, form } = Asked::of(visit, form)?;
    policy::edit_as_administrator(state, &administrator, slug, &raw_policy(form)).await?;
    Ok(FormAnswer::redirect(format!("{WORKGROUPS}/workgroups/{slug}?done=policy")))
}

/// `POST /administration/users`: action = disable, enable, make-administrator or unmake-administrator, with an id.
pub async fn users(Extension(visit): Extension<Visit>, form: FormBody) -> FormAnswer {
    let outcome = change_user(&visit, &form).await;
    FormAnswer::of(form, outcome)
}

async fn change_user(visit: &Visit, form: &FormBody) -> Result<FormAnswer> {
    let Asked { state, administrator, form } = Asked::of(visit, form)?;
    let id = form.text("id");
    let done = match form.text("action") {
        "disable" => users::disable(state, &administrator, id).await.map(|_| "disabled")?,
        "enable" => users::enable(state, &administrator, id).await.map(|_| "enabled")?,
        "make-administrator" => {
            users::set_administrator(state, &administrator, id, true).await?;
            "administrator"
        }
        "unmake-administrator" => {
            users::set_administrator(state, &administrator, id, false).await?;
            if administrator.user_id() == Some(id) {
                // Whoever is no administrator any more has nothing left to see here.
                return Ok(FormAnswer::redirect("/"));
            }
            "no-administrator"
        }
        _ => return Err(unknown_action().into()),
    };
    Ok(FormAnswer::redirect(format!("{USERS}?done={done}")))
}

/// `POST /administration/users/new`: name, email, administrator.
pub async fn new_user(Extension(visit): Extension<Visit>, form: FormBody) -> FormAnswer {
    let outcome = make_user(&visit, &form).await;
    FormAnswer::of(form, outcome)
}

async fn make_user(visit: &Visit, form: &FormBody) -> Result<FormAnswer> {
    let Asked { state, administrator, form } = Asked::of(visit, form)?;
    let too = form.get("administrator").is_some();
    users::create(state, &administrator, form.text("name"), form.text("email"), too).await?;
    Ok(FormAnswer::redirect(format!("{USERS}?done=user-made")))
}

/// `POST /administration/permissions`: action = retire, restore or delete, with a name.
pub async fn permissions(Extension(visit): Extension<Visit>, form: FormBody) -> FormAnswer {
    let outcome = change_permission(&visit, &form).await;
    FormAnswer::of(form, outcome)
}

async fn change_permission(visit: &Visit, form: &FormBody) -> Result<FormAnswer> {
    let Asked { state, administrator, form } = Asked::of(visit, form)?;
    let name = form.text("name");
    let (_, done) = match form.text("action") {
        "retire" => (catalogue::retire(state, &administrator, name).await?, "retired"),
        "restore" => (catalogue::restore(state, &administrator, name).await?, "restored"),
        "delete" => (catalogue::delete(state, &administrator, name).await?, "deleted"),
        _ => return Err(unknown_action().into()),
    };
    Ok(FormAnswer::redirect(format!("{PERMISSIONS}?done=permission-{done}")))
}

/// `POST /administration/permissions/new`
pub async fn new_permission(Extension(visit): Extension<Visit>, form: FormBody) -> FormAnswer {
    let outcome = add_permission(&visit, &form).await;
    FormAnswer::of(form, outcome)
}

async fn add_permission(visit: &Visit, form: &FormBody) -> Result<FormAnswer> {
    let Asked { state, administrator, form } = Asked::of(visit, form)?;
    catalogue::add(state, &administrator, &raw_permission(form)).await?;
    Ok(FormAnswer::redirect(format!("{PERMISSIONS}?done=permission-added")))
}

/// `POST /administration/permissions/{name}`
pub async fn permission(
    Extension(visit): Extension<Visit>,
    Path(name): Path<String>,
    form: FormBody,
) -> FormAnswer {
    let outcome = save_permission(&visit, &name, &form).await;
    FormAnswer::of(form, outcome)
}

async fn save_permission(visit: &Visit, name: &str, form: &FormBody) -> Result<FormAnswer> {
    let Asked { state, administrator, form } = Asked::of(visit, form)?;
    let version = form.text("version").parse().unwrap_or_default();
    let raw = raw_permission(form);
    catalogue::edit(state, &administrator, name, Some(version), &raw).await?;
    Ok(FormAnswer::redirect(format!("{PERMISSIONS}?done=saved")))
}

fn raw_permission(form: &FormBody) -> RawPermission {
    let text = |field: &str| form.text(field).to_owned();
    RawPermission {
        name: text("name"),
        label: text("label"),
        description: text("description"),
        section: text("section"),
        for_devices: form.get("for_devices").is_some(),
        powerful: form.get("powerful").is_some(),
    }
}
