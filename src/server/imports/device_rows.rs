//! Rows of devices: `external_id`, `name`, and every further column a metadata key. What a device may be, `devices::register` says.

use super::check::{Findings, Seen, cell};
use super::sheet::{Sheet, SheetRow};
use crate::domain::import::Preview;
use crate::domain::rights::Seat;
use crate::server::devices::register::{DeviceDraft, RawDevice};
use crate::server::error::Result;
use crate::server::store::{self, Lanes};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A metadata column may be called `site` or `metadata.site`.
const PREFIX: &str = "metadata.";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRow {
    pub line: i64,
    pub external_id: String,
    pub name: String,
    /// An empty cell means that the device does not have the key.
    pub metadata: BTreeMap<String, String>,
}

impl DeviceRow {
    /// As a form would have typed it.
    pub fn raw(&self) -> RawDevice {
        RawDevice {
            external_id: self.external_id.clone(),
            name: self.name.clone(),
            metadata: self.metadata.clone().into_iter().collect(),
            permissions: None,
        }
    }
}

/// The rows that can be read; those that cannot are found.
///
/// # Errors
/// What is wrong with the header, in a sentence.
pub fn read(sheet: &Sheet, findings: &mut Findings) -> std::result::Result<Vec<DeviceRow>, String> {
    sheet.require(&["external_id", "name"])?;
    let (id, name) = (sheet.position("external_id"), sheet.position("name"));
    let keys = keys(sheet, &[id, name])?;
    let mut seen = Seen::default();
    let mut rows = Vec::with_capacity(sheet.rows.len());
    for row in &sheet.rows {
        let external_id = cell(row, id);
        if let Some(first) = seen.before(external_id, row.line) {
            findings.add(
                row.line,
                external_id,
                format!("external_id: It stands on line {first} already."),
            );
        }
        let misfit = sheet.misfit(row);
        match misfit
            .map_or_else(|| device(row, external_id, cell(row, name), &keys), |why| Err(vec![why]))
        {
            Ok(device) => rows.push(device),
            Err(wrong) => {
                wrong.into_iter().for_each(|why| findings.add(row.line, external_id, why))
            }
        }
    }
    Ok(rows)
}

/// The metadata columns: where each stands and the key that it gives.
fn keys(
    sheet: &Sheet,
    taken: &[Option<usize>],
) -> std::result::Result<Vec<(usize, String)>, String> {
    let mut keys: Vec<(usize, String)> = Vec::new();
    for (at, column) in sheet.columns.iter().enumerate() {
        if taken.contains(&Some(at)) {
            continue;
        }
        let key = column.strip_prefix(PREFIX).unwrap_or(column).trim();
        if key.is_empty() {
            return Err(format!(
                "Column {} has no name. Name it in the first line, or leave it out.",
                at + 1
            ));
        }
        if keys.iter().any(|(_, other)| other == key) || ["external_id", "name"].contains(&key) {
            return Err(format!("The column “{key}” stands twice in the first line."));
        }
        keys.push((at, key.to_owned()));
    }
    Ok(keys)
}

fn device(
    row: &SheetRow,
    external_id: &str,
    name: &str,
    keys: &[(usize, String)],
) -> std::result::Result<DeviceRow, Vec<String>> {
    let value = |at: usize| cell(row, Some(at));
    let metadata = keys.iter().filter(|(at, _)| !value(*at).is_empty());
    let device = DeviceRow {
        line: row.line,
        external_id: external_id.to_owned(),
        name: name.to_owned(),
        metadata: metadata.map(|(at, key)| (key.clone(), value(*at).to_owned())).collect(),
    };
    match DeviceDraft::parse(&device.raw()) {
        Ok(_) => Ok(device),
        Err(refusal) => {
            let errors = refusal.errors.into_iter();
            Err(errors.map(|error| format!("{}: {}", error.field, error.message)).collect())
        }
    }
}

/// Finds the rows whose external id a device of the workgroup has.
pub async fn taken(
    on: &mut impl Lanes,
    seat: &Seat,
    rows: &[DeviceRow],
    findings: &mut Findings,
) -> Result<()> {
    let ids: Vec<&str> = rows.iter().map(|row| row.external_id.as_str()).collect();
    let taken = store::imports::list_taken_ids(on, &seat.workgroup.id, &ids).await?;
    for row in rows.iter().filter(|row| taken.contains(&row.external_id)) {
        let why = "external_id: There is already a device with this id.";
        findings.add(row.line, &row.external_id, why);
    }
    Ok(())
}

pub fn preview(rows: &[DeviceRow], shown: usize) -> Preview {
    let mut keys: BTreeMap<&str, usize> = BTreeMap::new();
    for key in rows.iter().flat_map(|row| row.metadata.keys()) {
        *keys.entry(key).or_default() += 1;
    }
    let facts = keys.iter().map(|(key, count)| {
        ((*key).to_owned(), format!("in {count} row{}", if *count == 1 { "" } else { "s" }))
    });
    let fixed = ["external_id", "name"].map(str::to_owned);
    let cells = |row: &DeviceRow| {
        let values = keys.keys().map(|key| row.metadata.get(*key).cloned().unwrap_or_default());
        let cells = [row.external_id.clone(), row.name.clone()].into_iter().chain(values).collect();
        (row.line, cells)
    };
    Preview {
        facts: facts.collect(),
        columns: fixed.into_iter().chain(keys.keys().map(ToString::to_string)).collect(),
        rows: rows.iter().take(shown).map(cells).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was read, and the lines that are wrong with why.
    type Read = (std::result::Result<Vec<DeviceRow>, String>, Vec<(i64, String)>);

    fn read_text(text: &str) -> Read {
        let mut findings = Findings::default();
        let rows = read(&Sheet::read(text.as_bytes()).unwrap(), &mut findings);
        let bad = findings.into_list().into_iter().map(|row| (row.line, row.in_words()));
        (rows, bad.collect())
    }

    #[test]
    fn every_further_column_is_a_metadata_key_and_an_empty_cell_is_none() {
        let (rows, bad) =
            read_text("Name,External_ID,Site,metadata.line\nPump 1,p-1,north,\nPump 2,p-2,,7\n");
        let rows = rows.unwrap();
        assert_eq!(bad, []);
        assert_eq!((rows[0].external_id.as_str(), rows[0].name.as_str()), ("p-1", "Pump 1"));
        assert_eq!(rows[0].metadata, BTreeMap::from([("Site".into(), "north".into())]));
        assert_eq!(rows[1].metadata, BTreeMap::from([("line".into(), "7".into())]));
        let preview = preview(&rows, 1);
        assert_eq!(preview.columns, ["external_id", "name", "Site", "line"]);
        assert_eq!(preview.rows, [(2, ["p-1", "Pump 1", "north", ""].map(str::to_owned).to_vec())]);
        assert_eq!(preview.facts[0], ("Site".to_owned(), "in 1 row".to_owned()));
    }

    #[test]
    fn every_bad_row_is_named_with_all_that_is_wrong() {
        let (_, bad) = read_text(
            "external_id,name,site\np-1,Pump 1,n\np 2,,n\np-1,Pump 3,n\np-4,Pump 4\n,Pump 5,n\np-6,P,a\u{0}b\n",
        );
        let expected = [
            (3, "external_id: Spaces"),
            (3, "name: Write 1 to 80"),
            (4, "It stands on line 2"),
            (5, "The line has 2 values, the header names 3 columns."),
            (6, "external_id: Write 1 to 120"),
            (7, "metadata: The value of “site”"),
        ];
        for (line, says) in expected {
            assert!(
                bad.iter().any(|(at, why)| *at == line && why.contains(says)),
                "{line} {says}: {bad:?}"
            );
        }
        assert_eq!(bad.len(), 5);
    }

    #[test]
    fn a_header_that_says_one_thing_twice_or_nothing_is_refused() {
        for (header, says) in [
            ("external_id,name,site,metadata.site", "“site” stands twice"),
            ("external_id,name,name", "“name” stands twice"),
            ("external_id,name,metadata.name", "“name” stands twice"),
            ("external_id,name,", "Column 3 has no name"),
            ("id,name", "external_id"),
        ] {
            let (rows, _) = read_text(&format!("{header}\n1,2,3,4\n"));
            assert!(rows.clone().unwrap_err().contains(says), "{header}: {rows:?}");
        }
    }
}
