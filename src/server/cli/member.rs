//! `latchkey member`: who belongs to a workgroup, and with which rights.

use super::answer::Answer;
use crate::server::people::members::{self, Standing};
use crate::server::state::AppState;
use clap::{ArgGroup, Args, Subcommand};
use serde_json::json;

#[derive(Debug, Subcommand)]
pub enum Member {
    /// Make somebody a member, or change what a member holds
    Set(Set),
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("rights").args(["owner", "permission"]).required(true))]
pub struct Set {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// E-mail address of the person, who must exist
    #[arg(long)]
    email: String,
    /// Holds every permission
    #[arg(long)]
    owner: bool,
    /// Holds this permission; may repeat
    #[arg(long, value_name = "P", num_args = 1..)]
    permission: Vec<String>,
    /// Bound to this device group
    #[arg(long, value_name = "NAME", conflicts_with = "owner")]
    device_group: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Member {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let Member::Set(asked) = self;
        let standing =
            if asked.owner { Standing::Owner } else { Standing::Chosen(asked.permission) };
        let (slug, email, group) = (&asked.workgroup, &asked.email, asked.device_group.as_deref());
        let member = members::set_member(state, slug, email, standing, group).await?;
        let rights = &member.rights;
        if asked.json {
            return Ok(Answer::json(&json!({
                "workgroup": member.workgroup.slug,
                "email": member.user.email,
                "name": member.user.name,
                "owner": rights.owner,
                "permissions": rights.permissions,
                "device_group": rights.group.as_ref().map(|group| &group.name),
            })));
        }
        let role = if rights.owner { "an owner" } else { "a member" };
        Ok(Answer::text(format!(
            "{} is now {role} of {}.",
            member.user.name, member.workgroup.name
        )))
    }
}
