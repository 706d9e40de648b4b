//! What a command prints: its result on standard output, what a person should know beside it on standard error.

use anyhow::Context;
use serde_json::Value;
use std::io::{self, Write};

/// Printed whole, at the end: a command that is refused prints nothing but its refusal.
#[derive(Default)]
pub struct Answer {
    out: String,
    aside: String,
}

impl Answer {
    /// One line, or several, on standard output.
    pub fn text(text: impl Into<String>) -> Answer {
        Answer { out: text.into(), aside: String::new() }
    }

    /// One JSON value on one line.
    pub fn json(value: &Value) -> Answer {
        Answer::text(value.to_string())
    }

    /// A line for the person at the terminal, not for the program that reads the result.
    pub fn aside(mut self, text: impl AsRef<str>) -> Answer {
        self.aside.push_str(text.as_ref());
        self.aside.push('\n');
        self
    }

    pub fn print(self) -> anyhow::Result<()> {
        let mut out = self.out;
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        let mut stdout = io::stdout().lock();
        stdout
            .write_all(out.as_bytes())
            .and_then(|()| stdout.flush())
            .context("it was done, but the answer could not be written")?;
        // Where standard error is closed, nobody waits for it.
        let _ = io::stderr().lock().write_all(self.aside.as_bytes());
        Ok(())
    }
}

/// The one line on standard error of whatever did not succeed.
pub fn complain(error: &anyhow::Error) {
    let _ = writeln!(io::stderr(), "{}", line_of(error));
}

/// One line on standard error beside it: what is wrong with one row of many.
pub fn mention(line: &str) {
    let words: Vec<_> = line.split_whitespace().collect();
    let _ = writeln!(io::stderr(), "{}", words.join(" "));
}

fn line_of(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        // Drivers repeat their cause in their own words.
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    let words: Vec<_> = text.split_whitespace().collect();
    format!("latchkey{}", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::FieldErrors;
    use crate::server::error::Error;

    #[test]
    fn a_refusal_is_one_line_with_every_field_in_it() {
        let mut wrong = FieldErrors::default();
        wrong.add("email", "Write one\ne-mail address.");
        wrong.add("owner", "Write 1 to 200 characters.");
        let error = anyhow::Error::new(Error::from(wrong.into_refusal()));
        assert_eq!(
            line_of(&error),
            "latchkey: 2 fields are not valid; nothing was changed. email: Write one e-mail address. \
             owner: Write 1 to 200 characters."
        );
    }

    #[test]
    fn a_fault_is_one_line_with_its_causes() {
        let fault = anyhow::anyhow!("no such file").context("the database cannot be opened");
        let error = anyhow::Error::new(Error::from(fault));
        assert_eq!(line_of(&error), "latchkey: the database cannot be opened: no such file");
        let repeated =
            anyhow::anyhow!("code 26").context("refused (code 26)").context("no database");
        assert_eq!(line_of(&repeated), "latchkey: no database: refused (code 26)");
    }
}
