//! The letter that only shows that mail arrives.

use super::Sheet;
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
        Ok(Letter::plain(self.to.clone(), "Test mail", self.by))
    }
}
