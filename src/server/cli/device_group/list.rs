//! `latchkey device-group list`: every group of a workgroup.

use crate::domain::device_groups::{GroupFacts, GroupQuery};
use crate::domain::usage::counted;
use crate::server::cli::answer::Answer;
use crate::server::cli::table::table;
use crate::server::devices::groups::{json, list};
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
    /// Part of a name
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl List {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat(state, &self.workgroup).await?;
        let search = self.search.unwrap_or_default();
        let mut query = GroupQuery { search, ..GroupQuery::default() };
        let mut groups = Vec::new();
        loop {
            let (page, next) = list::list(state, &seat, &query, PAGE).await?;
            groups.extend(page);
            query.after = next;
            if query.after.is_none() {
                break;
            }
        }
        if self.json {
            let items: Vec<Value> = groups.iter().map(json::group).collect();
            return Ok(Answer::json(&json!({ "items": items })));
        }
        let rows: Vec<_> = groups.iter().map(|group| row(&group.facts)).collect();
        let count = counted(i64::try_from(rows.len()).unwrap_or(i64::MAX), "device group");
        let head = ["name", "holds", "devices", "tokens", "members", "id"];
        Ok(Answer::text(table(head, &rows)).aside(count))
    }
}

fn row(group: &GroupFacts) -> [String; 6] {
    [
        group.name.clone(),
        group.rule.in_words(),
        group.devices.to_string(),
        group.tokens.to_string(),
        group.members.to_string(),
        group.id.clone(),
    ]
}
