//! The mail server that the run was given (aiosmtpd), as a process of its own that does on demand what such servers do wrong.

use super::certificate::Certificate;
use crate::letter::{self, Letter};
use crate::machine::end_of;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub const USER: &str = "latchkey";
/// With everything in it that an address must not hold as it is.
pub const PASSWORD: &str = "p@ss:w/rd%20?€#";
const PASSWORD_IN_URL: &str = "p%40ss%3Aw%2Frd%2520%3F%E2%82%AC%23";

/// How it is to be spoken to.
#[derive(Clone, Copy)]
pub enum Line<'a> {
    /// In clear, as on loopback.
    Clear,
    /// The same, asking who one is.
    ClearWithLogin,
    /// TLS from the first byte on, asking who one is.
    Implicit(&'a Certificate),
    /// In clear until STARTTLS, which it requires before it asks who one is.
    Starttls(&'a Certificate),
}

/// It ends when its input does: with this value, and with the test however that ends.
pub struct Peer {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    folder: tempfile::TempDir,
    pub port: u16,
}

/// A message that it took, and the envelope that it came in.
#[derive(Clone, Debug)]
pub struct Taken {
    pub from: String,
    pub to: Vec<String>,
    /// Whoever had signed in.
    pub user: Option<String>,
    pub encrypted: bool,
    pub raw: String,
    pub letter: Letter,
}

impl Peer {
    /// `None`, and a word about it, where the run was given no aiosmtpd.
    pub fn start(line: Line<'_>) -> Option<Peer> {
        let packages = packages()?;
        let folder = tempfile::tempdir().unwrap();
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/smtp/peer.py");
        let mut command = Command::new("python3");
        command.arg(program).arg(folder.path()).env("PYTHONPATH", packages);
        if let Line::Implicit(own) | Line::Starttls(own) = line {
            let tls = if matches!(line, Line::Implicit(_)) { "implicit" } else { "starttls" };
            command.args(["--tls", tls]).arg("--certificate").arg(own.chain());
            command.arg("--key").arg(own.key());
        }
        if !matches!(line, Line::Clear) {
            command.args(["--user", USER, "--password", PASSWORD]);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let orders = child.stdin.take();
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        let mut port = String::new();
        answers.read_line(&mut port).unwrap();
        let port =
            port.trim().parse().expect("the mail server printed no port: see its words above");
        Some(Peer { child, orders, answers, folder, port })
    }

    /// What `LATCHKEY_SMTP_URL` is to hold for it.
    pub fn url(&self, line: Line<'_>) -> String {
        let (port, user) = (self.port, format!("{USER}:{PASSWORD_IN_URL}"));
        match line {
            Line::Clear => format!("smtp://127.0.0.1:{port}"),
            Line::ClearWithLogin => format!("smtp://{user}@127.0.0.1:{port}"),
            Line::Implicit(_) => format!("smtps://{user}@localhost:{port}"),
            Line::Starttls(_) => format!("smtp://{user}@localhost:{port}?tls=required"),
        }
    }

    /// Gives an order, and the counts after it.
    pub fn order(&mut self, order: &Value) -> Value {
        let orders = self.orders.as_mut().unwrap();
        writeln!(orders, "{order}").unwrap();
        orders.flush().unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|_| panic!("it ended at {order}"))
    }

    /// From now on it does this, and nothing else that is wrong.
    pub fn rules(&mut self, rules: &Value) {
        self.order(&json!({ "rules": rules }));
    }

    /// It does what it should.
    pub fn behave(&mut self) {
        self.rules(&json!([]));
    }

    /// How many came, `connections`; signed in, `logins`; were refused, `refused`; were left hanging, `hanging`; and how many
    /// letters it took, `taken`.
    pub fn count(&mut self, what: &str) -> u64 {
        self.order(&json!({}))[what].as_u64().unwrap()
    }

    /// What it took, in the order of its coming.
    pub fn taken(&self) -> Vec<Taken> {
        let files = letter::names(self.folder.path());
        let messages = files.iter().filter(|name| name.ends_with(".eml"));
        messages.map(|name| Taken::read(&self.folder.path().join(name))).collect()
    }

    /// Everything that was said to it in clear.
    pub fn heard_in_clear(&self) -> String {
        let heard = std::fs::read(self.folder.path().join("clear")).unwrap_or_default();
        String::from_utf8_lossy(&heard).into_owned()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.orders.take());
        // It ends by itself.
        let _ = end_of(&mut self.child);
    }
}

impl Taken {
    fn read(file: &Path) -> Taken {
        let envelope = std::fs::read(file.with_extension("json")).unwrap();
        let envelope: Value = serde_json::from_slice(&envelope).unwrap();
        let text = |name: &str| envelope[name].as_str().map(str::to_owned);
        let to = envelope["to"].as_array().unwrap().iter();
        Taken {
            from: text("from").unwrap(),
            to: to.map(|it| it.as_str().unwrap().to_owned()).collect(),
            user: text("user"),
            encrypted: envelope["encrypted"].as_bool().unwrap(),
            raw: String::from_utf8(std::fs::read(file).unwrap()).expect("a message is ASCII"),
            letter: Letter::read(file),
        }
    }

    /// What tells one letter from another, however often it is sent.
    pub fn message_id(&self) -> &str {
        self.letter.header("Message-ID")
    }
}

/// Where Python finds aiosmtpd.
#[expect(clippy::disallowed_methods, reason = "the run names its aiosmtpd in the environment")]
fn packages() -> Option<String> {
    let Ok(packages) = std::env::var("LATCHKEY_TEST_AIOSMTPD") else {
        assert!(std::env::var("CI").is_err(), "CI=true, but there is no aiosmtpd to test with");
        eprintln!("SKIPPED: no mail server (LATCHKEY_TEST_AIOSMTPD is not set)");
        return None;
    };
    Some(packages)
}
