//! The letters to a token owner about one token: issued to them, revoked, renewed from an address never seen.

use super::{Contact, Sheet};
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

impl Issued<'_> {
    pub fn letter(&self) -> anyhow::Result<Letter> {
        Ok(Letter::plain(
            self.to.clone(),
            "An API token was issued to you",
            self.token.hint.clone(),
        ))
    }
}

impl Revoked<'_> {
    pub fn letter(&self) -> anyhow::Result<Letter> {
        Ok(Letter::plain(
            self.to.clone(),
            "An API token of yours was revoked",
            self.token.hint.clone(),
        ))
    }
}

impl Renewed<'_> {
    pub fn letter(&self) -> anyhow::Result<Letter> {
        Ok(Letter::plain(
            self.to.clone(),
            "An API token of yours was renewed from a new address",
            self.from,
        ))
    }
}
