//! Text that people type: trimmed, bounded, without control characters, so that it can stand in a header, a mail or a page.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One line of 1 to `MAX` characters (Unicode scalar values), without control characters or line separators.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Line<const MAX: usize>(String);

/// Whose token it is: free text.
pub type Owner = Line<200>;
/// What tells one owner's tokens apart; also the name of a person, workgroup, device or group.
pub type Name = Line<80>;

impl<const MAX: usize> Line<MAX> {
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err(format!("Write 1 to {MAX} characters."));
        }
        if text.chars().any(forbidden) {
            return Err("Line breaks, tabs and other control characters are not allowed.".into());
        }
        match text.chars().count() {
            count if count > MAX => Err(format!("At most {MAX} characters; these are {count}.")),
            _ => Ok(Line(text.to_owned())),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize> fmt::Display for Line<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// A note of up to 2,000 characters; line breaks are kept, other control characters are refused. Empty means none.
pub fn note(text: &str) -> Result<Option<String>, String> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.chars().any(|c| c != '\n' && forbidden(c)) {
        return Err("Control characters other than line breaks are not allowed.".into());
    }
    match text.chars().count() {
        0 => Ok(None),
        count if count > 2000 => Err(format!("At most 2000 characters; these are {count}.")),
        _ => Ok(Some(text.to_owned())),
    }
}

/// What the search compares: lower case, so that "Müller" is found by "MÜLLER" on every database.
#[must_use]
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_bounded_and_free_of_control_characters() {
        assert_eq!(Owner::parse("  North plant ").unwrap().as_str(), "North plant");
        assert!(Owner::parse(&"🔑".repeat(200)).is_ok());
        for refused in ["", "   ", "a\nb", "a\tb", "a\u{0}b", "a\u{2028}b", &"x".repeat(201)] {
            assert!(Owner::parse(refused).is_err(), "{refused:?}");
        }
        assert!(Name::parse(&"x".repeat(81)).unwrap_err().contains("these are 81"));
    }

    #[test]
    fn a_note_keeps_its_line_breaks() {
        assert_eq!(note(" a\r\nb ").unwrap().unwrap(), "a\nb");
        assert_eq!(note("  ").unwrap(), None);
        assert!(note("a\u{7}b").is_err());
        assert!(note(&"x".repeat(2001)).is_err());
    }
}
