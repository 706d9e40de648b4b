//! The post of a workgroup's policy page, and how its form is read; the administration posts the same form.

use super::{FormAnswer, FormBody};
use crate::domain::policy_draft::RawPolicy;
use crate::server::administration::policy;
use crate::server::error::Result;
use crate::server::viewer::Visit;
use axum::Extension;
use axum::extract::Path;

/// `POST /{workgroup}/settings/policy`
pub async fn policy(
    Extension(visit): Extension<Visit>,
    Path(workgroup): Path<String>,
    form: FormBody,
) -> FormAnswer {
    let outcome = save(&visit, &workgroup, &form).await;
    FormAnswer::of(form, outcome)
}

async fn save(visit: &Visit, workgroup: &str, form: &FormBody) -> Result<FormAnswer> {
    let seat = visit.seat(workgroup).await?;
    policy::edit(&visit.state, &seat, &raw(form), Some(&visit.address)).await?;
    Ok(FormAnswer::redirect(format!("/{workgroup}/settings/policy?done=policy")))
}

/// A form sends all of its fields, the version that it was made from too; an unchecked box is one that is not sent.
pub(super) fn raw(form: &FormBody) -> RawPolicy {
    let text = |field: &str| form.get(field).map(str::to_owned);
    RawPolicy {
        version: Some(form.text("version").parse().unwrap_or_default()),
        name: text("name"),
        longest_lifetime: text("longest_lifetime"),
        non_expiring: Some(form.get("non_expiring").is_some()),
        notice_stages: text("notice_stages"),
        notice_hour: text("notice_hour"),
        time_zone: text("time_zone"),
    }
}
