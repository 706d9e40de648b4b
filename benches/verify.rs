//! What a verdict costs: requests per CPU-second of the server's process, next to a bare axum handler that answers 204 and to one that
//! answers the same headers through the same layers but checks nothing; p99 at 200 requests a second; memory and start with a
//! million tokens.
//!
//! Every server is a process of its own, its CPU time read from `/proc` (Linux). The rounds are interleaved within one run, so that
//! whatever else the machine does slows all of them; what counts is the ratio. docs/PERFORMANCE.md holds the table.

mod load;

use anyhow::{Context, bail, ensure};
use axum::http::{HeaderValue, StatusCode};
use axum::response::IntoResponse;
use axum::routing::any;
use latchkey::domain::time::Time;
use latchkey::domain::token_draft::RawDraft;
use latchkey::server::clock::Clock;
use latchkey::server::config::Settings;
use latchkey::server::http::serve;
use latchkey::server::people::{users, workgroups};
use latchkey::server::state::AppState;
use latchkey::server::store::{self, Db};
use latchkey::server::tokens::issue;
use load::{Crowd, Server, Target};
use std::net::SocketAddr;
use std::path::Path;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};

const ROUNDS: usize = 7;
/// Tokens whose strings are used in turn.
const USED: usize = 500;
const SIZES: [usize; 3] = [1_000, 100_000, 1_000_000];

const TOKENS: &str = "insert into tokens
        (id, workgroup_id, kind, owner, name, email, search_text, lifetime, can_renew, permissions, scopes, created_at,
         created_by_kind, created_by_id, created_by_name, version, newest_number, expires_at, expiring_at, sort_at,
         look_at)
    with recursive n (i) as (select 0 union all select i + 1 from n where i < $3 - 1)
    select printf('01990000-0000-7000-8000-%012d', i), $1, 'access', 'Integrator number ' || i, 'unit', 'ops@north.example',
        'integrator', '1y', 1, '[\"devices.control\",\"read\"]', '[]', $2, 'command_line', '', 'The command line', 1, 1,
        $2 + 31536000, $2 + 30000000, $2 + 31536000, $2 + 30000000
    from n";
const STRINGS: &str = "insert into token_strings (id, token_id, number, hash, hint, origin, issued_at, expires_at)
    select 's' || substr(id, 2), id, 1, randomblob(32), 'lka_…0000', 'create', created_at, expires_at from tokens
    where id like '01990000-0000-7000-8000-%'";

/// An installation with so many tokens in a folder; gives the strings that are used, and one that introspects.
async fn filled(folder: &Path, size: usize) -> anyhow::Result<(Vec<String>, String)> {
    let url = format!("sqlite://{}", folder.join("latchkey.db").display());
    let settings = Settings { database_url: Some(url.into()), ..Settings::default() };
    let config = settings.resolve(Path::new("no-such-file.toml"))?;
    let db = Db::open(&config.database_url).await?;
    store::migrate(&db).await?;
    let Db::Sqlite { write, .. } = db.clone() else { bail!("not SQLite") };
    let state = AppState::new(db, Clock::system(), config);
    let raw = users::RawUser {
        name: "Ada".into(),
        email: "ada@harrow.example".into(),
        password: "long grey river bank".into(),
    };
    users::create_user(&state, raw, false).await?;
    let home = workgroups::create_workgroup(&state, "Harrow", "ada@harrow.example", "UTC").await?;
    let rest = i64::try_from(size - USED - 1)?;
    let Time(now) = state.now();
    sqlx::query(TOKENS).bind(&home.id).bind(now).bind(rest).execute(&write).await?;
    sqlx::query(STRINGS).execute(&write).await?;
    let seat = latchkey::domain::rights::Seat {
        workgroup: home,
        actor: latchkey::domain::activity::Actor::CommandLine,
        rights: latchkey::domain::rights::Rights::owner(),
    };
    let mut strings = Vec::new();
    for number in 0..=USED {
        let permissions = if number == USED { "tokens.introspect" } else { "devices.control" };
        let raw = RawDraft {
            owner: format!("Used integrator {number}"),
            email: "ops@north.example".into(),
            expires: "1y".into(),
            permissions: vec!["read".into(), permissions.into()],
            rate_limit: "100000".into(),
            ..RawDraft::default()
        };
        let made = issue::issue(&state, &seat, &raw, None, None).await?;
        let issued = made.done_now().context("a token is made")?;
        strings.push(issued.string.reveal().to_owned());
    }
    state.db.close().await;
    let caller = strings.pop().context("a caller")?;
    Ok((strings, caller))
}

/// The two servers that authorize is measured by, in this very program: `--bare` and `--headers`.
async fn reference(kind: &str, address: SocketAddr) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(address).await?;
    if kind == "--bare" {
        let app = axum::Router::new()
            .route("/api/v1/authorize", any(|| async { StatusCode::NO_CONTENT }));
        return Ok(axum::serve(listener, app).await?);
    }
    let id = axum::http::HeaderName::from_static("x-request-id");
    let app = axum::Router::new()
        .route("/api/v1/authorize", any(same_headers))
        .layer(CatchPanicLayer::new())
        .layer(PropagateRequestIdLayer::new(id.clone()))
        .layer(SetRequestIdLayer::new(id, MakeRequestUuid));
    serve::accept(listener, app, std::future::pending()).await;
    Ok(())
}

async fn same_headers() -> axum::response::Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = [
        ("x-latchkey-token", "01990000-0000-7000-8000-000000000001"),
        ("x-latchkey-kind", "access"),
        ("x-latchkey-owner", "Used integrator 1"),
        ("x-latchkey-workgroup", "harrow"),
        ("x-latchkey-permissions", "devices.control read"),
        ("cache-control", "no-store"),
        ("x-latchkey-token-expires", "2027-11-21T10:00:00Z"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

const QUESTION: &str = "/api/v1/authorize?workgroup=harrow&kind=access&permission=devices.control";

/// What is measured, by name, each against a server that runs.
struct Column {
    name: String,
    server: usize,
    target: Target,
    /// Requests per CPU-second, one a round.
    rates: Vec<f64>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, kind, address] = arguments.as_slice()
        && ["--bare", "--headers"].contains(&kind.as_str())
    {
        return reference(kind, address.parse()?).await;
    }
    let mut servers = vec![Server::own("--bare").await?, Server::own("--headers").await?];
    let mut columns = vec![
        Column::new("bare handler", 0, Target::get("/api/v1/authorize", &[String::from("x")])),
        Column::new(
            "bare handler again",
            0,
            Target::get("/api/v1/authorize", &[String::from("x")]),
        ),
        Column::new("same headers, no check", 1, Target::get(QUESTION, &[String::from("x")])),
    ];
    let mut folders = Vec::new();
    for size in SIZES {
        let folder = tempfile::tempdir()?;
        eprintln!("filling an installation with {size} tokens");
        let (strings, caller) = filled(folder.path(), size).await?;
        let (server, ready) = Server::latchkey(folder.path()).await?;
        println!(
            "{size} tokens: ready {:.2} s after its start, {} MB",
            ready.as_secs_f64(),
            server.memory()? / 1024
        );
        servers.push(server);
        let at = servers.len() - 1;
        columns.push(Column::new(
            &format!("authorize, {size} tokens"),
            at,
            Target::get(QUESTION, &strings),
        ));
        if size == SIZES[1] {
            columns.push(Column::new("introspection", at, Target::introspect(&caller, &strings)));
        }
        folders.push(folder);
    }
    for round in 0..=ROUNDS {
        for column in &mut columns {
            let rate = column.target.rate(&servers[column.server]).await?;
            // The first round warms what every later one finds warm.
            if round > 0 {
                column.rates.push(rate);
            }
        }
        eprintln!("round {round} of {ROUNDS}");
    }
    table(&columns);
    println!(
        "memory with {} tokens after the rounds: {} MB",
        SIZES[2],
        servers[4].memory()? / 1024
    );
    latencies(&servers, &columns).await
}

impl Column {
    fn new(name: &str, server: usize, target: Target) -> Column {
        Column { name: name.to_owned(), server, target, rates: Vec::new() }
    }

    /// The median of the ratios of the rounds.
    fn over(&self, base: &Column) -> f64 {
        let mut ratios: Vec<_> =
            self.rates.iter().zip(&base.rates).map(|(own, base)| own / base).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        ratios[ratios.len() / 2]
    }
}

fn table(columns: &[Column]) {
    println!(
        "| what | requests per CPU-second, median | over the bare handler | over the same headers | over 1,000 tokens |"
    );
    println!("|---|---|---|---|---|");
    for column in columns {
        let mut rates = column.rates.clone();
        rates.sort_unstable_by(f64::total_cmp);
        let over = |base: &Column| format!("{:.2}", column.over(base));
        println!(
            "| {} | {:.0} | {} | {} | {} |",
            column.name,
            rates[rates.len() / 2],
            over(&columns[0]),
            over(&columns[2]),
            over(&columns[3])
        );
    }
    println!("introspection over authorize, 100,000 tokens: {:.2}", columns[5].over(&columns[4]));
}

/// p99 at 200 requests a second: the bare handler, the same once more, and authorize among 100,000 tokens, in turns.
async fn latencies(servers: &[Server], columns: &[Column]) -> anyhow::Result<()> {
    let names = [
        "bare handler",
        "bare handler again",
        "authorize, 100000 tokens",
        "the same beside 1,000 idle sockets and 100 slow clients",
    ];
    let picked = [&columns[0], &columns[1], &columns[4], &columns[4]];
    let mut samples = [const { Vec::new() }; 4];
    for _ in 0..10 {
        for (at, (column, samples)) in picked.iter().zip(&mut samples).enumerate() {
            let server = &servers[column.server];
            let crowd = if at == 3 { Some(Crowd::around(server).await?) } else { None };
            samples.extend(column.target.paced(server, 200, 2_000).await?);
            drop(crowd);
        }
    }
    println!("| at 200 requests a second | samples | p50 | p99 | over the bare handler |");
    println!("|---|---|---|---|---|");
    let mut base = None;
    for (name, samples) in names.iter().zip(&mut samples) {
        samples.sort_unstable();
        ensure!(samples.len() >= 20_000, "{} samples", samples.len());
        let at = |share: usize| samples[samples.len() * share / 100].as_secs_f64() * 1e6;
        let base = *base.get_or_insert(at(99));
        println!(
            "| {name} | {} | {:.0} µs | {:.0} µs | {:.2} |",
            samples.len(),
            at(50),
            at(99),
            at(99) / base
        );
    }
    Ok(())
}
