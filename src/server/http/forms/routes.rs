//! The posts of the page of route policies: they are saved, or removed.

use super::{FormAnswer, FormBody};
use crate::domain::refusal::Refusal;
use crate::server::error::Result;
use crate::server::routes::edit::{self, RawRoutes};
use crate::server::viewer::Visit;
use axum::Extension;
use axum::extract::Path;

/// `POST /{workgroup}/settings/routes`; action = `save` or `remove`.
pub async fn routes(
    Extension(visit): Extension<Visit>,
    Path(workgroup): Path<String>,
    form: FormBody,
) -> FormAnswer {
    let outcome = act(&visit, &workgroup, &form).await;
    FormAnswer::of(form, outcome)
}

async fn act(visit: &Visit, workgroup: &str, form: &FormBody) -> Result<FormAnswer> {
    let seat = visit.seat(workgroup).await?;
    let version = Some(form.text("version").parse().unwrap_or_default());
    let (raw, done) = match form.text("action") {
        "save" => {
            let text = Some(form.text("routes").to_owned());
            let family = Some(form.text("family").to_owned());
            (RawRoutes { version, text, family }, "routes")
        }
        "remove" => (RawRoutes { version, text: None, family: None }, "routes-removed"),
        _ => return Err(Refusal::field("action", "This page cannot do that.").into()),
    };
    edit::edit(&visit.state, &seat, &raw, Some(&visit.address)).await?;
    Ok(FormAnswer::redirect(format!("/{workgroup}/settings/routes?done={done}")))
}
