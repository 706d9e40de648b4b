//! What the documents say of the program is what the program says of itself.

use clap::{Args, Command};
use latchkey::server::config::Settings;
use latchkey::server::metrics::{Answered, LetterResult, Metrics, Sizes, Standing, SweepResult};
use std::collections::BTreeSet;
use std::time::Duration;

const OPERATIONS: &str = include_str!("../../docs/OPERATIONS.md");

/// The names in the first cells of the table below this heading.
fn named(heading: &str, prefix: &str) -> BTreeSet<String> {
    let (_, rest) = OPERATIONS.split_once(heading).unwrap();
    let table = rest.split("\n|---").nth(1).unwrap();
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let firsts = rows.map(|row| row.split('|').nth(1).unwrap());
    let names = firsts.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    names.filter(|name| name.starts_with(prefix)).map(str::to_owned).collect()
}

#[test]
fn every_setting_is_explained_and_every_one_that_is_explained_exists() {
    let command = Settings::augment_args(Command::new("latchkey"));
    let variables = command.get_arguments().filter_map(|it| it.get_env()?.to_str());
    let mut known: BTreeSet<_> = variables.map(str::to_owned).collect();
    // No flag: what holds a password is for the environment and for files.
    known.extend(["LATCHKEY_SMTP_URL", "LATCHKEY_SMTP_URL_FILE"].map(str::to_owned));
    assert_eq!(named("## Settings", "LATCHKEY_"), known);
}

#[test]
fn every_metric_is_explained_and_every_one_that_is_explained_exists() {
    let metrics = Metrics::with_commits(Some(Sizes::default()));
    metrics.swept(Duration::from_secs(1), SweepResult::Done { looked_at: 1 });
    metrics.letter("expiry", LetterResult::Sent);
    metrics.request(200);
    metrics.refusal("not_found");
    let standing = Standing {
        last_sweep: 1,
        oldest_unsent_age: 1,
        letters_waiting: 1,
        letters_undelivered: 1,
        mail_paused: false,
        clock_doubted: false,
        tokens: [("active", 1), ("expired", 1), ("revoked", 1)],
    };
    metrics.authorized(Answered::Allowed, std::time::Duration::ZERO);
    let text = metrics.text(1, (3, Some(20)), Some(&standing)).unwrap();
    let families = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    let told = families.map(|(name, kind)| match kind {
        "counter" => format!("{name}_total"),
        _ => name.to_owned(),
    });
    assert_eq!(named("**`/metrics`**", "latchkey_"), told.collect());
}
