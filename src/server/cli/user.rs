//! `latchkey user`: people who sign in.

use super::answer::Answer;
use crate::server::people::members::{self, RawUser};
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
        let User::Create(create) = self;
        create.password = first_line(std::io::stdin().lock())?;
        Ok(())
    }

    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let User::Create(asked) = self;
        let raw = RawUser { name: asked.name, email: asked.email, password: asked.password };
        let user = members::create_user(state, raw, asked.administrator).await?;
        if asked.json {
            return Ok(Answer::json(&json!(user)));
        }
        Ok(Answer::text(format!("{} can now sign in as {}.", user.name, user.email)))
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
