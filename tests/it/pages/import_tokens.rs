//! Legacy tokens from a file: their strings work, whatever they look like; they are listed, revoked and replaced, nothing else.

use super::forms::{IMPORT_TOKENS, NEW, TOKENS, ids, says, tag};
use crate::caller::Answer;
use crate::database::dump;
use crate::test_app::TestApp;
use latchkey::domain::lifetime::Lifetime;
use latchkey::domain::time::Time;
use latchkey::domain::token::{Kind, Origin, Reach};
use latchkey::server::imports::run;
use latchkey::server::secret::sha256;
use std::fmt::Write;

const OWN: &str = "/api/v1/token";
const ODD: &str = "abc-123 with_odd/chars=";

pub fn hash_of(string: &str) -> String {
    sha256(string.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file of owners, their strings and when those end.
pub fn file(rows: &[(&str, &str, &str)]) -> String {
    let mut file = "owner,email,sha256,expires_at,scopes\n".to_owned();
    for (owner, string, end) in rows {
        writeln!(file, "{owner},ops@old.example,{},{end},plant.read plant.all", hash_of(string))
            .unwrap();
    }
    file
}

/// Uploads and confirms the file and makes all of it.
pub async fn imported(app: &TestApp, file: &str) {
    let ada = app.ada().await;
    let answer = ada.upload(IMPORT_TOKENS, "old.csv", file.as_bytes(), "").await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = answer.header("location").to_owned();
    assert_eq!(ada.post(&page, &[("action", "start")]).await.status, 303);
    let run = run::take_up(&app.state).await.unwrap().unwrap();
    while run.batch(&app.state).await.unwrap() {}
    assert!(says(&ada.get(&page).await, "made."));
}

async fn id_of(app: &TestApp, owner: &str) -> String {
    let list = app.ada().await.get(&format!("{TOKENS}?search={}", owner.replace(' ', "+"))).await;
    ids(&list).remove(0)
}

fn verdict(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

#[tokio::test]
async fn a_string_of_any_format_works_until_it_is_revoked() {
    let app = TestApp::new().await;
    let ours_alike = app.token(|_| {}).await.string.reveal().to_owned();
    let other = latchkey::domain::token_string::TokenString::build(
        latchkey::domain::token_string::Prefix::Access,
        &[b'7'; latchkey::domain::token_string::RANDOM],
    );
    imported(&app, &file(&[("Old portal", ODD, "2027-03-31"), ("Like ours", other.reveal(), "")]))
        .await;
    let known = app.api(ODD).get(OWN).await;
    assert_eq!(known.status, 200, "{}", known.body);
    let told = known.json();
    assert_eq!(
        (told["kind"].as_str(), told["owner"].as_str()),
        (Some("legacy"), Some("Old portal"))
    );
    assert_eq!(told["permissions"], serde_json::json!([]), "a scope is no permission");
    assert_eq!(told["expires_at"], "2027-03-31T00:00:00Z");
    assert_eq!(app.api(other.reveal()).get(OWN).await.status, 200);
    assert_eq!(app.api(&ours_alike).get(OWN).await.json()["kind"], "access");
    assert_eq!(verdict(&app.api("abc-123").get(OWN).await), (401, "malformed_token".into()));
    let renewal = app.api(ODD).post("/api/v1/token/renew", serde_json::Value::Null).await;
    assert_eq!(verdict(&renewal), (403, "legacy_token".into()));
    let id = id_of(&app, "Old portal").await;
    let revoked = app.ada().await.post(&format!("{TOKENS}/{id}"), &[("action", "revoke")]).await;
    assert_eq!(revoked.status, 303);
    assert_eq!(verdict(&app.api(ODD).get(OWN).await), (401, "token_revoked".into()));
}

#[tokio::test]
async fn an_imported_token_has_what_its_row_said_and_a_row_in_the_record() {
    let app = TestApp::new().await;
    imported(&app, &file(&[("Old portal", ODD, "2027-03-31"), ("For ever", "x", "")])).await;
    let token = super::forms::token(&app, &id_of(&app, "Old portal").await).await;
    assert_eq!(
        (token.kind, token.reach.clone(), token.can_renew),
        (Kind::Legacy, Reach::Workgroup, false)
    );
    assert_eq!(token.scopes, ["plant.read", "plant.all"]);
    assert!(token.permissions.is_empty());
    assert_eq!(
        (token.lifetime, token.expires_at),
        (Lifetime::Months6, Time::parse("2027-03-31T00:00:00Z"))
    );
    assert_eq!((token.strings.len(), token.strings[0].origin), (1, Origin::Import));
    assert_eq!(token.hint(), format!("…{}", &hash_of(ODD)[..4]));
    let for_ever = super::forms::token(&app, &id_of(&app, "For ever").await).await;
    assert_eq!((for_ever.lifetime, for_ever.expires_at), (Lifetime::Never, None));
    let rows = dump(&app).await;
    let recorded =
        rows.iter().filter(|row| row.starts_with("activity: ") && row.contains("'token.imported'"));
    assert_eq!(recorded.count(), 2);
    assert!(rows.iter().all(|row| !row.contains(ODD)), "the string is nowhere");
    let page = app.ada().await.get(&format!("{TOKENS}/{}", token.id)).await;
    assert!(says(&page, "legacy") && says(&page, "plant.all") && says(&page, "Replace"));
    assert!(!says(&page, "Reissue token") && says(&page, "Revoke token"));
}

#[tokio::test]
async fn a_legacy_token_is_neither_edited_nor_reissued() {
    let app = TestApp::new().await;
    imported(&app, &file(&[("Old portal", ODD, "2027-03-31")])).await;
    let (ada, id) = (app.ada().await, id_of(&app, "Old portal").await);
    let before = super::forms::token(&app, &id).await;
    let sentence =
        "A legacy token cannot be edited, renewed or reissued. Replace it by a new token.";
    let fields = [("version", "1"), ("owner", "X"), ("email", "x@x.example"), ("expires", "7d")];
    let edit = ada.post(&format!("{TOKENS}/{id}/edit"), &fields).await;
    assert_eq!(edit.status, 403);
    let fields = [("action", "reissue"), ("older", "keep"), ("idempotency_key", "k")];
    let reissue = ada.post(&format!("{TOKENS}/{id}"), &fields).await;
    assert_eq!(reissue.status, 403);
    assert!(says(&reissue, sentence) || says(&reissue, "legacy"), "{}", reissue.body);
    assert_eq!(super::forms::token(&app, &id).await, before);
    assert!(says(
        &ada.get(&format!("{TOKENS}/{id}/edit")).await,
        "It is a legacy token: it can be replaced or revoked."
    ));
}

#[tokio::test]
async fn bad_rows_are_named_and_change_nothing() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let known = app.token(|_| {}).await.string.reveal().to_owned();
    let before = dump(&app).await;
    let mut rows = file(&[
        ("Known here", &known, ""),
        ("Fresh", "one", "2026-11-20"),
        ("Twice", "one", ""),
        ("Old", "two", "2026-10-01"),
        ("Odd", "three", "31.03.2027"),
        ("", "four", ""),
    ]);
    rows.push_str("Clear,ops@old.example,the-string-itself,,\n");
    let answer = ada.upload(IMPORT_TOKENS, "old.csv", rows.as_bytes(), "").await;
    assert_eq!(answer.status, 422);
    assert!(says(&answer, "6 rows of 7"), "{}", answer.body);
    for (line, why) in [
        (2, "A token with this string is here already."),
        (4, "It stands on line 3 already."),
        (5, "more than four weeks ago"),
        (6, "Write a date such as 2027-03-31"),
        (7, "Write 1 to 200 characters."),
        (8, "never the string itself"),
    ] {
        let (_, rest) = answer
            .body
            .split_once(&format!("Line {line}<"))
            .unwrap_or_else(|| panic!("line {line}"));
        assert!(rest.split("</li>").next().unwrap().contains(why), "line {line}");
    }
    assert!(!answer.body.contains("the-string-itself"), "what may be a secret is not repeated");
    assert_eq!(dump(&app).await, before);
}

#[tokio::test]
async fn one_that_expired_lately_is_imported_as_expired() {
    let app = TestApp::new().await;
    imported(&app, &file(&[("Gone", "gone", "2026-11-20")])).await;
    assert_eq!(verdict(&app.api("gone").get(OWN).await), (401, "token_expired".into()));
    let list = app.ada().await.get(&format!("{TOKENS}?status=expired")).await;
    assert_eq!(ids(&list).len(), 1);
}

#[tokio::test]
async fn replace_fills_the_form_in_and_takes_no_scope_for_a_permission() {
    let app = TestApp::new().await;
    imported(&app, &file(&[("Old portal", ODD, "2027-03-31"), ("<b>Bold</b>", "b", "")])).await;
    let (ada, id) = (app.ada().await, id_of(&app, "Old portal").await);
    let list = ada.get(TOKENS).await;
    assert!(list.body.contains(&format!("{NEW}?like={id}")) && says(&list, "Replace"));
    let form = ada.get(&format!("{NEW}?like={id}")).await;
    assert!(says(&form, "Replaces the legacy token Old portal"), "{}", form.body);
    assert!(
        says(&form, "which keeps working until it is revoked")
            && says(&form, "plant.read, plant.all, are no permissions")
    );
    assert!(tag(&form, "owner").contains("value=\"Old portal\""));
    assert!(tag(&form, "email").contains("value=\"ops@old.example\""));
    let ticked = |part: &str| part.split('>').next().is_some_and(|tag| tag.contains("checked"));
    let boxes = form.body.split("name=\"permissions\"").skip(1);
    let chosen: Vec<_> = boxes.filter(|part| ticked(part)).collect();
    assert!(chosen.len() <= 1, "only Read, which every token has: {chosen:?}");
    let key = form.input("idempotency_key").unwrap();
    let fields = super::forms::filled(&key, ("owner", "Old portal"));
    let made = ada.post(&format!("{NEW}?like={id}"), &fields).await;
    assert!(made.test_id("token-string").is_some(), "{}", made.body);
    assert_eq!(app.api(ODD).get(OWN).await.status, 200, "the old one keeps working");
    ada.post(&format!("{TOKENS}/{id}"), &[("action", "revoke")]).await;
    assert!(says(&ada.get(&format!("{NEW}?like={id}")).await, "which no longer works"));
    let bold = ada.get(&format!("{NEW}?like={}", id_of(&app, "Bold").await)).await;
    assert!(!bold.body.contains("<b>Bold") && bold.body.contains("&lt;b&gt;Bold"));
}

#[tokio::test]
async fn owners_are_shown_the_way_to_the_import_and_nobody_else() {
    let app = TestApp::new().await;
    let member = app.member("Ben", &["access.manage", "read"], None).await;
    let ada = app.ada().await;
    for round in ["an empty list", "a list"] {
        assert!(ada.get(TOKENS).await.body.contains(IMPORT_TOKENS), "{round}");
        assert!(!member.get(TOKENS).await.body.contains(IMPORT_TOKENS), "{round}");
        app.token(|_| {}).await;
    }
}
