//! How much slower the list of tokens becomes when a workgroup holds 100,000 of them instead of 100.
//!
//! The whole page for a signed-in owner, strip and counts included, through the router. Both installations are asked in
//! turns in one run, so that whatever else the machine does slows both; what counts is the ratio.

use anyhow::{Context, ensure};
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt;
use latchkey::domain::activity::Actor;
use latchkey::domain::lifetime::Lifetime;
use latchkey::domain::permission::catalogue_at_first_start;
use latchkey::domain::rights::{Rights, Seat};
use latchkey::domain::time::{DAY, Time};
use latchkey::domain::token::Reach;
use latchkey::domain::token_draft::{RawDraft, TokenDraft};
use latchkey::server::clock::Clock;
use latchkey::server::config::Settings;
use latchkey::server::http::door::Door;
use latchkey::server::people::{sessions, users, workgroups};
use latchkey::server::state::AppState;
use latchkey::server::store::{self, Db};
use latchkey::server::tokens::{issue, settle};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tower::ServiceExt;

const SMALL: i64 = 100;
const LARGE: i64 = 100_000;
const ROUNDS: usize = 11;
const REQUESTS: usize = 30;
/// What the page with many tokens may take of the page with few.
const TARGET: f64 = 1.3;
/// Days over which the tokens were issued: some have expired, some expire soon, most live on.
const PAST: i64 = 60;
const PER_TRANSACTION: i64 = 5_000;

/// One workgroup with so many tokens, and a browser in which its owner is signed in.
struct Installation {
    router: Door,
    cookie: String,
    tokens: i64,
    _folder: tempfile::TempDir,
}

impl Installation {
    async fn with(tokens: i64) -> anyhow::Result<Installation> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("latchkey.db").display());
        let settings = Settings { database_url: Some(url.into()), ..Settings::default() };
        let config = settings.resolve(Path::new("no-such-file.toml"))?;
        let db = Db::open(&config.database_url).await?;
        store::migrate(&db).await?;
        let start = Time::parse("2026-09-01T10:00:00Z").context("a date")?;
        let state = AppState::new(db, Clock::by_hand(start), config);
        let seat = found(&state).await?;
        fill(&state, &seat, tokens).await?;
        let cookie = sign_in(&state).await?;
        let router = Door::new(state);
        Ok(Installation { router, cookie, tokens, _folder: folder })
    }

    /// Asks for the page once; how long it took until its HTML was there.
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    async fn ask(&self) -> anyhow::Result<Duration> {
        let request = Request::get("/harrow-valley/settings/tokens")
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::COOKIE, &self.cookie)
            .body(Body::empty())?;
        let began = Instant::now();
        let answer = self.router.clone().oneshot(request).await?;
        let status = answer.status();
        let page = answer.into_body().collect().await?.to_bytes();
        let took = began.elapsed();
        let rows = String::from_utf8_lossy(&page).matches("data-testid=\"token-row\"").count();
        ensure!(status == 200 && rows == 50, "{status}, {rows} rows");
        Ok(took)
    }
}

/// One round, both asked in turns: the median of each.
async fn round(small: &Installation, large: &Installation) -> anyhow::Result<(Duration, Duration)> {
    let (mut few, mut many) = (Vec::new(), Vec::new());
    for _ in 0..REQUESTS {
        few.push(small.ask().await?);
        many.push(large.ask().await?);
    }
    Ok((median(few), median(many)))
}

/// Ada owns Harrow Valley.
async fn found(state: &AppState) -> anyhow::Result<Seat> {
    let raw = users::RawUser {
        name: "Ada".into(),
        email: "ada@harrow.example".into(),
        password: "long grey river bank".into(),
    };
    users::create_user(state, raw, false).await?;
    let workgroup =
        workgroups::create_workgroup(state, "Harrow Valley", "ada@harrow.example", "UTC").await?;
    Ok(Seat { workgroup, actor: Actor::CommandLine, rights: Rights::owner() })
}

/// Issues the tokens as the program does, many in a transaction, evenly over the past.
async fn fill(state: &AppState, seat: &Seat, tokens: i64) -> anyhow::Result<()> {
    let (catalogue, policy) = (catalogue_at_first_start(), &seat.workgroup.policy);
    let begin = state.now();
    let mut tx = state.db.begin().await?;
    for at in 0..tokens {
        let due = begin + at * PAST * DAY / tokens;
        state.clock.advance(due.0 - state.now().0);
        let lifetime = Lifetime::ALL[usize::try_from(at)? % 7];
        let raw = RawDraft {
            owner: format!("Integrator {}", at % 997),
            email: format!("ops{at}@north.example"),
            name: format!("unit {at}"),
            expires: lifetime.code().into(),
            can_renew: true,
            permissions: vec!["read".into(), "devices.control".into()],
            ..RawDraft::default()
        };
        let draft = TokenDraft::parse(&raw, Ok(Reach::Workgroup), &catalogue, policy)
            .map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
        let issued = issue::insert_with_string(state, &mut tx, seat, &draft, None).await?;
        // The oldest are revoked: they sort before all others, and the page must not read them to skip them.
        if at < tokens / 3 {
            let token = issued.token;
            store::tokens::mark_revoked(&mut tx, &token.id, state.now(), "Ada").await?;
            settle::settle(&mut tx, &seat.workgroup, &token).await?;
        }
        if at % PER_TRANSACTION == PER_TRANSACTION - 1 {
            tx.commit().await?;
            tx = state.db.begin().await?;
        }
    }
    Ok(state.commit(tx).await?)
}

async fn sign_in(state: &AppState) -> anyhow::Result<String> {
    let email =
        latchkey::domain::user::Email::parse("ada@harrow.example").map_err(anyhow::Error::msg)?;
    let mut tx = state.db.begin().await?;
    let account = store::users::find_by_email(&mut tx, &email).await?.context("Ada is gone")?;
    let cookie = sessions::begin(state, &mut tx, &account.user.id, "192.0.2.1", "bench").await?;
    tx.commit().await?;
    Ok(format!("latchkey={}", cookie.reveal()))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    println!("filling two installations ({SMALL} and {LARGE} tokens); this takes a minute or two");
    let (small, large) = (Installation::with(SMALL).await?, Installation::with(LARGE).await?);
    // The first requests warm what every later one finds warm.
    round(&small, &large).await?;
    println!("{:>6} {:>12} {:>12} {:>7}", "round", small.tokens, large.tokens, "ratio");
    let mut ratios = Vec::with_capacity(ROUNDS);
    for at in 1..=ROUNDS {
        let (few, many) = round(&small, &large).await?;
        ratios.push(print(&at.to_string(), few, many));
    }
    // Both halves of a round saw the same machine; two rounds need not.
    ratios.sort_unstable_by(f64::total_cmp);
    let ratio = ratios[ROUNDS / 2];
    println!(
        "the page with {LARGE} tokens takes {ratio:.2} times as long as with {SMALL} (median of the rounds); at most {TARGET}"
    );
    Ok(if ratio <= TARGET { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One line of the table; gives the ratio.
fn print(round: &str, few: Duration, many: Duration) -> f64 {
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    println!(
        "{round:>6} {:>9.2} ms {:>9.2} ms {ratio:>7.2}",
        milliseconds(few),
        milliseconds(many)
    );
    ratio
}
