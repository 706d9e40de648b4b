//! Fields that nobody asked for are never taken: not on a form, not in a JSON body.

use super::callers::key;
use super::model::Reach;
use super::place::{PAGE, as_it_is, harrow, target};
use serde_json::json;

/// Whatever somebody might hope to smuggle in.
const EXTRA: [(&str, &str); 12] = [
    ("id", "00000000-0000-7000-8000-000000000000"),
    ("workgroup", "brook-mill"),
    ("workgroup_id", "brook-mill"),
    ("permissions", "access.manage"),
    ("device_group", "South"),
    ("device", "pump-2"),
    ("kind", "device"),
    ("expires_at", "2099-01-01T00:00:00Z"),
    ("status", "active"),
    ("revoked_at", ""),
    ("created_by", "Ada"),
    ("scopes", "everything"),
];

#[tokio::test]
async fn an_edit_form_changes_no_permission_reach_or_expiry() {
    let app = harrow().await;
    let before = target(&app, &["read"], Reach::Group("North")).await;
    let version = before.version.to_string();
    let mut fields = vec![("version", version.as_str()), ("note", "Seen."), ("can_renew", "on")];
    fields.extend(EXTRA);
    let page = format!("{PAGE}/{}/edit", before.id);
    assert_eq!(app.ada().await.post(&page, &fields).await.status, 303);
    let after = as_it_is(&app, &before.id).await;
    assert_eq!((after.note.as_deref(), after.version), (Some("Seen."), before.version + 1));
    let settled =
        latchkey::domain::token::Token { note: None, version: before.version, ..after.clone() };
    assert_eq!(settled, before);
}

#[tokio::test]
async fn a_reissue_form_changes_no_permission_or_reach() {
    let app = harrow().await;
    let before = target(&app, &["read"], Reach::Group("North")).await;
    let key = key();
    let mut fields =
        vec![("action", "reissue"), ("older", "keep"), ("idempotency_key", key.as_str())];
    fields.extend(EXTRA);
    let page = format!("{PAGE}/{}", before.id);
    assert_eq!(app.ada().await.post(&page, &fields).await.status, 200);
    let after = as_it_is(&app, &before.id).await;
    assert_eq!((&after.permissions, &after.reach), (&before.permissions, &before.reach));
    assert_eq!((after.lifetime, after.kind), (before.lifetime, before.kind));
}

#[tokio::test]
async fn a_json_edit_refuses_every_member_that_cannot_be_changed_by_name() {
    let app = harrow().await;
    let before = target(&app, &["read"], Reach::Workgroup).await;
    let api = app.api(&app.string_with(&["access.manage"]).await);
    let address = format!("/api/v1/workgroups/harrow-valley/tokens/{}", before.id);
    for (name, value) in EXTRA {
        let body = json!({ "version": before.version, "note": "Seen.", name: value });
        let refused = api.patch(&address, body).await;
        assert_eq!((refused.status, refused.code().as_str()), (422, "invalid_input"), "{name}");
        assert_eq!(refused.json()["errors"][0]["field"], name);
    }
    assert_eq!(as_it_is(&app, &before.id).await, before);
}

#[tokio::test]
async fn a_new_token_gets_an_id_state_and_workgroup_of_its_own() {
    let app = harrow().await;
    let key = key();
    let mut fields = vec![
        ("owner", "North"),
        ("email", "ops@north.example"),
        ("expires", "7d"),
        ("idempotency_key", key.as_str()),
    ];
    let taken = ["permissions", "device_group", "device"];
    fields.extend(EXTRA.iter().filter(|(name, _)| !taken.contains(name)));
    let shown = app.ada().await.post(&format!("{PAGE}/new"), &fields).await;
    assert_eq!(shown.status, 200);
    assert!(!shown.body.contains(EXTRA[0].1));
    let (_, id) = shown.body.split_once(&format!("{PAGE}/")).unwrap();
    let token = as_it_is(&app, id.split('"').next().unwrap()).await;
    assert_eq!(token.expires_at.unwrap().rfc3339(), "2026-11-28T10:00:00Z");
    assert_eq!(token.permissions.into_iter().collect::<Vec<_>>(), ["read"]);
}
