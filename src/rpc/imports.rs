//! The questions of the import pages; the page of a running one asks again and again.

use crate::domain::import::{ImportFormPage, ImportKind, ImportPage};
use crate::domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// The page on which a file is chosen.
#[server(prefix = "/rpc", endpoint = "read_import_form", input = GetUrl)]
pub async fn read_import_form(
    workgroup: String,
    kind: ImportKind,
) -> Result<ImportFormPage, Refusal> {
    use crate::server::{imports, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(imports::show::form(&visit, &workgroup, kind).await)
}

/// One import: its preview, its progress, or how it ended.
#[server(prefix = "/rpc", endpoint = "read_import", input = GetUrl)]
pub async fn read_import(workgroup: String, id: String) -> Result<ImportPage, Refusal> {
    use crate::server::{imports, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(imports::show::page(&visit, &workgroup, &id).await)
}
