//! What was denied stands in the record, once a minute, whatever face it was tried at; what does not exist does not.

use super::activity::{ACTIVITY, rows};
use super::forms::{NEW, TOKENS, filled};
use crate::test_app::TestApp;
use latchkey::domain::activity_list::ActivityRow;
use latchkey::domain::activity_query::ActivityQuery;
use latchkey::domain::time::MINUTE;
use latchkey::domain::time::Time;
use latchkey::server::store::activity_lists::{Ask, page};
use serde_json::json;

/// The denials of the workgroup, oldest first.
async fn denials(app: &TestApp) -> Vec<ActivityRow> {
    let query = ActivityQuery { denied: true, ..ActivityQuery::default() };
    let (since, until) = (Time(i64::MIN), Time(i64::MAX));
    let ask = Ask { workgroup_id: &app.harrow.id, query: &query, since, until, most: 100 };
    let mut reader = app.state.db.read().await.unwrap();
    let mut rows = page(&mut reader, &ask, None, true).await.unwrap().rows;
    rows.reverse();
    rows
}

async fn verbs(app: &TestApp) -> Vec<&'static str> {
    denials(app).await.iter().map(|row| row.done.verb.code()).collect()
}

#[tokio::test]
async fn every_action_on_the_pages_that_was_denied_is_recorded_with_its_token() {
    let app = TestApp::new().await;
    let token = app.token(|raw| raw.owner = "North plant".into()).await.token;
    let eve = app.member("Eve", &["read"], None).await;
    let page = format!("{TOKENS}/{}", token.id);
    let edit = format!("{page}/edit");
    let new = filled("key", ("owner", "Eve's own"));
    let tries: [(&str, &[(&str, &str)]); 5] = [
        (NEW, &new),
        (&edit, &[("version", "1"), ("owner", "X"), ("email", "x@x.example")]),
        (&page, &[("action", "reissue"), ("older", "now"), ("idempotency_key", "k")]),
        (&page, &[("action", "retire"), ("number", "1")]),
        (&page, &[("action", "revoke")]),
    ];
    for (path, fields) in tries {
        assert_eq!(eve.post(path, fields).await.status, 403, "{path} {fields:?}");
    }
    let rows = denials(&app).await;
    let said: Vec<_> = rows
        .iter()
        .map(|row| (row.done.verb.code(), row.done.subject.as_str(), row.done.subject_id.as_str()))
        .collect();
    let (name, id) = ("North plant", token.id.as_str());
    let mut expected = vec![("token.created", "Eve's own", "")];
    for verb in ["token.edited", "token.reissued", "token.string_retired", "token.revoked"] {
        expected.push((verb, name, id));
    }
    assert_eq!(said, expected);
    for row in &rows {
        assert_eq!(
            (row.done.actor.as_str(), row.done.address.as_deref()),
            ("Eve", Some("192.0.2.1"))
        );
        assert!(row.done.denied.as_deref().unwrap().starts_with("This needs Manage access"));
    }
}

#[tokio::test]
async fn a_form_that_is_wrong_besides_is_denied_all_the_same() {
    let app = TestApp::new().await;
    let token = app.token(|_| {}).await.token;
    let eve = app.member("Eve", &["read"], None).await;
    let page = format!("{TOKENS}/{}", token.id);
    for (path, fields) in [
        (NEW, &[("device", "pump-1"), ("owner", "")][..]),
        (&page, &[("action", "reissue"), ("older", "never")]),
        (&page, &[("action", "retire"), ("number", "one")]),
    ] {
        assert_eq!(eve.post(path, fields).await.status, 403, "{fields:?}");
    }
    assert_eq!(verbs(&app).await, ["token.created", "token.reissued", "token.string_retired"]);
}

#[tokio::test]
async fn the_same_denial_is_recorded_once_a_minute_for_each_actor_verb_and_subject() {
    let app = TestApp::new().await;
    let (one, two) = (app.token(|_| {}).await.token, app.token(|_| {}).await.token);
    let eve = app.member("Eve", &["read"], None).await;
    let ulf = app.member("Ulf", &["read"], None).await;
    let revoke = [("action", "revoke")];
    for _ in 0..3 {
        eve.post(&format!("{TOKENS}/{}", one.id), &revoke).await;
    }
    assert_eq!(denials(&app).await.len(), 1);
    app.state.clock.advance(MINUTE - 1);
    eve.post(&format!("{TOKENS}/{}", one.id), &revoke).await;
    assert_eq!(denials(&app).await.len(), 1);
    eve.post(&format!("{TOKENS}/{}", two.id), &revoke).await;
    eve.post(&format!("{TOKENS}/{}", one.id), &[("action", "retire"), ("number", "1")]).await;
    ulf.post(&format!("{TOKENS}/{}", one.id), &revoke).await;
    assert_eq!(denials(&app).await.len(), 4);
    app.state.clock.advance(1);
    eve.post(&format!("{TOKENS}/{}", one.id), &revoke).await;
    assert_eq!(denials(&app).await.len(), 5);
}

#[tokio::test]
async fn ids_that_stand_for_nothing_are_not_kept_and_cannot_fill_the_record() {
    let app = TestApp::new().await;
    app.user("Bea", "bea@harrow.example").await;
    app.workgroup("Brook Mill", "bea@harrow.example").await;
    let bea = app.browser("bea@harrow.example").await;
    let eve = app.member("Eve", &["read"], None).await;
    for number in 0..20 {
        let page = format!("{TOKENS}/0192f0a1-0000-7000-8000-0000000000{number:02}");
        assert_eq!(eve.post(&page, &[("action", "revoke")]).await.status, 403);
        assert_eq!(bea.post(&page, &[("action", "revoke")]).await.status, 404);
        assert_eq!(app.ada().await.post(&page, &[("action", "revoke")]).await.status, 404);
    }
    let rows = denials(&app).await;
    assert_eq!(rows.len(), 1, "{rows:#?}");
    assert_eq!((rows[0].done.subject.as_str(), rows[0].done.subject_id.as_str()), ("", ""));
}

#[tokio::test]
async fn granting_what_one_does_not_hold_is_recorded_with_its_reason() {
    let app = TestApp::new().await;
    let mona = app.member("Mona", &["access.manage", "read"], None).await;
    assert_eq!(mona.post(NEW, &filled("key", ("owner", "Probe"))).await.status, 403);
    let record = rows(&app.ada().await.get(&format!("{ACTIVITY}?denied=1")).await);
    assert_eq!(record.len(), 1);
    assert!(
        record[0].starts_with("Token created Denied Probe You cannot grant tunnel"),
        "{record:?}"
    );
}

#[tokio::test]
async fn a_program_that_is_denied_is_recorded_by_its_token() {
    let app = TestApp::new().await;
    let token = app.token(|raw| raw.owner = "Target".into()).await.token;
    let bot = app.token(|raw| raw.owner = "Bot".into()).await;
    let api = app.api(bot.string.reveal());
    let tokens = "/api/v1/workgroups/harrow-valley/tokens";
    let one = format!("{tokens}/{}", token.id);
    assert_eq!(api.post(tokens, json!({ "owner": 1 })).await.status, 403);
    assert_eq!(api.patch(&one, json!({ "nonsense": true })).await.status, 403);
    for path in ["reissue", "revoke", "strings/1/retire"] {
        assert_eq!(api.post(&format!("{one}/{path}"), json!(null)).await.status, 403, "{path}");
    }
    for path in [tokens, &one] {
        assert_eq!(api.get(path).await.status, 403, "looking is no change");
    }
    let rows = denials(&app).await;
    let said: Vec<_> = rows.iter().map(|row| row.done.verb.code()).collect();
    let expected = [
        "token.created",
        "token.edited",
        "token.reissued",
        "token.revoked",
        "token.string_retired",
    ];
    assert_eq!(said, expected);
    for row in &rows {
        assert_eq!((row.actor_kind.as_str(), &row.actor_id), ("token", &bot.token.id));
        assert!(row.actor_stands);
    }
    let page = app.ada().await.get(&format!("{ACTIVITY}?denied=1")).await;
    assert!(page.body.contains(&format!("href=\"{TOKENS}/{}\"", bot.token.id)));
}

#[tokio::test]
async fn a_denial_holds_no_secret_and_nothing_without_end() {
    let app = TestApp::new().await;
    let string = app.string_with(&["read"]).await;
    let eve = app.member("Eve", &["read"], None).await;
    let long = "<b>".repeat(5000);
    for (number, owner) in [string.as_str(), &long].into_iter().enumerate() {
        app.state.clock.advance(MINUTE);
        let key = format!("key-{number}");
        let mut fields = filled(&key, ("owner", if number == 1 { owner } else { "Plain" }));
        fields.extend([
            ("name", string.as_str()),
            ("note", string.as_str()),
            ("permissions", &string),
        ]);
        assert_eq!(eve.post(NEW, &fields).await.status, 403);
    }
    let rows = denials(&app).await;
    assert_eq!(rows.len(), 2);
    let text = format!("{rows:?}");
    assert!(!text.contains(&string[4..16]) && text.len() < 3000, "{text}");
}

/// Who opens an edit form late is told of the last change, not of the last denial.
#[tokio::test]
async fn a_denial_is_not_taken_for_a_change() {
    let app = TestApp::new().await;
    let token = app.token(|_| {}).await.token;
    let edit = format!("{TOKENS}/{}/edit", token.id);
    let fields =
        [("version", "1"), ("owner", "Newer"), ("email", "x@x.example"), ("expires", "3m")];
    let ada = app.ada().await;
    assert_eq!(ada.post(&edit, &fields).await.status, 303);
    let eve = app.member("Eve", &["read"], None).await;
    app.state.clock.advance(MINUTE);
    assert_eq!(eve.post(&edit, &fields).await.status, 403);
    let late = ada.post(&edit, &fields).await;
    assert_eq!(late.status, 409);
    assert!(late.body.contains("Ada was the last") && !late.body.contains("Eve was"));
}
