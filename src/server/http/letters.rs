//! The HTML of a letter, alone, for the frame on its page. Letters carry their styles in themselves; here they may have
//! those and nothing else: no script, no picture, no form, and no origin of ours.

use super::problem::Problem;
use crate::domain::letter_page::Sample;
use crate::domain::refusal::Refusal;
use crate::server::error::Result as Outcome;
use crate::server::notices;
use crate::server::viewer::Visit;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use std::collections::BTreeMap;

const LETTER_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                             sandbox; frame-ancestors 'self'";

/// `GET …/notices/{id}/letter.html`.
pub async fn letter(
    Extension(visit): Extension<Visit>,
    Path((workgroup, id)): Path<(String, String)>,
) -> Response {
    answer(notices::show::html(&visit, &workgroup, &id).await)
}

/// `GET …/notices/preview/letter.html?letter=expiry`.
pub async fn preview(
    Extension(visit): Extension<Visit>,
    Path(workgroup): Path<String>,
    Query(fields): Query<BTreeMap<String, String>>,
) -> Response {
    let sample = Sample::parse(fields.get("letter").map_or("", String::as_str));
    let html = notices::preview::html(&visit, &workgroup, sample).await;
    answer(html.and_then(|html| Ok(html.ok_or_else(|| Refusal::not_found("letter"))?)))
}

fn answer(html: Outcome<String>) -> Response {
    match html {
        Ok(html) => {
            let headers = [
                (header::CONTENT_SECURITY_POLICY, LETTER_POLICY),
                (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
            ];
            (headers, Html(html)).into_response()
        }
        Err(error) => Problem::from(error).into_response(),
    }
}
