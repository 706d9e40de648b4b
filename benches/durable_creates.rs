//! How many tokens 64 clients create in a second when writers that wait share a durable commit, and when each has its own.
//!
//! The same use case writes the same rows into two installations on the same disk, in turns in one run; what counts is the
//! ratio. It depends on what a flush of the disk takes beside the work itself, so that is measured and printed too.

use anyhow::{Context, ensure};
use latchkey::domain::activity::Actor;
use latchkey::domain::rights::{Rights, Seat};
use latchkey::domain::time::Time;
use latchkey::domain::token_draft::RawDraft;
use latchkey::server::clock::Clock;
use latchkey::server::config::Settings;
use latchkey::server::people::{users, workgroups};
use latchkey::server::state::AppState;
use latchkey::server::store::{self, Db};
use latchkey::server::tokens::issue;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const CLIENTS: usize = 64;
/// Of each client in each round.
const CREATES: usize = 25;
const ROUNDS: usize = 7;
/// How many times as many there are to be with shared commits.
const TARGET: f64 = 3.0;
const FLUSHES: u32 = 200;

struct Installation {
    state: AppState,
    seat: Seat,
    folder: tempfile::TempDir,
}

impl Installation {
    async fn new(sharing: bool) -> anyhow::Result<Installation> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("latchkey.db").display());
        let settings = Settings { database_url: Some(url.into()), ..Settings::default() };
        let config = settings.resolve(Path::new("no-such-file.toml"))?;
        let db = Db::open(&config.database_url).await?;
        store::migrate(&db).await?;
        let db = if sharing { db } else { db.one_by_one() };
        let start = Time::parse("2026-09-01T10:00:00Z").context("a date")?;
        let state = AppState::new(db, Clock::by_hand(start), config);
        let raw = users::RawUser {
            name: "Ada".into(),
            email: "ada@harrow.example".into(),
            password: "long grey river bank".into(),
        };
        users::create_user(&state, raw, false).await?;
        let ada = "ada@harrow.example";
        let workgroup = workgroups::create_workgroup(&state, "Harrow Valley", ada, "UTC").await?;
        let seat = Seat { workgroup, actor: Actor::CommandLine, rights: Rights::owner() };
        Ok(Installation { state, seat, folder })
    }

    /// All clients at once; how many tokens they created in a second, and how many shared a commit.
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    async fn round(&self) -> anyhow::Result<(f64, f64)> {
        let tally = self.state.db.tally().context("not SQLite")?;
        let (kept, commits) = (tally.kept(), tally.commits());
        let began = Instant::now();
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            clients.spawn(create(self.state.clone(), self.seat.clone(), client));
        }
        while let Some(done) = clients.join_next().await {
            done??;
        }
        let took = began.elapsed();
        let (kept, commits) = (tally.kept() - kept, tally.commits() - commits);
        ensure!(kept == (CLIENTS * CREATES) as u64, "{kept} were created");
        Ok((kept as f64 / took.as_secs_f64(), kept as f64 / commits as f64))
    }

    /// What it takes to append a page to a file and to flush it, without a database.
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    fn flush(&self) -> anyhow::Result<Duration> {
        let mut file = std::fs::File::create(self.folder.path().join("flush"))?;
        let began = Instant::now();
        for _ in 0..FLUSHES {
            file.write_all(&[1; 4096])?;
            file.sync_data()?;
        }
        Ok(began.elapsed() / FLUSHES)
    }
}

async fn create(state: AppState, seat: Seat, client: usize) -> anyhow::Result<()> {
    for number in 0..CREATES {
        let raw = RawDraft {
            owner: format!("Integrator {client}"),
            email: format!("ops{client}@north.example"),
            name: format!("unit {number}"),
            expires: "3m".into(),
            can_renew: true,
            permissions: vec!["read".into(), "devices.control".into()],
            ..RawDraft::default()
        };
        let made = issue::issue(&state, &seat, &raw, None, None).await;
        made.map_err(|refused| anyhow::anyhow!("{refused}"))?;
    }
    Ok(())
}

fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_unstable_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let (shared, alone) = (Installation::new(true).await?, Installation::new(false).await?);
    println!("a flush of this disk takes {} \u{b5}s", shared.flush()?.as_micros());
    // The first round warms what every later one finds warm.
    shared.round().await?;
    alone.round().await?;
    println!(
        "{:>6} {:>14} {:>14} {:>12} {:>7}",
        "round", "shared", "one each", "a commit", "ratio"
    );
    let mut ratios = Vec::with_capacity(ROUNDS);
    for at in 1..=ROUNDS {
        let ((many, sharing), (few, _)) = (shared.round().await?, alone.round().await?);
        ratios.push(many / few);
        println!("{at:>6} {many:>12.0}/s {few:>12.0}/s {sharing:>12.1} {:>7.2}", many / few);
    }
    let ratio = median(ratios);
    println!(
        "{CLIENTS} clients create {ratio:.2} times as many tokens when waiting writers share a commit (median of the rounds); at least {TARGET}"
    );
    Ok(if ratio >= TARGET { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
