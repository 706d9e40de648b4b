//! The real server on SQLite, as a process: killed in the middle of writes, and short of room on the disk.

mod full_disk;
mod kills;

use crate::machine::{PATIENCE, free_address};
use crate::test_app::TestApp;
use latchkey::server::clock::Clock;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const TOKENS: &str = "/api/v1/workgroups/harrow-valley/tokens";

/// A database for servers, and the string of a program that manages access.
async fn installation() -> (TestApp, String) {
    let mut app = TestApp::new().await;
    app.state.clock = Clock::system();
    let string = app.string_with(&["access.manage", "read"]).await;
    app.state.db.close().await;
    (app, string)
}

fn draft() -> Value {
    json!({
        "owner": "South plant integrator", "email": "ops@south.example", "expires": "1m", "permissions": ["read"],
    })
}

/// A server that runs; dropped, it is killed.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// A server on this folder's database, once it says that it is ready. `before`: what the shell does first.
fn start(folder: &Path, before: &str) -> (Server, SocketAddr) {
    let address = free_address();
    let program = env!("CARGO_BIN_EXE_latchkey");
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{before} exec {program} serve --listen {address}")]);
    command.env_clear().current_dir(folder);
    command.env("LATCHKEY_DATABASE_URL", "sqlite://latchkey.db").env("LATCHKEY_LOG", "error");
    let mut server = Server(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut out = BufReader::new(server.0.stdout.take().unwrap());
    let mut greeting = String::new();
    while !greeting.contains("ready") {
        assert_ne!(out.read_line(&mut greeting).unwrap(), 0, "it ended: {greeting}");
    }
    (server, address)
}

/// Posts JSON; status and body, or nothing if the server died first.
fn post(address: SocketAddr, path: &str, string: &str, body: &Value) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let body = body.to_string();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {string}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).ok()?))
}
