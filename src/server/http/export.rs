//! The post that answers with a file: the record as CSV, sent while it is read.

use super::forms::{FormAnswer, FormBody};
use crate::domain::activity_query::ActivityQuery;
use crate::domain::refusal::Refusal;
use crate::server::activity::export::{self, Export};
use crate::server::error::Result as Outcome;
use crate::server::viewer::Visit;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{OriginalUri, Path};
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// A client that takes nothing for so long is let go.
const PATIENCE: Duration = Duration::from_secs(60);

/// `POST …/activity`: action = export. The filters stand in the address, as on the page.
pub async fn activity(
    Extension(visit): Extension<Visit>,
    Path(workgroup): Path<String>,
    OriginalUri(uri): OriginalUri,
    form: FormBody,
) -> Result<Response, FormAnswer> {
    match begin(&visit, &workgroup, &uri, form.text("action")).await {
        Ok(export) => Ok(answer(export)),
        Err(error) => Err(FormAnswer::refused(form, error)),
    }
}

async fn begin(visit: &Visit, workgroup: &str, uri: &Uri, action: &str) -> Outcome<Export> {
    let seat = visit.seat(workgroup).await?;
    if action != "export" {
        return Err(Refusal::field("action", "This page cannot do that.").into());
    }
    let fields: BTreeMap<_, _> =
        form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let query = ActivityQuery::read(|name| fields.get(name).cloned());
    export::begin(&visit.state, &seat, &query, Some(&visit.address)).await
}

fn answer(mut export: Export) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", export.file_name())),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    // One piece ahead: a slow reader holds the next one back.
    let (send, pieces) = mpsc::channel(1);
    tokio::spawn(async move {
        while let Some(piece) = next(&mut export).await {
            let broken = piece.is_err();
            let sent = timeout(PATIENCE, send.send(piece)).await;
            if broken || !matches!(sent, Ok(Ok(()))) {
                return;
            }
        }
    });
    (headers, Body::new(Pieces(pieces))).into_response()
}

/// A fault is logged here, and breaks the answer off: a file that stops short must not look whole.
async fn next(export: &mut Export) -> Option<io::Result<Bytes>> {
    match export.piece().await {
        Ok(piece) => piece.map(|piece| Ok(piece.into())),
        Err(error) => Some(Err(io::Error::other(error.into_refusal()))),
    }
}

/// A body in pieces of unknown number.
struct Pieces(mpsc::Receiver<io::Result<Bytes>>);

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}
