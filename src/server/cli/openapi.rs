//! `latchkey openapi`: prints the OpenAPI document of this very version, as a running server serves it. Opens no database.

use super::answer::Answer;
use crate::server::config::Config;
use crate::server::http::api::openapi;

pub fn run(config: &Config) -> anyhow::Result<Answer> {
    let document = openapi::document(config.public_url.as_str());
    Ok(Answer::text(serde_json::to_string_pretty(&document)?))
}
