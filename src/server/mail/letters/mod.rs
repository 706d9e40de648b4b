//! What each letter says: one file a letter, its facts given by whoever owes it. A letter is a run of blocks (`page.rs`), so its
//! text and its HTML cannot say different things.

mod digest;
mod expiry;
mod invitation;
mod page;
mod reset;
mod test;
mod token;

pub use digest::{Digest, DigestLine, DigestWorkgroup};
pub use expiry::{Ending, Expiry, Newer};
pub use invitation::Invitation;
pub use reset::Reset;
pub use test::Test;
pub use token::{Issued, Renewed, Revoked, TokenFacts};

use crate::domain::time::Time;
use page::{Block, Span};

/// Said at the end of every letter about tokens.
const NO_STRING: &str = "A mail from Latchkey never holds a token string and never asks for one.";
/// So many owners are named to turn to.
const MOST_CONTACTS: usize = 5;

/// Somebody to turn to: a workgroup owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub email: String,
}

/// What every letter of a workgroup knows of where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The workgroup's name.
    pub workgroup: &'a str,
    /// IANA name of the zone in which dates are said.
    pub zone: &'a str,
    /// Scheme and host that every link begins with, without a slash at its end.
    pub url: &'a str,
    /// When the letter is written.
    pub now: Time,
}

impl Sheet<'_> {
    fn head(&self) -> String {
        format!("Latchkey, for {}", self.workgroup)
    }

    /// `in 12 days`, then the date with its zone.
    fn when(&self, at: Time) -> Vec<Span> {
        let word = at.relative(self.now);
        let word = if at <= self.now { Span::Red(word) } else { Span::Amber(word) };
        vec![word, Span::plain(format!(", {}", at.exact_in(self.zone)))]
    }

    fn used(&self, last: Option<&(Time, String)>) -> Vec<Span> {
        match last {
            None => vec![Span::plain("never")],
            Some((at, from)) => {
                vec![Span::plain(format!("{}, from ", at.relative(self.now))), Span::mono(from)]
            }
        }
    }

    /// The command that renews, with a placeholder for the string.
    fn renewal(&self) -> Vec<Block> {
        vec![
            Block::Code(vec![
                "curl -X POST \\".to_owned(),
                "-H \"Authorization: Bearer $LATCHKEY_TOKEN\" \\".to_owned(),
                format!("{}/api/v1/token/renew", self.url),
            ]),
            Block::Text(vec![Span::plain(
                "The old string works until it expires, and a repeated call gives the same new one: nothing is lost if the line drops.",
            )]),
            Block::Button {
                label: "Renew it on a schedule".to_owned(),
                href: format!("{}/docs/renewal", self.url),
            },
        ]
    }
}

/// `#1 (lka_…9fK2)`
fn numbered(number: i64, hint: &str) -> String {
    format!("#{number} ({hint})")
}

/// "Ask Ada Marsh, ada@harrow.example, or Ben Holt, ben@harrow.example": who can give a new token.
fn ask(contacts: &[Contact], url: &str) -> Vec<Span> {
    if contacts.is_empty() {
        let host = url.split_once("://").map_or(url, |(_, host)| host);
        return vec![Span::plain(format!("whoever runs Latchkey at {host}"))];
    }
    let named = &contacts[..contacts.len().min(MOST_CONTACTS)];
    let mut spans = Vec::new();
    for (at, contact) in named.iter().enumerate() {
        let parting = match at {
            0 => "",
            at if at + 1 == named.len() => ", or ",
            _ => ", ",
        };
        spans.push(Span::plain(parting));
        spans.push(Span::strong(&contact.name));
        spans.push(Span::plain(", "));
        spans.push(Span::mail(&contact.email));
    }
    spans
}

/// A sentence that ends in whom to ask.
fn ask_after(sentence: &str, contacts: &[Contact], url: &str) -> Block {
    let mut spans = vec![Span::plain(sentence)];
    spans.extend(ask(contacts, url));
    spans.push(Span::plain("."));
    Block::Text(spans)
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

#[cfg(test)]
mod tests;
