//! A client that keeps connections busy, or paces them; and the processes that it talks to.
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]

use anyhow::{Context, ensure};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 8;
/// Of one measurement, over all connections.
const REQUESTS: usize = 40_000;

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

    /// Requests per CPU-second of the server, as fast as the connections go.
    pub async fn rate(&self, server: &Server) -> anyhow::Result<f64> {
        let before = server.cpu()?;
        let clients = (0..CONNECTIONS).map(|first| {
            let (target, address) = (self.clone(), server.address);
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await?;
                for turn in 0..REQUESTS / CONNECTIONS {
                    let request = &target.requests[(first * 61 + turn) % target.requests.len()];
                    connection.ask(request).await?;
                }
                anyhow::Ok(())
            })
        });
        for client in clients.collect::<Vec<_>>() {
            client.await??;
        }
        Ok(REQUESTS as f64 / (server.cpu()? - before))
    }

    /// So many requests at so many a second, each timed from the moment at which it was due.
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
