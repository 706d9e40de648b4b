//! The questions about one letter.

use crate::domain::letter_page::{LetterPage, PreviewPage, Sample};
use crate::domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// A letter as it was sent, and how it was taken.
#[server(prefix = "/rpc", endpoint = "read_letter", input = GetUrl)]
pub async fn read_letter(workgroup: String, id: String) -> Result<LetterPage, Refusal> {
    use crate::server::{notices, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(notices::show::page(&visit, &workgroup, &id).await)
}

/// A letter with this workgroup's data that nobody is sent.
#[server(prefix = "/rpc", endpoint = "read_letter_preview", input = GetUrl)]
pub async fn read_letter_preview(
    workgroup: String,
    letter: Sample,
) -> Result<PreviewPage, Refusal> {
    use crate::server::{notices, viewer::Visit};
    let visit = Visit::current()?;
    visit.answer(notices::preview::page(&visit, &workgroup, letter).await)
}
