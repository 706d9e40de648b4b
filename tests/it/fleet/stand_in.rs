//! The layer of `examples/fleet_api` against a Latchkey that counts its questions, is slow, is broken, or is not there.

use super::{Fleet, SocketAddr, folder, said, with};
use crate::machine::free_address;
use crate::test_app::TestApp;
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::Instant;

const YES: &str = r#"{"active":true,"kind":"access","owner":"Ops","allowed":true}"#;
const REPORT: &str = "GET /reports/usage";

/// What the stand-in does, and what it was asked: its callers' Authorization and the form.
struct Script {
    status: u16,
    body: String,
    delay: Duration,
    asked: Vec<(String, String)>,
}

type Shared = Arc<Mutex<Script>>;

async fn stand_in(body: &str) -> (SocketAddr, Shared) {
    let (delay, asked) = (Duration::ZERO, Vec::new());
    let script = Arc::new(Mutex::new(Script { status: 200, body: body.into(), delay, asked }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let own = Arc::clone(&script);
    let router = Router::new().route(
        "/api/v1/introspect",
        post(async move |headers: HeaderMap, form: String| {
            let who = headers["authorization"].to_str().unwrap().to_owned();
            let (status, body, delay) = {
                let mut script = own.lock().unwrap();
                script.asked.push((who, form));
                (script.status, script.body.clone(), script.delay)
            };
            tokio::time::sleep(delay).await;
            let status = StatusCode::from_u16(status).unwrap();
            (status, [("location", "/api/v1/introspect")], body).into_response()
        }),
    );
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (address, script)
}

fn asked(script: &Shared) -> usize {
    script.lock().unwrap().asked.len()
}

#[tokio::test]
async fn calls_at_the_same_time_share_one_question() {
    let (latchkey, script) = stand_in(YES).await;
    script.lock().unwrap().delay = Duration::from_millis(500);
    let fleet = Fleet::asking(latchkey, "lka_own");
    let to = fleet.address;
    let calls: Vec<_> = (0..20)
        .map(|_| tokio::spawn(async move { with(to, "lka_a", REPORT).await.status }))
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 200);
    }
    assert_eq!(asked(&script), 1);
    let (who, form) = script.lock().unwrap().asked[0].clone();
    assert_eq!((who.as_str(), form.as_str()), ("Bearer lka_own", "token=lka_a&permission=read"));
    // Another string, another device, another permission: other questions.
    with(to, "lka_b", REPORT).await;
    with(to, "lka_a", "GET /analytics/pump-1/flow").await;
    with(to, "lka_a", "GET /analytics/pump-2/flow").await;
    with(to, "lka_a", "POST /devices/pump-2/activations").await;
    assert_eq!(asked(&script), 5);
}

#[tokio::test]
async fn an_answer_counts_for_one_second() {
    let (latchkey, script) = stand_in(YES).await;
    let fleet = Fleet::asking(latchkey, "lka_own");
    let began = Instant::now();
    let mut calls = 0;
    while began.elapsed() < Duration::from_millis(2_500) {
        assert_eq!(with(fleet.address, "lka_a", REPORT).await.status, 200);
        calls += 1;
    }
    assert!(calls > 10, "only {calls} calls");
    assert!((3..=4).contains(&asked(&script)), "{} questions", asked(&script));
    script.lock().unwrap().body = r#"{"active":false}"#.into();
    tokio::time::sleep(Duration::from_millis(1_000)).await;
    assert_eq!(said(&with(fleet.address, "lka_a", REPORT).await), "401 invalid_token");
}

#[tokio::test]
async fn an_answer_never_outlives_the_token() {
    // It ended a moment ago by our clock: Latchkey's word counts for this call, and for no other.
    let yes = YES.replace("\"active\"", "\"exp\":1,\"active\"");
    let (latchkey, script) = stand_in(&yes).await;
    let fleet = Fleet::asking(latchkey, "lka_own");
    for number in 1..=3 {
        with(fleet.address, "lka_a", REPORT).await;
        assert_eq!(asked(&script), number);
    }
}

#[tokio::test]
async fn a_latchkey_that_does_not_answer_closes_the_api() {
    let (latchkey, script) = stand_in(YES).await;
    let fleet = Fleet::asking(latchkey, "lka_own");
    for (status, body) in [
        (500, YES),
        (503, "{}"),
        (401, r#"{"code":"token_expired"}"#),
        (403, r#"{"code":"insufficient_permissions"}"#),
        (307, YES),
        (204, ""),
        (200, "<html>"),
        (200, r#"{"active":"true"}"#),
    ] {
        {
            let mut script = script.lock().unwrap();
            (script.status, script.body) = (status, body.into());
        }
        let answer = with(fleet.address, "lka_a", REPORT).await;
        assert_eq!(said(&answer), "503 unavailable", "{status} {body}");
        assert_eq!(answer.header("retry-after"), "1");
    }
    assert_eq!(asked(&script), 8, "what failed is asked anew, and no redirection is followed");
    // That its own token ended.
    fleet.says("token_expired").await;
    // Back again, it is believed again at once.
    {
        let mut right = script.lock().unwrap();
        (right.status, right.body) = (200, YES.into());
    }
    assert_eq!(said(&with(fleet.address, "lka_a", REPORT).await), "200");
}

#[tokio::test]
async fn a_latchkey_that_hangs_or_is_gone_closes_the_api_at_once() {
    let (latchkey, script) = stand_in(YES).await;
    script.lock().unwrap().delay = Duration::from_secs(60);
    let fleet = Fleet::asking(latchkey, "lka_own");
    let began = Instant::now();
    let to = fleet.address;
    let calls: Vec<_> = (0..20)
        .map(|_| tokio::spawn(async move { said(&with(to, "lka_a", REPORT).await) }))
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), "503 unavailable");
    }
    assert!(began.elapsed() < Duration::from_secs(3), "they waited for each other");
    let nobody = free_address();
    let fleet = Fleet::asking(nobody, "lka_own");
    assert_eq!(said(&with(fleet.address, "lka_a", REPORT).await), "503 unavailable");
    fleet.says("could not be asked").await;
    assert!(!fleet.log.lock().unwrap().contains("lka_"));
}

#[tokio::test]
async fn its_own_token_may_be_renewed_in_its_file() {
    let app = TestApp::new().await;
    let (latchkey, script) = stand_in(YES).await;
    let file = folder(&app).join("fleet-token");
    std::fs::write(&file, "lka_first\n").unwrap();
    let fleet = Fleet::start(|command| {
        command.args(["--latchkey-url", &format!("http://{latchkey}/")]);
        command.arg("--latchkey-token-file").arg(&file);
    });
    with(fleet.address, "lka_a", REPORT).await;
    std::fs::write(&file, "lka_second\n").unwrap();
    with(fleet.address, "lka_b", REPORT).await;
    let who: Vec<_> = script.lock().unwrap().asked.iter().map(|(who, _)| who.clone()).collect();
    assert_eq!(who, ["Bearer lka_first", "Bearer lka_second"]);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(said(&with(fleet.address, "lka_c", REPORT).await), "503 unavailable");
}
