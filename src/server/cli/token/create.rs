//! `latchkey token create`: issue a token.

use super::{lifetimes, reveal};
use crate::domain::token_draft::RawDraft;
use crate::server::cli::answer::Answer;
use crate::server::operator;
use crate::server::state::AppState;
use crate::server::tokens::issue;
use clap::Args;

#[derive(Args, Debug)]
pub struct Create {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// Whose token it is: a person or firm, in free text
    #[arg(long, value_name = "TEXT")]
    owner: String,
    /// Where the owner is written to
    #[arg(long)]
    email: String,
    /// What tells this owner's tokens apart, such as staging
    #[arg(long)]
    name: Option<String>,
    /// How long its strings live
    #[arg(long, value_parser = lifetimes())]
    expires: String,
    /// Whoever holds a live string can renew it
    #[arg(long)]
    can_renew: bool,
    /// Opens this device group instead of the whole workgroup
    #[arg(long, value_name = "NAME")]
    device_group: Option<String>,
    /// Makes it a device token of the device with this id
    #[arg(long, value_name = "ID", conflicts_with = "device_group")]
    device: Option<String>,
    /// What it may do; may repeat
    #[arg(long, value_name = "P", num_args = 1.., required = true)]
    permission: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Create {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat(state, &self.workgroup).await?;
        let as_json = self.json;
        let made = issue::issue(state, &seat, &self.into_raw(), None, None).await?;
        Ok(reveal(&made, as_json, state.now()))
    }

    fn into_raw(self) -> RawDraft {
        RawDraft {
            owner: self.owner,
            email: self.email,
            name: self.name.unwrap_or_default(),
            expires: self.expires,
            can_renew: self.can_renew,
            permissions: self.permission,
            device_group: self.device_group.unwrap_or_default(),
            device: self.device.unwrap_or_default(),
            ..RawDraft::default()
        }
    }
}
