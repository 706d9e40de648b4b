//! The record as CSV (RFC 4180): one row a line, and no cell that a spreadsheet would take for a formula.

use crate::domain::activity::Values;
use crate::domain::activity_list::ActivityRow;
use crate::server::error::Result;
use anyhow::Context;
use csv::{QuoteStyle, Terminator, WriterBuilder};

const COLUMNS: [&str; 11] = [
    "at",
    "actor_kind",
    "actor",
    "verb",
    "subject_kind",
    "subject_id",
    "subject",
    "before",
    "after",
    "address",
    "denied",
];

/// Tells spreadsheets that the file is UTF-8: without it they read the letters of a local code page.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The first line: what the columns are called.
pub fn heading() -> Result<Vec<u8>> {
    let mut text = BYTE_ORDER_MARK.to_vec();
    text.extend(written([COLUMNS.map(str::to_owned)].into_iter())?);
    Ok(text)
}

/// One line for each row. Times are RFC 3339 in UTC, values before and after JSON objects.
pub fn lines(rows: &[ActivityRow]) -> Result<Vec<u8>> {
    let mut cells = Vec::with_capacity(rows.len());
    for row in rows {
        cells.push(line(row)?);
    }
    written(cells.into_iter())
}

fn line(row: &ActivityRow) -> Result<[String; 11]> {
    let done = &row.done;
    let cells = [
        done.at.rfc3339(),
        row.actor_kind.clone(),
        done.actor.clone(),
        done.verb.code().to_owned(),
        done.subject_kind.clone(),
        done.subject_id.clone(),
        done.subject.clone(),
        object(&done.before)?,
        object(&done.after)?,
        done.address.clone().unwrap_or_default(),
        done.denied.clone().unwrap_or_default(),
    ];
    Ok(cells.map(inert))
}

/// As JSON no value can pass for another field; nothing where nothing is said.
fn object(values: &Values) -> Result<String> {
    if values.is_empty() {
        return Ok(String::new());
    }
    Ok(serde_json::to_string(values).context("values are no JSON")?)
}

fn written(lines: impl Iterator<Item = [String; 11]>) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::Always)
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    for line in lines {
        writer.write_record(&line).context("a line of CSV cannot be written")?;
    }
    Ok(writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))?)
}

/// The cell with `'` before it where a spreadsheet would begin to reckon: at `=`, `+`, `-` or `@`, also in their full
/// width and behind blanks and quotes, and wherever a control character stands first (OWASP, CSV injection).
#[must_use]
pub fn inert(cell: String) -> String {
    let skipped = |c: &char| {
        let quote =
            matches!(c, '"' | '\'' | '`' | '\u{2018}'..='\u{201f}' | '\u{ff02}' | '\u{ff07}');
        let unseen = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}');
        quote || unseen || (c.is_whitespace() && !c.is_control())
    };
    let begins = |c: char| {
        c.is_control()
            || matches!(c, '=' | '+' | '-' | '@' | '\u{2212}')
            || matches!(c, '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}' | '\u{fe63}')
    };
    let first = cell.chars().find(|c| !skipped(c));
    if first.is_some_and(begins) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::activity::{Activity, Verb};
    use crate::domain::time::Time;

    #[test]
    fn no_cell_is_a_formula() {
        let hostile = [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "\nx",
            "\u{ff1d}1",
            "\u{ff0b}1",
            "\u{ff0d}1",
            "\u{ff20}x",
            "\u{2212}1",
            " =1",
            "\u{a0}=1",
            "\"=1",
            "'=1",
            "\u{201c}=1",
            " \" '@x",
            " \t=1",
            "\u{feff}=1",
            "\u{200b}=1",
            "\u{202e}=1",
            "=cmd|' /C calc'!A0",
            "-2+3+cmd|' /C calc'!A0",
        ];
        for cell in hostile {
            assert_eq!(inert(cell.to_owned()), format!("'{cell}"), "{cell:?}");
        }
        let plain = [
            "",
            " ",
            "North plant",
            "a=1",
            "1 + 1",
            "ops@north.example",
            "{\"Note\":\"=1\"}",
            "2026-11-21T10:00:00Z",
            "192.0.2.1",
            "2001:db8::1",
            "\u{c6}gir",
        ];
        for cell in plain {
            assert_eq!(inert(cell.to_owned()), cell);
        }
    }

    #[test]
    fn a_line_says_everything_and_quotes_it() {
        let values = |value: &str| Values::from([("Note".to_owned(), value.to_owned())]);
        let row = ActivityRow {
            done: Activity {
                id: "a".into(),
                at: Time(1_795_255_200),
                actor: "=Ada \"A\"".into(),
                verb: Verb::TokenEdited,
                subject_kind: "token".into(),
                subject_id: "t".into(),
                subject: "North, plant".into(),
                before: Values::new(),
                after: values("one\nPermissions: all"),
                address: None,
                denied: Some("No.".into()),
            },
            actor_kind: "person".into(),
            actor_id: "u".into(),
            actor_stands: false,
            subject_stands: true,
        };
        let line = String::from_utf8(lines(&[row]).unwrap()).unwrap();
        let expected = "\"2026-11-21T10:00:00Z\",\"person\",\"'=Ada \"\"A\"\"\",\"token.edited\",\"token\",\"t\",\
             \"North, plant\",\"\",\"{\"\"Note\"\":\"\"one\\nPermissions: all\"\"}\",\"\",\"No.\"\r\n";
        assert_eq!(line, expected);
        let heading = String::from_utf8(heading().unwrap()).unwrap();
        assert!(heading.starts_with("\u{feff}\"at\",") && heading.ends_with("\"denied\"\r\n"));
    }
}
