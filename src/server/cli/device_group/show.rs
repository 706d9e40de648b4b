//! `latchkey device-group show`: one group.

use super::Which;
use crate::server::cli::answer::Answer;
use crate::server::cli::table::facts;
use crate::server::devices::groups::{WholeGroup, json, show};
use crate::server::operator;
use crate::server::state::AppState;
use clap::Args;

#[derive(Args, Debug)]
pub struct Show {
    #[command(flatten)]
    which: Which,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat(state, &self.which.workgroup).await?;
        let group = show::one_called(state, &seat, &self.which.group).await?;
        if self.json {
            return Ok(Answer::json(&json::group(&group)));
        }
        Ok(Answer::text(facts(&about(&group))))
    }
}

fn about(group: &WholeGroup) -> Vec<(&'static str, String)> {
    let facts = &group.facts;
    let mut about = vec![
        ("name", facts.name.clone()),
        ("id", facts.id.clone()),
        ("holds", facts.rule.in_words()),
        ("devices", facts.devices.to_string()),
        ("tokens", facts.tokens.to_string()),
        ("members", facts.members.to_string()),
        ("created", facts.created_at.exact()),
    ];
    let listed = group.listed.iter().flatten().cloned().collect::<Vec<_>>();
    if !listed.is_empty() {
        about.push(("lists", listed.join(", ")));
    }
    about
}
