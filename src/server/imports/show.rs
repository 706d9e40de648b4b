//! What the pages of imports are answered with.

use super::check::Rows;
use super::{find, may};
use crate::domain::import::{ImportFormPage, ImportKind, ImportPage, ImportState};
use crate::server::error::Result;
use crate::server::store;
use crate::server::viewer::Visit;

/// The page on which a file is chosen.
pub async fn form(visit: &Visit, slug: &str, kind: ImportKind) -> Result<ImportFormPage> {
    let seat = visit.seat(slug).await?;
    may(&seat, kind)?;
    let mut reader = visit.state.db.read().await?;
    let running = store::imports::find_running(&mut reader, &seat.workgroup.id).await?;
    let running = running.filter(|import| may(&seat, import.kind).is_ok());
    Ok(ImportFormPage { workgroup: seat.workgroup, running })
}

/// One import: its preview, its progress, or how it ended.
pub async fn page(visit: &Visit, slug: &str, id: &str) -> Result<ImportPage> {
    let (seat, now) = (visit.seat(slug).await?, visit.state.now());
    let mut reader = visit.state.db.read().await?;
    let import = find(&mut reader, &seat, id).await?;
    let content = match import.state {
        ImportState::Previewed => store::imports::find_content(&mut reader, id).await?,
        _ => None,
    };
    let preview = match content.as_deref() {
        None | Some("") => None,
        Some(content) => Some(Rows::from_json(import.kind, content)?.preview(now)),
    };
    Ok(ImportPage { workgroup: seat.workgroup, import, preview, now })
}
