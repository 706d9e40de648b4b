//! `latchkey device list`: all devices of a workgroup, or those that are looked for.

use crate::domain::device_list::{DeviceQuery, KeptDevice};
use crate::server::cli::answer::Answer;
use crate::server::cli::table::table;
use crate::server::devices::{json, list};
use crate::server::operator;
use crate::server::state::AppState;
use clap::Args;
use serde_json::{Value, json};

/// Rows that are asked for at once.
const PAGE: i64 = 100;

#[derive(Args, Debug)]
pub struct List {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// Part of an id, name, metadata key or value
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only devices with this metadata, such as site=north; a key alone finds every device that has it
    #[arg(long, value_name = "KEY=VALUE")]
    metadata: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl List {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat(state, &self.workgroup).await?;
        let mut query = DeviceQuery {
            search: self.search.unwrap_or_default(),
            metadata: self.metadata.unwrap_or_default(),
            ..DeviceQuery::default()
        };
        let mut devices = Vec::new();
        loop {
            let page = list::list(state, &seat, &query, PAGE).await?;
            devices.extend(page.items);
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        Ok(if self.json { as_json(&devices) } else { as_table(&devices) })
    }
}

fn as_json(devices: &[KeptDevice]) -> Answer {
    let items: Vec<Value> = devices.iter().map(json::device).collect();
    Answer::json(&json!({ "items": items }))
}

fn as_table(devices: &[KeptDevice]) -> Answer {
    let rows: Vec<_> = devices.iter().map(row).collect();
    let count = if rows.len() == 1 { "1 device".into() } else { format!("{} devices", rows.len()) };
    Answer::text(table(["id", "name", "metadata", "registered"], &rows)).aside(count)
}

fn row(kept: &KeptDevice) -> [String; 4] {
    let pairs = kept.device.metadata.iter().map(|(key, value)| format!("{key}={value}"));
    [
        kept.device.external_id.clone(),
        kept.device.name.clone(),
        pairs.collect::<Vec<_>>().join(" "),
        kept.created_at.date(),
    ]
}
