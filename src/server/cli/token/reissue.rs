//! `latchkey token reissue`: a new string with a fresh expiry.

use super::reveal;
use crate::domain::token::Older;
use crate::server::cli::answer::Answer;
use crate::server::operator;
use crate::server::state::AppState;
use crate::server::tokens::reissue;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

#[derive(Args, Debug)]
pub struct Reissue {
    /// The token's id
    id: String,
    /// When the strings that it already has end
    #[arg(long, default_value = Older::Keep.code(), value_parser = choices())]
    older: Older,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn choices() -> impl TypedValueParser<Value = Older> {
    PossibleValuesParser::new(Older::ALL.map(Older::code))
        .try_map(|code| Older::parse(&code).ok_or("no such choice"))
}

impl Reissue {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat_of_token(state, &self.id).await?;
        let made = reissue::reissue(state, &seat, &self.id, self.older, None, None).await?;
        Ok(reveal(&made, self.json, state.now()))
    }
}
