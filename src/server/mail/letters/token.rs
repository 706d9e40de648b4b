//! The letters to a token owner about one token: issued to them, revoked, renewed from an address never seen.

use super::page::{Block, Page, Span};
use super::{Contact, NO_STRING, Sheet, ask_after};
use crate::domain::time::Time;
use crate::domain::user::Email;
use crate::server::mail::Letter;

/// The token that such a letter is about.
#[derive(Clone, Debug)]
pub struct TokenFacts {
    pub owner: String,
    pub name: Option<String>,
    pub hint: String,
    /// What it opens in words.
    pub may: String,
    pub expires_at: Option<Time>,
    pub renewable: bool,
}

#[derive(Clone, Debug)]
pub struct Issued<'a> {
    pub to: &'a Email,
    pub sheet: Sheet<'a>,
    pub token: &'a TokenFacts,
    /// Who issued it, in words.
    pub by: &'a str,
    pub contacts: &'a [Contact],
}

#[derive(Clone, Debug)]
pub struct Revoked<'a> {
    pub to: &'a Email,
    pub sheet: Sheet<'a>,
    pub token: &'a TokenFacts,
    pub at: Time,
    /// Who revoked it, in words.
    pub by: &'a str,
    pub last_used: Option<(Time, String)>,
    pub contacts: &'a [Contact],
}

#[derive(Clone, Debug)]
pub struct Renewed<'a> {
    pub to: &'a Email,
    pub sheet: Sheet<'a>,
    pub token: &'a TokenFacts,
    /// The string that was made, and from where.
    pub number: i64,
    pub from: &'a str,
    pub at: Time,
    pub contacts: &'a [Contact],
}

impl TokenFacts {
    /// "Plant integrator · staging".
    fn title(&self) -> String {
        match &self.name {
            Some(name) => format!("{} · {name}", self.owner),
            None => self.owner.clone(),
        }
    }

    fn facts(&self, sheet: &Sheet<'_>) -> Vec<(&'static str, Vec<Span>)> {
        let mut token = vec![Span::mono(&self.hint)];
        if let Some(name) = &self.name {
            token.push(Span::plain(" · "));
            token.push(Span::strong(name));
        }
        let expires = match self.expires_at {
            None => vec![Span::plain("never")],
            Some(at) => vec![Span::plain(at.exact_in(sheet.zone))],
        };
        vec![
            ("Token", token),
            ("Issued to", vec![Span::strong(&self.owner)]),
            ("May", vec![Span::plain(&self.may)]),
            ("Expires", expires),
        ]
    }
}

fn text(text: impl AsRef<str>) -> Block {
    Block::Text(vec![Span::plain(text)])
}

fn foot(to: &Email) -> Vec<Span> {
    vec![Span::plain(format!("Sent to {to} because this token is issued to it. {NO_STRING}"))]
}

impl Issued<'_> {
    pub fn letter(&self) -> anyhow::Result<Letter> {
        let workgroup = self.sheet.workgroup;
        let mut blocks = vec![
            Block::Text(vec![
                Span::strong(self.by),
                Span::plain(format!(
                    " issued a token of {workgroup} to you. The token string comes from them, not by mail: it is shown once, to whoever made it."
                )),
            ]),
            Block::Facts(self.token.facts(&self.sheet)),
        ];
        match (self.token.expires_at, self.token.renewable) {
            (None, _) => blocks.push(text("It does not expire. Keep the string as you keep a password.")),
            (Some(_), true) => {
                blocks.push(text(
                    "You will be mailed before it ends. Better, let whatever uses it renew it in good time, with this call and the token string that you have:",
                ));
                blocks.extend(self.sheet.renewal());
            }
            (Some(_), false) => blocks.push(text(
                "It cannot renew itself. You will be mailed before it ends, with whom to ask for a new one.",
            )),
        }
        blocks.push(ask_after(
            "If you expected no token, or have not been given its string, write to ",
            self.contacts,
            self.sheet.url,
        ));
        let page = Page {
            subject: format!("An API token of {workgroup} was issued to you"),
            head: self.sheet.head(),
            title: "An API token was issued to you".to_owned(),
            preview: format!("{}: {}", self.token.title(), self.token.may),
            blocks,
            foot: foot(self.to),
        };
        page.letter(self.to)
    }
}

impl Revoked<'_> {
    pub fn letter(&self) -> anyhow::Result<Letter> {
        let at = self.at.exact_in(self.sheet.zone);
        let mut facts = self.token.facts(&self.sheet);
        // It ended before its expiry: that date says nothing any more.
        facts.pop();
        facts.push((
            "Revoked",
            vec![Span::Red(at.clone()), Span::plain(", by "), Span::strong(self.by)],
        ));
        facts.push(("Last used", self.sheet.used(self.last_used.as_ref())));
        let page = Page {
            subject: format!(
                "API token {} of {} was revoked",
                self.token.hint, self.sheet.workgroup
            ),
            head: self.sheet.head(),
            title: "An API token of yours was revoked".to_owned(),
            preview: format!(
                "{}: none of its strings opens anything since {at}.",
                self.token.title()
            ),
            blocks: vec![
                text(
                    "None of its strings opens anything any more, and whatever uses one has stopped. This cannot be undone.",
                ),
                Block::Facts(facts),
                ask_after(
                    "If you still need one, or do not know why, write to ",
                    self.contacts,
                    self.sheet.url,
                ),
            ],
            foot: foot(self.to),
        };
        page.letter(self.to)
    }
}

impl Renewed<'_> {
    pub fn letter(&self) -> anyhow::Result<Letter> {
        let mut facts = self.token.facts(&self.sheet);
        facts.push(("New string", vec![Span::mono(format!("#{}", self.number))]));
        facts.push(("Renewed", vec![Span::plain(self.at.exact_in(self.sheet.zone))]));
        facts.push(("From", vec![Span::mono(self.from)]));
        let revoke = vec![
            "curl -X POST \\".to_owned(),
            "-H \"Authorization: Bearer $LATCHKEY_TOKEN\" \\".to_owned(),
            format!("{}/api/v1/token/revoke", self.sheet.url),
        ];
        let page = Page {
            subject: format!(
                "API token {} was renewed from a new address, {}",
                self.token.hint, self.from
            ),
            head: self.sheet.head(),
            title: "An API token of yours was renewed from a new address".to_owned(),
            preview: format!("{}, from {}.", self.token.title(), self.from),
            blocks: vec![
                text(
                    "Whoever renewed it holds one of its strings and now holds a new one. It came from an address from which this token was never used before.",
                ),
                Block::Facts(facts),
                text("If that was you, on another machine or network, there is nothing to do."),
                text(
                    "If it was not, somebody else has your string. Stop the whole token, every string of it, with any string that you hold:",
                ),
                Block::Code(revoke),
                ask_after("Then tell ", self.contacts, self.sheet.url),
            ],
            foot: foot(self.to),
        };
        page.letter(self.to)
    }
}
