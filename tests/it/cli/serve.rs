//! `latchkey serve` as a process: who may start it, what runs beside it, how it ends.

use super::Shell;
use crate::machine::{PATIENCE, end_of, free_address};
use crate::test_app::PASSWORD;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A server that runs; it is killed if the test ends before it.
pub(super) struct Server {
    child: Child,
    pub(super) address: SocketAddr,
    out: BufReader<ChildStdout>,
    /// What it said before it was ready.
    greeting: String,
}

impl Server {
    /// Starts it on a free port and waits until it says that it is ready.
    fn start(shell: &Shell) -> Server {
        Server::start_with(shell, "")
    }

    /// The same with more flags.
    pub(super) fn start_with(shell: &Shell, more: &str) -> Server {
        let address = free_address();
        let mut command = shell.command(&format!("serve --listen {address} {more}"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = String::new();
        while !greeting.contains("ready") {
            assert_ne!(out.read_line(&mut greeting).unwrap(), 0, "it ended: {greeting}");
        }
        Server { child, address, out, greeting }
    }

    pub(super) fn get(&self, path: &str, string: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {string}\r\nConnection: close\r\n\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends SIGTERM and waits for the end; gives the exit code.
    pub(super) fn end(mut self) -> Option<i32> {
        let sent = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(sent.success());
        end_of(&mut self.child)?.code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already where the test went as it should.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_metrics_have_an_address_of_their_own_where_one_is_set_and_end_with_the_rest() {
    let (shell, beside) = (Shell::with_ada(), free_address());
    let mut server = Server::start_with(&shell, &format!("--metrics-listen {beside}"));
    assert!(server.get("/metrics", "").starts_with("HTTP/1.1 404"));
    let listen = std::mem::replace(&mut server.address, beside);
    let text = server.get("/metrics", "");
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("latchkey_database_up 1"), "{text}");
    assert!(server.get("/readyz", "").starts_with("HTTP/1.1 404"));
    server.address = listen;
    assert!(server.get("/readyz", "").starts_with("HTTP/1.1 200"));
    assert_eq!(server.end(), Some(0));
    assert!(TcpStream::connect(beside).is_err(), "nothing listens there any more");
}

#[test]
fn sigterm_ends_it_cleanly_and_the_uses_that_were_counted_are_written() {
    let shell = Shell::with_ada();
    let (_, string) = shell.issue("");
    assert!(shell.token("North plant")["last_used_at"].is_null());
    let server = Server::start(&shell);
    let answer = server.get("/api/v1/token", &string);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(server.end(), Some(0));
    assert!(!shell.token("North plant")["last_used_at"].is_null());
    // The mail that the token was issued is written below `data`, in time or not.
    let aside = |name: &String| name.ends_with(".lock") || name == "data";
    let beside: Vec<_> = shell.files().into_iter().filter(|name| !aside(name)).collect();
    assert_eq!(beside, ["latchkey.db"], "the log was folded into the file");
}

#[test]
fn a_second_server_on_the_same_file_is_refused_and_the_first_goes_on() {
    let shell = Shell::with_ada();
    let (_, string) = shell.issue("");
    let server = Server::start(&shell);
    for line in ["serve --listen 127.0.0.1:0", "migrate"] {
        let why = shell.run(line).refusal();
        assert!(why.starts_with("another Latchkey server is already running on "), "{line}: {why}");
    }
    assert!(server.get("/api/v1/token", &string).starts_with("HTTP/1.1 200"));
    assert_eq!(server.end(), Some(0));
    assert_eq!(
        Server::start(&shell).end(),
        Some(0),
        "after the first has ended the next may begin"
    );
}

#[test]
fn commands_work_beside_a_running_server_and_count_at_once() {
    let shell = Shell::with_ada();
    let (id, string) = shell.issue("");
    let server = Server::start(&shell);
    assert!(server.get("/api/v1/token", &string).starts_with("HTTP/1.1 200"));
    shell.run(&format!("token revoke {id}")).done();
    let refused = server.get("/api/v1/token", &string);
    assert!(refused.starts_with("HTTP/1.1 401") && refused.contains("token_revoked"), "{refused}");
}

#[test]
fn plain_http_is_refused_on_any_host_but_this_machine() {
    let shell = Shell::new();
    let line = "serve --listen 127.0.0.1:0 --public-url http://tokens.example";
    let why = shell.run(line).refusal();
    assert!(why.contains("LATCHKEY_PUBLIC_URL is http://tokens.example"), "{why}");
    assert!(why.contains("https://"), "it says what to set: {why}");
    assert_eq!(shell.files(), Vec::<String>::new(), "nothing was made before the refusal");
}

#[test]
fn the_first_start_prints_a_new_set_up_link_until_there_is_a_user() {
    let shell = Shell::new();
    let link = |mut server: Server| {
        let mut said = server.greeting.clone();
        while !said.contains("/setup/") {
            assert_ne!(server.out.read_line(&mut said).unwrap(), 0, "{said}");
        }
        assert_eq!(server.end(), Some(0));
        said.lines().last().unwrap().trim().to_owned()
    };
    let (first, second) = (link(Server::start(&shell)), link(Server::start(&shell)));
    assert!(
        first.starts_with("http://127.0.0.1:3000/setup/") && first != second,
        "{first} {second}"
    );
    shell
        .type_in("user create --name Ada --email ada@harrow.example --password-stdin", PASSWORD)
        .done();
    let server = Server::start(&shell);
    assert_eq!(server.greeting, "Latchkey is ready. Open http://127.0.0.1:3000\n");
    assert_eq!(server.end(), Some(0));
}

#[test]
fn an_address_that_is_taken_is_named() {
    let (shell, taken) = (Shell::new(), TcpListener::bind("127.0.0.1:0").unwrap());
    let address = taken.local_addr().unwrap();
    for line in [
        format!("serve --listen {address}"),
        format!("serve --listen 127.0.0.1:0 --metrics-listen {address}"),
    ] {
        let why = shell.run(&line).refusal();
        assert!(why.contains(&format!("cannot listen on {address}")), "{line}: {why}");
    }
}
