//! `latchkey purge`: removes what is due by the clock, now.

use super::answer::Answer;
use crate::domain::clock::WAITING;
use crate::domain::usage::counted;
use crate::server::clock_guard;
use crate::server::state::AppState;
use crate::server::tokens::purge;
use anyhow::bail;
use clap::Args;
use serde_json::json;

#[derive(Args, Debug)]
pub struct Purge {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Purge {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let Some(purged) = purge::to_the_end(state).await? else {
            let why = clock_guard::observe(state).await?.map(|doubt| doubt.why).unwrap_or_default();
            bail!("nothing was removed, because the clock is in doubt. {why} {WAITING}");
        };
        let (tokens, strings, tombstones) = (purged.tokens, purged.strings, purged.tombstones);
        if self.json {
            let counts = json!({ "tokens": tokens, "strings": strings, "tombstones": tombstones });
            return Ok(Answer::json(&counts));
        }
        Ok(Answer::text(format!(
            "Removed: {}, {} of tokens that stay, {}.",
            counted(tokens.into(), "token"),
            counted(strings.into(), "string"),
            counted(tombstones.into(), "tombstone"),
        )))
    }
}
