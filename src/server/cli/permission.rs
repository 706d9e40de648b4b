//! `latchkey permission`: the catalogue of what tokens and members can be given.

use super::answer::Answer;
use super::table::table;
use crate::domain::catalogue::RawPermission;
use crate::domain::permission::Permission;
use crate::server::administration::{catalogue, json};
use crate::server::operator;
use crate::server::state::AppState;
use clap::{ArgGroup, Args, Subcommand};
use serde_json::json;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the catalogue with how many hold each entry
    List(List),
    /// Add an entry
    Add(Add),
    /// Word an entry anew; its name never changes
    Edit(Edit),
    /// Keep an entry from being granted anew; whoever has it keeps it
    Retire(One),
    /// Let a retired entry be granted again
    Restore(One),
    /// Take an entry out that nobody holds
    Delete(One),
}

#[derive(Args, Debug)]
pub struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub struct Add {
    /// As programs write it, such as valves.open
    #[arg(long)]
    name: String,
    /// As people read it
    #[arg(long)]
    label: String,
    /// What its holder can do, in a sentence
    #[arg(long)]
    description: String,
    /// The heading under which forms list it
    #[arg(long)]
    section: String,
    /// Device tokens can have it
    #[arg(long, conflicts_with = "powerful")]
    for_devices: bool,
    /// Marked wherever it is given
    #[arg(long)]
    powerful: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("changes").required(true).multiple(true)
    .args(["label", "description", "section", "for_devices", "powerful"]))]
pub struct Edit {
    /// The entry's name
    #[arg(long)]
    name: String,
    #[arg(long)]
    label: Option<String>,
    #[arg(long)]
    description: Option<String>,
    #[arg(long)]
    section: Option<String>,
    /// Device tokens can have it
    #[arg(long, value_name = "BOOL")]
    for_devices: Option<bool>,
    /// Marked wherever it is given
    #[arg(long, value_name = "BOOL")]
    powerful: Option<bool>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub struct One {
    /// The entry's name
    #[arg(long)]
    name: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Command {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let administrator = operator::administrator();
        match self {
            Command::List(list) => list.run(state).await,
            Command::Add(add) => add.run(state).await,
            Command::Edit(edit) => edit.run(state).await,
            Command::Retire(One { name, json }) => {
                let done = catalogue::retire(state, &administrator, &name).await?;
                Ok(told(&done, json, "is retired: nobody is given it anew"))
            }
            Command::Restore(One { name, json }) => {
                let done = catalogue::restore(state, &administrator, &name).await?;
                Ok(told(&done, json, "is restored"))
            }
            Command::Delete(One { name, json }) => {
                let done = catalogue::delete(state, &administrator, &name).await?;
                Ok(told(&done, json, "is deleted"))
            }
        }
    }
}

fn told(permission: &Permission, as_json: bool, what: &str) -> Answer {
    if as_json {
        return Answer::json(&json::permission(permission));
    }
    Answer::text(format!("{} ({}) {what}.", permission.label, permission.name))
}

impl List {
    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let entries = catalogue::page(state).await?.entries;
        if self.json {
            let items: Vec<_> = entries.iter().map(json::entry).collect();
            return Ok(Answer::json(&json!({ "items": items })));
        }
        let rows: Vec<_> = entries
            .into_iter()
            .map(|entry| {
                let marks = [
                    (entry.permission.for_devices, "devices"),
                    (entry.permission.powerful, "powerful"),
                    (entry.permission.retired_at.is_some(), "retired"),
                ];
                let marks: Vec<_> =
                    marks.into_iter().filter(|(on, _)| *on).map(|(_, word)| word).collect();
                [
                    entry.permission.name,
                    entry.permission.label,
                    entry.permission.section,
                    marks.join(", "),
                    entry.holders.words(),
                ]
            })
            .collect();
        Ok(Answer::text(table(["name", "label", "section", "marks", "held by"], &rows)))
    }
}

impl Add {
    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let raw = RawPermission {
            name: self.name,
            label: self.label,
            description: self.description,
            section: self.section,
            for_devices: self.for_devices,
            powerful: self.powerful,
        };
        let made = catalogue::add(state, &operator::administrator(), &raw).await?;
        Ok(told(&made, self.json, "can now be granted"))
    }
}

impl Edit {
    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let entry = catalogue::entry(state, &self.name).await?;
        let now = RawPermission::like(&entry.permission);
        let raw = RawPermission {
            name: now.name,
            label: self.label.unwrap_or(now.label),
            description: self.description.unwrap_or(now.description),
            section: self.section.unwrap_or(now.section),
            for_devices: self.for_devices.unwrap_or(now.for_devices),
            powerful: self.powerful.unwrap_or(now.powerful),
        };
        let (administrator, version) = (operator::administrator(), Some(entry.version));
        let done = catalogue::edit(state, &administrator, &self.name, version, &raw).await?;
        Ok(told(&done, self.json, "is worded anew"))
    }
}
