//! `/readyz` and `/metrics`: a dead scheduler, a database that is gone and mail that waits are said, and nothing secret is.

use crate::caller::Answer;
use crate::database::execute;
use crate::test_app::TestApp;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use http_body_util::BodyExt;
use latchkey::domain::time::{DAY, MINUTE};
use latchkey::domain::user::Email;
use latchkey::server::clock::Clock;
use latchkey::server::http::door::Door;
use latchkey::server::http::metrics;
use latchkey::server::mail::Mailer;
use latchkey::server::notices::{Letter, deliver, owe};
use latchkey::server::scheduler;
use latchkey::server::state::AppState;
use latchkey::server::store;
use serde_json::Value;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use tower::{Service, ServiceExt};

async fn ready(app: &TestApp) -> (u16, Value) {
    let answer = app.stranger().get("/readyz").await;
    (answer.status, answer.json())
}

async fn scraped(app: &TestApp) -> Answer {
    app.stranger().get("/metrics").await
}

/// The value of the sample with this name and these labels.
fn sample(answer: &Answer, name: &str) -> Option<f64> {
    let mut lines = answer.body.lines().filter_map(|line| line.rsplit_once(' '));
    lines.find(|(sample, _)| *sample == name).map(|(_, value)| value.parse().unwrap())
}

/// Owes Ada a link for a new password.
async fn owe_ada(app: &TestApp) {
    let email = Email::parse("ada@harrow.example").unwrap();
    let mut tx = app.state.db.begin().await.unwrap();
    let ada = store::users::find_by_email(&mut tx, &email).await.unwrap().unwrap().user;
    let letter = Letter::Reset { user_id: ada.id };
    owe(&app.state, &mut tx, &letter, None, &email).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn it_is_ready_while_the_last_sweep_is_not_ten_minutes_ago() {
    let mut apps = vec![TestApp::new().await];
    apps.extend(TestApp::on_postgres().await);
    for app in apps {
        let (status, body) = ready(&app).await;
        assert_eq!((status, &body["status"]), (200, &"ready".into()), "it has just begun: {body}");
        assert_eq!(body["last_sweep_at"], Value::Null);
        app.state.clock.advance(10 * MINUTE);
        assert_eq!(ready(&app).await.0, 200);
        app.state.clock.advance(1);
        let (status, body) = ready(&app).await;
        assert_eq!((status, &body["status"]), (503, &"not ready".into()));
        assert_eq!(body["faults"], serde_json::json!(["No sweep has ended yet."]));
        app.tick().await;
        let (status, body) = ready(&app).await;
        assert_eq!((status, &body["last_sweep_at"]), (200, &app.state.now().rfc3339().into()));
        app.state.clock.advance(10 * MINUTE + 1);
        let (status, body) = ready(&app).await;
        assert_eq!(status, 503);
        assert_eq!(body["faults"][0], "The last sweep ended on 21 Nov 2026, 10:10 UTC.");
    }
}

#[tokio::test]
async fn a_server_that_was_off_for_days_is_ready_while_it_makes_its_first_sweep() {
    let mut app = TestApp::new().await;
    app.tick().await;
    app.pass_days(9);
    assert_eq!(ready(&app).await.0, 503);
    app.state = AppState { clock: Clock::by_hand(app.state.now()), ..app.state };
    app.router = Door::new(app.state.clone());
    assert_eq!(ready(&app).await.0, 200);
    app.state.clock.advance(10 * MINUTE + 1);
    assert_eq!(ready(&app).await.0, 503);
}

#[tokio::test]
async fn a_sweep_that_fails_is_no_sweep() {
    let app = TestApp::new().await;
    app.tick().await;
    app.state.clock.advance(11 * MINUTE);
    let broken = store::Db::open(&app.state.config.database_url).await.unwrap();
    broken.close().await;
    let broken = AppState { db: broken, ..app.state.clone() };
    assert!(scheduler::tick(&broken).await.is_err());
    assert_eq!(ready(&app).await.0, 503);
    let text = scraped(&app).await;
    assert_eq!(sample(&text, "latchkey_sweeps_total{result=\"failed\"}"), Some(1.0));
    assert_eq!(sample(&text, "latchkey_sweeps_total{result=\"done\"}"), Some(1.0));
    let last = (app.state.now().0 - 11 * MINUTE) as f64;
    assert_eq!(sample(&text, "latchkey_last_sweep_timestamp_seconds"), Some(last));
}

#[tokio::test]
async fn without_its_database_it_is_not_ready_and_the_metrics_say_why() {
    let app = TestApp::new().await;
    assert_eq!(sample(&scraped(&app).await, "latchkey_database_up"), Some(1.0));
    app.state.db.close().await;
    let (status, body) = ready(&app).await;
    assert_eq!((status, &body["database"]), (503, &"not reachable".into()));
    let text = scraped(&app).await;
    assert_eq!((text.status, sample(&text, "latchkey_database_up")), (200, Some(0.0)));
    let last = sample(&text, "latchkey_last_sweep_timestamp_seconds");
    assert_eq!(last, None, "what is not known is not told");
}

#[tokio::test]
async fn mail_that_waits_or_was_given_up_is_told_with_its_age_but_not_its_words() {
    let app = TestApp::new().await;
    app.tick().await;
    let (_, body) = ready(&app).await;
    assert_eq!((&body["oldest_unsent_at"], &body["waiting"]), (&Value::Null, &0.into()));
    owe_ada(&app).await;
    let owed_at = app.state.now();
    app.state.clock.advance(5 * MINUTE);
    owe_ada(&app).await;
    let (status, body) = ready(&app).await;
    assert_eq!(status, 200);
    assert_eq!(body["oldest_unsent_at"], owed_at.rfc3339());
    assert_eq!((&body["oldest_unsent_age"], &body["waiting"]), (&300.into(), &2.into()));
    let text = scraped(&app).await;
    assert_eq!(sample(&text, "latchkey_oldest_unsent_letter_age_seconds"), Some(300.0));
    assert_eq!(sample(&text, "latchkey_letters_waiting"), Some(2.0));
    execute(
        &app,
        "update outbox set undelivered_at = 1 where due_at = (select min(due_at) from outbox)",
    )
    .await;
    let mut tx = app.state.db.begin().await.unwrap();
    let why = "LATCHKEY_SMTP_URL: 535 no such user";
    store::installation::mark_mail_paused(&mut tx, why, owed_at).await.unwrap();
    tx.commit().await.unwrap();
    let (status, body) = ready(&app).await;
    assert_eq!((status, &body["mail_alarm"], &body["undelivered"]), (200, &true.into(), &1.into()));
    assert_eq!(body["oldest_unsent_age"], 0);
    let text = scraped(&app).await;
    assert!(!body.to_string().contains("535") && !text.body.contains("535"), "{body}");
    assert_eq!(sample(&text, "latchkey_mail_paused"), Some(1.0));
    assert_eq!(sample(&text, "latchkey_letters_undelivered"), Some(1.0));
}

/// Tokens are to be judged while nothing is swept because the wall clock is not believed.
#[tokio::test]
async fn a_doubted_clock_is_told_and_does_not_take_the_server_away() {
    let app = TestApp::new().await;
    app.tick().await;
    let mut tx = app.state.db.begin().await.unwrap();
    store::installation::mark_clock_doubted(&mut tx, app.state.now(), "ten years").await.unwrap();
    tx.commit().await.unwrap();
    app.state.clock.advance(20 * MINUTE);
    let (status, body) = ready(&app).await;
    assert_eq!((status, &body["clock_doubted"]), (200, &true.into()), "{body}");
    assert_eq!(sample(&scraped(&app).await, "latchkey_clock_doubted"), Some(1.0));
}

#[tokio::test]
async fn letters_are_counted_by_what_they_are_and_what_came_of_them() {
    let app = TestApp::new().await;
    let count = async |result: &str| {
        let name = format!("latchkey_letters_total{{letter=\"reset\",result=\"{result}\"}}");
        sample(&scraped(&app).await, &name)
    };
    assert_eq!(count("sent").await, None);
    owe_ada(&app).await;
    app.deliver_mail().await;
    assert_eq!(count("sent").await, Some(1.0));
    owe_ada(&app).await;
    let in_the_way = app.folder.path().join("no-folder");
    std::fs::write(&in_the_way, "").unwrap();
    let broken = AppState { mailer: Mailer::Folder(in_the_way), ..app.state.clone() };
    deliver::round(&broken).await.unwrap();
    assert_eq!((count("failed").await, count("undelivered").await), (Some(1.0), None));
    // Given up after three days and at least eight tries.
    for _ in 0..7 {
        app.pass_days(1);
        deliver::round(&broken).await.unwrap();
    }
    assert_eq!((count("failed").await, count("undelivered").await), (Some(7.0), Some(1.0)));
}

#[tokio::test]
async fn requests_refusals_and_tokens_are_counted() {
    let app = TestApp::new().await;
    let string = app.string_with(&["read"]).await;
    app.token(|raw| raw.expires = "7d".into()).await;
    app.api(&string).get("/api/v1/token").await;
    app.api("lka_x").get("/api/v1/token").await;
    app.api("lka_x").get("/api/v1/token").await;
    app.stranger().get("/account").await;
    let text = scraped(&app).await;
    let requests =
        |class: &str| sample(&text, &format!("latchkey_http_requests_total{{class=\"{class}\"}}"));
    assert_eq!(requests("2xx"), Some(1.0));
    assert_eq!((requests("3xx"), requests("4xx"), requests("5xx")), (Some(1.0), Some(2.0), None));
    assert_eq!(sample(&text, "latchkey_refusals_total{code=\"malformed_token\"}"), Some(2.0));
    assert_eq!(sample(&text, "latchkey_tokens{state=\"active\"}"), Some(2.0));
    app.pass_days(8);
    let text = scraped(&app).await;
    assert_eq!(sample(&text, "latchkey_tokens{state=\"active\"}"), Some(1.0));
    assert_eq!(sample(&text, "latchkey_tokens{state=\"expired\"}"), Some(1.0));
}

#[tokio::test]
async fn the_metrics_are_well_formed_and_hold_nothing_that_a_person_wrote() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.owner = "Quartz integrator".into()).await;
    app.tick().await;
    owe_ada(&app).await;
    app.deliver_mail().await;
    app.api(issued.string.reveal()).get("/api/v1/token").await;
    app.api("nonsense").get("/api/v1/token").await;
    let answer = scraped(&app).await;
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let mut named = BTreeSet::new();
    for line in answer.body.lines() {
        if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, _) = kind.split_once(' ').unwrap();
            assert!(named.insert(name.to_owned()), "{name} twice");
        } else if !line.starts_with('#') {
            let (sample, value) = line.rsplit_once(' ').unwrap();
            assert!(sample.starts_with("latchkey_") && value.parse::<f64>().is_ok(), "{line}");
        }
    }
    assert!(named.len() >= 14 && answer.body.ends_with("# EOF\n"), "{named:?}");
    for word in ["Quartz", "north", "ada", "harrow", "192.0.2", "@", "lka_"] {
        assert!(!answer.body.contains(word), "{word}: {}", answer.body);
    }
    let asked = Request::get("/metrics").header("accept", "application/openmetrics-text;q=0.9,*/*");
    let answer = app.send(asked.body(Body::empty()).unwrap()).await;
    assert!(answer.header("content-type").starts_with("application/openmetrics-text; version=1"));
}

#[tokio::test]
async fn with_an_address_of_their_own_the_metrics_are_nowhere_else() {
    let app = TestApp::new().await;
    let mut config = (*app.state.config).clone();
    config.metrics_listen = Some("127.0.0.1:9464".parse().unwrap());
    let state = AppState { config: Arc::new(config), ..app.state.clone() };
    let (listen, alone) = (Door::new(state.clone()), metrics::alone(state));
    let (status, page) = get(listen.clone(), "/metrics").await;
    assert!(status == 404 && !page.contains("latchkey_database_up"), "{status}");
    assert_eq!(get(listen, "/readyz").await.0, 200);
    let (status, text) = get(alone.clone(), "/metrics").await;
    assert!(status == 200 && text.contains("latchkey_database_up 1"), "{text}");
    for path in ["/", "/readyz", "/sign-in", "/api/v1/token", "/harrow-valley/settings/tokens"] {
        assert_eq!(get(alone.clone(), path).await, (404, String::new()), "{path}");
    }
}

/// What is answered at this address.
async fn get(
    app: impl Service<Request<Body>, Response = Response, Error = Infallible>,
    path: &str,
) -> (u16, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = app.oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn a_letter_that_waits_for_days_has_that_age() {
    let app = TestApp::new().await;
    owe_ada(&app).await;
    app.pass_days(2);
    let age = sample(&scraped(&app).await, "latchkey_oldest_unsent_letter_age_seconds");
    assert_eq!(age, Some((2 * DAY) as f64));
    app.deliver_mail().await;
    let age = sample(&scraped(&app).await, "latchkey_oldest_unsent_letter_age_seconds");
    assert_eq!(age, Some(0.0));
}

#[tokio::test]
async fn it_is_not_ready_while_it_cannot_judge() {
    let app = TestApp::new().await;
    app.state.clock.sleep(5_000);
    let answer = app.stranger().get("/readyz").await;
    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("The verify index has not heard from the database"));
    app.follow().await;
    assert_eq!(app.stranger().get("/readyz").await.status, 200);
}

/// Of each kind that operators are promised something stands there, once it has happened.
#[tokio::test]
async fn the_metrics_tell_of_verdicts_the_index_sweeps_mail_and_batches() {
    let mut apps = vec![TestApp::new().await];
    apps.extend(TestApp::on_postgres().await);
    for app in apps {
        let string = app.string_with(&["read"]).await;
        for query in ["", "?permission=tunnel"] {
            app.api(&string).get(&format!("/api/v1/authorize{query}")).await;
        }
        owe_ada(&app).await;
        app.deliver_mail().await;
        app.tick().await;
        app.flush().await;
        let text = scraped(&app).await;
        let index = |age: &f64| (0.0..5_000.0).contains(age);
        let told = |name: &str| sample(&text, &format!("latchkey_{name}"));
        assert_eq!(told("verdicts_total{call=\"authorize\",code=\"allowed\"}"), Some(1.0));
        let missing = "verdicts_total{call=\"authorize\",code=\"insufficient_permissions\"}";
        assert_eq!(told(missing), Some(1.0));
        assert_eq!(told("verdict_seconds_count{call=\"authorize\"}"), Some(2.0));
        assert_eq!(told("index_strings"), Some(1.0));
        assert!(told("index_age_milliseconds").as_ref().is_some_and(index), "{}", text.body);
        assert_eq!(told("sweep_duration_seconds_count"), Some(1.0));
        assert_eq!(told("letters_total{letter=\"reset\",result=\"sent\"}"), Some(1.0));
        for name in ["last_sweep_timestamp_seconds", "oldest_unsent_letter_age_seconds"] {
            assert!(told(name).is_some(), "{name}: {}", text.body);
        }
        assert_eq!(told("usage_batch_tokens_count"), Some(1.0));
        assert_eq!(told("usage_batch_tokens_sum"), Some(1.0));
        let shared = matches!(app.state.db, store::Db::Sqlite { .. });
        assert_eq!(told("commit_changes_count").is_some_and(|count| count > 0.0), shared);
    }
}
