//! `latchkey device edit`: change a device's name and metadata.

use super::{Which, pair};
use crate::domain::metadata::Metadata;
use crate::domain::refusal::Refusal;
use crate::server::cli::answer::Answer;
use crate::server::devices::edit::{self, RawDeviceEdit};
use crate::server::devices::json;
use crate::server::state::AppState;
use clap::{ArgGroup, Args};

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("changes").required(true).multiple(true)
    .args(["name", "metadata", "without_metadata"]))]
pub struct Edit {
    #[command(flatten)]
    which: Which,
    #[arg(long)]
    name: Option<String>,
    /// Metadata to set, such as site=north; other keys stay; may repeat
    #[arg(long, value_name = "KEY=VALUE", num_args = 1.., value_parser = pair)]
    metadata: Vec<(String, String)>,
    /// Metadata keys to drop; may repeat
    #[arg(long, value_name = "KEY", num_args = 1..)]
    without_metadata: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Edit {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let (seat, kept) = self.which.find(state).await?;
        let metadata = changed(&kept.device.metadata, &self.metadata, &self.without_metadata)?;
        let raw =
            RawDeviceEdit { version: kept.version, name: self.name, metadata: Some(metadata) };
        let saved = edit::edit(state, &seat, &kept.device.id, &raw, None).await?;
        Ok(if self.json {
            Answer::json(&json::device(&saved))
        } else {
            super::show::as_facts(&saved)
        })
    }
}

/// The metadata with what is set and without what is dropped.
fn changed(
    now: &Metadata,
    set: &[(String, String)],
    dropped: &[String],
) -> Result<Vec<(String, String)>, Refusal> {
    let mut metadata = now.clone();
    for key in dropped.iter().map(|key| key.trim()) {
        if metadata.remove(key).is_none() {
            let message = format!("The device has no metadata “{key}”.");
            return Err(Refusal::field("without-metadata", message));
        }
    }
    for (key, value) in set {
        metadata.insert(key.trim().to_owned(), value.clone());
    }
    Ok(metadata.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_added_and_what_is_dropped_must_be_there() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let now = Metadata::from([pair("site", "north"), pair("line", "7")]);
        let after = changed(&now, &[pair(" site ", "south")], &["line".into()]).unwrap();
        assert_eq!(after, [pair("site", "south")]);
        assert!(changed(&now, &[], &["lines".into()]).is_err());
    }
}
