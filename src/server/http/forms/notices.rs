//! The posts of the notices page: a test mail, and a letter sent again.

use super::{FormAnswer, FormBody};
use crate::domain::refusal::Refusal;
use crate::server::error::Result;
use crate::server::notices::{again, test_mail};
use crate::server::viewer::Visit;
use axum::Extension;
use axum::extract::Path;

/// `POST …/notices`: action = test-mail, or send-again with the letter's id.
pub async fn notices(
    Extension(visit): Extension<Visit>,
    Path(workgroup): Path<String>,
    form: FormBody,
) -> FormAnswer {
    let outcome = act(&visit, &workgroup, &form).await;
    FormAnswer::of(form, outcome)
}

async fn act(visit: &Visit, workgroup: &str, form: &FormBody) -> Result<FormAnswer> {
    let seat = visit.seat(workgroup).await?;
    let (state, address) = (&visit.state, Some(visit.address.as_str()));
    let done = match form.text("action") {
        "test-mail" => {
            test_mail::send(state, &seat, visit.person()?, address).await?;
            "test-mail"
        }
        "send-again" => {
            again::send_again(state, &seat, form.text("id"), address).await?;
            "notice-sent-again"
        }
        _ => return Err(Refusal::field("action", "This page cannot do that.").into()),
    };
    Ok(FormAnswer::redirect(format!("/{workgroup}/settings/notices?done={done}")))
}
