//! `latchkey serve`: migrates, serves and sweeps until it is asked to stop.

use super::answer::Answer;
use super::migrate;
use crate::server::config::{Config, Settings};
use crate::server::notices::deliver;
use crate::server::{http, telemetry};
use clap::Args;

#[derive(Args, Debug)]
pub struct Serve {
    /// Requests per minute and token, such as 600/m [default: 600/m]
    #[arg(long = "rate-limit", id = "default_rate_limit", value_name = "RATE_LIMIT")]
    rate_limit: Option<String>,
}

impl Serve {
    /// Puts the settings that only this command takes behind its name to the others.
    pub fn settle(&self, settings: &mut Settings) {
        if self.rate_limit.is_some() {
            settings.rate_limit.clone_from(&self.rate_limit);
        }
    }
}

pub async fn run(config: Config) -> anyhow::Result<Answer> {
    // Before anything is touched.
    config.public_url.require_private()?;
    telemetry::start(&config);
    let (state, lease) = migrate::up_to_date(config).await?;
    deliver::begin(&state, &lease).await?;
    http::serve::serve(state, lease).await?;
    Ok(Answer::default())
}
