//! `latchkey demo`: an empty database becomes an installation to look around in.

use super::answer::Answer;
use super::migrate;
use super::table::table;
use crate::server::config::Config;
use crate::server::demo::{self, Installation};
use clap::Args;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

#[derive(Args, Debug)]
pub struct Demo {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Demo {
    pub async fn run(self, config: Config) -> anyhow::Result<Answer> {
        let state = migrate::beside_or_made(config).await?;
        let filled = demo::fill(&state).await;
        state.db.close().await;
        let made = filled?;
        Ok(if self.json { Answer::json(&as_json(&made)) } else { in_words(&made) })
    }
}

/// The password is made up at random and shown here alone, as a token string is.
fn as_json(made: &Installation) -> Value {
    let sign_in = made.people.iter().map(|person| {
        json!({
            "email": person.email,
            "password": made.password.expose_secret(),
            "name": person.name,
            "administrator": person.administrator,
            "workgroups": person.workgroups,
        })
    });
    json!({ "sign_in": sign_in.collect::<Vec<_>>(), "workgroups": made.workgroups })
}

fn in_words(made: &Installation) -> Answer {
    let rows: Vec<_> = made
        .people
        .iter()
        .map(|person| {
            let mark = if person.administrator { " (administrator)" } else { "" };
            [person.email.clone(), format!("{}{mark}", person.name), person.workgroups.join(", ")]
        })
        .collect();
    Answer::text(format!(
        "{} workgroups with {} devices and {} tokens are there to look at. Sign in with any of these addresses\n\
         and the password  {}\n\n{}",
        made.workgroups.len(),
        made.devices,
        made.tokens,
        made.password.expose_secret(),
        table(["e-mail", "name", "workgroups"], &rows)
    ))
}
