//! The posts of the device pages: new, edit, and removing one.

use super::tokens::once;
use super::{FormAnswer, FormBody};
use crate::domain::metadata::read_lines;
use crate::domain::refusal::Refusal;
use crate::server::devices::edit::{self, RawDeviceEdit};
use crate::server::devices::register::{self, RawDevice};
use crate::server::devices::{remove, show};
use crate::server::error::Result;
use crate::server::tokens::once::Done;
use crate::server::viewer::Visit;
use axum::Extension;
use axum::extract::{OriginalUri, Path};

fn page(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/devices/{id}")
}

/// `POST …/devices/new`
pub async fn new_device(
    Extension(visit): Extension<Visit>,
    Path(workgroup): Path<String>,
    OriginalUri(uri): OriginalUri,
    form: FormBody,
) -> FormAnswer {
    let outcome = register_one(&visit, &workgroup, uri.path(), &form).await;
    FormAnswer::of(form, outcome)
}

async fn register_one(
    visit: &Visit,
    workgroup: &str,
    path: &str,
    form: &FormBody,
) -> Result<FormAnswer> {
    let (state, address) = (&visit.state, Some(visit.address.as_str()));
    let seat = visit.seat(workgroup).await?;
    register::permit(state, &seat, address).await?;
    let raw = RawDevice {
        external_id: form.text("external_id").to_owned(),
        name: form.text("name").to_owned(),
        metadata: read_lines(form.text("metadata")),
        permissions: Some(form.all("permissions").map(str::to_owned).collect()),
    };
    let once = once(visit, path, form, &form.canonical())?;
    let done = register::register_once(state, &seat, &raw, address, once.as_ref()).await?;
    match done {
        Done::New((device, issued)) => Ok(FormAnswer::Issued {
            issued: Box::new(issued),
            done: page(workgroup, &device.id),
            workgroup: seat.workgroup,
        }),
        Done::Already(answer) => {
            let id = answer["id"].as_str().unwrap_or_default();
            let token = show::first_token(state, &seat, id).await?;
            let external_id = answer["device"].as_str().unwrap_or_default();
            // It may have been removed since.
            let device = show::by_external_id(state, &seat, external_id).await.ok();
            let device = device.map(|kept| page(workgroup, &kept.device.id));
            let token = Box::new(token);
            Ok(FormAnswer::AlreadyMade { token, workgroup: seat.workgroup, device })
        }
    }
}

/// `POST …/devices/{id}/edit`
pub async fn edit_device(
    Extension(visit): Extension<Visit>,
    Path((workgroup, id)): Path<(String, String)>,
    form: FormBody,
) -> FormAnswer {
    let outcome = save(&visit, &workgroup, &id, &form).await;
    FormAnswer::of(form, outcome)
}

async fn save(visit: &Visit, workgroup: &str, id: &str, form: &FormBody) -> Result<FormAnswer> {
    let seat = visit.seat(workgroup).await?;
    let raw = RawDeviceEdit {
        version: form.text("version").parse().unwrap_or_default(),
        name: form.get("name").map(str::to_owned),
        metadata: form.get("metadata").map(read_lines),
    };
    edit::edit(&visit.state, &seat, id, &raw, Some(&visit.address)).await?;
    Ok(FormAnswer::redirect(format!("{}?done=saved", page(workgroup, id))))
}

/// `POST …/devices/{id}`: action = remove.
pub async fn device(
    Extension(visit): Extension<Visit>,
    Path((workgroup, id)): Path<(String, String)>,
    form: FormBody,
) -> FormAnswer {
    let outcome = act(&visit, &workgroup, &id, &form).await;
    FormAnswer::of(form, outcome)
}

async fn act(visit: &Visit, workgroup: &str, id: &str, form: &FormBody) -> Result<FormAnswer> {
    let seat = visit.seat(workgroup).await?;
    if form.text("action") != "remove" {
        return Err(Refusal::field("action", "This page cannot do that.").into());
    }
    remove::remove(&visit.state, &seat, id, Some(&visit.address)).await?;
    Ok(FormAnswer::redirect(format!("/{workgroup}/settings/devices?done=device-removed")))
}
