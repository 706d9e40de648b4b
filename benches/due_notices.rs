//! What the sweep costs among 1,000,000 tokens: its question for what is newly due, as a multiple of a plain scan of the
//! table; and a page while a sweep tells 20,000 tokens' owners, as a multiple of the same page in quiet.
//!
//! Each pair is measured in turns in one run, so that whatever else the machine does slows both; what counts is the ratio.

use anyhow::{Context, bail, ensure};
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt;
use latchkey::domain::time::{DAY, Time};
use latchkey::domain::workgroup::Workgroup;
use latchkey::server::clock::Clock;
use latchkey::server::config::Settings;
use latchkey::server::http::door::Door;
use latchkey::server::notices::sweep;
use latchkey::server::people::{sessions, users, workgroups};
use latchkey::server::state::AppState;
use latchkey::server::store::{self, Db};
use sqlx::SqlitePool;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tower::ServiceExt;

const ROUNDS: usize = 11;
const REQUESTS: usize = 60;
/// What the question may take of a scan.
const TARGET: f64 = 0.2;
/// 20,000 of 1,000,000 come within a stage in the week ahead, five of each address.
const DUE: usize = 20_000;
const ADDRESSES: usize = 4_000;
const WEEK: i64 = 7 * DAY;

const TOKENS: &str = "insert into tokens
        (id, workgroup_id, kind, owner, name, email, search_text, lifetime, can_renew, permissions, scopes, created_at,
         created_by_kind, created_by_id, created_by_name, version, newest_number, expires_at, expiring_at, sort_at, look_at)
    with recursive n (i) as (select 0 union all select i + 1 from n where i < 999999),
        t (i, ends) as (select i, case when i < 20000 then $2 + 14 * 86400 + i * 604800 / 20000
            else $2 + 30 * 86400 + i * 28 end from n)
    select printf('01990000-0000-7000-8000-%012d', i), $1, 'access', 'Integrator ' || (i % 997), 'unit ' || i,
        'ops' || (i % 4000) || '@north.example', 'integrator', '1y', 1, '[\"read\",\"devices.control\"]', '[]',
        $2 - 30 * 86400, 'command_line', '', 'The command line', 1, 1, ends, ends - 14 * 86400, ends, ends - 14 * 86400
    from t";
const STRINGS: &str = "insert into token_strings (id, token_id, number, hash, hint, origin, issued_at, expires_at)
    select 's' || substr(id, 2), id, 1, randomblob(32), 'lka_…0000', 'create', created_at, expires_at from tokens";
/// What the chips and the strip of the list count.
const DAYS: &str = "insert into expiry_days (workgroup_id, turn, day, tokens)
    select workgroup_id, 'ends', expires_at / 86400, count(*) from tokens group by workgroup_id, expires_at / 86400
    union all
    select workgroup_id, 'nears', expiring_at / 86400, count(*) from tokens group by workgroup_id, expiring_at / 86400";
/// Reads every row: no index holds the owner.
const SCAN: &str = "select count(*) from tokens where owner <> ''";

struct Installation {
    state: AppState,
    router: Door,
    pool: SqlitePool,
    _folder: tempfile::TempDir,
}

impl Installation {
    async fn filled() -> anyhow::Result<Installation> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("latchkey.db").display());
        let mail_dir = Some(folder.path().join("mail"));
        let settings = Settings { database_url: Some(url.into()), mail_dir, ..Settings::default() };
        let config = settings.resolve(Path::new("no-such-file.toml"))?;
        let db = Db::open(&config.database_url).await?;
        store::migrate(&db).await?;
        let Db::Sqlite { read, write, .. } = db.clone() else { bail!("not SQLite") };
        let start = Time::parse("2026-09-01T10:00:00Z").context("a date")?;
        let state = AppState::new(db, Clock::by_hand(start), config);
        let workgroup = found(&state).await?;
        let mut filling = write.begin().await?;
        let (id, now) = (&workgroup.id, start.0);
        sqlx::query(TOKENS).bind(id).bind(now).execute(&mut *filling).await?;
        sqlx::query(STRINGS).execute(&mut *filling).await?;
        sqlx::query(DAYS).execute(&mut *filling).await?;
        filling.commit().await?;
        let router = Door::new(state.clone());
        Ok(Installation { state, router, pool: read, _folder: folder })
    }

    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    async fn question(&self) -> anyhow::Result<Duration> {
        let began = Instant::now();
        let mut reader = self.state.db.read().await?;
        let week = self.state.now() + WEEK;
        let due = store::looks::list_due(&mut reader, week, i64::MAX).await?;
        let took = began.elapsed();
        ensure!(due.len() == ADDRESSES, "{} addresses are due", due.len());
        Ok(took)
    }

    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    async fn scan(&self) -> anyhow::Result<Duration> {
        let began = Instant::now();
        let count: i64 = sqlx::query_scalar(SCAN).fetch_one(&self.pool).await?;
        let took = began.elapsed();
        ensure!(count == 1_000_000, "{count} tokens");
        Ok(took)
    }

    /// Asks for the list of tokens; how long it took until its HTML was there.
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    async fn page(&self, cookie: &str) -> anyhow::Result<Duration> {
        let request = Request::get("/harrow-valley/settings/tokens")
            .header(header::HOST, "127.0.0.1:3000")
            .header(header::COOKIE, cookie)
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

/// Ada owns Harrow Valley.
async fn found(state: &AppState) -> anyhow::Result<Workgroup> {
    let raw = users::RawUser {
        name: "Ada".into(),
        email: "ada@harrow.example".into(),
        password: "long grey river bank".into(),
    };
    users::create_user(state, raw, false).await?;
    Ok(workgroups::create_workgroup(state, "Harrow Valley", "ada@harrow.example", "UTC").await?)
}

async fn sign_in(state: &AppState) -> anyhow::Result<String> {
    let email =
        latchkey::domain::user::Email::parse("ada@harrow.example").map_err(anyhow::Error::msg)?;
    let mut tx = state.db.begin().await?;
    let account = store::users::find_by_email(&mut tx, &email).await?.context("Ada is gone")?;
    let cookie = sessions::begin(state, &mut tx, &account.user.id, "192.0.2.1", "bench").await?;
    state.commit(tx).await?;
    Ok(format!("latchkey={}", cookie.reveal()))
}

/// The question as a multiple of the scan: the median of the rounds.
async fn questions(installation: &Installation) -> anyhow::Result<f64> {
    println!("{:>6} {:>12} {:>12} {:>7}", "round", "scan", "what is due", "ratio");
    let mut ratios = Vec::with_capacity(ROUNDS);
    // The first of each warms what every later one finds warm.
    for round in 0..=ROUNDS {
        let (scan, question) = (installation.scan().await?, installation.question().await?);
        if round > 0 {
            ratios.push(print(&round.to_string(), scan, question));
        }
    }
    ratios.sort_unstable_by(f64::total_cmp);
    Ok(ratios[ROUNDS / 2])
}

/// The page during a sweep as a multiple of the quiet one: the medians.
async fn pages(installation: &Installation) -> anyhow::Result<f64> {
    installation.state.clock.pass_days(8);
    let cookie = sign_in(&installation.state).await?;
    let (mut quiet, mut swept) = (Vec::new(), Vec::new());
    for _ in 0..REQUESTS {
        quiet.push(installation.page(&cookie).await?);
    }
    let state = installation.state.clone();
    let sweeping = tokio::spawn(async move { sweep::run(&state).await });
    while !sweeping.is_finished() {
        swept.push(installation.page(&cookie).await?);
    }
    let done = sweeping.await??;
    ensure!(done.queued > 3_000 && done.looked_at as usize >= DUE, "{done:?}");
    println!("{} pages during a sweep of {} tokens", swept.len(), done.looked_at);
    ensure!(!swept.is_empty(), "the sweep was over before a page was asked for");
    Ok(print("pages", median(quiet), median(swept)))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// One line of the table; gives the ratio.
fn print(what: &str, base: Duration, measured: Duration) -> f64 {
    let ratio = measured.as_secs_f64() / base.as_secs_f64();
    let (base, measured) = (milliseconds(base), milliseconds(measured));
    println!("{what:>6} {base:>9.2} ms {measured:>9.2} ms {ratio:>7.3}");
    ratio
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    println!("filling an installation with 1,000,000 tokens; this takes a minute or two");
    let installation = Installation::filled().await?;
    let question = questions(&installation).await?;
    println!(
        "asking what is due takes {question:.3} of a scan (median of the rounds); at most {TARGET}"
    );
    let page = pages(&installation).await?;
    println!("a page takes {page:.2} times as long during a sweep as in quiet");
    Ok(if question <= TARGET { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
