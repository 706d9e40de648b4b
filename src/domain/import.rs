//! An import: a file of devices or of legacy tokens that was read and checked whole, is previewed, then made row by row.

use super::time::Time;
use super::usage::counted;
use super::workgroup::Workgroup;
use serde::{Deserialize, Serialize};

/// A file has at most this many rows below its header.
pub const MOST_ROWS: usize = 10_000;
/// And at most this many bytes.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    Devices,
    LegacyTokens,
}

impl ImportKind {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            ImportKind::Devices => "devices",
            ImportKind::LegacyTokens => "legacy_tokens",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<ImportKind> {
        [ImportKind::Devices, ImportKind::LegacyTokens].into_iter().find(|kind| kind.code() == code)
    }

    /// `1 device`, `12 legacy tokens`.
    #[must_use]
    pub fn count(self, count: i64) -> String {
        let one = match self {
            ImportKind::Devices => "device",
            ImportKind::LegacyTokens => "legacy token",
        };
        counted(count, one)
    }

    /// `1 device was made`, `12 legacy tokens were made`.
    #[must_use]
    pub fn made(self, count: i64) -> String {
        format!("{} {} made", self.count(count), if count == 1 { "was" } else { "were" })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Nothing was made yet.
    Previewed,
    Running,
    Done,
    /// At a row that had become impossible; those before it stand.
    Stopped,
}

impl ImportState {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            ImportState::Previewed => "previewed",
            ImportState::Running => "running",
            ImportState::Done => "done",
            ImportState::Stopped => "stopped",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<ImportState> {
        use ImportState::{Done, Previewed, Running, Stopped};
        [Previewed, Running, Done, Stopped].into_iter().find(|state| state.code() == code)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    pub id: String,
    pub kind: ImportKind,
    pub file_name: String,
    /// Rows of the file, and how many of them were made so far.
    pub total: i64,
    pub done: i64,
    pub state: ImportState,
    /// Why it stopped.
    pub problem: Option<String>,
    /// Who uploaded it; once it was started, who started it.
    pub actor: String,
    pub created_at: Time,
    pub finished_at: Option<Time>,
}

/// A row that cannot be imported: where it stands, what it is, and everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// In the file, the header being line 1 as a rule.
    pub line: i64,
    /// Its id or owner, shortened.
    pub what: String,
    pub why: Vec<String>,
}

impl BadRow {
    /// `“pump 1”. external_id: Spaces and control characters are not allowed.`
    #[must_use]
    pub fn in_words(&self) -> String {
        let what =
            if self.what.is_empty() { String::new() } else { format!("“{}”. ", self.what) };
        format!("{what}{}", self.why.join(" "))
    }
}

/// The page on which a file is chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFormPage {
    pub workgroup: Workgroup,
    /// One that runs now; another has to wait for its end.
    pub running: Option<Import>,
}

/// The page of one import: its preview, its progress, or how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPage {
    pub workgroup: Workgroup,
    pub import: Import,
    /// As long as nothing was made.
    pub preview: Option<Preview>,
    pub now: Time,
}

/// What is about to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// A fact and its value, such as a metadata key and how many rows have it.
    pub facts: Vec<(String, String)>,
    pub columns: Vec<String>,
    /// The first rows: line and cells.
    pub rows: Vec<(i64, Vec<String>)>,
}

/// A cell of a stranger's file as a message may repeat it.
#[must_use]
pub fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let visible = text.trim().chars().filter(|c| !c.is_control());
    let mut short: String = visible.clone().take(MOST).collect();
    if visible.count() > MOST {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_store_reads_back() {
        for kind in [ImportKind::Devices, ImportKind::LegacyTokens] {
            assert_eq!(ImportKind::parse(kind.code()), Some(kind));
        }
        use ImportState::{Done, Previewed, Running, Stopped};
        for state in [Previewed, Running, Done, Stopped] {
            assert_eq!(ImportState::parse(state.code()), Some(state));
        }
        assert_eq!(ImportKind::Devices.count(1), "1 device");
        assert_eq!(ImportKind::LegacyTokens.count(12), "12 legacy tokens");
        assert_eq!(ImportKind::Devices.made(1), "1 device was made");
        assert_eq!(ImportKind::Devices.made(0), "0 devices were made");
    }

    #[test]
    fn a_cell_is_repeated_short_and_without_control_characters() {
        assert_eq!(shortened(" a\u{0}\u{1b}[31mb "), "a[31mb");
        assert_eq!(shortened(&"x".repeat(60)), "x".repeat(60));
        assert_eq!(shortened(&"é".repeat(10_000)), format!("{}…", "é".repeat(60)));
    }

    #[test]
    fn a_bad_row_says_what_it_is_and_all_that_is_wrong() {
        let mut row = BadRow { line: 3, what: "p 1".into(), why: vec!["A.".into(), "B.".into()] };
        assert_eq!(row.in_words(), "“p 1”. A. B.");
        row.what.clear();
        assert_eq!(row.in_words(), "A. B.");
    }
}
