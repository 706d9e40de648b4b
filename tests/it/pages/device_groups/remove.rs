//! Removing a device group: asked first, refused while anything refers to it.

use super::{GROUPS, facts, group, history, listed, plant};
use crate::pages::forms::says;
use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;
use latchkey::server::store::{Lane, Lanes};

const REMOVE: [(&str, &str); 1] = [("action", "remove")];

#[tokio::test]
async fn a_group_that_nothing_is_bound_to_is_removed_after_asking() {
    let app = TestApp::new().await;
    let north = plant(&app).await;
    let (ada, page) = (app.ada().await, format!("{GROUPS}/{}", north.id));
    let dialog = ada.get(&format!("{page}?dialog=remove")).await;
    assert!(says(&dialog, "Remove the device group North?") && says(&dialog, "Keep device group"));
    let removed = ada.post(&page, &REMOVE).await;
    assert_eq!(removed.header("location"), format!("{GROUPS}?done=group-removed"));
    assert!(says(&ada.get(removed.header("location")).await, "The device group was removed."));
    for path in ["", "/edit"] {
        assert_eq!(ada.get(&format!("{page}{path}")).await.status, 404);
    }
    assert_eq!(ada.post(&page, &REMOVE).await.status, 404);
    let record = history(&app, &north.id).await;
    assert_eq!((record[0].verb, record[0].subject.as_str()), (Verb::DeviceGroupRemoved, "North"));
    assert_eq!(record[0].before["name"], "North");
    group(&app, "north", listed(&["pump-2"])).await;
}

#[tokio::test]
async fn a_group_is_kept_while_a_token_refers_to_it_revoked_or_not() {
    let app = TestApp::new().await;
    let north = plant(&app).await;
    let token = app.token(|raw| raw.device_group = "North".into()).await.token;
    let (ada, page) = (app.ada().await, format!("{GROUPS}/{}", north.id));
    let refused = ada.post(&page, &REMOVE).await;
    assert!(refused.status == 409 && says(&refused, "North plant integrator"));
    assert!(says(&refused, "Revoke them first.") && says(&refused, "Back to the group"));
    let address = format!("/harrow-valley/settings/tokens/{}", token.id);
    ada.post(&address, &[("action", "revoke")]).await;
    let group = facts(&app, &north.id).await;
    assert_eq!((group.tokens, group.revoked), (0, 1));
    let dialog = ada.get(&format!("{page}?dialog=remove")).await;
    assert!(says(&dialog, "1 revoked token") && !dialog.body.contains("value=\"remove\""));
    let refused = ada.post(&page, &REMOVE).await;
    assert!(refused.status == 409 && says(&refused, "after four weeks"));
    assert!(says(&ada.get(&address).await, "North"), "the token's page still names its group");
}

#[tokio::test]
async fn a_group_is_kept_while_a_member_or_an_invitation_refers_to_it() {
    let app = TestApp::new().await;
    let north = plant(&app).await;
    let page = format!("{GROUPS}/{}", north.id);
    app.member("Ben", &["read"], Some("North")).await;
    let refused = app.ada().await.post(&page, &REMOVE).await;
    assert!(refused.status == 409 && says(&refused, "1 member bound to it: Ben."));
    let south = group(&app, "South", listed(&["pump-3"])).await;
    invite(&app, &south.id).await;
    let page = format!("{GROUPS}/{}", south.id);
    let refused = app.ada().await.post(&page, &REMOVE).await;
    assert!(refused.status == 409 && says(&refused, "1 invitation to it pending."));
    assert!(says(&app.ada().await.get(&page).await, "1 invitation to it pending."));
}

/// A pending invitation that would bind somebody to the group.
async fn invite(app: &TestApp, group: &str) {
    let sql = "insert into invitations (id, workgroup_id, email, email_folded, owner, permissions, device_group_id,
            invited_by_kind, invited_by_id, invited_by_name, created_at, expires_at)
        values ('i', $1, 'x@x.example', 'x@x.example', false, '[]', $2, 'command_line', '', 'x', 0, 1)";
    let mut tx = app.state.db.begin().await.unwrap();
    match tx.lane().await.unwrap() {
        Lane::Sqlite(connection) => {
            let query = sqlx::query(sql).bind(&app.harrow.id).bind(group);
            query.execute(connection).await.unwrap();
        }
        Lane::Postgres(_) => panic!("invitations are made on SQLite"),
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn whoever_lacks_the_right_or_is_bound_removes_none_and_it_is_recorded() {
    let app = TestApp::new().await;
    let north = plant(&app).await;
    let south = group(&app, "South", listed(&["pump-3"])).await;
    let at = |id: &str| format!("{GROUPS}/{id}");
    let rae = app.member("Rae", &["read"], None).await;
    let bo = app.member("Bo", &["devices.manage"], Some("North")).await;
    assert_eq!(rae.post(&at(&south.id), &REMOVE).await.status, 403);
    assert_eq!(bo.post(&at(&north.id), &REMOVE).await.status, 403);
    assert_eq!(bo.post(&at(&south.id), &REMOVE).await.status, 404);
    assert!(history(&app, &south.id).await.iter().any(|row| row.denied.is_some()));
    assert_eq!(app.ada().await.post(&at(&south.id), &[("action", "burn")]).await.status, 422);
    assert_eq!(app.ada().await.post(&at("nothing"), &[("action", "burn")]).await.status, 404);
    assert_eq!(facts(&app, &south.id).await.name, "South");
}
