//! `latchkey device-group remove`: a group that nothing is bound to.

use super::Which;
use crate::server::cli::answer::Answer;
use crate::server::devices::groups::{self, show};
use crate::server::operator;
use crate::server::state::AppState;
use clap::Args;
use serde_json::json;

#[derive(Args, Debug)]
pub struct Remove {
    #[command(flatten)]
    which: Which,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Remove {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat(state, &self.which.workgroup).await?;
        let id = show::one_called(state, &seat, &self.which.group).await?.facts.id;
        let gone = groups::remove(state, &seat, &id, None).await?;
        if self.json {
            return Ok(Answer::json(&json!({ "id": gone.id, "name": gone.name, "removed": true })));
        }
        Ok(Answer::text(format!("{} is removed.", gone.name)))
    }
}
