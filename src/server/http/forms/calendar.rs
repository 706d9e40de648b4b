//! The posts of the calendar feed: its address is made, changed and stopped on the notices page.

use super::{FormAnswer, FormBody};
use crate::domain::refusal::Refusal;
use crate::server::error::Result;
use crate::server::notices::calendar::{self, Change};
use crate::server::viewer::Visit;
use axum::Extension;
use axum::extract::Path;

/// `POST /{workgroup}/settings/notices/calendar`
pub async fn calendar(
    Extension(visit): Extension<Visit>,
    Path(workgroup): Path<String>,
    form: FormBody,
) -> FormAnswer {
    let outcome = act(&visit, &workgroup, &form).await;
    FormAnswer::of(form, outcome)
}

/// action = `calendar-make`, `calendar-change` or `calendar-stop`.
pub async fn act(visit: &Visit, workgroup: &str, form: &FormBody) -> Result<FormAnswer> {
    let seat = visit.seat(workgroup).await?;
    let Some(change) = Change::parse(form.text("action")) else {
        return Err(Refusal::field("action", "This page cannot do that.").into());
    };
    calendar::change(&visit.state, &seat, change, Some(&visit.address)).await?;
    let done = match change {
        Change::Make => "calendar-made",
        Change::Change => "calendar-changed",
        Change::Stop => "calendar-stopped",
    };
    Ok(FormAnswer::redirect(format!("/{workgroup}/settings/notices?done={done}")))
}
