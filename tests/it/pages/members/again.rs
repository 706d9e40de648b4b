//! Sending an invitation again, and withdrawing it.

use super::super::forms::says;
use super::{MEMBERS, READER, denials, group, invited, leads, letters, link, pending, record};
use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;
use latchkey::domain::time::DAY;
use latchkey::server::people::members::{self, Standing};

fn act<'a>(action: &'a str, id: &'a str) -> [(&'a str, &'a str); 2] {
    [("action", action), ("id", id)]
}

#[tokio::test]
async fn sending_again_renews_it_and_ends_earlier_links() {
    let app = TestApp::new().await;
    let made = invited(&app, "gil@example.com", READER).await;
    let old = link(&app, &made).await;
    assert_eq!(app.stranger().get(&old).await.status, 200);
    app.pass_days(8);
    assert_eq!(app.stranger().get(&old).await.status, 404);
    let answer = app.ada().await.post(MEMBERS, &act("send-again", &made.id)).await;
    assert_eq!(leads(&answer), (303, "/harrow-valley/settings/members?done=sent-again"));
    let renewed = pending(&app, "gil@example.com").await.unwrap();
    assert_eq!(
        (renewed.id.as_str(), renewed.expires_at),
        (made.id.as_str(), app.state.now() + 7 * DAY)
    );
    assert_eq!(letters(&app, &made.id).await, 2);
    assert_eq!(app.stranger().get(&old).await.status, 404, "the earlier link has ended");
    assert_eq!(app.stranger().get(&link(&app, &made).await).await.status, 200);
    assert_eq!(record(&app, &made.id).await[0].verb, Verb::InvitationSentAgain);
}

#[tokio::test]
async fn withdrawing_asks_first_and_ends_the_link() {
    let app = TestApp::new().await;
    let made = invited(&app, "gil@example.com", READER).await;
    let link = link(&app, &made).await;
    let ada = app.ada().await;
    let dialog = ada.get(&format!("{MEMBERS}?dialog=withdraw&id={}", made.id)).await;
    assert!(says(&dialog, "Withdraw the invitation?") && says(&dialog, "Keep invitation"));
    assert!(pending(&app, "gil@example.com").await.is_some());
    let answer = ada.post(MEMBERS, &act("withdraw", &made.id)).await;
    assert_eq!(leads(&answer), (303, "/harrow-valley/settings/members?done=withdrawn"));
    assert!(pending(&app, "gil@example.com").await.is_none());
    assert_eq!(app.stranger().get(&link).await.status, 404);
    assert_eq!(record(&app, &made.id).await[0].verb, Verb::InvitationWithdrawn);
    let twice = ada.post(MEMBERS, &act("withdraw", &made.id)).await;
    assert!(twice.status == 404 && says(&twice, "There is no such invitation here"));
    assert_eq!(ada.post(MEMBERS, &act("send-again", &made.id)).await.status, 404);
    assert_eq!(ada.post(MEMBERS, &act("burn", &made.id)).await.status, 422);
}

#[tokio::test]
async fn only_who_could_invite_sends_again_and_only_owners_withdraw_an_owner() {
    let app = TestApp::new().await;
    group(&app, "North").await;
    let ben = app.member("Ben", &["access.manage", "read"], None).await;
    let cleo = app.member("Cleo", &["read"], None).await;
    let dan = app.member("Dan", &["access.manage", "read"], Some("North")).await;
    let owner = invited(&app, "own@example.com", &[("role", "owner")]).await;
    let tunnel = [("role", "member"), ("permissions", "tunnel")];
    let tunnel = invited(&app, "tun@example.com", &tunnel).await;
    let reader = invited(&app, "gil@example.com", READER).await;
    for (id, again, withdraw) in
        [(&owner.id, 403, 403), (&tunnel.id, 403, 303), (&reader.id, 303, 303)]
    {
        assert_eq!(cleo.post(MEMBERS, &act("send-again", id)).await.status, 403);
        assert_eq!(cleo.post(MEMBERS, &act("withdraw", id)).await.status, 403);
        assert_eq!(dan.post(MEMBERS, &act("withdraw", id)).await.status, 404, "unseen");
        assert_eq!(ben.post(MEMBERS, &act("send-again", id)).await.status, again);
        assert_eq!(ben.post(MEMBERS, &act("withdraw", id)).await.status, withdraw);
    }
    assert!(denials(&app, "invitation.withdrawn").await >= 2);
}

#[tokio::test]
async fn another_workgroups_invitation_does_not_exist() {
    let app = TestApp::new().await;
    app.user("Eve", "eve@example.com").await;
    app.workgroup("Brook Mill", "eve@example.com").await;
    let made = invited(&app, "gil@example.com", READER).await;
    let eve = app.browser("eve@example.com").await;
    for action in ["send-again", "withdraw"] {
        let own = eve.post("/brook-mill/settings/members", &act(action, &made.id)).await;
        assert_eq!(own.status, 404, "{action}");
        assert_eq!(eve.post(MEMBERS, &act(action, &made.id)).await.status, 404, "{action}");
    }
    assert_eq!(letters(&app, &made.id).await, 1);
}

/// On the word of somebody who was removed nobody comes in; whoever sends it again vouches for it.
#[tokio::test]
async fn whoever_sends_it_again_is_the_one_who_invites() {
    let app = TestApp::new().await;
    let ben = app.member("Ben", &["access.manage", "read"], None).await;
    let fields = [("email", "gil@example.com"), ("role", "member"), ("permissions", "read")];
    assert_eq!(ben.post(super::INVITE, &fields).await.status, 303);
    let made = pending(&app, "gil@example.com").await.unwrap();
    let read = Standing::Chosen(vec!["read".into()]);
    members::set_member(&app.state, "harrow-valley", "ben@harrow.example", read, None)
        .await
        .unwrap();
    let old = link(&app, &made).await;
    let refused = app.stranger().get(&old).await;
    assert_eq!(refused.status, 409);
    assert!(says(&refused, "Ben, who sent this invitation, can no longer give what it offers"));
    let ada = app.ada().await;
    assert!(says(&ada.get(MEMBERS).await, "can no longer give what it offers"));
    assert_eq!(ada.post(MEMBERS, &act("send-again", &made.id)).await.status, 303);
    assert!(says(&ada.get(MEMBERS).await, "Invited by Ada"));
    assert_eq!(app.stranger().get(&link(&app, &made).await).await.status, 200);
}
