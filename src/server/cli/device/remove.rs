//! `latchkey device remove`: a device goes, and every token of its own is revoked.

use super::Which;
use crate::server::cli::answer::Answer;
use crate::server::devices::remove;
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
        let (seat, kept) = self.which.find(state).await?;
        let (device, revoked) = remove::remove(state, &seat, &kept.device.id, None).await?;
        if self.json {
            let told = json!({ "external_id": device.external_id, "tokens_revoked": revoked });
            return Ok(Answer::json(&told));
        }
        let tokens =
            if revoked == 1 { "1 token was".into() } else { format!("{revoked} tokens were") };
        Ok(Answer::default().aside(format!("{} is removed; {tokens} revoked.", device.name)))
    }
}
