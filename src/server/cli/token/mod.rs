//! `latchkey token`: the life of a token from the command line. Tokens are named by id, workgroups by slug.

mod create;
mod edit;
mod import;
mod list;
mod reissue;
mod revoke;
mod show;

use super::answer::Answer;
use crate::domain::answers::IssuedToken;
use crate::domain::lifetime::Lifetime;
use crate::domain::time::Time;
use crate::server::state::AppState;
use crate::server::tokens::json;
use crate::server::tokens::once::Made;
use clap::Subcommand;
use clap::builder::PossibleValuesParser;

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Issue a token and print its string, this once
    Create(create::Create),
    /// List a workgroup's tokens, soonest expiry first
    List(list::List),
    /// Show one token with its strings
    Show(show::Show),
    /// Change a token; its permissions and its device group never change
    Edit(edit::Edit),
    /// Give a token a new string and print it, this once
    Reissue(reissue::Reissue),
    /// Stop every string of a token, for good
    Revoke(revoke::Revoke),
    /// Bring over legacy tokens: CSV with owner,email,sha256,expires_at,scopes
    Import(import::Import),
}

impl Token {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        match self {
            Token::Create(create) => create.run(state).await,
            Token::List(list) => list.run(state).await,
            Token::Show(show) => show.run(state).await,
            Token::Edit(edit) => edit.run(state).await,
            Token::Reissue(reissue) => reissue.run(state).await,
            Token::Revoke(revoke) => revoke.run(state).await,
            Token::Import(import) => import.run(state).await,
        }
    }
}

/// The one reveal of a string: alone on standard output, or under `token` in the JSON.
fn reveal(made: &Made, as_json: bool, now: Time) -> Answer {
    match made {
        Made::New(issued) if as_json => Answer::json(&json::issued(issued, now)),
        Made::New(issued) => in_words(issued),
        // Only a call with an idempotency key can be a repetition, and commands have none.
        Made::Already(first) => Answer::json(first),
    }
}

fn in_words(issued: &IssuedToken) -> Answer {
    let token = &issued.token;
    let own = token.strings.iter().find(|string| string.number == issued.number);
    let end = own.and_then(|string| string.expires_at);
    let end =
        end.map_or_else(|| "does not expire".to_owned(), |at| format!("ends on {}", at.exact()));
    let mut answer = Answer::text(issued.string.reveal())
        .aside(format!("{} ({}), {}.", token.title(), token.reach.label(), token.email))
        .aside(format!(
            "Above is its string, shown only now; it {end}. The token's id is {}.",
            token.id
        ));
    for note in &issued.notes {
        answer = answer.aside(note);
    }
    answer
}

/// The codes of the lifetimes, as `--expires` takes them.
fn lifetimes() -> PossibleValuesParser {
    PossibleValuesParser::new(Lifetime::ALL.map(Lifetime::code))
}
