//! `latchkey device show`: one device and its metadata.

use super::Which;
use crate::domain::device_list::KeptDevice;
use crate::server::cli::answer::Answer;
use crate::server::cli::table::facts;
use crate::server::devices::json;
use crate::server::state::AppState;
use clap::Args;

#[derive(Args, Debug)]
pub struct Show {
    #[command(flatten)]
    which: Which,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let (_, kept) = self.which.find(state).await?;
        Ok(if self.json { Answer::json(&json::device(&kept)) } else { as_facts(&kept) })
    }
}

pub fn as_facts(kept: &KeptDevice) -> Answer {
    let mut about = vec![
        ("id", kept.device.external_id.clone()),
        ("name", kept.device.name.clone()),
        ("registered", kept.created_at.exact()),
        ("version", kept.version.to_string()),
    ];
    let pairs = kept.device.metadata.iter();
    about.extend(pairs.map(|(key, value)| ("metadata", format!("{key} = {value}"))));
    Answer::text(facts(&about))
}
