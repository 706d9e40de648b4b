//! The link with which a user sets a new password. It holds a one-time code.

use super::page::{Block, Page, Span};
use crate::domain::time::Time;
use crate::domain::user::Email;
use crate::server::mail::Letter;

#[derive(Clone, Debug)]
pub struct Reset<'a> {
    pub to: &'a Email,
    pub name: &'a str,
    /// The installation's host, with its port.
    pub host: &'a str,
}

impl Reset<'_> {
    /// `link` holds the one-time code and works until `until`.
    pub fn letter(&self, link: &str, until: Time) -> anyhow::Result<Letter> {
        let page = Page {
            subject: format!("Your link to set a new password at {}", self.host),
            head: format!("Latchkey, at {}", self.host),
            title: "Set a new password".to_owned(),
            preview: format!("The link works once, until {}.", until.exact()),
            blocks: vec![
                Block::Text(vec![Span::plain(
                    "Somebody, most likely you, asked for this on the sign-in page.",
                )]),
                Block::Button {
                    label: format!("Set it here until {}", until.exact()),
                    href: link.to_owned(),
                },
                Block::Text(vec![Span::plain(
                    "The link works once; a newer one takes its place. Setting a new password signs out every browser that is signed in to your account.",
                )]),
            ],
            foot: vec![Span::plain(format!(
                "Sent to {} because an account of {} has this address. If it was not you, leave it: your password stays as it is. A mail from Latchkey never holds a token string and never asks for one, nor for a password.",
                self.to, self.name
            ))],
        };
        page.letter(self.to)
    }
}
