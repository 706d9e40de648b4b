//! `examples/fleet_api`, as its users meet it: the real program in front of a real Latchkey, in both of its ways of trusting.

mod both_ways;
mod nginx;
mod plant;
mod proxy;
mod refusals;
mod stand_in;
mod start;

use crate::caller::Answer;
use crate::test_app::TestApp;
use axum::http::{HeaderMap, HeaderName};
use nginx::Nginx;
use plant::{Plant, text};
use proxy::Rules;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// What introspection may tell of a string that does not work is only that (RFC 7662, section 2.2); a proxy is told why.
const INACTIVE: &str = "401 invalid_token";

const SEND: &str = "POST /devices/pump-1/telemetry";
const ORDER: &str = "POST /devices/pump-1/activations";
const REPORT: &str = "GET /reports/usage";
const ANALYSIS: &str = "GET /analytics/pump-1/flow";

/// The program, built once, with versions and a target folder of its own.
static PROGRAM: LazyLock<String> = LazyLock::new(|| {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--locked", "--manifest-path", "examples/fleet_api/Cargo.toml"]);
    build.args(["--target-dir", "target/examples"]).current_dir(root);
    // What cargo tells this test of its own crate would make build scripts run anew.
    let own = ["OUT_DIR", "CARGO_MANIFEST_DIR", "CARGO_MANIFEST_LINKS", "CARGO_PKG_NAME"];
    let version = ["MAJOR", "MINOR", "PATCH", "PRE"].map(|it| format!("CARGO_PKG_VERSION_{it}"));
    own.into_iter().chain(version.iter().map(String::as_str)).for_each(|name| {
        build.env_remove(name);
    });
    let done = build.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    format!("{root}/target/examples/debug/fleet_api")
});

/// The program with nothing in its environment.
fn program() -> Command {
    let mut command = Command::new(PROGRAM.as_str());
    command.env_clear().current_dir(std::env::temp_dir());
    command
}

/// A running fleet API; killed when it is dropped.
struct Fleet {
    child: Child,
    address: SocketAddr,
    log: Arc<Mutex<String>>,
}

impl Drop for Fleet {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Fleet {
    fn start(change: impl FnOnce(&mut Command)) -> Fleet {
        let mut command = program();
        command.args(["--listen", "127.0.0.1:0"]).stderr(Stdio::piped());
        change(&mut command);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        let address = first.trim().rsplit('/').next().unwrap().parse();
        let address = address.unwrap_or_else(|_| panic!("it does not listen: {first}"));
        let log = Arc::new(Mutex::new(String::new()));
        keep(lines, Arc::clone(&log));
        Fleet { child, address, log }
    }

    /// It asks the Latchkey at this address with this token.
    fn asking(latchkey: SocketAddr, own: &str) -> Fleet {
        Fleet::start(|command| {
            command.env("FLEET_LATCHKEY_TOKEN", own);
            command.args(["--latchkey-url", &format!("http://{latchkey}")]);
        })
    }

    /// Waits until the log holds this.
    async fn says(&self, word: &str) {
        let began = Instant::now();
        while !self.log.lock().unwrap().contains(word) {
            assert!(began.elapsed() < Duration::from_secs(10), "it never said {word}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// It believes a proxy.
    fn behind_a_proxy() -> Fleet {
        Fleet::start(|command| {
            command.args(["--trust", "proxy", "--workgroup", "harrow-valley"]);
        })
    }
}

fn keep(lines: BufReader<ChildStderr>, log: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            log.lock().unwrap().push_str(&(line + "\n"));
        }
    });
}

/// A call over the wire, with these header lines as they are.
async fn call(to: SocketAddr, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = format!("{line} HTTP/1.1\r\nhost: fleet\r\nconnection: close\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        request += "content-type: application/json\r\n";
    }
    request += &format!("content-length: {}\r\n\r\n{body}", body.len());
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    read(&answer)
}

fn read(text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let mut headers = HeaderMap::new();
    for (name, value) in lines.map(|line| line.split_once(": ").unwrap()) {
        headers.append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
    }
    Answer { status, headers, body: body.to_owned() }
}

/// A call with a string.
async fn with(to: SocketAddr, string: &str, line: &str) -> Answer {
    let body = match line.split_once(' ').unwrap() {
        ("POST", path) if path.ends_with("/telemetry") => {
            r#"{"readings":[{"metric":"flow","value":2.5},{"metric":"flow","value":3.5}]}"#
        }
        ("POST", path) if path.ends_with("/activations") => r#"{"action":"open-valve","value":1}"#,
        _ => "",
    };
    call(to, line, &[("authorization", &format!("Bearer {string}"))], body).await
}

/// Status, and the code of a refusal.
fn said(answer: &Answer) -> String {
    match answer.status {
        200..=299 => answer.status.to_string(),
        status if answer.body.starts_with('{') => format!("{status} {}", answer.code()),
        // As nginx passes it on.
        status => format!("{status} {}", answer.header("x-latchkey-code")),
    }
}

/// An API behind a proxy.
struct Behind {
    address: SocketAddr,
    fleet: Fleet,
    /// `None`: the stand-in.
    nginx: Option<Nginx>,
}

/// The API that asks Latchkey itself, and the same behind each proxy that there is.
struct Ways {
    asking: Fleet,
    direct: SocketAddr,
    behind: Vec<Behind>,
}

impl Ways {
    async fn to(plant: &Plant) -> Ways {
        let latchkey = plant.server.address;
        let asking = Fleet::asking(latchkey, &plant.own);
        let fleet = Fleet::behind_a_proxy();
        let address = proxy::start(latchkey, fleet.address, Rules::Exact).await;
        let mut behind = vec![Behind { address, fleet, nginx: None }];
        let fleet = Fleet::behind_a_proxy();
        if let Some(nginx) = Nginx::start(latchkey, fleet.address).await {
            behind.push(Behind { address: nginx.address, fleet, nginx: Some(nginx) });
        }
        Ways { direct: asking.address, asking, behind }
    }
}

/// Where a file for this test may be put.
fn folder(app: &TestApp) -> &Path {
    app.folder.path()
}
