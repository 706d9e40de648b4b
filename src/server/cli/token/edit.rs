//! `latchkey token edit`: change what may change of a token.

use super::lifetimes;
use crate::domain::token_draft::RawEdit;
use crate::server::cli::answer::Answer;
use crate::server::operator;
use crate::server::state::AppState;
use crate::server::tokens::{edit, json, show};
use clap::{ArgGroup, Args};

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("changes").required(true).multiple(true)
    .args(["owner", "email", "name", "expires", "can_renew", "note", "token_rate_limit"]))]
pub struct Edit {
    /// The token's id
    id: String,
    #[arg(long, value_name = "TEXT")]
    owner: Option<String>,
    #[arg(long)]
    email: Option<String>,
    /// Empty for none
    #[arg(long)]
    name: Option<String>,
    /// How long strings live that are made from now on
    #[arg(long, value_parser = lifetimes())]
    expires: Option<String>,
    /// Whether the holder of a live string can renew it
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    can_renew: Option<bool>,
    /// Empty for none
    #[arg(long)]
    note: Option<String>,
    /// Requests per minute, such as 90; empty for the installation's default
    #[arg(long = "rate-limit", id = "token_rate_limit", value_name = "RATE_LIMIT")]
    rate_limit: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Edit {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat_of_token(state, &self.id).await?;
        let version = show::one(state, &seat, &self.id).await?.version;
        let raw = RawEdit {
            version,
            owner: self.owner,
            email: self.email,
            name: self.name,
            expires: self.expires,
            can_renew: self.can_renew,
            note: self.note,
            rate_limit: self.rate_limit,
        };
        let token = edit::edit(state, &seat, &self.id, &raw, None).await?;
        if self.json {
            return Ok(Answer::json(&json::token(&token, state.now())));
        }
        Ok(Answer::text(format!("{} is changed.", token.title())))
    }
}
