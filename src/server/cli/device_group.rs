//! `latchkey device-group`: named subsets of a workgroup's devices.

use super::answer::Answer;
use super::device::pair;
use crate::server::devices::groups::{self, RawGroup, RawRule};
use crate::server::devices::json;
use crate::server::operator;
use crate::server::state::AppState;
use clap::{ArgGroup, Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum DeviceGroup {
    /// Make a group of listed devices, of all but the listed ones, or by metadata
    Create(Create),
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("rule").args(["listed", "not_in", "metadata"]).required(true))]
pub struct Create {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// The group's name
    #[arg(long)]
    name: String,
    /// Holds this device; may repeat
    #[arg(long = "in", value_name = "ID", num_args = 1..)]
    listed: Vec<String>,
    /// Holds every device but this one; may repeat
    #[arg(long, value_name = "ID", num_args = 1..)]
    not_in: Vec<String>,
    /// Holds every device with this metadata
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    metadata: Option<(String, String)>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl DeviceGroup {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let DeviceGroup::Create(asked) = self;
        let as_json = asked.json;
        let seat = operator::seat(state, &asked.workgroup).await?;
        let made = groups::create(state, &seat, &asked.into_raw(), None).await?;
        if as_json {
            return Ok(Answer::json(&json::group(&made)));
        }
        let held =
            if made.devices == 1 { "1 device".into() } else { format!("{} devices", made.devices) };
        Ok(Answer::text(format!("{} holds {held}: {}.", made.group.name, made.rule)))
    }
}

impl Create {
    fn into_raw(self) -> RawGroup {
        let rule = match self.metadata {
            Some((key, value)) => RawRule::Metadata { key, value },
            None if self.listed.is_empty() => RawRule::NotIn(self.not_in),
            None => RawRule::In(self.listed),
        };
        RawGroup { name: self.name, rule }
    }
}
