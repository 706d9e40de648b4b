//! Rows of legacy tokens: `owner,email,sha256,expires_at,scopes`, and `name` if it is known. What a row may be, the domain says.

use super::check::{Findings, Seen, cell};
use super::sheet::{Sheet, SheetRow};
use crate::domain::import::Preview;
use crate::domain::legacy_row::{HexHash, LegacyRow, RawLegacyRow};
use crate::domain::time::Time;
use crate::server::error::Result;
use crate::server::store::{self, Lanes};
use serde::{Deserialize, Serialize};

/// Each has to be named, so that a column left out by mistake makes no token that never expires.
const REQUIRED: [&str; 5] = ["owner", "email", "sha256", "expires_at", "scopes"];

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegacyTokenRow {
    pub line: i64,
    pub token: LegacyRow,
}

/// The rows that can be read; those that cannot are found.
///
/// # Errors
/// What is wrong with the header, in a sentence.
pub fn read(
    sheet: &Sheet,
    now: Time,
    findings: &mut Findings,
) -> std::result::Result<Vec<LegacyTokenRow>, String> {
    sheet.require(&REQUIRED)?;
    known_columns(sheet)?;
    let at = |name: &str| sheet.position(name);
    let places =
        [at("owner"), at("email"), at("name"), at("sha256"), at("expires_at"), at("scopes")];
    let mut rows = Vec::with_capacity(sheet.rows.len());
    let hashes: Vec<_> =
        sheet.rows.iter().map(|row| cell(row, places[3]).to_ascii_lowercase()).collect();
    let mut seen = Seen::default();
    for (row, hash) in sheet.rows.iter().zip(&hashes) {
        let owner = cell(row, places[0]);
        if let Some(first) = seen.before(hash, row.line) {
            findings.add(row.line, owner, format!("sha256: It stands on line {first} already."));
        }
        let parsed = match sheet.misfit(row) {
            None => LegacyRow::parse(&raw(row, places), now),
            Some(why) => Err(vec![why]),
        };
        match parsed {
            Ok(token) => rows.push(LegacyTokenRow { line: row.line, token }),
            Err(wrong) => wrong.into_iter().for_each(|why| findings.add(row.line, owner, why)),
        }
    }
    Ok(rows)
}

fn known_columns(sheet: &Sheet) -> std::result::Result<(), String> {
    for (at, column) in sheet.columns.iter().enumerate() {
        let known = REQUIRED.iter().chain(&["name"]).any(|name| column.eq_ignore_ascii_case(name));
        if !known {
            return Err(format!(
                "The column “{}” is not known. The columns are {} and, if you like, name.",
                crate::domain::import::shortened(column),
                REQUIRED.join(", ")
            ));
        }
        if sheet.position(column) != Some(at) {
            return Err(format!("The column “{column}” stands twice in the first line."));
        }
    }
    Ok(())
}

fn raw(
    row: &SheetRow,
    [owner, email, name, sha256, expires_at, scopes]: [Option<usize>; 6],
) -> RawLegacyRow<'_> {
    RawLegacyRow {
        owner: cell(row, owner),
        email: cell(row, email),
        name: cell(row, name),
        sha256: cell(row, sha256),
        expires_at: cell(row, expires_at),
        scopes: cell(row, scopes),
    }
}

/// Finds the rows whose hash a string of any workgroup has.
pub async fn taken(
    on: &mut impl Lanes,
    rows: &[LegacyTokenRow],
    findings: &mut Findings,
) -> Result<()> {
    let hashes: Vec<_> = rows.iter().map(|row| row.token.sha256.bytes()).collect();
    let taken = store::imports::list_taken_hashes(on, &hashes).await?;
    let is_taken = |hash: &HexHash| taken.contains(&hash.bytes());
    for row in rows.iter().filter(|row| is_taken(&row.token.sha256)) {
        let why = "sha256: A token with this string is here already.";
        findings.add(row.line, row.token.owner.as_str(), why);
    }
    Ok(())
}

pub fn preview(rows: &[LegacyTokenRow], shown: usize, now: Time) -> Preview {
    let ended = rows.iter().filter(|row| row.token.expires_at.is_some_and(|at| at <= now)).count();
    let never = rows.iter().filter(|row| row.token.expires_at.is_none()).count();
    let facts = [("Have expired already", ended), ("Never expire", never)];
    let cells = |row: &LegacyTokenRow| {
        let token = &row.token;
        let cells = vec![
            token.owner.to_string(),
            token.email.to_string(),
            token.sha256.hint(),
            token.expires_at.map_or_else(|| "never".to_owned(), Time::exact),
            token.scopes.join(" "),
        ];
        (row.line, cells)
    };
    Preview {
        facts: facts.map(|(name, count)| (name.to_owned(), count.to_string())).to_vec(),
        columns: REQUIRED.map(str::to_owned).to_vec(),
        rows: rows.iter().take(shown).map(cells).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "owner,email,sha256,expires_at,scopes";

    /// What was read, and the lines that are wrong with why.
    type Read = (std::result::Result<Vec<LegacyTokenRow>, String>, Vec<(i64, String)>);

    fn read_text(text: &str) -> Read {
        let mut findings = Findings::default();
        let now = Time::parse("2026-11-21T10:00:00Z").unwrap();
        let rows = read(&Sheet::read(text.as_bytes()).unwrap(), now, &mut findings);
        let bad = findings.into_list().into_iter().map(|row| (row.line, row.in_words()));
        (rows, bad.collect())
    }

    #[test]
    fn one_hash_stands_in_one_row_whatever_its_case() {
        let hash = "ab".repeat(32);
        let (rows, bad) = read_text(&format!(
            "{HEADER}\nA,a@b.example,{hash},,x y\nB,b@b.example,{},2027-01-01,\nC,c@b.example,x,,\n",
            hash.to_uppercase()
        ));
        assert_eq!(rows.unwrap().len(), 2);
        assert_eq!(bad.len(), 2);
        assert!(bad[0].0 == 3 && bad[0].1.contains("line 2 already"), "{bad:?}");
        assert!(bad[1].0 == 4 && bad[1].1.contains("never the string itself"), "{bad:?}");
    }

    #[test]
    fn columns_are_the_known_ones_each_once() {
        for (header, says) in [
            ("owner,email,sha256,scopes", "expires_at"),
            ("owner,email,sha256,expires_at,scopes,token", "“token” is not known"),
            ("owner,email,sha256,expires_at,scopes,Owner", "stands twice"),
        ] {
            let (rows, _) = read_text(&format!("{header}\n1,2,3,4,5,6\n"));
            assert!(rows.clone().unwrap_err().contains(says), "{header}: {rows:?}");
        }
        let (rows, _) =
            read_text(&format!("{HEADER},name\nA,a@b.example,{},,,CI\n", "ab".repeat(32)));
        assert_eq!(rows.unwrap()[0].token.name.as_ref().unwrap().as_str(), "CI");
    }
}
