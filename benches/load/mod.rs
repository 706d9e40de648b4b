//! A client that keeps connections busy, or paces them; and the processes that it talks to.
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]

use anyhow::{Context, ensure};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 8;
/// Of one measurement, over all connections.
const REQUESTS: usize = 100_000;

/// A server as a process; killed when it is dropped.
pub struct Server {
    child: Child,
    address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One process, with the very headers of the shipped configuration.
fn front(own: SocketAddr, auth: SocketAddr, asks: &str) -> String {
    let question = include_str!("../../examples/nginx/authorize.conf");
    let (question, _) = question.split_once("location @").unwrap_or((question, ""));
    let question = question
        .replace("$latchkey_workgroup$latchkey_asks", asks)
        .lines()
        .filter(|line| !line.contains("error_page") && !line.contains("intercept_errors"))
        .collect::<Vec<_>>()
        .join("\n");
    format!(
        "daemon off; master_process off; pid nginx.pid; error_log stderr error;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; keepalive_requests 10000000;
            client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi; scgi_temp_path scgi;
            upstream latchkey {{ server {auth}; keepalive 32; keepalive_requests 10000000; }}
            server {{
                listen {own};
                {question}
                location / {{ auth_request /_latchkey; empty_gif; }}
            }}
        }}"
    )
}

fn free() -> anyhow::Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Server {
    /// This very program as one of its references.
    pub async fn own(kind: &str) -> anyhow::Result<Server> {
        let address = free()?;
        let mut child = Command::new(std::env::current_exe()?);
        let child = child.args([kind, &address.to_string()]).spawn()?;
        let server = Server { child, address };
        server.answers("/api/v1/authorize").await?;
        Ok(server)
    }

    /// `latchkey serve` on the database in the folder; how long it took until it was ready.
    pub async fn latchkey(folder: &Path) -> anyhow::Result<(Server, Duration)> {
        let (address, began) = (free()?, Instant::now());
        let url = format!("sqlite://{}", folder.join("latchkey.db").display());
        let child = Command::new(env!("CARGO_BIN_EXE_latchkey"))
            .args(["serve", "--listen", &address.to_string()])
            .env_clear()
            .env("LATCHKEY_DATABASE_URL", url)
            .env("LATCHKEY_LOG", "warn")
            .current_dir(folder)
            .stdout(Stdio::null())
            .spawn()?;
        let server = Server { child, address };
        server.answers("/healthz").await?;
        Ok((server, began.elapsed()))
    }

    async fn answers(&self, path: &str) -> anyhow::Result<()> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n");
        for _ in 0..6_000 {
            if let Ok(mut connection) = Connection::open(self.address).await
                && connection.ask(request.as_bytes()).await.is_ok()
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        anyhow::bail!("a server did not start")
    }

    /// nginx, which asks `auth` about every request before it answers it itself. `None`: this machine has none.
    pub async fn nginx(folder: &Path, auth: &Server, asks: &str) -> anyhow::Result<Option<Server>> {
        let address = free()?;
        std::fs::write(folder.join("nginx.conf"), front(address, auth.address, asks))?;
        let program = std::env::var("LATCHKEY_TEST_NGINX").unwrap_or_else(|_| "nginx".to_owned());
        let child = Command::new(program).arg("-p").arg(folder).arg("-c").arg("nginx.conf").spawn();
        let Ok(child) = child else { return Ok(None) };
        let server = Server { child, address };
        server.listens().await?;
        Ok(Some(server))
    }

    async fn listens(&self) -> anyhow::Result<()> {
        for _ in 0..1_000 {
            if TcpStream::connect(self.address).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        anyhow::bail!("a server does not listen")
    }

    /// User and system time so far, in seconds (proc_pid_stat(5); a tick is 10 ms).
    fn cpu(&self) -> anyhow::Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, fields) = stat.rsplit_once(')').context("stat")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
        let ticks: u64 = ticks.sum::<Result<u64, _>>()?;
        Ok(ticks as f64 / 100.0)
    }

    /// Resident memory in kB.
    pub fn memory(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        Ok(line.context("VmRSS")?.trim().trim_end_matches(" kB").trim().parse()?)
    }
}

/// Requests that are sent in turn.
#[derive(Clone)]
pub struct Target {
    requests: Arc<Vec<Vec<u8>>>,
}

impl Target {
    pub fn get(path: &str, strings: &[String]) -> Target {
        let request = |string: &String| {
            format!("GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {string}\r\n\r\n")
        };
        Target { requests: Arc::new(strings.iter().map(|it| request(it).into_bytes()).collect()) }
    }

    /// New tokens, made by `caller`.
    pub fn create(caller: &str) -> Target {
        let draft = r#"{"owner":"Integrator","email":"ops@north.example","expires":"3m","can_renew":true,"permissions":["read"]}"#;
        let request = format!(
            "POST /api/v1/workgroups/harrow/tokens HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {caller}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{draft}",
            draft.len()
        );
        Target { requests: Arc::new(vec![request.into_bytes()]) }
    }

    pub fn introspect(caller: &str, strings: &[String]) -> Target {
        let request = |string: &String| {
            let form = format!("token={string}&permission=devices.control");
            format!(
                "POST /api/v1/introspect HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {caller}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
                form.len()
            )
        };
        Target { requests: Arc::new(strings.iter().map(|it| request(it).into_bytes()).collect()) }
    }

    /// Requests per CPU-second of all these servers, as fast as the connections to the first of them go.
    pub async fn rate(&self, servers: &[&Server]) -> anyhow::Result<f64> {
        let cpu = || servers.iter().map(|server| server.cpu()).sum::<anyhow::Result<f64>>();
        let (before, first) = (cpu()?, servers.first().context("a server")?);
        let clients = (0..CONNECTIONS).map(|at| {
            let (target, address) = (self.clone(), first.address);
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await?;
                for turn in 0..REQUESTS / CONNECTIONS {
                    let request = &target.requests[(at * 61 + turn) % target.requests.len()];
                    connection.ask(request).await?;
                }
                anyhow::Ok(())
            })
        });
        for client in clients.collect::<Vec<_>>() {
            client.await??;
        }
        Ok(REQUESTS as f64 / (cpu()? - before))
    }

    /// So many requests at so many a second, each timed from the moment at which it is sent.
    pub async fn paced(
        &self,
        server: &Server,
        a_second: u32,
        many: usize,
    ) -> anyhow::Result<Vec<Duration>> {
        let mut connection = Connection::open(server.address).await?;
        let mut times = Vec::with_capacity(many);
        let begun = Instant::now();
        for turn in 0..many {
            let due = begun + Duration::from_secs(1) / a_second * u32::try_from(turn)?;
            tokio::time::sleep_until(due.into()).await;
            let sent = Instant::now();
            connection.ask(&self.requests[turn % self.requests.len()]).await?;
            times.push(sent.elapsed());
        }
        Ok(times)
    }
}

/// Clients that send without a pause, or at so many requests a second together, until it is dropped.
pub struct Load {
    clients: Vec<tokio::task::JoinHandle<()>>,
    done: Arc<AtomicU64>,
}

impl Drop for Load {
    fn drop(&mut self) {
        self.clients.iter().for_each(|task| task.abort());
    }
}

impl Load {
    pub fn on(server: &Server, target: &Target, clients: u32, a_second: Option<f64>) -> Load {
        let done = Arc::new(AtomicU64::new(0));
        let pause = a_second.map(|rate| Duration::from_secs_f64(f64::from(clients) / rate));
        let client = |_| {
            let (target, address, done) = (target.clone(), server.address, done.clone());
            tokio::spawn(async move {
                let Ok(mut connection) = Connection::open(address).await else { return };
                let mut due = Instant::now();
                while connection.ask(&target.requests[0]).await.is_ok() {
                    done.fetch_add(1, Ordering::Relaxed);
                    if let Some(pause) = pause {
                        due += pause;
                        tokio::time::sleep_until(due.into()).await;
                    }
                }
            })
        };
        Load { clients: (0..clients).map(client).collect(), done }
    }

    /// Answers a second over so long.
    pub async fn rate(&self, over: Duration) -> f64 {
        let before = self.done.load(Ordering::Relaxed);
        let began = Instant::now();
        tokio::time::sleep(over).await;
        (self.done.load(Ordering::Relaxed) - before) as f64 / began.elapsed().as_secs_f64()
    }
}

/// One connection that is kept.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> anyhow::Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Sends a request and reads its answer whole, which must be a yes.
    async fn ask(&mut self, request: &[u8]) -> anyhow::Result<()> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await?;
            ensure!(read > 0, "the server closed the connection");
            let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let head = &self.buffer[..end];
            ensure!(head.starts_with(b"HTTP/1.1 20"), "{}", String::from_utf8_lossy(head));
            if self.buffer.len() >= end + 4 + length(head)? {
                return Ok(());
            }
        }
    }
}

fn length(head: &[u8]) -> anyhow::Result<usize> {
    let head = std::str::from_utf8(head)?.to_ascii_lowercase();
    let value = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    Ok(value.map(|value| value.trim().parse()).transpose()?.unwrap_or(0))
}

/// Clients that hold connections and send next to nothing, until it is dropped.
pub struct Crowd {
    _idle: Vec<TcpStream>,
    slow: Vec<tokio::task::JoinHandle<()>>,
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.slow.iter().for_each(|task| task.abort());
    }
}

impl Crowd {
    /// A thousand that say nothing, fifty that send their headers byte by byte, fifty that do so with their bodies.
    pub async fn around(server: &Server) -> anyhow::Result<Crowd> {
        let address = server.address;
        let mut idle = Vec::with_capacity(1_000);
        for _ in 0..1_000 {
            idle.push(TcpStream::connect(address).await?);
        }
        let heads =
            ["", "POST /api/v1/introspect HTTP/1.1\r\nhost: bench\r\ncontent-length: 9999\r\n\r\n"];
        let drips = [&b"GET /api/v1/authorize HTTP/1.1\r\nx-slow: "[..], b"token="];
        let mut slow = Vec::new();
        for (head, drip) in heads.into_iter().zip(drips) {
            for _ in 0..50 {
                slow.push(tokio::spawn(async move {
                    // Whoever is let go comes again.
                    loop {
                        let Ok(mut stream) = TcpStream::connect(address).await else { continue };
                        let mut sent = stream.write_all(head.as_bytes()).await;
                        for byte in drip.iter().chain(std::iter::repeat(&b'x')) {
                            if sent.is_err() {
                                break;
                            }
                            tokio::time::sleep(Duration::from_millis(100)).await;
                            sent = stream.write_all(&[*byte]).await;
                        }
                    }
                }));
            }
        }
        Ok(Crowd { _idle: idle, slow })
    }
}
