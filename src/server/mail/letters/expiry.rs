//! The letter to a token owner about what ends: everything of one address in one workgroup.

use super::{Contact, Sheet};
use crate::domain::time::Time;
use crate::domain::user::Email;
use crate::server::mail::Letter;

/// One token, or one string of a token, that ends or has ended.
#[derive(Clone, Debug)]
pub struct Ending {
    /// The token owner, and the token's name if it has one.
    pub owner: String,
    pub name: Option<String>,
    /// `#2`: which string ends, and its hint `lka_…9fK2`.
    pub number: i64,
    pub hint: String,
    /// Past `now`: it has expired.
    pub ends_at: Time,
    /// What it opens in words: "Read and control the 12 devices of North plant".
    pub may: String,
    pub last_used: Option<(Time, String)>,
    /// The holder can renew it now: renewal is on, it is live, not legacy.
    pub renewable: bool,
    /// The lifetime of a renewed string in words, such as `3 months`, clamped to today's policy.
    pub lifetime: String,
    /// Set: the token lives on, this one string ends though it is still in use.
    pub newer: Option<Newer>,
    /// Days before the end at which the next notice comes; `None`: this was the last one before the end.
    pub next_stage: Option<i64>,
}

/// The string of the same token that outlives the one that ends.
#[derive(Clone, Debug)]
pub struct Newer {
    pub number: i64,
    pub hint: String,
    pub ends_at: Option<Time>,
    pub last_used_at: Option<Time>,
}

/// What ends for one address in one workgroup, soonest first; never empty.
#[derive(Clone, Debug)]
pub struct Expiry<'a> {
    pub to: &'a Email,
    pub sheet: Sheet<'a>,
    pub endings: &'a [Ending],
    /// The workgroup's owners, for what cannot renew.
    pub contacts: &'a [Contact],
}

impl Expiry<'_> {
    pub fn letter(&self) -> anyhow::Result<Letter> {
        let lines: Vec<_> = self.endings.iter().map(|it| it.hint.clone()).collect();
        Ok(Letter::plain(self.to.clone(), "API tokens expire", lines.join("\n")))
    }
}
