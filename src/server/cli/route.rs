//! `latchkey route`: what each path of a workgroup's API asks of a token.

use super::answer::Answer;
use super::table::table;
use crate::domain::refusal::Code;
use crate::domain::routes::{DeviceRule, Family, MOST_BYTES, RawTrial, Route as Line};
use crate::server::operator;
use crate::server::routes::edit::{self, RawRoutes};
use crate::server::routes::{json, show, trial};
use crate::server::state::AppState;
use anyhow::Context;
use clap::{ArgGroup, Args, Subcommand};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub enum Route {
    /// Print a workgroup's route policies
    Show(Show),
    /// Set or remove a workgroup's route policies
    Set(Set),
    /// Say what a request would be answered, and by which line
    Try(Try),
}

#[derive(Args, Debug)]
pub struct Show {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("text").required(true).args(["file", "none"]))]
pub struct Set {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// A file with one route policy a line, or - for standard input
    file: Option<PathBuf>,
    /// Have no route policies any more
    #[arg(long, conflicts_with = "family")]
    none: bool,
    /// Headers of the proxy: forwarded (Traefik, Caddy) or original (nginx); without it they stay
    #[arg(long, value_parser = ["forwarded", "original"])]
    family: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub struct Try {
    /// Slug of the workgroup
    #[arg(long, value_name = "SLUG")]
    workgroup: String,
    /// Method of the request
    #[arg(long, default_value = "GET")]
    method: String,
    /// Path of the request, as it is sent
    #[arg(long)]
    path: String,
    /// Kind of the token
    #[arg(long, default_value = "access", value_parser = ["access", "device", "legacy"])]
    kind: String,
    /// What the token may do
    #[arg(long = "permission", value_name = "PERMISSION", num_args = 1..)]
    permissions: Vec<String>,
    /// External id of the device that the token is bound to
    #[arg(long, value_name = "ID")]
    device: Option<String>,
    /// Try the route policies of this file, or - for standard input, in place of those that stand
    #[arg(long)]
    file: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Route {
    pub async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        match self {
            Route::Show(show) => show.run(state).await,
            Route::Set(set) => set.run(state).await,
            Route::Try(asked) => asked.run(state).await,
        }
    }
}

impl Show {
    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat(state, &self.workgroup).await?;
        let (written, routes) = show::read(state, &seat).await?;
        if self.json {
            let slug = &seat.workgroup.slug;
            return Ok(Answer::json(&json::written(slug, &written, &routes)));
        }
        let Some(text) = &written.text else {
            let none = format!("{} has no route policies.", seat.workgroup.name);
            return Ok(Answer::default().aside(none));
        };
        let (method, uri) = written.family.unwrap_or(Family::Forwarded).headers();
        let aside = format!("The proxy says what it was asked in {method} and {uri}.");
        Ok(Answer::text(text.as_str()).aside(aside))
    }
}

impl Set {
    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat(state, &self.workgroup).await?;
        let text = self.file.as_deref().map(read).transpose()?;
        let raw = RawRoutes { version: None, text, family: self.family };
        edit::edit(state, &seat, &raw, None).await?;
        let (written, routes) = show::read(state, &seat).await?;
        if self.json {
            let slug = &seat.workgroup.slug;
            return Ok(Answer::json(&json::written(slug, &written, &routes)));
        }
        if self.none {
            return Ok(Answer::text("The route policies are removed."));
        }
        let rows: Vec<_> = routes.iter().map(row).collect();
        Ok(Answer::text(table(["line", "method", "path", "kind", "permissions", "device"], &rows)))
    }
}

fn row(route: &Line) -> [String; 6] {
    let device = match &route.device {
        DeviceRule::Unnamed => String::new(),
        DeviceRule::Any => "any".to_owned(),
        DeviceRule::Parameter(name) => format!("{{{name}}}"),
    };
    [
        route.line.to_string(),
        route.methods_words(),
        route.path.clone(),
        route.kind_words().to_owned(),
        route.permissions.join(", "),
        device,
    ]
}

impl Try {
    async fn run(self, state: &AppState) -> anyhow::Result<Answer> {
        let seat = operator::seat(state, &self.workgroup).await?;
        let text = self.file.as_deref().map(read).transpose()?;
        let raw = RawTrial {
            method: self.method,
            path: self.path,
            kind: self.kind,
            permissions: self.permissions,
            device: self.device.unwrap_or_default(),
        };
        let verdict = trial::run(state, &seat, &raw, text.as_deref()).await?;
        if self.json {
            return Ok(Answer::json(&json::verdict(&verdict)));
        }
        let said = verdict.code.map_or("let through", Code::as_str);
        let line = verdict.route.map_or_else(String::new, |route| format!("Line {}. ", route.line));
        Ok(Answer::text(format!("{said}: {line}{}", verdict.why)))
    }
}

/// One byte more than may be is enough to know that it is too long.
fn read(file: &Path) -> anyhow::Result<String> {
    let most = u64::try_from(MOST_BYTES)? + 1;
    let mut bytes = Vec::new();
    if file.as_os_str() == "-" {
        let stdin = io::stdin().lock();
        stdin.take(most).read_to_end(&mut bytes).context("standard input cannot be read")?;
    } else {
        let cannot = || format!("{} cannot be read", file.display());
        let opened = std::fs::File::open(file).with_context(cannot)?;
        opened.take(most).read_to_end(&mut bytes).with_context(cannot)?;
    }
    String::from_utf8(bytes).context("the text is not UTF-8")
}
