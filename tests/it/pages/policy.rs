//! `/{workgroup}/settings/policy`: everybody reads it, owners change it, and what follows from it is right at once.

use super::forms::{says, statuses, text_of, token};
use crate::caller::{Answer, Browser};
use crate::test_app::TestApp;
use latchkey::domain::activity::{Activity, Verb};
use latchkey::domain::status::TokenStatus;
use latchkey::server::store;

const POLICY: &str = "/harrow-valley/settings/policy";
const LIST: &str = "/harrow-valley/settings/tokens";

/// The form as it is shown, with one field changed, sent.
async fn save(browser: &Browser<'_>, changed: (&str, &str)) -> Answer {
    let version = browser.get(POLICY).await.input("version").unwrap_or("1".into());
    let usual = [
        ("version", version.as_str()),
        ("name", "Harrow Valley"),
        ("longest_lifetime", "1y"),
        ("notice_stages", "14, 7, 1"),
        ("notice_hour", "8"),
        ("time_zone", "UTC"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| *name != changed.0);
    let fields: Vec<_> = kept.chain([changed]).collect();
    browser.post(POLICY, &fields).await
}

async fn record(app: &TestApp) -> Vec<Activity> {
    let mut reader = app.state.db.read().await.unwrap();
    store::activity::list_of_subject(&mut reader, &app.harrow.id, &app.harrow.id, 50).await.unwrap()
}

#[tokio::test]
async fn an_owner_changes_it_and_the_words_before_and_after_are_recorded() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let saved = save(&ada, ("notice_stages", "30 3")).await;
    assert_eq!(
        (saved.status, saved.header("location")),
        (303, "/harrow-valley/settings/policy?done=policy")
    );
    let page = ada.get(saved.header("location")).await;
    assert_eq!(page.input("notice_stages").as_deref(), Some("30, 3"));
    assert!(says(&page, "The policy was saved.") && says(&page, "Last changed by Ada"));
    let row = record(&app).await.swap_remove(0);
    assert_eq!((row.verb, row.address.as_deref()), (Verb::PolicyChanged, Some("192.0.2.1")));
    assert_eq!(
        (row.before["Notice stages"].as_str(), row.after["Notice stages"].as_str()),
        ("14, 7, 1", "30, 3")
    );
    assert_eq!(row.after.len(), 1, "only what differs: {:?}", row.after);
    let rows = record(&app).await.len();
    assert_eq!(save(&ada, ("notice_stages", "3,30")).await.status, 303);
    assert_eq!(record(&app).await.len(), rows, "nothing changed");
}

#[tokio::test]
async fn a_new_name_keeps_the_address() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let name = "<b>Harrow</b> & Vale";
    assert_eq!(save(&ada, ("name", name)).await.status, 303);
    let page = ada.get(POLICY).await;
    assert_eq!(page.input("name").as_deref(), Some("&lt;b&gt;Harrow&lt;/b&gt; &amp; Vale"));
    assert!(!page.body.contains("<b>Harrow"));
    assert_eq!(record(&app).await[0].verb, Verb::WorkgroupRenamed);
}

#[tokio::test]
async fn members_read_it_and_a_denied_change_is_recorded() {
    let app = TestApp::new().await;
    for permissions in [&["read"][..], &["read", "access.manage"]] {
        let name = if permissions.len() == 1 { "Mia" } else { "Max" };
        let member = app.member(name, permissions, None).await;
        let page = member.get(POLICY).await;
        assert_eq!(page.status, 200);
        assert!(says(&page, "14, 7, 1") && says(&page, "Its owners can change it."));
        assert!(!page.body.contains("Save changes"));
        let refused = save(&member, ("longest_lifetime", "7d")).await;
        assert_eq!(refused.status, 403, "{name}");
        assert!(says(&refused, "Only owners of Harrow Valley can do this."));
        let denied = record(&app).await.swap_remove(0);
        assert_eq!((denied.actor.as_str(), denied.verb), (name, Verb::PolicyChanged));
        assert!(denied.denied.unwrap().contains("Only owners"));
    }
    assert!(says(&app.ada().await.get(POLICY).await, "1 year"));
    assert_eq!(app.stranger().get(POLICY).await.status, 303);
    app.user("Eve", "eve@harrow.example").await;
    let eve = app.browser("eve@harrow.example").await;
    assert_eq!(eve.get(POLICY).await.status, 404);
    assert_eq!(save(&eve, ("longest_lifetime", "7d")).await.status, 404);
}

#[tokio::test]
async fn every_wrong_field_is_told_at_once_and_the_input_is_kept() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let fields = [
        ("version", "1"),
        ("name", ""),
        ("longest_lifetime", "never"),
        ("notice_stages", "<soon>"),
        ("notice_hour", "25"),
        ("time_zone", "Moon"),
    ];
    let refused = ada.post(POLICY, &fields).await;
    assert_eq!(refused.status, 422);
    for (field, _) in &fields[1..] {
        assert!(text_of(&refused, &format!("{field}-error")).is_some(), "{field}");
    }
    assert_eq!(refused.input("notice_stages").as_deref(), Some("&lt;soon&gt;"));
    assert_eq!(refused.input("time_zone").as_deref(), Some("Moon"));
    assert!(record(&app).await.iter().all(|row| row.verb != Verb::PolicyChanged));
}

#[tokio::test]
async fn a_change_in_between_is_told_and_not_overwritten() {
    let app = TestApp::new().await;
    let ada = app.ada().await;
    let fields = |version, hour| {
        [
            ("version", version),
            ("name", "Harrow Valley"),
            ("longest_lifetime", "1y"),
            ("notice_stages", "14, 7, 1"),
            ("notice_hour", hour),
            ("time_zone", "UTC"),
        ]
    };
    assert_eq!(ada.post(POLICY, &fields("1", "9")).await.status, 303);
    let second = ada.post(POLICY, &fields("1", "10")).await;
    assert_eq!(second.status, 409);
    assert!(says(&second, "Changed in between.") && says(&second, "at 09:00 in UTC"));
    assert!(second.body.contains("<option value=\"10\" selected"), "what was chosen stays");
    assert_eq!(second.input("version").as_deref(), Some("2"), "saving again is on purpose");
    assert_eq!(ada.post(POLICY, &fields("2", "10")).await.status, 303);
}

/// A wider first stage turns tokens that live already into expiring ones, in the list, its counts and the token itself.
#[tokio::test]
async fn new_stages_count_at_once_for_tokens_that_there_are() {
    let app = TestApp::new().await;
    let make = async |expires: &str| {
        let expires = expires.to_owned();
        app.token(|raw| raw.expires = expires).await.token
    };
    let [near, far, short] = [make("3m").await, make("1y").await, make("7d").await];
    app.pass_days(5);
    let ada = app.ada().await;
    assert_eq!(statuses(&ada.get(LIST).await), ["active", "active", "active"]);
    assert_eq!(save(&ada, ("notice_stages", "90, 60, 3")).await.status, 303);
    assert_eq!(statuses(&ada.get(LIST).await), ["expiring", "active", "active"]);
    let status = async |id: &str| token(&app, id).await.status(app.state.now());
    assert_eq!(status(&short.id).await, TokenStatus::Expiring, "3 days fit a week, 60 do not");
    assert_eq!(status(&near.id).await, TokenStatus::Active, "60 days are more than half of it");
    assert_eq!(status(&far.id).await, TokenStatus::Active);
    app.pass_days(280);
    let ada = app.ada().await;
    assert_eq!(status(&far.id).await, TokenStatus::Expiring, "80 days are left of its year");
    assert_eq!(statuses(&ada.get(&format!("{LIST}?status=expiring")).await).len(), 1);
    assert_eq!(save(&ada, ("notice_stages", "1")).await.status, 303);
    assert_eq!(status(&far.id).await, TokenStatus::Active);
    assert!(statuses(&ada.get(&format!("{LIST}?status=expiring")).await).is_empty());
}

#[tokio::test]
async fn a_stricter_lifetime_counts_for_new_strings_alone() {
    let app = TestApp::new().await;
    let (ada, made) = (app.ada().await, app.token(|raw| raw.expires = "1y".into()).await.token);
    assert_eq!(save(&ada, ("longest_lifetime", "1m")).await.status, 303);
    assert_eq!(token(&app, &made.id).await, made, "living strings keep their end");
    let refused =
        ada.post(&format!("{LIST}/new"), &super::forms::filled("k", ("expires", "3m"))).await;
    assert!(text_of(&refused, "expires-error").unwrap().contains("at most 1 month"));
}
