//! The posts of the device group pages: new, edit in two steps, and what the dialog on a group's page does.

use super::{FormAnswer, FormBody};
use crate::app::submitted::Question;
use crate::domain::group_draft::{RawGroup, RawGroupEdit, RawRule};
use crate::domain::refusal::Refusal;
use crate::server::devices::groups::{self, Consent, Edited};
use crate::server::error::{Error, Result};
use crate::server::viewer::Visit;
use axum::Extension;
use axum::extract::Path;

/// `POST …/device-groups/new`
pub async fn new_group(
    Extension(visit): Extension<Visit>,
    Path(workgroup): Path<String>,
    form: FormBody,
) -> FormAnswer {
    let made = make(&visit, &workgroup, &form).await.map_err(at_its_field);
    FormAnswer::of(form, made)
}

async fn make(visit: &Visit, workgroup: &str, form: &FormBody) -> Result<FormAnswer> {
    let seat = visit.seat(workgroup).await?;
    let raw = RawGroup { name: form.text("name").to_owned(), rule: rule(form)? };
    let made = groups::create(&visit.state, &seat, &raw, Some(&visit.address)).await?;
    let page = address(workgroup, &made.group.id);
    Ok(FormAnswer::redirect(format!("{page}?done=group-created")))
}

/// `POST …/device-groups/{id}/edit`: shows what would open and close, and saves what was shown.
pub async fn edit_group(
    Extension(visit): Extension<Visit>,
    Path((workgroup, id)): Path<(String, String)>,
    form: FormBody,
) -> FormAnswer {
    match save(&visit, &workgroup, &id, &form).await.map_err(at_its_field) {
        Ok(Edited::Saved(..)) => {
            FormAnswer::redirect(format!("{}?done=saved", address(&workgroup, &id)))
        }
        Ok(Edited::Asked(effect)) => FormAnswer::confirm(form, Question::GroupEdit(effect)),
        Err(error) => FormAnswer::refused(form, error),
    }
}

async fn save(visit: &Visit, workgroup: &str, id: &str, form: &FormBody) -> Result<Edited> {
    let seat = visit.seat(workgroup).await?;
    let raw = RawGroupEdit {
        version: form.text("version").parse().unwrap_or_default(),
        name: Some(form.text("name").to_owned()),
        rule: Some(rule(form)?),
    };
    // Whoever asks to see it again has agreed to nothing, whatever they saw before.
    let seen = if form.get("review").is_some() { "" } else { form.text("seen") };
    let (state, address) = (&visit.state, Some(visit.address.as_str()));
    groups::edit(state, &seat, id, &raw, Consent::Seen(seen), address).await
}

/// `POST …/device-groups/{id}`
pub async fn group(
    Extension(visit): Extension<Visit>,
    Path((workgroup, id)): Path<(String, String)>,
    form: FormBody,
) -> FormAnswer {
    let done = act(&visit, &workgroup, &id, &form).await;
    FormAnswer::of(form, done)
}

async fn act(visit: &Visit, workgroup: &str, id: &str, form: &FormBody) -> Result<FormAnswer> {
    let seat = visit.seat(workgroup).await?;
    if form.text("action") != "remove" {
        // Whether the group exists for whoever asks comes before what is wrong with the form.
        groups::show::one(&visit.state, &seat, id).await?;
        return Err(Refusal::field("action", "This page cannot do that.").into());
    }
    groups::remove(&visit.state, &seat, id, Some(&visit.address)).await?;
    Ok(FormAnswer::redirect(format!("/{workgroup}/settings/device-groups?done=group-removed")))
}

fn address(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/device-groups/{id}")
}

fn rule(form: &FormBody) -> Result<RawRule> {
    let text = |field: &str| form.text(field);
    let rule = RawRule::of_form(text("rule"), text("devices"), text("key"), text("value"));
    rule.ok_or_else(|| Refusal::field("rule", "Choose which devices the group holds.").into())
}

/// A program sends a rule under its own name; in the form the devices stand in one field and the metadata in two.
fn at_its_field(error: Error) -> Error {
    let Error::Refused(mut refusal) = error else { return error };
    for error in &mut refusal.errors {
        let field = match error.field.as_str() {
            "in" | "not_in" => "devices",
            "metadata" => "key",
            _ => continue,
        };
        error.field = field.to_owned();
    }
    Error::Refused(refusal)
}
