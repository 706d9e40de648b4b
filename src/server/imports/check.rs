//! The check of a whole file: its rows as they can be made, or every row that cannot, each by its line.

use super::device_rows::{self, DeviceRow};
use super::legacy_rows::{self, LegacyTokenRow};
use super::sheet::{Sheet, SheetRow};
use crate::domain::import::{BadRow, ImportKind, Preview, shortened};
use crate::domain::refusal::{Code, FieldError, Refusal};
use crate::domain::rights::Seat;
use crate::domain::time::Time;
use crate::server::error::Result;
use crate::server::store::Lanes;
use std::collections::{BTreeMap, HashMap};

/// A refusal names at most this many rows; the rest is a number.
const NAMED: usize = 100;
/// Rows that a preview shows.
const SHOWN: usize = 20;

/// Checked rows, as they are kept until they are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    Devices(Vec<DeviceRow>),
    LegacyTokens(Vec<LegacyTokenRow>),
}

impl Rows {
    pub fn to_json(&self) -> anyhow::Result<String> {
        Ok(match self {
            Rows::Devices(rows) => serde_json::to_string(rows)?,
            Rows::LegacyTokens(rows) => serde_json::to_string(rows)?,
        })
    }

    pub fn from_json(kind: ImportKind, text: &str) -> anyhow::Result<Rows> {
        Ok(match kind {
            ImportKind::Devices => Rows::Devices(serde_json::from_str(text)?),
            ImportKind::LegacyTokens => Rows::LegacyTokens(serde_json::from_str(text)?),
        })
    }

    pub fn count(&self) -> i64 {
        let count = match self {
            Rows::Devices(rows) => rows.len(),
            Rows::LegacyTokens(rows) => rows.len(),
        };
        i64::try_from(count).unwrap_or(i64::MAX)
    }

    /// The line of a row and what it is called.
    pub fn called(&self, at: usize) -> (i64, &str) {
        let found = match self {
            Rows::Devices(rows) => rows.get(at).map(|row| (row.line, row.external_id.as_str())),
            Rows::LegacyTokens(rows) => {
                rows.get(at).map(|row| (row.line, row.token.owner.as_str()))
            }
        };
        found.unwrap_or_default()
    }

    pub fn preview(&self, now: Time) -> Preview {
        match self {
            Rows::Devices(rows) => device_rows::preview(rows, SHOWN),
            Rows::LegacyTokens(rows) => legacy_rows::preview(rows, SHOWN, now),
        }
    }

    /// What the store holds already of what these rows would make: line, name and why, by row.
    pub async fn taken(&self, on: &mut impl Lanes, seat: &Seat) -> Result<Findings> {
        let mut findings = Findings::default();
        match self {
            Rows::Devices(rows) => device_rows::taken(on, seat, rows, &mut findings).await?,
            Rows::LegacyTokens(rows) => legacy_rows::taken(on, rows, &mut findings).await?,
        }
        Ok(findings)
    }
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Those that can be made, if no row is bad.
    pub rows: Rows,
    pub bad: Vec<BadRow>,
    /// Rows of the file, good and bad.
    pub total: i64,
}

/// Reads and checks a file; one that cannot be read at all is refused.
pub async fn check(
    on: &mut impl Lanes,
    seat: &Seat,
    kind: ImportKind,
    bytes: &[u8],
    now: Time,
) -> Result<Checked> {
    let unreadable = |why: String| Refusal::new(Code::InvalidInput, why);
    let sheet = Sheet::read(bytes).map_err(unreadable)?;
    let mut findings = Findings::default();
    let rows = match kind {
        ImportKind::Devices => {
            Rows::Devices(device_rows::read(&sheet, &mut findings).map_err(unreadable)?)
        }
        ImportKind::LegacyTokens => {
            Rows::LegacyTokens(legacy_rows::read(&sheet, now, &mut findings).map_err(unreadable)?)
        }
    };
    findings.merge(rows.taken(on, seat).await?);
    let total = i64::try_from(sheet.rows.len()).unwrap_or(i64::MAX);
    Ok(Checked { rows, bad: findings.into_list(), total })
}

/// What was found wrong, by line.
#[derive(Debug, Default)]
pub struct Findings(BTreeMap<i64, BadRow>);

impl Findings {
    pub fn add(&mut self, line: i64, what: &str, why: impl Into<String>) {
        let new = || BadRow { line, what: shortened(what), why: Vec::new() };
        self.0.entry(line).or_insert_with(new).why.push(why.into());
    }

    fn merge(&mut self, other: Findings) {
        for (line, row) in other.0 {
            for why in row.why {
                self.add(line, &row.what, why);
            }
        }
    }

    pub fn into_list(self) -> Vec<BadRow> {
        self.0.into_values().collect()
    }
}

/// Each value of a column may stand in one row only.
#[derive(Default)]
pub struct Seen<'a>(HashMap<&'a str, i64>);

impl<'a> Seen<'a> {
    /// The line on which the value stood first; `None`: this is the first.
    pub fn before(&mut self, value: &'a str, line: i64) -> Option<i64> {
        if value.is_empty() {
            return None;
        }
        let first = *self.0.entry(value).or_insert(line);
        (first != line).then_some(first)
    }
}

/// The cell in a column that may be missing.
pub fn cell(row: &SheetRow, at: Option<usize>) -> &str {
    at.and_then(|at| row.cells.get(at)).map_or("", String::as_str)
}

/// One refusal that names the bad rows, each as a field `line N`.
pub fn refusal(code: Code, bad: &[BadRow], of: i64) -> Refusal {
    let count = bad.len();
    let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    let more = match count.saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" The first {NAMED} are named here; {more} more are like them."),
    };
    let detail = format!(
        "{rows} of {of} cannot be imported, so nothing was made. Correct the file and upload it again.{more}"
    );
    let named = bad.iter().take(NAMED);
    let errors = named
        .map(|row| FieldError { field: format!("line {}", row.line), message: row.in_words() })
        .collect();
    Refusal { errors, ..Refusal::new(code, detail) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_rows_are_named_and_the_rest_counted() {
        let bad = |line| BadRow { line, what: "p".into(), why: vec!["No.".into()] };
        let one = refusal(Code::InvalidInput, &[bad(7)], 9);
        assert!(one.detail.starts_with("1 row of 9 cannot"), "{}", one.detail);
        assert_eq!(
            (one.errors[0].field.as_str(), one.errors[0].message.as_str()),
            ("line 7", "“p”. No.")
        );
        let many: Vec<_> = (2..132).map(bad).collect();
        let many = refusal(Code::InvalidInput, &many, 500);
        assert_eq!(many.errors.len(), 100);
        assert!(many.detail.starts_with("130 rows of 500") && many.detail.contains("30 more"));
    }

    #[test]
    fn what_is_found_twice_on_a_line_is_one_bad_row() {
        let mut findings = Findings::default();
        findings.add(9, "b", "2.");
        findings.add(4, "a", "1.");
        let mut later = Findings::default();
        later.add(9, "b", "3.");
        findings.merge(later);
        let list: Vec<_> =
            findings.into_list().into_iter().map(|row| (row.line, row.why)).collect();
        assert_eq!(list, [(4, vec!["1.".to_owned()]), (9, vec!["2.".to_owned(), "3.".to_owned()])]);
    }
}
