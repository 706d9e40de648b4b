//! What `device import` and `token import` share: reading the file, naming every bad row, making the rest to its end.

use super::answer::{Answer, mention};
use crate::domain::import::{ImportKind, ImportState, MOST_BYTES};
use crate::server::imports::upload::{self, Upload};
use crate::server::imports::{run, start};
use crate::server::operator;
use crate::server::state::AppState;
use anyhow::{Context, bail};
use clap::Args;
use serde_json::json;
use std::io::{self, Read};
use std::path::PathBuf;

#[derive(Args, Debug)]
pub struct FromFile {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// A CSV file, or - for standard input
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl FromFile {
    /// Everything or nothing: with one bad row nothing is made, and each of them is a line on standard error.
    pub async fn run(self, state: &AppState, kind: ImportKind) -> anyhow::Result<Answer> {
        let seat = operator::seat(state, &self.workgroup).await?;
        let file = self.read(kind)?;
        let checked = upload::check_only(state, &seat, &file).await?;
        if !checked.bad.is_empty() {
            for row in &checked.bad {
                mention(&format!("line {}: {}", row.line, row.in_words()));
            }
            bail!(
                "{} of {} rows cannot be imported; nothing was made",
                checked.bad.len(),
                checked.total
            );
        }
        let import = upload::upload(state, &seat, &file, None).await?;
        start::start(state, &seat, &import.id, None).await?;
        let ended = run::to_the_end(state, &import.id).await?;
        if ended.state == ImportState::Stopped {
            bail!(ended.problem.unwrap_or_default());
        }
        if self.json {
            return Ok(Answer::json(&json!({ "id": ended.id, "imported": ended.done })));
        }
        Ok(Answer::text(format!("{}.", kind.made(ended.done))))
    }

    /// One byte more than may be is enough to know that it is too long.
    fn read(&self, kind: ImportKind) -> anyhow::Result<Upload> {
        let most = u64::try_from(MOST_BYTES)? + 1;
        let mut bytes = Vec::new();
        let name = self.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if self.file.as_os_str() == "-" {
            io::stdin()
                .lock()
                .take(most)
                .read_to_end(&mut bytes)
                .context("standard input cannot be read")?;
            return Ok(Upload { kind, file_name: "standard input".to_owned(), bytes });
        }
        let cannot = || format!("{} cannot be read", self.file.display());
        let file = std::fs::File::open(&self.file).with_context(cannot)?;
        file.take(most).read_to_end(&mut bytes).with_context(cannot)?;
        Ok(Upload { kind, file_name: name, bytes })
    }
}
