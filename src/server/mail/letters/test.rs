//! The letter that only shows that mail arrives.

use super::page::{Block, Page, Span};
use super::{NO_STRING, Sheet};
use crate::domain::user::Email;
use crate::server::mail::Letter;

#[derive(Clone, Debug)]
pub struct Test<'a> {
    pub to: &'a Email,
    pub sheet: Sheet<'a>,
    /// Who asked for it.
    pub by: &'a str,
}

impl Test<'_> {
    pub fn letter(&self) -> anyhow::Result<Letter> {
        let asked = format!("at {}.", self.sheet.now.exact_in(self.sheet.zone));
        let page = Page {
            subject: format!("Test mail from Latchkey, for {}", self.sheet.workgroup),
            head: self.sheet.head(),
            title: "Mail arrives".to_owned(),
            preview: "Notices about tokens that end come the same way.".to_owned(),
            blocks: vec![
                Block::Text(vec![
                    Span::strong(self.by),
                    Span::plain(" asked for this test on the Notices page "),
                    Span::plain(asked),
                ]),
                Block::Text(vec![Span::plain(
                    "Notices about tokens that end come the same way. If this one lay among unwanted mail, they would too: mark it as wanted.",
                )]),
            ],
            foot: vec![Span::plain(format!("Sent to {}. {NO_STRING}", self.to))],
        };
        page.letter(self.to)
    }
}
