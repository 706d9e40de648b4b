//! What an invitation offers is judged again when it is accepted.

use super::super::forms::says;
use super::accept::CREATE;
use super::invite::retire;
use super::{READER, holds, invited, link, pending};
use crate::test_app::TestApp;
use latchkey::server::people::members::{self, Standing};

#[tokio::test]
async fn what_is_no_longer_given_is_left_out_with_a_sentence() {
    let app = TestApp::new().await;
    let both = [("role", "member"), ("permissions", "read"), ("permissions", "tunnel")];
    let link = link(&app, &invited(&app, "gil@example.com", &both).await).await;
    retire(&app, "tunnel").await;
    let page = app.stranger().get(&link).await;
    assert!(says(&page, "You will hold: Read.") && says(&page, "Tunnel was offered too"));
    assert_eq!(app.stranger().post(&link, CREATE).await.status, 303);
    assert!(holds(&app, "gil@example.com").await.unwrap().permissions.iter().eq(["read"]));
}

#[tokio::test]
async fn an_invitation_of_which_nothing_is_left_is_not_accepted() {
    let app = TestApp::new().await;
    let tunnel = [("role", "member"), ("permissions", "tunnel")];
    let link = link(&app, &invited(&app, "gil@example.com", &tunnel).await).await;
    retire(&app, "tunnel").await;
    for answer in [app.stranger().get(&link).await, app.stranger().post(&link, CREATE).await] {
        assert_eq!(answer.status, 409);
        assert!(says(&answer, "No permission that this invitation offers is still given"));
        assert!(says(&answer, "Ask an owner of Harrow Valley"));
    }
    assert!(pending(&app, "gil@example.com").await.is_some());
}

/// Without its group it would reach the whole workgroup.
#[tokio::test]
async fn an_invitation_whose_group_is_gone_is_not_accepted() {
    let app = TestApp::new().await;
    super::group(&app, "North").await;
    let bound = [("role", "member"), ("permissions", "read"), ("device_group", "North")];
    let link = link(&app, &invited(&app, "gil@example.com", &bound).await).await;
    let url = format!("sqlite://{}", app.folder.path().join("latchkey.db").display());
    let options: sqlx::sqlite::SqliteConnectOptions = url.parse().unwrap();
    let pool = sqlx::SqlitePool::connect_with(options.foreign_keys(false)).await.unwrap();
    sqlx::query("delete from device_groups").execute(&pool).await.unwrap();
    pool.close().await;
    for answer in [app.stranger().get(&link).await, app.stranger().post(&link, CREATE).await] {
        assert_eq!(answer.status, 409);
        assert!(says(&answer, "The device group of this invitation was removed"));
    }
    assert_eq!(app.ada().await.get(super::MEMBERS).await.status, 200);
}

#[tokio::test]
async fn a_member_by_other_means_needs_no_invitation_any_more() {
    let app = TestApp::new().await;
    app.user("Eve", "eve@example.com").await;
    let link = link(&app, &invited(&app, "eve@example.com", READER).await).await;
    let tunnel = Standing::Chosen(vec!["tunnel".into()]);
    members::set_member(&app.state, "harrow-valley", "eve@example.com", tunnel, None)
        .await
        .unwrap();
    assert!(pending(&app, "eve@example.com").await.is_none());
    let eve = app.browser("eve@example.com").await;
    assert_eq!(eve.post(&link, &[("action", "join")]).await.status, 404);
    assert!(holds(&app, "eve@example.com").await.unwrap().permissions.iter().eq(["tunnel"]));
}
