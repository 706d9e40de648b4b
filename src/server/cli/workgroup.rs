//! `latchkey workgroup`: tenants, each with its own members, devices and tokens.

use super::answer::Answer;
use crate::server::people::members;
use crate::server::state::AppState;
use clap::{Args, Subcommand};
use serde_json::json;

#[derive(Debug, Subcommand)]
pub enum Workgroup {
    /// Make a workgroup; its slug is derived from the name
    Create(Create),
}

#[derive(Args, Debug)]
pub struct Create {
    /// The workgroup's name
    #[arg(long)]
    name: String,
    /// E-mail address of its first owner, who must exist
    #[arg(long)]
    owner: String,
    /// Zone in which its notices go out, such as Europe/Berlin
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Workgroup {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let Workgroup::Create(asked) = self;
        let (name, zone) = (&asked.name, &asked.time_zone);
        let made = members::create_workgroup(state, name, &asked.owner, zone).await?;
        if asked.json {
            return Ok(Answer::json(&json!({
                "id": made.id, "slug": made.slug, "name": made.name, "time_zone": made.time_zone,
            })));
        }
        let aside =
            format!("{} is made and owned by {}; above is its slug.", made.name, asked.owner);
        Ok(Answer::text(made.slug).aside(aside))
    }
}
