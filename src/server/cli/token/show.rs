//! `latchkey token show`: one token with its strings.

use crate::domain::status::StringState;
use crate::domain::time::Time;
use crate::domain::token::{NumberedString, Token};
use crate::server::cli::answer::Answer;
use crate::server::cli::table::{facts, table};
use crate::server::operator;
use crate::server::state::AppState;
use crate::server::tokens::{json, show};
use clap::Args;

#[derive(Args, Debug)]
pub struct Show {
    /// The token's id
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat_of_token(state, &self.id).await?;
        let token = show::one(state, &seat, &self.id).await?;
        let now = state.now();
        if self.json {
            return Ok(Answer::json(&json::token(&token, now)));
        }
        Ok(Answer::text(format!("{}\n{}", facts(&about(&token, now)), strings(&token, now))))
    }
}

fn about(token: &Token, now: Time) -> Vec<(&'static str, String)> {
    let end = |at: Time| format!("{} ({})", at.exact(), at.relative(now));
    let names: Vec<_> = token.permissions.iter().chain(&token.scopes).cloned().collect();
    let mut about = vec![
        ("owner", token.title()),
        ("e-mail", token.email.clone()),
        ("id", token.id.clone()),
        ("kind", token.kind.code().to_owned()),
        ("status", token.status(now).label().to_owned()),
        ("expires", token.expires_at.map_or_else(|| "never".to_owned(), end)),
        ("new strings live", token.lifetime.label().to_lowercase()),
        ("can renew", if token.can_renew { "yes" } else { "no" }.to_owned()),
        ("opens", token.reach.label().to_owned()),
        ("may", names.join(", ")),
        ("created", format!("{} by {}", token.created_at.exact(), token.created_by)),
    ];
    if let Some(at) = token.revoked_at {
        let by = token.revoked_by.as_deref().unwrap_or("somebody");
        about.push(("revoked", format!("{} by {by}", at.exact())));
    }
    about.extend(token.rate_limit.map(|limit| ("rate limit", format!("{limit}/m"))));
    about.extend(token.note.as_ref().map(|note| ("note", note.replace('\n', " "))));
    about
}

fn strings(token: &Token, now: Time) -> String {
    let rows: Vec<_> = token.strings.iter().map(|string| row(string, token, now)).collect();
    table(["#", "string", "came by", "issued", "state", "ends", "last used"], &rows)
}

fn row(string: &NumberedString, token: &Token, now: Time) -> [String; 7] {
    let state = match string.state(token.revoked_at, now) {
        StringState::Revoked => "revoked",
        StringState::Superseded => "superseded",
        StringState::Expired => "expired",
        StringState::Live => "live",
    };
    let used = string.last_used_at.map(|at| match &string.last_used_from {
        Some(address) => format!("{} from {address}", at.relative(now)),
        None => at.relative(now),
    });
    [
        string.number.to_string(),
        string.hint.clone(),
        string.origin.code().to_owned(),
        string.issued_at.date(),
        state.to_owned(),
        string.ends_at().map_or_else(|| "never".to_owned(), Time::date),
        used.unwrap_or_else(|| "never".to_owned()),
    ]
}
