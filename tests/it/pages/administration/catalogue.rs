//! The permission catalogue: added to, worded anew, retired and restored, and emptied only of what nobody holds.

use super::{PERMISSIONS, last_deed, rut};
use crate::caller::Browser;
use crate::pages::forms::{NEW, TOKENS, filled, says, text_of};
use crate::test_app::TestApp;
use latchkey::server::store::Db;

const ADD: &str = "/administration/permissions/new";

fn valves<'a>(changed: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("name", "valves.open"),
        ("label", "Open valves"),
        ("description", "Open and close valves."),
        ("section", "Devices"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| *name != changed.0);
    kept.chain((!changed.0.is_empty()).then_some(changed)).collect()
}

async fn act(rut: &Browser<'_>, action: &str, name: &str) -> crate::caller::Answer {
    rut.post(PERMISSIONS, &[("action", action), ("name", name)]).await
}

/// How many changes of the catalogue other processes are told of.
async fn catalogue_changes(app: &TestApp) -> i64 {
    let Db::Sqlite { read, .. } = &app.state.db else { panic!("these tests run on SQLite") };
    let sql = "select count(*) from changes where subject_kind = 'catalogue'";
    sqlx::query_scalar(sql).fetch_one(read).await.unwrap()
}

#[tokio::test]
async fn a_permission_is_added_granted_and_worded_anew() {
    let app = TestApp::new().await;
    let (rut, ada) = (rut(&app).await, app.ada().await);
    let wrong = [("name", "Valves!"), ("for_devices", "on"), ("powerful", "on")];
    let refused = rut.post(ADD, &wrong).await;
    for field in ["name", "label", "description", "section", "for_devices"] {
        assert!(text_of(&refused, &format!("{field}-error")).is_some(), "{field}");
    }
    assert_eq!(rut.post(ADD, &valves(("", ""))).await.status, 303);
    assert_eq!(last_deed(&app).await, ("permission.added", "Rut".into(), "Open valves".into()));
    let twice = rut.post(ADD, &valves(("", ""))).await;
    assert!(text_of(&twice, "name-error").unwrap().contains("already"));
    let made = ada.post(NEW, &filled("k", ("permissions", "valves.open"))).await;
    assert_eq!(made.status, 200);
    assert!(says(&rut.get(PERMISSIONS).await, "1 token, 0 members"));
    let page = format!("{PERMISSIONS}/valves.open");
    let version = rut.get(&page).await.input("version").unwrap();
    let mut fields = valves(("label", "Turn valves"));
    fields.extend([("version", version.as_str()), ("powerful", "on"), ("name", "other")]);
    assert_eq!(rut.post(&page, &fields).await.status, 303);
    assert_eq!(rut.post(&page, &fields).await.status, 409, "the form is of the version before");
    assert!(ada.get(TOKENS).await.body.contains("Turn valves"), "the list has the new words");
    assert_eq!(rut.get(&format!("{PERMISSIONS}/other")).await.status, 404, "names never change");
    assert_eq!(catalogue_changes(&app).await, 2);
}

#[tokio::test]
async fn a_retired_permission_stays_where_it_is_and_is_given_to_nobody() {
    let app = TestApp::new().await;
    let (rut, ada) = (rut(&app).await, app.ada().await);
    let token = app.token(|raw| raw.permissions = vec!["tunnel".into()]).await.token;
    let mia = app.member("Mia", &["read", "tunnel", "access.manage"], None).await;
    let asked = rut.get(&format!("{PERMISSIONS}?dialog=retire&id=tunnel")).await;
    assert!(says(&asked, "Retire Tunnel?") && says(&asked, "1 token, 1 member"));
    assert_eq!(act(&rut, "retire", "tunnel").await.status, 303);
    assert_eq!(last_deed(&app).await.0, "permission.retired");
    assert_eq!(act(&rut, "retire", "tunnel").await.status, 409);
    let refused = ada.post(NEW, &filled("k", ("permissions", "tunnel"))).await;
    assert!(text_of(&refused, "permissions-error").unwrap().contains("no longer be granted"));
    assert!(!ada.get(NEW).await.body.contains("value=\"tunnel\""), "the form does not offer it");
    let page = format!("{TOKENS}/{}", token.id);
    for (browser, key) in [(&ada, "r1"), (&mia, "r2")] {
        let fields = [("action", "reissue"), ("older", "keep"), ("idempotency_key", key)];
        assert_eq!(browser.post(&page, &fields).await.status, 200, "an old token is reissued");
    }
    assert_eq!(act(&rut, "restore", "tunnel").await.status, 303);
    assert_eq!(act(&rut, "restore", "tunnel").await.status, 409);
    assert_eq!(ada.post(NEW, &filled("k2", ("permissions", "tunnel"))).await.status, 200);
}

#[tokio::test]
async fn only_what_nobody_holds_is_deleted() {
    let app = TestApp::new().await;
    let (rut, ada) = (rut(&app).await, app.ada().await);
    let token = app.token(|raw| raw.permissions = vec!["tunnel".into()]).await.token;
    ada.post(&format!("{TOKENS}/{}", token.id), &[("action", "revoke")]).await;
    let held = act(&rut, "delete", "tunnel").await;
    assert_eq!(held.status, 409, "a revoked token holds it, too");
    assert!(says(&held, "1 token, 0 members") && says(&held, "Retire it instead"));
    app.member("Mia", &["read", "discovery"], None).await;
    assert!(says(&act(&rut, "delete", "discovery").await, "0 tokens, 1 member"));
    assert_eq!(act(&rut, "delete", "dashboards.manage").await.status, 303);
    assert_eq!(last_deed(&app).await.0, "permission.deleted");
    assert!(!says(&rut.get(PERMISSIONS).await, "dashboards.manage"));
    assert_eq!(act(&rut, "delete", "dashboards.manage").await.status, 404);
}

#[tokio::test]
async fn latchkeys_own_are_only_worded_anew() {
    let app = TestApp::new().await;
    let rut = rut(&app).await;
    for name in ["read", "access.manage", "devices.manage", "tokens.introspect"] {
        for action in ["retire", "delete"] {
            let refused = act(&rut, action, name).await;
            assert_eq!(refused.status, 409, "{action} {name}");
            assert!(says(&refused, "Latchkey itself asks for"), "{action} {name}");
        }
        let page = format!("{PERMISSIONS}/{name}");
        let mut fields = valves(("label", "Worded anew"));
        fields.extend([("version", "1"), ("for_devices", "on")]);
        assert_eq!(rut.post(&page, &fields).await.status, 422, "{name}");
        fields.retain(|(field, _)| *field != "for_devices");
        assert_eq!(rut.post(&page, &fields).await.status, 303, "{name}");
    }
    assert_eq!(act(&rut, "fly", "tunnel").await.status, 422);
}
