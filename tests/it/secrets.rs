//! What is shown once stands nowhere else: not in the database, not in the log, not on a later page or answer.

use crate::caller::Browser;
use crate::database::dump;
use crate::pages::forms::{NEW, TOKENS, filled};
use crate::pages::members::accept::CREATE;
use crate::pages::members::{READER, invited, link};
use crate::removal::purged;
use crate::test_app::{PASSWORD, TestApp};
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD, Engine};
use latchkey::domain::token::Older;
use latchkey::domain::token_draft::RawDraft;
use latchkey::server::people::set_up;
use latchkey::server::secret::Code;
use latchkey::server::tokens::{issue, reissue};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once};
use tracing::Level;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::layer::SubscriberExt;

/// What every part of this process logs at debug level while somebody listens, the database's own threads included.
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static LISTENERS: AtomicUsize = AtomicUsize::new(0);

/// Listens until it is dropped.
struct Listener;

impl Drop for Listener {
    fn drop(&mut self) {
        LISTENERS.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Line;

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn listen() -> Listener {
    static START: Once = Once::new();
    START.call_once(|| {
        let heard = dynamic_filter_fn(|event, _| {
            *event.level() <= Level::DEBUG && LISTENERS.load(Ordering::SeqCst) > 0
        });
        let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(|| Line);
        let all = tracing_subscriber::registry().with(lines.with_filter(heard));
        tracing::subscriber::set_global_default(all).unwrap();
    });
    if LISTENERS.fetch_add(1, Ordering::SeqCst) == 0 {
        LOG.lock().unwrap().clear();
    }
    Listener
}

/// Where a secret must not stand: a name and what is there. Bytes that are no text cannot be part of one.
type Places = Vec<(String, String)>;

/// The files of the database with its log, every value in it, and what was logged.
async fn kept(app: &TestApp) -> Places {
    let mut places = vec![("rows".to_owned(), dump(app).await.join("\n"))];
    for file in std::fs::read_dir(app.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            // The mail: a code belongs there.
            continue;
        }
        places.push((path.display().to_string(), lossy(&std::fs::read(&path).unwrap())));
    }
    let wal = places.iter().find(|(name, _)| name.ends_with("latchkey.db-wal"));
    assert!(
        wal.is_some_and(|(_, bytes)| !bytes.is_empty()),
        "there is no write-ahead log to look into"
    );
    let logged = lossy(&LOG.lock().unwrap());
    assert!(logged.contains("DEBUG") && logged.contains("method="), "the log was not caught");
    places.push(("log".to_owned(), logged));
    places
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The secret in every shape in which it could lie about. `random`: the part that nobody can guess.
fn shapes(secret: &str, random: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let mut shapes = vec![
        BASE64_STANDARD_NO_PAD.encode(secret),
        BASE64_URL_SAFE_NO_PAD.encode(secret),
        hex.to_uppercase(),
        percent.to_lowercase(),
        hex,
        percent,
    ];
    shapes.extend((0..=random.len() - 12).map(|at| random[at..at + 12].to_owned()));
    for shift in 0..3 {
        // Base64 of the secret inside a longer text: each of its three alignments, without the edges.
        let text = BASE64_STANDARD.encode(format!("{}{secret}", "x".repeat(shift)));
        shapes.push(text[4..text.len() - 4].to_owned());
    }
    shapes
}

/// Where the secret stands, and in which shape.
fn found(secret: &str, random: &str, places: &Places) -> Vec<String> {
    let mut found = Vec::new();
    for shape in shapes(secret, random) {
        for (name, text) in places {
            if text.contains(&shape) {
                found.push(format!("{shape} in {name}"));
            }
        }
    }
    found
}

/// The strings of one token made on each face, with those that renewing and reissuing added.
async fn issued_everywhere(app: &TestApp, ada: &Browser<'_>) -> Vec<String> {
    let page = ada.post(NEW, &filled("form", ("", ""))).await.test_id("token-string").unwrap();
    let managing = app.string_with(&["access.manage", "tunnel"]).await;
    let api = app.api(&managing).with("idempotency-key", "call");
    let body =
        json!({ "owner": "Api", "email": "a@a.example", "can_renew": true, "expires": "1m" });
    let tokens = "/api/v1/workgroups/harrow-valley/tokens";
    let made = api.post(tokens, body).await.json();
    let again = json!({ "older": "keep" });
    let reissued =
        api.post(&format!("{tokens}/{}/reissue", made["id"].as_str().unwrap()), again).await;
    let raw = RawDraft {
        owner: "Seat".into(),
        email: "s@s.example".into(),
        can_renew: true,
        ..RawDraft::default()
    };
    let seat =
        issue::issue(&app.state, &app.seat(), &raw, None, None).await.unwrap().done_now().unwrap();
    let third =
        reissue::reissue(&app.state, &app.seat(), &seat.token.id, Older::End7Days, None, None)
            .await;
    let third = third.unwrap().done_now().unwrap();
    let form = [("action", "reissue"), ("older", "keep"), ("idempotency_key", "again")];
    let fourth =
        ada.post(&format!("{TOKENS}/{}", seat.token.id), &form).await.test_id("token-string");
    let text = |value: &Value| value["token"].as_str().unwrap().to_owned();
    let mut strings =
        vec![page, managing.clone(), text(&made), text(&reissued.json()), fourth.unwrap()];
    strings.extend([seat.string.reveal().to_owned(), third.string.reveal().to_owned()]);
    for string in strings.clone() {
        let renewed = app.api(&string).post("/api/v1/token/renew", Value::Null).await;
        assert_eq!(renewed.status, 200, "{}", renewed.body);
        strings.push(text(&renewed.json()));
    }
    strings
}

/// Every page, server function, and API answer that tells about the tokens afterwards.
async fn answers_afterwards(app: &TestApp, ada: &Browser<'_>, managing: &str) -> Places {
    let api = app.api(managing).with("idempotency-key", "call");
    let tokens = "/api/v1/workgroups/harrow-valley/tokens";
    let list = api.get(tokens).await;
    let mut places = Places::new();
    for item in list.json()["items"].as_array().unwrap() {
        let id = item["id"].as_str().unwrap();
        for path in ["", "?dialog=reissue", "?dialog=revoke", "?dialog=retire&number=1", "/edit"] {
            places.push((path.into(), ada.get(&format!("{TOKENS}/{id}{path}")).await.body));
        }
        places.push(("like".into(), ada.get(&format!("{NEW}?like={id}")).await.body));
        let rpc = format!("/rpc/read_token?workgroup=harrow-valley&id={id}");
        places.push(("rpc".into(), ada.get(&rpc).await.body));
        places.push(("api".into(), api.get(&format!("{tokens}/{id}")).await.body));
    }
    assert!(places.len() > 20);
    let body =
        json!({ "owner": "Api", "email": "a@a.example", "can_renew": true, "expires": "1m" });
    let replayed = api.post(tokens, body).await;
    assert_eq!(replayed.header("idempotency-replayed"), "true");
    let twice = ada.post(NEW, &filled("form", ("", ""))).await;
    for (name, body) in [("list", list.body), ("replayed", replayed.body), ("twice", twice.body)] {
        places.push((name.into(), body));
    }
    for path in [TOKENS, "/account", "/harrow-valley/settings/tokens?revoked=1"] {
        places.push((path.into(), ada.get(path).await.body));
    }
    places
}

/// What stands of them when all have left the system and somebody still calls with each.
async fn removed(app: &TestApp, strings: &[String]) -> Places {
    app.pass_days(800);
    assert!(purged(app).await.tokens > 3);
    let mut places = Places::new();
    for string in strings {
        let late = app.api(string).get("/api/v1/token").await;
        assert!(
            ["token_expired", "token_superseded"].contains(&late.code().as_str()),
            "{}",
            late.body
        );
        places.push(("late".into(), late.body));
    }
    app.flush().await;
    let ada = app.browser("ada@harrow.example").await;
    let list = ada.get(TOKENS).await;
    assert!(list.body.contains("removed-string"));
    places.push(("removed".into(), list.body));
    places.extend(kept(app).await);
    places
}

#[tokio::test]
async fn an_issued_string_stands_in_the_one_answer_that_shows_it() {
    let _listener = listen();
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let strings = issued_everywhere(&app, &ada).await;
    assert_eq!(strings.len(), 14);
    app.flush().await;
    let mut places = answers_afterwards(&app, &ada, &strings[1]).await;
    places.extend(kept(&app).await);
    places.extend(removed(&app, &strings).await);
    for string in &strings {
        assert_eq!(found(string, &string[4..36], &places), Vec::<String>::new());
    }
}

/// What was refused is not written down either: a string in the wrong place may be a live one.
#[tokio::test]
async fn a_string_that_was_sent_wrongly_is_not_logged() {
    let _listener = listen();
    let app = TestApp::new().await;
    let string = app.string_with(&["access.manage"]).await;
    let cut = &string[..string.len() - 1];
    for sent in [
        format!("Bearer {cut}"),
        string.clone(),
        format!("Basic {string}"),
        format!("Bearer {string}x"),
    ] {
        let request =
            axum::http::Request::builder().uri("/api/v1/token").header("authorization", sent);
        let answer = app.send(request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 401);
        assert_eq!(
            found(&string, &string[4..36], &vec![("answer".into(), answer.body)]),
            Vec::<String>::new()
        );
    }
    app.stranger().get(&format!("/api/v1/token?token={string}")).await;
    app.ada().await.post(NEW, &[("owner", &string)]).await;
    assert_eq!(found(&string, &string[4..36], &kept(&app).await), Vec::<String>::new());
}

#[tokio::test]
async fn a_session_and_a_set_up_code_are_kept_as_hashes_and_logged_nowhere() {
    let _listener = listen();
    let app = TestApp::empty().await;
    let code = set_up::open_link(&app.state).await.unwrap().unwrap();
    let link = format!("/setup/{}", code.reveal());
    let form = [
        ("name", "Ada"),
        ("email", "ada@first.example"),
        ("password", PASSWORD),
        ("workgroup", "First"),
        ("time_zone", "UTC"),
    ];
    app.stranger().get(&link).await;
    app.stranger().get(&format!("/rpc/read_set_up?code={}", code.reveal())).await;
    let before = kept(&app).await;
    let done = app.stranger().post(&link, &form).await;
    let cookie = done.header("set-cookie").strip_prefix("latchkey=").unwrap();
    let session = cookie.split(';').next().unwrap().to_owned();
    let ada = Browser::new(&app, Some(Code::received(&session)));
    let account = ada.get("/account").await;
    let tokens = ada.get("/first/settings/tokens").await;
    assert_eq!((account.status, tokens.status), (200, 200));
    let mut places = kept(&app).await;
    places.extend([("account".into(), account.body), ("tokens".into(), tokens.body)]);
    for secret in [session.as_str(), PASSWORD] {
        assert_eq!(found(secret, secret, &places), Vec::<String>::new());
    }
    for places in [&before, &places] {
        assert_eq!(found(code.reveal(), code.reveal(), places), Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_code_of_a_mailed_link_stands_in_its_letter_alone() {
    let _listener = listen();
    let app = TestApp::new().await;
    app.stranger().post("/reset", &[("email", "ada@harrow.example")]).await;
    let mut places = kept(&app).await;
    let letter = app.deliver_mail().await.pop().unwrap();
    let code = letter.path().strip_prefix("/reset/").unwrap().to_owned();
    assert_eq!(code.len(), 43);
    let form = app.stranger().get(&letter.path()).await;
    let rpc = app.stranger().get(&format!("/rpc/read_reset?code={code}")).await;
    let refused = app.stranger().post(&letter.path(), &[("new_password", "short")]).await;
    let password = "seven mild yellow oxen";
    assert_eq!((form.status, rpc.status, refused.status), (200, 200, 422));
    let done = app.stranger().post(&letter.path(), &[("new_password", password)]).await;
    assert_eq!(done.status, 303);
    places.extend(kept(&app).await);
    places.extend([("rpc".into(), rpc.body), ("refused".into(), refused.body)]);
    for secret in [code.as_str(), password] {
        assert_eq!(found(secret, secret, &places), Vec::<String>::new());
    }
}

#[tokio::test]
async fn an_invitations_code_is_kept_as_a_hash_and_logged_nowhere() {
    let _listener = listen();
    let app = TestApp::new().await;
    let link = link(&app, &invited(&app, "gil@example.com", READER).await).await;
    let code = link.trim_start_matches("/invite/");
    let gone = format!("/reset/{code}");
    for path in [&link, &format!("/rpc/read_invitation?code={code}"), &gone] {
        app.stranger().get(path).await;
    }
    app.stranger().get(&format!("/sign-in?next={link}")).await;
    app.stranger().post(&link, &[("action", "create"), ("name", "")]).await;
    let list = app.ada().await.get("/harrow-valley/settings/members").await;
    let mut places = kept(&app).await;
    assert_eq!(app.stranger().post(&link, CREATE).await.status, 303);
    places.extend(kept(&app).await);
    places.push(("members".into(), list.body));
    assert_eq!(found(code, code, &places), Vec::<String>::new());
}

/// The scan itself finds what it looks for.
#[test]
fn the_scan_sees_a_secret_in_every_shape() {
    let secret = "lka_0123456789abcdefghijABCDEFGHIJ01XyZ9aB";
    let inside = |text: String| found(secret, &secret[4..36], &vec![("here".into(), text)]);
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    for text in [
        format!("token={secret}."),
        secret[10..22].to_owned(),
        BASE64_STANDARD.encode(format!("Bearer {secret}")),
        format!("x'{}'", hex.to_uppercase()),
        hex,
        secret.bytes().map(|byte| format!("%{byte:02X}")).collect(),
    ] {
        assert!(!inside(text.clone()).is_empty(), "{text}");
    }
    assert!(inside(format!("{} {}", &secret[..15], &secret[25..])).is_empty());
}
