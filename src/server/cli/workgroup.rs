//! `latchkey workgroup`: tenants, each with its own members, devices and tokens.

use super::answer::Answer;
use super::table::table;
use crate::domain::policy_draft::RawPolicy;
use crate::server::administration::{json, policy, workgroups};
use crate::server::operator;
use crate::server::people::members;
use crate::server::state::AppState;
use clap::{ArgGroup, Args, Subcommand};
use serde_json::json;

#[derive(Debug, Subcommand)]
pub enum Workgroup {
    /// Make a workgroup; its slug is derived from the name
    Create(Create),
    /// List the workgroups with their owners
    List(List),
    /// Change a workgroup's name or policy; its slug stays
    Edit(Edit),
}

#[derive(Args, Debug)]
pub struct Create {
    /// The workgroup's name
    #[arg(long)]
    name: String,
    /// E-mail address of its first owner, who must exist
    #[arg(long)]
    owner: String,
    /// Zone in which its notices go out, such as Europe/Berlin
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub struct List {
    /// Part of a name
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("changes").required(true).multiple(true)
    .args(["name", "longest_lifetime", "non_expiring", "notice_stages", "notice_hour", "time_zone"]))]
pub struct Edit {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// Its new name
    #[arg(long)]
    name: Option<String>,
    /// The longest that new strings live: 7d, 14d, 1m, 2m, 3m, 6m or 1y
    #[arg(long, value_name = "LIFETIME")]
    longest_lifetime: Option<String>,
    /// Whether access tokens may be made that do not expire
    #[arg(long, value_name = "BOOL")]
    non_expiring: Option<bool>,
    /// Days before the end at which token owners are mailed, such as 14,7,1
    #[arg(long, value_name = "DAYS")]
    notice_stages: Option<String>,
    /// The hour at which early notices go out, 0 to 23
    #[arg(long, value_name = "HOUR")]
    notice_hour: Option<String>,
    /// Zone in which its notices go out, such as Europe/Berlin
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Workgroup {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        match self {
            Workgroup::Create(create) => create.run(state).await,
            Workgroup::List(list) => list.run(state).await,
            Workgroup::Edit(edit) => edit.run(state).await,
        }
    }
}

impl Create {
    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let (name, zone) = (&self.name, &self.time_zone);
        let made = members::create_workgroup(state, name, &self.owner, zone).await?;
        if self.json {
            return Ok(Answer::json(&json!({
                "id": made.id, "slug": made.slug, "name": made.name, "time_zone": made.time_zone,
            })));
        }
        let aside =
            format!("{} is made and owned by {}; above is its slug.", made.name, self.owner);
        Ok(Answer::text(made.slug).aside(aside))
    }
}

impl List {
    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let (administrator, search) = (operator::administrator(), self.search.unwrap_or_default());
        let (mut rows, mut after) = (Vec::new(), String::new());
        loop {
            let page = workgroups::list(state, &administrator, &search, &after).await?;
            rows.extend(page.items);
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        if self.json {
            let items: Vec<_> = rows.iter().map(json::workgroup).collect();
            return Ok(Answer::json(&json!({ "items": items })));
        }
        let lines: Vec<_> = rows
            .into_iter()
            .map(|row| {
                let owners: Vec<_> = row.owners.into_iter().map(|owner| owner.email).collect();
                [
                    row.slug,
                    row.name,
                    owners.join(", "),
                    row.members.to_string(),
                    row.tokens.to_string(),
                ]
            })
            .collect();
        Ok(Answer::text(table(["slug", "name", "owners", "members", "tokens"], &lines)))
    }
}

impl Edit {
    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat(state, &self.workgroup).await?;
        let raw = RawPolicy {
            version: None,
            name: self.name,
            longest_lifetime: self.longest_lifetime,
            non_expiring: self.non_expiring,
            notice_stages: self.notice_stages,
            notice_hour: self.notice_hour,
            time_zone: self.time_zone,
        };
        policy::edit(state, &seat, &raw, None).await?;
        let (changed, version) = policy::read(state, &seat).await?;
        if self.json {
            return Ok(Answer::json(&json::policy(&changed, version)));
        }
        Ok(Answer::text(format!("{} is changed.", changed.name)))
    }
}
