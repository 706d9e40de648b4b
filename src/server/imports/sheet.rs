//! From the bytes of a file to rows of cells: which encoding it is in, what separates its values, which line a row stands on.

use crate::domain::import::{MOST_BYTES, MOST_ROWS, shortened};

/// A file read as text: the names of its columns, and the rows below.
#[derive(Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Lower case is not forced: metadata keys have a case.
    pub columns: Vec<String>,
    pub rows: Vec<SheetRow>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct SheetRow {
    pub line: i64,
    /// As many as there are, which may differ from the header.
    pub cells: Vec<String>,
}

impl Sheet {
    /// # Errors
    /// A sentence for the person whose file it is: that it cannot be read at all.
    pub fn read(bytes: &[u8]) -> Result<Sheet, String> {
        let text = decode(bytes)?;
        let mut lines = records(&text)?;
        if lines.is_empty() {
            return Err(
                "The file is empty. Its first line names the columns, each further line is a row."
                    .into(),
            );
        }
        let columns = lines.remove(0).cells;
        if lines.is_empty() {
            return Err("The file has a header and no row below it.".into());
        }
        if lines.len() > MOST_ROWS {
            return Err(format!(
                "The file has {} rows; at most {MOST_ROWS} are taken at once. Split it into several files.",
                lines.len()
            ));
        }
        Ok(Sheet { columns, rows: lines })
    }

    /// Where the column stands, whatever case its name is in.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.eq_ignore_ascii_case(name))
    }

    /// Says which of these columns are missing, and what the first line holds instead.
    pub fn require(&self, names: &[&str]) -> Result<(), String> {
        let missing: Vec<_> =
            names.iter().copied().filter(|name| self.position(name).is_none()).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(format!(
            "The first line must name the columns. Missing: {}. It reads “{}”.",
            missing.join(", "),
            shortened(&self.columns.join(", "))
        ))
    }

    /// Why a row does not fit below the header; `None`: it does.
    pub fn misfit(&self, row: &SheetRow) -> Option<String> {
        let (has, wants) = (row.cells.len(), self.columns.len());
        (has != wants).then(|| {
            format!(
                "The line has {has} value{}, the header names {wants} columns.",
                if has == 1 { "" } else { "s" }
            )
        })
    }
}

/// UTF-8 with or without a byte order mark; line ends made alike.
fn decode(bytes: &[u8]) -> Result<String, String> {
    const SAVE_AS: &str = "Save it as “CSV UTF-8” and upload it again; nothing was made.";
    if bytes.len() > MOST_BYTES {
        return Err("The file is larger than 4 MiB. Split it into several files.".into());
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(format!("This is a spreadsheet or an archive, not CSV text. {SAVE_AS}"));
    }
    let utf16 = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..]);
    if utf16 {
        return Err(format!("The file is UTF-16 text, not UTF-8. {SAVE_AS}"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|wrong| {
        let before = bytes.get(..wrong.valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        format!(
            "The file is not UTF-8 text: line {line} cannot be read. It may be Latin-1 or Windows-1252. {SAVE_AS}"
        )
    })?;
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Every line that holds something, with its number.
fn records(text: &str) -> Result<Vec<SheetRow>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut rows, mut line, mut counted) = (Vec::new(), 1, 0);
    for record in reader.records() {
        let record = record.map_err(|_| "The file cannot be read as CSV.".to_owned())?;
        // Empty lines before a record count as part of it in its position.
        let position = record.position().map_or(0, csv::Position::byte);
        let from = usize::try_from(position).unwrap_or(usize::MAX).min(text.len());
        let blank = text.as_bytes()[from..].iter().take_while(|byte| **byte == b'\n').count();
        let start = from + blank;
        line += text.as_bytes()[counted..start].iter().filter(|byte| **byte == b'\n').count();
        counted = start;
        let cells: Vec<_> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(SheetRow { line: i64::try_from(line).unwrap_or(i64::MAX), cells });
        }
    }
    Ok(rows)
}

/// What separates the names in the header: comma, semicolon or tab.
fn separator(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        for (separator, count) in &mut counts {
            *count += i32::from(!quoted && byte == *separator);
        }
    }
    let best = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    best.filter(|(_, count)| *count > 0).map_or(b',', |(separator, _)| separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(i64, Vec<String>)> {
        let sheet = Sheet::read(text.as_bytes()).unwrap();
        sheet.rows.into_iter().map(|row| (row.line, row.cells)).collect()
    }

    #[test]
    fn a_row_knows_its_line_whatever_ends_it_and_whatever_stands_before() {
        let expected = vec![
            (4, vec!["1".to_owned(), "two\nlines".to_owned()]),
            (6, vec!["3".to_owned(), "4".to_owned()]),
            (8, vec!["5".to_owned(), "6".to_owned()]),
        ];
        let text = "\na,b\n\n1,\"two\nlines\"\n3,4\n , \n5,6\n";
        for end in ["\n", "\r\n", "\r"] {
            assert_eq!(lines(&text.replace('\n', end)), expected, "{end:?}");
        }
    }

    #[test]
    fn commas_semicolons_and_tabs_separate() {
        for text in
            ["a,b\n1,2;3", "a;b\n1;2,3", "a\tb\n1\t2,3", "\u{feff}a;b\n1;2", "\"a,x\";b\n1;2"]
        {
            let sheet = Sheet::read(text.as_bytes()).unwrap();
            assert_eq!((sheet.columns.len(), sheet.rows[0].cells.len()), (2, 2), "{text:?}");
            assert!(sheet.columns[0].starts_with('a'), "{text:?}");
        }
        assert_eq!(Sheet::read(b"a\n1").unwrap().columns, ["a"]);
    }

    #[test]
    fn what_cannot_be_read_is_said_in_a_sentence() {
        let utf16: Vec<u8> = "a,b\n1,2".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked: Vec<u8> = [0xff, 0xfe].into_iter().chain(utf16.clone()).collect();
        let many = format!("a\n{}", "1\n".repeat(MOST_ROWS + 1));
        let cases: [(&[u8], &str); 9] = [
            (b"", "empty"),
            (b"\xef\xbb\xbf\n \n", "empty"),
            (b"a,b\n", "no row"),
            (b"a,b\n1,M\xfcller\n", "line 2"),
            (&utf16, "UTF-16"),
            (&marked, "UTF-16"),
            (b"PK\x03\x04rest", "spreadsheet"),
            (many.as_bytes(), "10001 rows"),
            (&vec![b'x'; MOST_BYTES + 1], "4 MiB"),
        ];
        for (bytes, says) in cases {
            let why = Sheet::read(bytes).unwrap_err();
            assert!(why.contains(says), "{says}: {why}");
        }
    }

    #[test]
    fn a_header_that_is_none_is_told_from_one() {
        let sheet = Sheet::read(b"External_ID,Name,Site\np,P,n\n").unwrap();
        assert_eq!(sheet.require(&["external_id", "name"]), Ok(()));
        let none = Sheet::read(b"pump-1,Pump 1\npump-2,Pump 2\n").unwrap();
        let why = none.require(&["external_id", "name"]).unwrap_err();
        assert!(why.contains("external_id, name") && why.contains("pump-1, Pump 1"), "{why}");
        let row = SheetRow { line: 2, cells: vec!["a".into()] };
        assert!(none.misfit(&row).unwrap().contains("1 value,"));
    }
}
