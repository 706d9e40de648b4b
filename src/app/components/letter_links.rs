//! Where the pages of letters are: every link to one is made here.

use crate::domain::letter_page::{Sample, Side};

#[must_use]
pub fn list(workgroup: &str) -> String {
    format!("/{workgroup}/settings/notices")
}

#[must_use]
pub fn page(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/notices/{id}")
}

#[must_use]
pub fn side(workgroup: &str, id: &str, side: Side) -> String {
    let page = page(workgroup, id);
    if side == Side::Html { page } else { format!("{page}?as={}", side.code()) }
}

/// The letter's HTML alone, for a frame.
#[must_use]
pub fn html(workgroup: &str, id: &str) -> String {
    format!("/{workgroup}/settings/notices/{id}/letter.html")
}

#[must_use]
pub fn preview(workgroup: &str, sample: Sample, side: Side) -> String {
    let page = format!("/{workgroup}/settings/notices/preview?letter={}", sample.code());
    if side == Side::Html { page } else { format!("{page}&as={}", side.code()) }
}

#[must_use]
pub fn preview_html(workgroup: &str, sample: Sample) -> String {
    format!("/{workgroup}/settings/notices/preview/letter.html?letter={}", sample.code())
}
