//! How `examples/fleet_api` starts, refuses to start, and ends.

use super::program;
use crate::machine::end_of;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::time::Duration;
use tokio::time::Instant;

fn refused(line: &str) -> String {
    let done = program().args(line.split(' ')).output().unwrap();
    assert_eq!(done.status.code(), Some(2), "{line}");
    String::from_utf8(done.stderr).unwrap()
}

#[test]
fn it_says_what_it_can_be_told() {
    let done = program().arg("--help").output().unwrap();
    let help = String::from_utf8(done.stdout).unwrap();
    for word in ["--listen", "--trust", "--workgroup", "--latchkey-url", "FLEET_LATCHKEY_TOKEN"] {
        assert!(help.contains(word), "{word}: {help}");
    }
}

#[test]
fn it_does_not_start_where_anybody_could_write_the_headers() {
    let open = refused("--trust proxy --workgroup harrow-valley --listen 0.0.0.0:0");
    assert!(open.contains("anybody could write them"), "{open}");
    assert!(refused("--trust proxy").contains("--workgroup"));
    assert!(refused("--trust introspection").contains("FLEET_LATCHKEY_TOKEN"));
}

#[test]
fn it_listens_on_a_socket_and_takes_the_place_of_a_dead_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fleet.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let mut child = program()
        .args(["--trust", "proxy", "--workgroup", "harrow-valley"])
        .args(["--listen", &format!("unix:{}", path.display())])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    let mut stream = loop {
        match UnixStream::connect(&path) {
            Ok(stream) => break stream,
            Err(error) => assert!(began.elapsed() < Duration::from_secs(20), "{error}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("alive"), "{answer}");
    let told = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(told.success() && end_of(&mut child).is_some_and(|ended| ended.success()));
    assert!(!path.exists(), "it leaves no socket behind");
}
