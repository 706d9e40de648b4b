//! The posts of the import pages: a file or pasted rows, and what happens to a preview.

use super::{FormAnswer, FormBody};
use crate::domain::import::{ImportKind, MOST_BYTES};
use crate::domain::refusal::{Code, Refusal};
use crate::server::error::Result;
use crate::server::imports::upload::Upload;
use crate::server::imports::{start, upload};
use crate::server::viewer::Visit;
use axum::Extension;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Request};

/// What is longer than a file may be is still read up to here and thrown away, so that the browser gets to see why.
const READ_AT_MOST: usize = 4 * MOST_BYTES;

/// The body limit of the two posts that take a file.
pub fn body_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(READ_AT_MOST)
}

/// A posted file (`file`) or pasted rows (`rows`), read from `multipart/form-data` (RFC 7578).
#[derive(Debug, Default)]
pub struct SentRows {
    file_name: String,
    bytes: Vec<u8>,
    /// What was pasted: a refused form shows it again.
    pasted: String,
}

impl<S: Send + Sync> FromRequest<S> for SentRows {
    type Rejection = FormAnswer;

    async fn from_request(
        request: Request,
        state: &S,
    ) -> std::result::Result<SentRows, FormAnswer> {
        let multipart = Multipart::from_request(request, state).await.map_err(|_| {
            let why = "A file is posted as multipart/form-data.";
            refused(FormBody::default(), Refusal::new(Code::UnsupportedMediaType, why))
        })?;
        SentRows::read(multipart).await.map_err(|refusal| refused(FormBody::default(), refusal))
    }
}

impl SentRows {
    async fn read(mut multipart: Multipart) -> std::result::Result<SentRows, Refusal> {
        let mut sent = SentRows::default();
        let (mut size, mut pasted) = (0, Vec::new());
        while let Some(mut field) = multipart.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            match name.as_str() {
                "file" => {
                    sent.file_name = field.file_name().unwrap_or_default().to_owned();
                    sent.bytes = bounded(&mut field, &mut size).await?;
                }
                "rows" => pasted = bounded(&mut field, &mut size).await?,
                _ => drop(bounded(&mut field, &mut size).await?),
            }
        }
        if size > MOST_BYTES {
            return Err(too_large());
        }
        sent.pasted = String::from_utf8(pasted).unwrap_or_default();
        Ok(sent)
    }

    fn into_upload(self, kind: ImportKind) -> std::result::Result<Upload, Refusal> {
        let (file, pasted) =
            (!self.bytes.is_empty() || !self.file_name.is_empty(), self.pasted.trim());
        match (file, pasted.is_empty()) {
            (true, true) => Ok(Upload { kind, file_name: self.file_name, bytes: self.bytes }),
            (false, false) => {
                Ok(Upload { kind, file_name: String::new(), bytes: self.pasted.into_bytes() })
            }
            (true, false) => Err(Refusal::field("file", "Choose a file or paste rows, not both.")),
            (false, true) => Err(Refusal::field("file", "Choose a file, or paste its rows below.")),
        }
    }
}

/// Reads a field to its end; once all of them together are too long, nothing is kept any more.
async fn bounded(field: &mut Field<'_>, size: &mut usize) -> std::result::Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        *size += chunk.len();
        if *size > MOST_BYTES {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(bytes)
}

fn broken(error: MultipartError) -> Refusal {
    match error.status().as_u16() {
        413 => too_large(),
        _ => Refusal::new(
            Code::InvalidInput,
            "The form could not be read, or broke off. Nothing was made; send it again.",
        ),
    }
}

fn too_large() -> Refusal {
    Refusal::new(
        Code::TooLarge,
        "The file is larger than 4 MiB, so nothing was made. Split it into several files.",
    )
}

fn refused(form: FormBody, refusal: Refusal) -> FormAnswer {
    FormAnswer::refused(form, refusal)
}

/// `POST …/devices/import`
pub async fn devices(
    Extension(visit): Extension<Visit>,
    Path(workgroup): Path<String>,
    sent: SentRows,
) -> FormAnswer {
    preview(&visit, &workgroup, ImportKind::Devices, sent).await
}

/// `POST …/tokens/import`
pub async fn tokens(
    Extension(visit): Extension<Visit>,
    Path(workgroup): Path<String>,
    sent: SentRows,
) -> FormAnswer {
    preview(&visit, &workgroup, ImportKind::LegacyTokens, sent).await
}

async fn preview(visit: &Visit, slug: &str, kind: ImportKind, sent: SentRows) -> FormAnswer {
    let form = FormBody(vec![("rows".to_owned(), sent.pasted.clone())]);
    let kept = async {
        let seat = visit.seat(slug).await?;
        let file = sent.into_upload(kind)?;
        let import = upload::upload(&visit.state, &seat, &file, Some(&visit.address)).await?;
        Ok(FormAnswer::redirect(format!("/{slug}/settings/imports/{}", import.id)))
    };
    FormAnswer::of(form, kept.await)
}

/// `POST …/imports/{id}`: action = start or discard.
pub async fn import(
    Extension(visit): Extension<Visit>,
    Path((workgroup, id)): Path<(String, String)>,
    form: FormBody,
) -> FormAnswer {
    let outcome = act(&visit, &workgroup, &id, &form).await;
    FormAnswer::of(form, outcome)
}

async fn act(visit: &Visit, slug: &str, id: &str, form: &FormBody) -> Result<FormAnswer> {
    let (seat, address) = (visit.seat(slug).await?, Some(visit.address.as_str()));
    let page = format!("/{slug}/settings/imports/{id}");
    match form.text("action") {
        "start" => {
            let now = start::start(&visit.state, &seat, id, address).await?;
            Ok(FormAnswer::redirect(if now { format!("{page}?done=import-started") } else { page }))
        }
        "discard" => {
            let import = start::discard(&visit.state, &seat, id, address).await?;
            let things = match import.kind {
                ImportKind::Devices => "devices",
                ImportKind::LegacyTokens => "tokens",
            };
            let form = format!("/{slug}/settings/{things}/import?done=import-discarded");
            Ok(FormAnswer::redirect(form))
        }
        _ => Err(Refusal::field("action", "This page cannot do that.").into()),
    }
}
