//! `latchkey device-group edit`: rename a group or change what it holds. What opens or closes needs a yes.

use super::{Holds, Which};
use crate::domain::group_draft::RawGroupEdit;
use crate::domain::group_effect::GroupEffect;
use crate::domain::refusal::Refusal;
use crate::domain::usage::counted;
use crate::server::cli::answer::Answer;
use crate::server::devices::groups::{self, Consent, Edited, json, show};
use crate::server::error::Error;
use crate::server::operator;
use crate::server::state::AppState;
use clap::{ArgGroup, Args};

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("changes").required(true).multiple(true)
    .args(["name", "listed", "not_in", "metadata"]))]
pub struct Edit {
    #[command(flatten)]
    which: Which,
    /// The group's new name
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    holds: Holds,
    /// Save it whatever it opens or closes
    #[arg(long)]
    yes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Edit {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat(state, &self.which.workgroup).await?;
        let facts = show::one_called(state, &seat, &self.which.group).await?.facts;
        let rule = self.holds.into_rule();
        let raw = RawGroupEdit { version: facts.version, name: self.name, rule };
        let consent = if self.yes { Consent::Given } else { Consent::Seen("") };
        match groups::edit(state, &seat, &facts.id, &raw, consent, None).await? {
            Edited::Saved(group, _) if self.json => Ok(Answer::json(&json::group(&group))),
            Edited::Saved(group, effect) => {
                let held = counted(effect.holds, "device");
                let mut lines = said(&effect);
                lines.push(format!("{} is changed and holds {held}.", group.facts.name));
                Ok(Answer::text(lines.join("\n")))
            }
            Edited::Asked(effect) => Err(Error::from(refusal(&effect)).into()),
        }
    }
}

fn said(effect: &GroupEffect) -> Vec<String> {
    if effect.is_nothing() { Vec::new() } else { effect.sentences() }
}

/// A command that is refused says one line: here the line is the effect.
fn refusal(effect: &GroupEffect) -> Refusal {
    Refusal::conflict(format!(
        "Nothing was saved yet, for it counts at once. {} Say --yes to save it.",
        effect.sentences().join(" ")
    ))
}
