//! A real server, and commands beside it: what another process does counts within 250 ms; a server that was frozen wakes careful.

use crate::machine::{PATIENCE, free_address, until};
use crate::test_app::TestApp;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Where the proxies of a test come from.
pub const LOOPBACK: &str = "127.0.0.1/32";

/// `latchkey serve` as a process; killed when it is dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const LATCHKEY: &str = env!("CARGO_BIN_EXE_latchkey");

fn program(app: &TestApp) -> Command {
    at_home(Command::new(LATCHKEY), app)
}

/// In the folder and on the database of this installation.
fn at_home(mut command: Command, app: &TestApp) -> Command {
    let folder: &Path = app.folder.path();
    let url = format!("sqlite://{}", folder.join("latchkey.db").display());
    command.env_clear().env("LATCHKEY_DATABASE_URL", url).current_dir(folder);
    command
}

impl Server {
    pub async fn start(app: &TestApp) -> Server {
        Server::start_at(app, free_address()).await
    }

    pub async fn start_at(app: &TestApp, free: SocketAddr) -> Server {
        Server::start_trusting(app, free, Some(LOOPBACK)).await
    }

    /// `proxies`: whose word about a request counts; nobody's without it.
    pub async fn start_trusting(app: &TestApp, free: SocketAddr, proxies: Option<&str>) -> Server {
        let mut command = program(app);
        command.args(["serve", "--listen", &free.to_string()]);
        command.envs(proxies.map(|proxies| ("LATCHKEY_TRUSTED_PROXIES", proxies)));
        Server::run(command, free).await
    }

    /// `limits`: the command with which a shell bounds what the server may use.
    pub async fn start_under(app: &TestApp, limits: &str) -> Server {
        let free = free_address();
        let script = format!("{limits} && exec \"$0\" serve --listen {free}");
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &script, LATCHKEY]);
        Server::run(at_home(shell, app), free).await
    }

    async fn run(mut command: Command, address: SocketAddr) -> Server {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut server = Server { child, address };
        until("it listens", async || {
            assert!(server.child.try_wait().unwrap().is_none(), "it ended");
            TcpStream::connect(address).await.is_ok()
        })
        .await;
        server
    }

    /// The status that authorize answers to this string.
    pub async fn status(&self, string: &str) -> u16 {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "GET /api/v1/authorize HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {string}\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = timeout(PATIENCE, stream.read_to_string(&mut answer)).await;
        read.expect("no end of the answer").unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Waits until authorize answers this status to this string: what is done in this process, the server hears of by itself.
    pub async fn hears_of(&self, string: &str, status: u16) {
        until("it has heard of the token", async || self.status(string).await == status).await;
    }

    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }
}

/// By the system's clock, as the server goes by it.
pub async fn system() -> TestApp {
    let mut app = TestApp::new().await;
    app.state.clock = latchkey::server::clock::Clock::system();
    app
}

pub fn revoke(app: &TestApp, id: &str) {
    if let Err(why) = try_to_revoke(app, id) {
        panic!("{why}");
    }
}

fn try_to_revoke(app: &TestApp, id: &str) -> Result<(), String> {
    let done = program(app).args(["token", "revoke", id]).output().unwrap();
    if done.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&done.stderr).into_owned())
}

#[tokio::test]
async fn a_revocation_by_command_counts_within_250_milliseconds() {
    let app = system().await;
    let server = Server::start(&app).await;
    for _ in 0..20 {
        let issued = app.token(|_| {}).await;
        let string = issued.string.reveal();
        // Made in this process: the server hears of it by itself.
        server.hears_of(string, 204).await;
        revoke(&app, &issued.token.id);
        tokio::time::sleep(Duration::from_millis(250)).await;
        assert_eq!(server.status(string).await, 401);
    }
}

/// THREATS 19: frozen while the token is revoked, then asked at once.
#[tokio::test]
async fn a_server_that_was_frozen_says_no_stale_yes() {
    let app = system().await;
    let server = Server::start(&app).await;
    let issued = app.token(|_| {}).await;
    let string = issued.string.reveal();
    server.hears_of(string, 204).await;
    server.signal("-STOP");
    // Frozen in the middle of a write of its own, it keeps everybody else from writing: then it is frozen at another moment.
    while try_to_revoke(&app, &issued.token.id).is_err() {
        server.signal("-CONT");
        tokio::time::sleep(Duration::from_millis(70)).await;
        server.signal("-STOP");
    }
    tokio::time::sleep(Duration::from_secs(6)).await;
    server.signal("-CONT");
    let first = server.status(string).await;
    assert!([401, 503].contains(&first), "{first}");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(server.status(string).await, 401);
}
