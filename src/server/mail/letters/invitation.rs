//! The invitation to a workgroup. Its link holds a one-time code.

use super::page::{Block, Page, Span};
use crate::domain::time::Time;
use crate::domain::user::Email;
use crate::server::mail::Letter;

#[derive(Clone, Debug)]
pub struct Invitation<'a> {
    pub to: &'a Email,
    /// Who invites.
    pub by: &'a str,
    pub workgroup: &'a str,
    pub owner: bool,
    /// Labels of the permissions; none for an owner.
    pub permissions: &'a [String],
    pub group: Option<&'a str>,
    /// The installation's host, with its port.
    pub host: &'a str,
}

impl Invitation<'_> {
    /// `link` holds the one-time code and works until `until`.
    pub fn letter(&self, link: &str, until: Time) -> anyhow::Result<Letter> {
        let (by, workgroup) = (self.by, self.workgroup);
        let page = Page {
            subject: format!("{by} invites you to {workgroup} on Latchkey"),
            head: format!("Latchkey, for {workgroup}"),
            title: format!("{by} invites you to {workgroup}"),
            preview: format!("The link works until {}.", until.exact()),
            blocks: vec![
                Block::Text(vec![Span::plain(self.may())]),
                Block::Button {
                    label: format!("Accept it here until {}", until.exact()),
                    href: link.to_owned(),
                },
                Block::Text(vec![Span::plain(format!(
                    "The link works once. If you have no account at {} yet, you make one there with this address.",
                    self.host
                ))]),
            ],
            foot: vec![Span::plain(format!(
                "Sent to {} because {by} invited this address. If you expected nothing of the kind, leave it: without the link nothing happens. A mail from Latchkey never holds a token string and never asks for one, nor for a password.",
                self.to
            ))],
        };
        page.letter(self.to)
    }

    fn may(&self) -> String {
        if self.owner {
            return "You will be one of its owners: you may do everything there, and invite others."
                .to_owned();
        }
        if self.permissions.is_empty() {
            return "You will be a member; an owner chooses what you may do.".to_owned();
        }
        let devices = self.group.map(|group| format!(", for the devices of {group}"));
        format!(
            "You will be able to: {}{}.",
            self.permissions.join(", "),
            devices.unwrap_or_default()
        )
    }
}
