//! Where the pages of imports are: every link to one is made here.

use crate::domain::import::ImportKind;

/// The page on which a file is chosen.
#[must_use]
pub fn form(workgroup: &str, kind: ImportKind) -> String {
    format!("{}/import", things(workgroup, kind))
}

/// The list of what the import makes.
#[must_use]
pub fn things(workgroup: &str, kind: ImportKind) -> String {
    let things = match kind {
        ImportKind::Devices => "devices",
        ImportKind::LegacyTokens => "tokens",
    };
    format!("/{workgroup}/settings/{things}")
}

#[must_use]
pub fn page(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/imports/{id}")
}
