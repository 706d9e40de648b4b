//! Clients that take their time, around a real server (THREATS 15): each is let go when its time is over, the places are never
//! more than there are, and whoever is quick is served all the while.

use crate::grants::process::{Server, system};
use crate::test_app::TestApp;
use latchkey::server::http::places;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// What `http/serve.rs` gives a client for its headers, and for a whole request.
const HEADERS: Duration = Duration::from_secs(10);
const REQUEST: Duration = Duration::from_secs(30);
/// A machine with other things to do.
const SLACK: Duration = Duration::from_secs(15);

/// Somebody who is in no hurry.
#[derive(Clone, Copy)]
struct Client {
    name: &'static str,
    count: usize,
    /// Sent at once.
    head: &'static str,
    /// Sent again and again, ten times a second.
    drip: &'static str,
    /// When it is let go, and how the last word that it hears begins.
    after: Duration,
    told: &'static str,
}

const CROWD: [Client; 6] = [
    Client { name: "idle", count: 1_000, head: "", drip: "", after: HEADERS, told: "" },
    Client {
        name: "half of a greeting in HTTP/2",
        count: 20,
        head: "PRI * HTTP/2.0\r\n",
        drip: "",
        after: HEADERS,
        told: "",
    },
    Client {
        name: "slow headers",
        count: 50,
        head: "GET /api/v1/authorize HTTP/1.1\r\nx-slow: ",
        drip: "x",
        after: HEADERS,
        told: "",
    },
    Client {
        name: "ever more headers",
        count: 20,
        head: "GET /api/v1/authorize HTTP/1.1\r\n",
        drip: "a: b\r\n",
        after: HEADERS,
        told: "",
    },
    Client {
        name: "slow bodies",
        count: 50,
        head: "POST /api/v1/introspect HTTP/1.1\r\nhost: x\r\ncontent-length: 9999\r\n\r\ntoken=",
        drip: "x",
        after: REQUEST,
        told: "HTTP/1.1 408 ",
    },
    Client {
        name: "idle after an answer",
        count: 20,
        head: "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n",
        drip: "",
        after: HEADERS,
        told: "HTTP/1.1 200 ",
    },
];

impl Client {
    /// Stays until the server has had enough; how long that took, and what it heard.
    async fn stay(self, address: SocketAddr) -> (Client, Duration, String) {
        let began = Instant::now();
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(self.head.as_bytes()).await.unwrap();
        let (mut answers, mut questions) = stream.split();
        let dripping = async {
            while !self.drip.is_empty() {
                sleep(Duration::from_millis(100)).await;
                if questions.write_all(self.drip.as_bytes()).await.is_err() {
                    break;
                }
            }
            std::future::pending::<()>().await;
        };
        let mut heard = Vec::new();
        // Reset is let go, too.
        tokio::select! {
            _ = timeout(REQUEST + 2 * SLACK, answers.read_to_end(&mut heard)) => {}
            () = dripping => {}
        }
        (self, began.elapsed(), String::from_utf8_lossy(&heard).into_owned())
    }
}

/// The string of a token that asks as often as it likes, known to the server.
async fn known(app: &TestApp, server: &Server) -> String {
    let issued = app.token(|raw| raw.rate_limit = "1000000".into()).await;
    let string = issued.string.reveal().to_owned();
    server.hears_of(&string, 204).await;
    string
}

/// The server is started as by most shells, which allow fewer open files than this crowd has connections.
#[tokio::test]
async fn slow_clients_are_let_go_in_time_and_a_quick_one_is_served_all_the_while() {
    assert!(places::connections() > 1_500, "this run may open too few files for such a crowd");
    let app = system().await;
    let server = Server::start_under(&app, "ulimit -Sn 1024").await;
    let string = known(&app, &server).await;
    let mut crowd = JoinSet::new();
    for client in CROWD {
        for number in 0..client.count {
            crowd.spawn(client.stay(server.address));
            // A queue that overflows makes connections that only one side knows of.
            if number % 20 == 0 {
                sleep(Duration::from_millis(20)).await;
            }
        }
    }
    let (mut left, mut calls) = (Vec::new(), 0);
    while !crowd.is_empty() {
        let answered = timeout(SLACK, server.status(&string)).await;
        assert_eq!(answered, Ok(204), "the quick client's call {calls}");
        calls += 1;
        while let Some(client) = crowd.try_join_next() {
            left.push(client.unwrap());
        }
    }
    assert!(calls > 300, "only {calls} calls were made beside the crowd");
    assert_eq!(left.len(), 1_160);
    for (client, stayed, heard) in left {
        let Client { name, after, told, .. } = client;
        assert!(stayed >= after && stayed < after + SLACK, "{name}: let go after {stayed:?}");
        assert!(heard.starts_with(told) && told.is_empty() == heard.is_empty(), "{name}: {heard}");
    }
}

/// Of 300 files 256 are not for clients, so that there are 44 places.
#[tokio::test]
async fn whoever_finds_no_place_waits_until_one_is_free() {
    let app = system().await;
    let server = Server::start_under(&app, "ulimit -n 300").await;
    let string = known(&app, &server).await;
    let began = Instant::now();
    let mut crowd = Vec::new();
    for _ in 0..60 {
        crowd.push(TcpStream::connect(server.address).await.unwrap());
    }
    let answered = timeout(HEADERS + SLACK, server.status(&string)).await;
    assert_eq!(answered, Ok(204));
    let waited = began.elapsed();
    assert!(waited >= HEADERS, "served after {waited:?}, while all places were taken");
    drop(crowd);
    let began = Instant::now();
    assert_eq!(server.status(&string).await, 204);
    assert!(began.elapsed() < HEADERS, "the places were given back");
}
