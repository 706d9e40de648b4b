//! `latchkey device-group create`: a new group.

use super::Holds;
use crate::domain::usage::counted;
use crate::server::cli::answer::Answer;
use crate::server::devices::groups::{self, RawGroup, RawRule, json};
use crate::server::operator;
use crate::server::state::AppState;
use clap::{ArgGroup, Args};

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("holds").args(["listed", "not_in", "metadata"]).required(true))]
pub struct Create {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// The group's name
    #[arg(long)]
    name: String,
    #[command(flatten)]
    holds: Holds,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Create {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat(state, &self.workgroup).await?;
        let rule = self.holds.into_rule().unwrap_or(RawRule::In(Vec::new()));
        let raw = RawGroup { name: self.name, rule };
        let made = groups::create(state, &seat, &raw, None).await?;
        if self.json {
            return Ok(Answer::json(&json::group(&made.whole)));
        }
        let held = counted(made.devices, "device");
        Ok(Answer::text(format!("{} holds {held}: {}.", made.group.name, made.rule)))
    }
}
