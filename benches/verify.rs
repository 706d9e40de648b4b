//! What a verdict costs: requests per CPU-second of the server's processes, next to a bare axum handler that answers 204 and to one
//! that answers the same headers through the same layers but checks nothing, alone and behind nginx; p99 at 200 requests a second,
//! alone, beside slow clients and beside the creation of tokens; memory and start with a million tokens.
//!
//! Every server is a process of its own, its CPU time read from `/proc` (Linux). The rounds are interleaved within one run, so that
//! whatever else the machine does slows all of them; what counts is the ratio. docs/PERFORMANCE.md holds the table. nginx is the one
//! that `LATCHKEY_TEST_NGINX` names, or `nginx`. `-- --quick`: the ratios alone, and with 1,000 tokens alone.

mod load;

use anyhow::{Context, bail, ensure};
use axum::Extension;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, StatusCode};
use axum::response::IntoResponse;
use axum::routing::any;
use latchkey::domain::time::Time;
use latchkey::domain::token_draft::RawDraft;
use latchkey::server::clock::Clock;
use latchkey::server::config::Settings;
use latchkey::server::http::serve;
use latchkey::server::http::workers::Workers;
use latchkey::server::people::{users, workgroups};
use latchkey::server::state::AppState;
use latchkey::server::store::{self, Db};
use latchkey::server::tokens::issue;
use load::{Crowd, Load, Server, Target};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;
use tower::Layer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};

/// The references have what Latchkey has.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 7;
/// Tokens whose strings are used in turn.
const USED: usize = 500;
const SIZES: [usize; 3] = [1_000, 100_000, 1_000_000];
const QUICK: [usize; 1] = [1_000];

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

/// An installation with so many tokens in a folder; gives the strings that are used, and one that introspects and creates.
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
        // The last of them introspects and creates.
        let permissions: &[&str] = match number {
            USED => &["read", "tokens.introspect", "access.manage"],
            _ => &["read", "devices.control"],
        };
        let raw = RawDraft {
            owner: format!("Used integrator {number}"),
            email: "ops@north.example".into(),
            expires: "1y".into(),
            permissions: permissions.iter().map(|name| (*name).to_owned()).collect(),
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
    let named = SetRequestIdLayer::new(id.clone(), MakeRequestUuid);
    let layers = (named, PropagateRequestIdLayer::new(id), CatchPanicLayer::new());
    let app = axum::Router::new().route("/api/v1/authorize", any(same_headers)).layer(layers);
    let told = move |peer: SocketAddr| Extension(ConnectInfo(peer)).layer(app.clone());
    serve::accept(listener, told, Workers::for_this_machine()?, std::future::pending()).await;
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
/// The same as nginx asks it.
const ASKS: &str = "harrow&kind=access&permission=devices.control";

/// What is measured, by name: requests to the first of these servers, in the CPU time of all of them.
struct Column {
    name: String,
    servers: Vec<usize>,
    target: Target,
    /// Requests per CPU-second, one a round.
    rates: Vec<f64>,
}

/// What runs, and what is measured of it.
struct Run {
    servers: Vec<Server>,
    columns: Vec<Column>,
    folders: Vec<tempfile::TempDir>,
    /// The installation that everything but the sizes is measured of: strings that are good there, and the one that creates.
    known: (Vec<String>, String),
    /// The column of authorize there.
    own: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, kind, address] = arguments.as_slice()
        && ["--bare", "--headers"].contains(&kind.as_str())
    {
        return reference(kind, address.parse()?).await;
    }
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let mut run = Run::start(if quick { &QUICK } else { &SIZES }).await?;
    for round in 0..=ROUNDS {
        for column in &mut run.columns {
            let servers: Vec<_> = column.servers.iter().map(|at| &run.servers[*at]).collect();
            let rate = column.target.rate(&servers).await?;
            // The first round warms what every later one finds warm.
            if round > 0 {
                column.rates.push(rate);
            }
        }
        eprintln!("round {round} of {ROUNDS}");
    }
    run.table()?;
    if quick {
        return Ok(());
    }
    run.latencies().await?;
    run.beside_creations().await
}

impl Run {
    async fn start(sizes: &[usize]) -> anyhow::Result<Run> {
        let servers = vec![Server::own("--bare").await?, Server::own("--headers").await?];
        let mut run = Run {
            servers,
            columns: vec![],
            folders: vec![],
            known: Default::default(),
            own: authorize(*sizes.get(1).unwrap_or(&sizes[0])),
        };
        let nobody = [String::from("x")];
        let bare = || Target::get("/api/v1/authorize", &nobody);
        run.measure("bare handler", &[0], bare());
        run.measure("bare handler again", &[0], bare());
        run.measure("same headers, no check", &[1], Target::get(QUESTION, &nobody));
        for size in sizes {
            run.fill(*size).await?;
        }
        let strings = run.known.0.clone();
        run.front("nginx before the bare handler", 0, &strings).await?;
        let latchkey = run.named(&run.own)?.servers[0];
        run.front("nginx before Latchkey", latchkey, &strings).await?;
        Ok(run)
    }

    fn measure(&mut self, name: &str, servers: &[usize], target: Target) {
        let (name, servers) = (name.to_owned(), servers.to_vec());
        self.columns.push(Column { name, servers, target, rates: Vec::new() });
    }

    async fn fill(&mut self, size: usize) -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        eprintln!("filling an installation with {size} tokens");
        let (strings, caller) = filled(folder.path(), size).await?;
        let (server, ready) = Server::latchkey(folder.path()).await?;
        let (ready, memory) = (ready.as_secs_f64(), server.memory()? / 1024);
        println!("{size} tokens: ready {ready:.2} s after its start, {memory} MB");
        let at = self.servers.len();
        self.servers.push(server);
        self.measure(&authorize(size), &[at], Target::get(QUESTION, &strings));
        if authorize(size) == self.own {
            self.measure("introspection", &[at], Target::introspect(&caller, &strings));
            self.known = (strings, caller);
        }
        self.folders.push(folder);
        Ok(())
    }

    async fn front(&mut self, name: &str, auth: usize, strings: &[String]) -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let Some(nginx) = Server::nginx(folder.path(), &self.servers[auth], ASKS).await? else {
            println!("{name}: not measured, there is no nginx");
            return Ok(());
        };
        let at = self.servers.len();
        self.servers.push(nginx);
        self.measure(name, &[at, auth], Target::get("/thing", strings));
        self.folders.push(folder);
        Ok(())
    }

    fn named(&self, name: &str) -> anyhow::Result<&Column> {
        self.columns.iter().find(|column| column.name == name).with_context(|| name.to_owned())
    }

    fn table(&self) -> anyhow::Result<()> {
        let bases = ["bare handler", "same headers, no check", "authorize, 1000 tokens"];
        println!(
            "| what | requests per CPU-second, median | over the bare handler | over the same headers | over 1,000 tokens |"
        );
        println!("|---|---|---|---|---|");
        for column in &self.columns {
            let mut rates = column.rates.clone();
            rates.sort_unstable_by(f64::total_cmp);
            print!("| {} | {:.0} |", column.name, rates[rates.len() / 2]);
            for base in bases {
                print!(" {:.2} |", column.over(self.named(base)?));
            }
            println!();
        }
        let own = self.named(&self.own)?;
        println!("introspection over {}: {:.2}", own.name, self.named("introspection")?.over(own));
        if let (Ok(own), Ok(bare)) =
            (self.named("nginx before Latchkey"), self.named("nginx before the bare handler"))
        {
            println!(
                "nginx before Latchkey over nginx before the bare handler: {:.2}",
                own.over(bare)
            );
        }
        for column in self.columns.iter().filter(|column| column.name.starts_with("authorize")) {
            let memory = self.servers[column.servers[0]].memory()? / 1024;
            println!("memory after the rounds, {}: {memory} MB", column.name);
        }
        Ok(())
    }

    /// p99 at 200 requests a second, in turns: the bare handler, the same once more, authorize among 100,000 tokens, and authorize
    /// beside slow clients.
    async fn latencies(&self) -> anyhow::Result<()> {
        let (bare, own) = (self.named("bare handler")?, self.named(&self.own)?);
        let mut rows = [
            Row::of("bare handler", bare),
            Row::of("bare handler again", bare),
            Row::of("authorize", own),
            Row::of("the same beside 1,000 idle sockets and 100 slow clients", own),
        ];
        for _ in 0..10 {
            for (at, row) in rows.iter_mut().enumerate() {
                let server = &self.servers[row.column.servers[0]];
                let crowd = if at == 3 { Some(Crowd::around(server).await?) } else { None };
                row.samples.extend(row.column.target.paced(server, 200, 2_000).await?);
                drop(crowd);
            }
        }
        println!("At 200 requests a second:");
        print_rows(&mut rows)?;
        let [.., quiet, slow] = &rows;
        println!("beside slow clients over the quiet p99: {:.2}", slow.p99() / quiet.p99());
        Ok(())
    }

    /// The same while tokens are created at half the rate that 64 clients reach. Both are measured under that load, in turns.
    async fn beside_creations(&self) -> anyhow::Result<()> {
        let (bare, own) = (self.named("bare handler")?, self.named(&self.own)?);
        let server = &self.servers[own.servers[0]];
        let create = Target::create(&self.known.1);
        let most = Load::on(server, &create, 64, None);
        most.rate(Duration::from_secs(2)).await;
        let rate = most.rate(Duration::from_secs(10)).await;
        drop(most);
        ensure!(rate > 1.0, "nothing is created");
        let load = Load::on(server, &create, 64, Some(rate / 2.0));
        let mut rows = [Row::of("bare handler", bare), Row::of("authorize", own)];
        let (mut rounds, mut created) = (0.0, 0.0);
        for _ in 0..10 {
            for row in &mut rows {
                let target = &row.column.target;
                let paced = target.paced(&self.servers[row.column.servers[0]], 200, 2_000);
                let (samples, at) = tokio::join!(paced, load.rate(Duration::from_secs(9)));
                row.samples.extend(samples?);
                (rounds, created) = (rounds + 1.0, created + at);
            }
        }
        println!(
            "64 clients create {rate:.0} tokens a second; at 200 requests a second beside {:.0} creations a second:",
            created / rounds
        );
        print_rows(&mut rows)
    }
}

/// The name of a column.
fn authorize(size: usize) -> String {
    format!("authorize, {size} tokens")
}

impl Column {
    /// The median of the ratios of the rounds.
    fn over(&self, base: &Column) -> f64 {
        let mut ratios: Vec<_> =
            self.rates.iter().zip(&base.rates).map(|(own, base)| own / base).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        ratios[ratios.len() / 2]
    }
}

/// How long requests of one column took.
struct Row<'a> {
    name: &'static str,
    column: &'a Column,
    samples: Vec<Duration>,
}

impl<'a> Row<'a> {
    fn of(name: &'static str, column: &'a Column) -> Row<'a> {
        Row { name, column, samples: Vec::new() }
    }

    /// In microseconds, of samples in order.
    fn p99(&self) -> f64 {
        self.samples[self.samples.len() * 99 / 100].as_secs_f64() * 1e6
    }
}

/// Each with its p99 over that of the first.
fn print_rows(rows: &mut [Row<'_>]) -> anyhow::Result<()> {
    println!("| what | samples | p50 | p99 | over the bare handler |");
    println!("|---|---|---|---|---|");
    let mut base = None;
    for row in rows {
        row.samples.sort_unstable();
        ensure!(row.samples.len() >= 20_000, "{} samples", row.samples.len());
        let p50 = row.samples[row.samples.len() / 2].as_micros();
        let (p99, base) = (row.p99(), *base.get_or_insert(row.p99()));
        println!(
            "| {} | {} | {p50} µs | {p99:.0} µs | {:.2} |",
            row.name,
            row.samples.len(),
            p99 / base
        );
    }
    Ok(())
}
