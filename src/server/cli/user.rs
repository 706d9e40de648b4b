//! `latchkey user`: people who sign in.

use super::answer::Answer;
use super::table::table;
use crate::domain::administration::UserRow;
use crate::domain::time::Time;
use crate::domain::user::User as Person;
use crate::server::administration::{json, users};
use crate::server::operator;
use crate::server::people::users::RawUser;
use crate::server::state::AppState;
use anyhow::Context;
use clap::{Args, Subcommand};
use secrecy::SecretString;
use serde_json::json;
use std::io::BufRead;

/// More than any password may have, in bytes.
const LONGEST_LINE: u64 = 4096;

#[derive(Debug, Subcommand)]
pub enum User {
    /// Make a person who signs in with e-mail address and password
    Create(Create),
    /// List the users with their workgroups
    List(List),
    /// Keep somebody from signing in and end their sessions; their tokens live on
    Disable(One),
    /// Let somebody sign in again
    Enable(One),
    /// Make somebody an administrator, or no longer one
    Administrator(Administrator),
}

#[derive(Args, Debug)]
pub struct List {
    /// Part of a name or e-mail address
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub struct One {
    /// E-mail address that they sign in with
    #[arg(long)]
    email: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub struct Administrator {
    /// E-mail address that they sign in with
    #[arg(long)]
    email: String,
    /// Take it back
    #[arg(long)]
    remove: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub struct Create {
    /// E-mail address to sign in with
    #[arg(long)]
    email: String,
    /// The person's name
    #[arg(long)]
    name: String,
    /// Runs the installation; has no rights inside a workgroup without membership
    #[arg(long)]
    administrator: bool,
    /// Read the password from the first line of standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[arg(skip = SecretString::from(""))]
    password: SecretString,
}

impl User {
    pub fn read_password(&mut self) -> anyhow::Result<()> {
        if let User::Create(create) = self {
            create.password = first_line(std::io::stdin().lock())?;
        }
        Ok(())
    }

    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        match self {
            User::Create(create) => create.run(state).await,
            User::List(list) => list.run(state).await,
            User::Disable(One { email, json }) => {
                let id = users::id_of(state, &email).await?;
                let user = users::disable(state, &operator::administrator(), &id).await?;
                Ok(told(&user, true, json, "can no longer sign in"))
            }
            User::Enable(One { email, json }) => {
                let id = users::id_of(state, &email).await?;
                let user = users::enable(state, &operator::administrator(), &id).await?;
                Ok(told(&user, false, json, "can sign in again"))
            }
            User::Administrator(asked) => asked.run(state).await,
        }
    }
}

fn told(user: &Person, disabled: bool, as_json: bool, what: &str) -> Answer {
    if as_json {
        return Answer::json(&json::changed_user(user, disabled));
    }
    Answer::text(format!("{} {what}.", user.name))
}

impl Create {
    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let raw = RawUser { name: self.name, email: self.email, password: self.password };
        let administrator = operator::administrator();
        let user =
            users::create_with_password(state, &administrator, raw, self.administrator).await?;
        if self.json {
            return Ok(Answer::json(&json!(user)));
        }
        Ok(Answer::text(format!("{} can now sign in as {}.", user.name, user.email)))
    }
}

impl List {
    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let (administrator, search) = (operator::administrator(), self.search.unwrap_or_default());
        let (mut rows, mut after) = (Vec::new(), String::new());
        loop {
            let page = users::list(state, &administrator, &search, &after).await?;
            rows.extend(page.items);
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        if self.json {
            let items: Vec<_> = rows.iter().map(json::user).collect();
            return Ok(Answer::json(&json!({ "items": items })));
        }
        let lines: Vec<_> = rows.into_iter().map(line).collect();
        let head = ["e-mail", "name", "marks", "last signed in", "workgroups"];
        Ok(Answer::text(table(head, &lines)))
    }
}

fn line(row: UserRow) -> [String; 5] {
    let marks =
        [(row.user.administrator, "administrator"), (row.disabled_at.is_some(), "disabled")];
    let marks: Vec<_> = marks.into_iter().filter(|(on, _)| *on).map(|(_, word)| word).collect();
    let places: Vec<_> = row.workgroups.into_iter().map(|(name, _)| name).collect();
    let seen = row.last_signed_in_at.map_or_else(|| "never".to_owned(), Time::date);
    [row.user.email, row.user.name, marks.join(", "), seen, places.join(", ")]
}

impl Administrator {
    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let id = users::id_of(state, &self.email).await?;
        let administrator = operator::administrator();
        let user = users::set_administrator(state, &administrator, &id, !self.remove).await?;
        let disabled = users::is_disabled(state, &id).await?;
        let what = if self.remove { "is no administrator any more" } else { "is an administrator" };
        Ok(told(&user, disabled, self.json, what))
    }
}

/// The first line without its end; nothing else is taken off, for a password may begin or end with a space.
fn first_line(input: impl BufRead) -> anyhow::Result<SecretString> {
    let mut line = String::new();
    input
        .take(LONGEST_LINE)
        .read_line(&mut line)
        .context("the password could not be read from standard input")?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(line.strip_suffix('\r').unwrap_or(line).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn a_password_is_the_first_line_and_keeps_its_spaces() {
        let cases = [
            ("correct horse\n", "correct horse"),
            (" correct horse \r\nsecond", " correct horse "),
            ("no end", "no end"),
            ("", ""),
        ];
        for (input, password) in cases {
            assert_eq!(first_line(input.as_bytes()).unwrap().expose_secret(), password);
        }
        assert!(first_line(&b"\xff\xfe\n"[..]).is_err());
    }
}
