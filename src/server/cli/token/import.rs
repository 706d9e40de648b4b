//! `latchkey token import`: tokens of another system, by the hashes of their strings.

use crate::domain::import::ImportKind;
use crate::server::cli::answer::Answer;
use crate::server::cli::import::FromFile;
use crate::server::state::AppState;
use clap::Args;

#[derive(Args, Debug)]
pub struct Import {
    #[command(flatten)]
    file: FromFile,
}

impl Import {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        self.file.run(state, ImportKind::LegacyTokens).await
    }
}
