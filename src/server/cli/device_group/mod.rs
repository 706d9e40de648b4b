//! `latchkey device-group`: named subsets of a workgroup's devices.

mod create;
mod edit;
mod list;
mod remove;
mod show;

use super::answer::Answer;
use super::device::pair;
use crate::domain::group_draft::RawRule;
use crate::server::state::AppState;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum DeviceGroup {
    /// Make a group of listed devices, of all but the listed ones, or by metadata
    Create(create::Create),
    /// List the groups of a workgroup
    List(list::List),
    /// Show one group with what it lists
    Show(show::Show),
    /// Rename a group or change which devices it holds; it counts at once
    Edit(edit::Edit),
    /// Remove a group that nothing is bound to
    Remove(remove::Remove),
}

/// The group that a command is about.
#[derive(Args, Debug)]
pub struct Which {
    /// The group's name or id
    group: String,
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
}

/// Which devices a group holds: one of these.
#[derive(Args, Debug)]
#[group(multiple = false, id = "rule")]
pub struct Holds {
    /// Holds this device; may repeat
    #[arg(long = "in", value_name = "ID", num_args = 1..)]
    listed: Vec<String>,
    /// Holds every device but this one; may repeat
    #[arg(long, value_name = "ID", num_args = 1..)]
    not_in: Vec<String>,
    /// Holds every device with this metadata
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    metadata: Option<(String, String)>,
}

impl Holds {
    fn into_rule(self) -> Option<RawRule> {
        match self.metadata {
            Some((key, value)) => Some(RawRule::Metadata { key, value }),
            None if !self.listed.is_empty() => Some(RawRule::In(self.listed)),
            None => (!self.not_in.is_empty()).then_some(RawRule::NotIn(self.not_in)),
        }
    }
}

impl DeviceGroup {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        match self {
            DeviceGroup::Create(create) => create.run(state).await,
            DeviceGroup::List(list) => list.run(state).await,
            DeviceGroup::Show(show) => show.run(state).await,
            DeviceGroup::Edit(edit) => edit.run(state).await,
            DeviceGroup::Remove(remove) => remove.run(state).await,
        }
    }
}
