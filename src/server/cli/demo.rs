//! `latchkey demo`: an empty database becomes an installation to look around in.

use super::answer::Answer;
use crate::server::config::Config;
use clap::Args;

#[derive(Args, Debug)]
pub struct Demo {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Demo {
    pub async fn run(self, _config: Config) -> anyhow::Result<Answer> {
        anyhow::bail!("not there yet (json: {})", self.json)
    }
}
