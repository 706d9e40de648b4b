//! `latchkey token revoke`: every string of a token stops, for good.

use crate::server::cli::answer::Answer;
use crate::server::operator;
use crate::server::state::AppState;
use crate::server::tokens::once::Done;
use crate::server::tokens::{json, revoke};
use clap::Args;

#[derive(Args, Debug)]
pub struct Revoke {
    /// The token's id
    id: String,
    /// Revoke the tokens that it made, too
    #[arg(long)]
    also: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Revoke {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat_of_token(state, &self.id).await?;
        let done = revoke::revoke(state, &seat, &self.id, self.also, None, None).await?;
        let token = match done {
            Done::New(token) => token,
            // Only a call with an idempotency key can be a repetition, and commands have none.
            Done::Already(first) => return Ok(Answer::json(&first)),
        };
        if self.json {
            return Ok(Answer::json(&json::token(&token, state.now())));
        }
        Ok(Answer::text(format!("{} is revoked: every string of it has stopped.", token.title())))
    }
}
