//! A disk without room: writes are refused as our fault, reads go on, and nobody has to start the server again.

use super::{TOKENS, draft, installation, post, start};
use crate::database;
use crate::machine::PATIENCE;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;

/// No file may grow beyond a megabyte (in blocks of 512 bytes); whoever tries is told, not killed. The log of SQLite would.
const NO_ROOM: &str = "trap '' XFSZ; ulimit -S -f 2048;";

/// The status of the page that a string opens of itself.
fn read(address: SocketAddr, string: &str) -> u16 {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = format!(
        "GET /api/v1/token HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {string}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_full_disk_refuses_writes_and_spares_reads_until_there_is_room_again() {
    let (app, string) = installation().await;
    let (server, address) = start(app.folder.path(), NO_ROOM);
    let mut told = Vec::new();
    let refused = loop {
        let (status, answer) = post(address, TOKENS, &string, &draft()).unwrap();
        if status != 201 {
            break (status, answer);
        }
        told.push(answer["id"].as_str().unwrap().to_owned());
        assert!(told.len() < 5_000, "the disk is never full");
    };
    assert_eq!((refused.0, &refused.1["code"]), (500, &"internal_error".into()), "{}", refused.1);
    for _ in 0..10 {
        // What is written back from the log to the database makes room for one now and then.
        match post(address, TOKENS, &string, &draft()).unwrap() {
            (201, answer) => told.push(answer["id"].as_str().unwrap().to_owned()),
            (status, answer) => assert_eq!(status, 500, "{answer}"),
        }
        assert_eq!(read(address, &string), 200);
    }
    let pid = server.0.id().to_string();
    let room = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited"]).status();
    assert!(room.unwrap().success());
    for _ in 0..10 {
        let (status, answer) = post(address, TOKENS, &string, &draft()).unwrap();
        assert_eq!(status, 201, "{answer}");
        told.push(answer["id"].as_str().unwrap().to_owned());
    }
    drop(server);
    assert_eq!(database::ask(&app, "pragma integrity_check").await, ["ok"]);
    let mut there = database::ask(&app, "select id from tokens where owner like 'South%'").await;
    told.sort();
    there.sort();
    assert_eq!(told, there, "what was told, and nothing else");
}
