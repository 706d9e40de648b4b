//! `latchkey device`: things that the protected API knows by an id.

mod edit;
mod list;
mod remove;
mod show;

use super::answer::Answer;
use super::import::FromFile;
use crate::domain::device_list::KeptDevice;
use crate::domain::import::ImportKind;
use crate::domain::rights::Seat;
use crate::server::devices::register::{self, RawDevice};
use crate::server::devices::{self, json};
use crate::server::operator;
use crate::server::state::AppState;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Device {
    /// Register a device and print the string of its first token
    Create(Create),
    /// List a workgroup's devices, by name
    List(list::List),
    /// Show a device and what reaches it
    Show(show::Show),
    /// Change a device's name and metadata; it counts at once
    Edit(edit::Edit),
    /// Remove a device and revoke its tokens
    Remove(remove::Remove),
    /// Register devices without tokens: CSV with external_id,name and metadata keys as further columns
    Import(FromFile),
}

#[derive(Args, Debug)]
pub struct Create {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// The id under which the protected API knows the device
    #[arg(long, value_name = "EXTERNAL_ID")]
    id: String,
    /// The device's name, which also owns its first token
    #[arg(long)]
    name: String,
    /// Metadata, such as site=north; may repeat
    #[arg(long, value_name = "KEY=VALUE", num_args = 1.., value_parser = pair)]
    metadata: Vec<(String, String)>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The device that a command is about.
#[derive(Args, Debug)]
pub struct Which {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// The id under which the protected API knows the device
    #[arg(long, value_name = "EXTERNAL_ID")]
    id: String,
}

impl Which {
    async fn find(&self, state: &AppState) -> anyhow::Result<(Seat, KeptDevice)> {
        let seat = operator::seat(state, &self.workgroup).await?;
        let kept = devices::show::by_external_id(state, &seat, self.id.trim()).await?;
        Ok((seat, kept))
    }
}

impl Device {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        match self {
            Device::Create(asked) => asked.run(state).await,
            Device::List(asked) => asked.run(state).await,
            Device::Show(asked) => asked.run(state).await,
            Device::Edit(asked) => asked.run(state).await,
            Device::Remove(asked) => asked.run(state).await,
            Device::Import(import) => import.run(state, ImportKind::Devices).await,
        }
    }
}

impl Create {
    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat(state, &self.workgroup).await?;
        let raw = RawDevice {
            external_id: self.id,
            name: self.name,
            metadata: self.metadata,
            permissions: None,
        };
        let (device, issued) = register::register(state, &seat, &raw, None).await?;
        if self.json {
            return Ok(Answer::json(&json::registered(&device, &issued, state.now())));
        }
        let aside = format!(
            "{} is registered. Above is the string of its device token, which does not expire; it is shown only now.",
            device.name
        );
        Ok(Answer::text(issued.string.reveal()).aside(aside))
    }
}

/// `key=value`; the value may hold further equals signs.
pub fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write key=value, such as site=north".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::pair;

    #[test]
    fn metadata_is_a_key_an_equals_sign_and_a_value() {
        let made = |key: &str, value: &str| Ok((key.to_owned(), value.to_owned()));
        assert_eq!(pair("site=north"), made("site", "north"));
        assert_eq!(pair("formula=a=b"), made("formula", "a=b"));
        assert!(pair("site").is_err());
        assert!(pair("=north").is_err());
    }
}
