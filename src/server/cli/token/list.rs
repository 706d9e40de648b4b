//! `latchkey token list`: all tokens of a workgroup, or those that are looked for.

use crate::domain::refusal::Refusal;
use crate::domain::status::TokenStatus;
use crate::domain::time::Time;
use crate::domain::token::Token;
use crate::domain::token_list::{TokenQuery, Unused};
use crate::server::cli::answer::Answer;
use crate::server::cli::table::table;
use crate::server::operator;
use crate::server::state::AppState;
use crate::server::tokens::{json, list};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::{Value, json};

/// Rows that are asked for at once.
const PAGE: i64 = 100;

#[derive(Args, Debug)]
pub struct List {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// List revoked tokens too
    #[arg(long)]
    revoked: bool,
    /// Part of an owner, name, e-mail address or hint
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only tokens in this state
    #[arg(long, value_parser = statuses())]
    status: Option<TokenStatus>,
    /// Only tokens that were never used; revoked ones are not among them
    #[arg(long, conflicts_with = "revoked")]
    never_used: bool,
    /// Only tokens that were not used for so many days, or never since they were made
    #[arg(long, value_name = "DAYS", conflicts_with_all = ["revoked", "never_used"],
        value_parser = clap::value_parser!(i64).range(1..=36_500))]
    unused_days: Option<i64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn statuses() -> impl TypedValueParser<Value = TokenStatus> {
    PossibleValuesParser::new(TokenStatus::ALL.map(TokenStatus::code))
        .try_map(|code| TokenStatus::parse(&code).ok_or("no such state"))
}

impl List {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat(state, &self.workgroup).await?;
        let never = self.never_used.then_some(Unused::Never);
        let unused = never.or(self.unused_days.map(Unused::Days));
        if unused.is_some() && self.status == Some(TokenStatus::Revoked) {
            let detail = "Revoked tokens are not in use: leave out --status revoked.";
            return Err(Refusal::conflict(detail).into());
        }
        let mut query = TokenQuery {
            unused,
            search: self.search.unwrap_or_default(),
            status: self.status,
            revoked: self.revoked || self.status == Some(TokenStatus::Revoked),
            ..TokenQuery::default()
        };
        let mut tokens = Vec::new();
        let now = loop {
            let page = list::list(state, &seat, &query, PAGE).await?;
            tokens.extend(page.items);
            query.after = page.next;
            if query.after.is_none() {
                break page.now;
            }
        };
        Ok(if self.json { as_json(&tokens, now) } else { as_table(&tokens, now) })
    }
}

fn as_json(tokens: &[Token], now: Time) -> Answer {
    let items: Vec<Value> = tokens.iter().map(|token| json::token(token, now)).collect();
    Answer::json(&json!({ "items": items }))
}

fn as_table(tokens: &[Token], now: Time) -> Answer {
    let rows: Vec<_> = tokens.iter().map(|token| row(token, now)).collect();
    let count = if rows.len() == 1 { "1 token".into() } else { format!("{} tokens", rows.len()) };
    let head = ["owner", "name", "e-mail", "string", "status", "expires", "last used", "id"];
    Answer::text(table(head, &rows)).aside(count)
}

fn row(token: &Token, now: Time) -> [String; 8] {
    [
        token.owner.clone(),
        token.name.clone().unwrap_or_default(),
        token.email.clone(),
        token.hint().to_owned(),
        token.status(now).label().to_owned(),
        token.expires_at.map_or_else(|| "never".to_owned(), Time::date),
        token.last_used_at().map_or_else(|| "never".to_owned(), |at| at.relative(now)),
        token.id.clone(),
    ]
}
