//! `/api/v1/authorize`, as a proxy asks it of every request that it is about to let through.

use super::{AUTHORIZE, LEGACY, call_with, device_string, legacy, on_each, shown, sql, text};
use crate::caller::Answer;
use crate::test_app::TestApp;
use axum::body::Body;
use axum::http::Method;
use latchkey::domain::token::Older;
use latchkey::server::devices::groups::RawRule;
use latchkey::server::devices::register::{RawDevice, register};
use latchkey::server::grants;
use latchkey::server::tokens::{reissue, revoke};

async fn ask(app: &TestApp, string: &str, query: &str) -> Answer {
    app.api(string).get(&format!("{AUTHORIZE}?{query}")).await
}

/// `204`, or status and true code.
async fn verdict(app: &TestApp, string: &str, query: &str) -> String {
    let answer = ask(app, string, query).await;
    match answer.status {
        204 => "204".to_owned(),
        status => {
            let code = answer.header("x-latchkey-code").to_owned();
            assert_eq!(code, answer.code(), "the header says what the body says");
            assert_eq!(answer.json()["status"], status);
            format!("{status} {code}")
        }
    }
}

/// The headers of ours that an answer carries, but for the request's id.
fn ours(answer: &Answer) -> Vec<String> {
    let named = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        name.as_str()
            .starts_with("x-latchkey")
            .then(|| format!("{name}: {}", value.to_str().unwrap()))
    };
    let mut lines: Vec<_> = answer.headers.iter().filter_map(named).collect();
    lines.sort();
    lines
}

async fn pumps(app: &TestApp) {
    for number in [2, 3] {
        let raw = RawDevice {
            external_id: format!("pump-{number}"),
            name: format!("Pump {number}"),
            ..RawDevice::default()
        };
        register(&app.state, &app.seat(), &raw, None).await.unwrap();
    }
}

/// A token of the group North, which holds pump-2.
async fn bound(app: &TestApp) -> String {
    let rule = RawRule::In(vec!["pump-2".into()]);
    crate::pages::device_groups::group(app, "Nörd 1", rule).await;
    let issued = app.token(|raw| raw.device_group = "Nörd 1".into()).await;
    text(&issued).to_owned()
}

#[tokio::test]
async fn a_live_string_passes_and_the_api_learns_whose_it_is() {
    on_each(async |app| {
        let issued = app
            .token(|raw| {
                raw.owner = "Zoë 50%".into();
                raw.permissions = vec!["read".into(), "devices.control".into()];
            })
            .await;
        let id = &issued.token.id;
        let answer = ask(&app, text(&issued), "workgroup=harrow-valley&permission=read").await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""));
        let wanted = [
            "x-latchkey-kind: access".to_owned(),
            "x-latchkey-owner: Zo%C3%AB 50%25".to_owned(),
            "x-latchkey-permissions: devices.control read".to_owned(),
            "x-latchkey-token-expires: 2027-02-21T10:00:00Z".to_owned(),
            format!("x-latchkey-token: {id}"),
            "x-latchkey-workgroup: harrow-valley".to_owned(),
        ];
        assert_eq!(ours(&answer), wanted);
        assert!(!answer.header("x-request-id").is_empty());
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let path = format!("{AUTHORIZE}?permission=read");
            let answer = app.api(text(&issued)).call(method.clone(), &path, Body::from("x")).await;
            assert_eq!(answer.status, 204, "{method}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_bound_says_to_what() {
    let app = TestApp::new().await;
    let device = device_string(&app).await;
    pumps(&app).await;
    let group = bound(&app).await;
    let answer = ask(&app, &device, "device=pump-1").await;
    assert!(ours(&answer).contains(&"x-latchkey-device: pump-1".to_owned()));
    assert!(ours(&answer).contains(&"x-latchkey-kind: device".to_owned()));
    assert!(ours(&answer).contains(&"x-latchkey-token-expires: never".to_owned()));
    let answer = ask(&app, &group, "device=any").await;
    assert!(ours(&answer).contains(&"x-latchkey-device-group: N%C3%B6rd 1".to_owned()));
}

#[tokio::test]
async fn every_question_has_its_verdict() {
    let app = TestApp::new().await;
    let (whole, device) = (app.string_with(&["read", "tunnel"]).await, device_string(&app).await);
    pumps(&app).await;
    let group = bound(&app).await;
    let harrow = "workgroup=harrow-valley";
    for (string, query, wanted) in [
        (&whole, "", "204"),
        (&whole, harrow, "204"),
        (&whole, "workgroup=brook-mill", "401 invalid_token"),
        (&whole, "workgroup=", "401 invalid_token"),
        (&whole, "permission=read&permission=tunnel", "204"),
        (&whole, "permission=read&permission=devices.control", "403 insufficient_permissions"),
        (&whole, "permission=unheard.of", "403 insufficient_permissions"),
        (&whole, "permission=", "403 insufficient_permissions"),
        (&whole, "kind=access", "204"),
        (&whole, "kind=device", "403 wrong_token_type"),
        (&whole, "kind=nonsense", "403 invalid_input"),
        (&whole, "permisson=read", "403 invalid_input"),
        (&whole, "permisson=read&statuses=full", "422 invalid_input"),
        (&whole, "device=pump-1", "204"),
        (&whole, "device=any", "204"),
        (&whole, "device=pump-9", "403 not_found"),
        (&whole, "device=pump-9&statuses=full", "404 not_found"),
        (&device, "device=pump-1", "204"),
        (&device, "device=any", "204"),
        (&device, "", "403 insufficient_permissions"),
        (&device, "device=pump-2", "403 not_found"),
        (&device, "device=PUMP-1", "403 not_found"),
        (&device, "device=", "403 not_found"),
        (&device, "kind=access&device=any", "403 wrong_token_type"),
        (&group, "device=pump-2", "204"),
        (&group, "device=pump-3", "403 not_found"),
        (&group, "permission=read", "403 insufficient_permissions"),
        (&group, "permission=read&device=any", "204"),
    ] {
        assert_eq!(verdict(&app, string, query).await, wanted, "{query}");
    }
    let missing = ask(&app, &whole, "permission=devices.control&permission=unheard.of").await;
    assert_eq!(missing.json()["required_permission"], "devices.control unheard.of");
    let challenge = missing.header("www-authenticate");
    assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
    assert!(challenge.contains("scope=\"devices.control unheard.of\""), "{challenge}");
}

#[tokio::test]
async fn a_string_that_ended_or_never_was_is_told_why() {
    let app = TestApp::new().await;
    let short = app.token(|raw| raw.expires = "7d".into()).await;
    let lasting = app.token(|_| {}).await;
    let (unknown, live) = (super::unknown_string(), text(&lasting).to_owned());
    assert_eq!(verdict(&app, &unknown, "").await, "401 invalid_token");
    assert_eq!(verdict(&app, "lka_short", "").await, "401 malformed_token");
    assert_eq!(verdict(&app, "lka_short", "statuses=full").await, "401 malformed_token");
    let lines: [(&[&[u8]], &str); 4] = [
        (&[], "401 missing_token"),
        (&[b"Basic eDp5"], "401 missing_bearer_prefix"),
        (&[b"Bearer a", b"Bearer b"], "401 duplicate_credentials"),
        (&[b"Bearer \xff"], "401 malformed_token"),
    ];
    for (lines, wanted) in lines {
        let answer = call_with(&app, Method::GET, AUTHORIZE, lines).await;
        let got = format!("{} {}", answer.status, answer.header("x-latchkey-code"));
        assert_eq!(got, wanted);
        assert!(answer.header("www-authenticate").starts_with("Bearer realm=\"latchkey\""));
    }
    let full = format!("{AUTHORIZE}?statuses=full");
    let twice = call_with(&app, Method::GET, &full, &[b"Bearer a", b"Bearer a"]).await;
    assert_eq!(twice.status, 400);
    let id = &lasting.token.id;
    let older = Older::EndNow;
    reissue::reissue(&app.state, &app.seat(), id, older, None, None).await.unwrap();
    assert_eq!(verdict(&app, &live, "").await, "401 token_superseded");
    revoke::revoke(&app.state, &app.seat(), id, false, None, None).await.unwrap();
    assert_eq!(verdict(&app, &live, "").await, "401 token_revoked");
    app.pass_days(7);
    assert_eq!(verdict(&app, text(&short), "").await, "401 token_expired");
    let expired = ask(&app, text(&short), "").await;
    assert_eq!(expired.json()["expired_at"], "2026-11-28T10:00:00Z");
    assert_eq!(expired.header("x-latchkey-token-expires"), "", "it does not live");
    // Removed four weeks later: who calls late is still told, from the tombstone.
    app.pass_days(29);
    app.tick().await;
    app.deliver_mail().await;
    app.tick().await;
    assert_eq!(
        crate::database::ask(&app, "select hint from tombstones where why = 'expired'").await.len(),
        1
    );
    assert_eq!(verdict(&app, text(&short), "").await, "401 token_expired");
    assert_eq!(verdict(&app, text(&short), "workgroup=other").await, "401 invalid_token");
    app.pass_days(366);
    app.tick().await;
    assert_eq!(verdict(&app, text(&short), "").await, "401 invalid_token");
}

#[tokio::test]
async fn the_refusals_byte_for_byte() {
    let app = TestApp::new().await;
    let string = app.string_with(&["read"]).await;
    let mut all = String::new();
    for query in [
        "permission=tunnel",
        "permission=unheard.of&permission=tunnel",
        "device=pump-9",
        "kind=device",
        "workgroup=other",
        "permisson=read",
        "permisson=read&statuses=full",
    ] {
        all += &format!("?{query}\n{}\n\n", shown(&ask(&app, &string, query).await));
    }
    insta::assert_snapshot!(all);
}

#[tokio::test]
async fn a_legacy_string_passes_only_where_no_permission_is_asked() {
    let app = TestApp::new().await;
    legacy(&app).await;
    grants::fill(&app.state.db, &app.state.clock, &app.state.grants).await.unwrap();
    let answer = ask(&app, LEGACY, "workgroup=harrow-valley").await;
    assert_eq!(answer.status, 204, "{}", answer.body);
    assert!(ours(&answer).contains(&"x-latchkey-kind: legacy".to_owned()));
    assert!(ours(&answer).contains(&"x-latchkey-legacy-scopes: plant.all".to_owned()));
    // It was made with it, but what a legacy token holds is its scopes alone.
    assert_eq!(verdict(&app, LEGACY, "permission=read").await, "403 insufficient_permissions");
    assert_eq!(verdict(&app, LEGACY, "permission=plant.all").await, "403 insufficient_permissions");
    assert_eq!(verdict(&app, LEGACY, "kind=access").await, "403 wrong_token_type");
}

#[tokio::test]
async fn a_minute_holds_as_many_requests_as_the_token_may_make() {
    let app = TestApp::new().await;
    let issued = app.token(|raw| raw.rate_limit = "3".into()).await;
    let string = text(&issued);
    assert_eq!(verdict(&app, string, "").await, "204");
    // What is refused for its permission is charged, what is refused for its string is not.
    assert_eq!(verdict(&app, string, "permission=tunnel").await, "403 insufficient_permissions");
    assert_eq!(verdict(&app, string, "workgroup=other").await, "401 invalid_token");
    assert_eq!(verdict(&app, string, "").await, "204");
    let limited = ask(&app, string, "").await;
    assert_eq!((limited.status, limited.header("x-latchkey-code")), (403, "rate_limited"));
    let wait: i64 = limited.header("retry-after").parse().unwrap();
    assert!((1..=21).contains(&wait), "{wait}");
    assert_eq!(limited.header("ratelimit-policy"), "\"requests\";q=3;w=60");
    assert_eq!(limited.header("ratelimit"), format!("\"requests\";r=0;t={wait}"));
    assert!(!limited.header("x-latchkey-token-expires").is_empty(), "it lives");
    assert_eq!(verdict(&app, string, "statuses=full").await, "429 rate_limited");
    // Its neighbour has a minute of its own; so has it once its limit is another.
    assert_eq!(verdict(&app, &app.string_with(&["read"]).await, "").await, "204");
    let manager = app.string_with(&["access.manage"]).await;
    let path = super::path_of(&issued);
    let more = serde_json::json!({ "version": 1, "rate_limit": 50 });
    assert_eq!(app.api(&manager).patch(&path, more).await.status, 200);
    assert_eq!(verdict(&app, string, "").await, "204");
}

#[tokio::test]
async fn what_the_index_has_not_heard_of_for_five_seconds_allows_nothing() {
    let app = TestApp::new().await;
    let string = app.string_with(&["read"]).await;
    app.state.clock.sleep(4_999);
    assert_eq!(verdict(&app, &string, "").await, "204");
    app.state.clock.sleep(1);
    let answer = ask(&app, &string, "").await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "unavailable"));
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(verdict(&app, "lka_short", "").await, "503 unavailable", "never a no either");
    app.follow().await;
    assert_eq!(verdict(&app, &string, "").await, "204");
}

#[tokio::test]
async fn what_another_process_changed_counts_after_the_next_look() {
    on_each(async |app| {
        let issued = app.token(|_| {}).await;
        // Another process has a state, and an index, of its own.
        let other = latchkey::server::state::AppState::new(
            app.state.db.clone(),
            app.state.clock.clone(),
            (*app.state.config).clone(),
        );
        let id = &issued.token.id;
        revoke::revoke(&other, &app.seat(), id, false, None, None).await.unwrap();
        assert_eq!(verdict(&app, text(&issued), "").await, "204", "it has not looked yet");
        app.follow().await;
        assert_eq!(verdict(&app, text(&issued), "").await, "401 token_revoked");
    })
    .await;
}

#[tokio::test]
async fn an_edit_of_a_group_counts_at_once() {
    let app = TestApp::new().await;
    device_string(&app).await;
    pumps(&app).await;
    let string = bound(&app).await;
    assert_eq!(verdict(&app, &string, "device=pump-3").await, "403 not_found");
    sql(&app, "update device_groups set rule = 'not_in'").await;
    sql(&app, "insert into changes select max(number) + 1, 'device_group', (select id from device_groups) from changes").await;
    sql(&app, "update installation set change_number = change_number + 1").await;
    app.follow().await;
    assert_eq!(verdict(&app, &string, "device=pump-3").await, "204");
    assert_eq!(verdict(&app, &string, "device=pump-2").await, "403 not_found");
}

#[tokio::test]
async fn an_index_that_has_lost_the_thread_reads_everything_anew() {
    let app = TestApp::new().await;
    let issued = app.token(|_| {}).await;
    let gone = app.token(|_| {}).await;
    // A backup was put in its place: the counter went back, and a token is not there any more.
    sql(&app, "delete from tokens where id = (select max(id) from tokens)").await;
    sql(&app, "update installation set change_number = 1").await;
    app.follow().await;
    assert_eq!(verdict(&app, text(&issued), "").await, "204");
    assert_eq!(verdict(&app, text(&gone), "").await, "401 invalid_token");
    // Changes that were forgotten before they were read.
    sql(&app, "update installation set change_number = 1000").await;
    sql(&app, "insert into changes values (1000, 'token', 'x')").await;
    app.follow().await;
    assert_eq!(verdict(&app, text(&issued), "").await, "204");
}
