//! `…/devices/{id}`: what reaches a device and why, for whoever may see it.

use super::{device, group, listing, north, page};
use crate::caller::Answer;
use crate::pages::forms::{says, without_tags};
use crate::test_app::TestApp;
use latchkey::domain::token_draft::RawDraft;
use latchkey::server::tokens::{issue, revoke};

/// The lines of the list of tokens that reach it.
fn reaching(answer: &Answer) -> Vec<String> {
    let items = answer.body.split("data-testid=\"reaching\"").skip(1);
    let line = |item: &str| {
        let item = item.split_once('>').unwrap().1.split("<code").next().unwrap();
        without_tags(item)
    };
    items.map(line).collect()
}

async fn access(app: &TestApp, name: &str, group: &str) -> String {
    let made = app
        .token(|raw| {
            (raw.name, raw.device_group) = (name.to_owned(), group.to_owned());
        })
        .await;
    made.token.id
}

#[tokio::test]
async fn the_page_says_which_tokens_reach_the_device_and_why() {
    let app = TestApp::new().await;
    let (pump, _) = north(&app).await;
    group(&app, "Other", listing(&["pump-2"])).await;
    access(&app, "staging", "North").await;
    access(&app, "whole", "").await;
    access(&app, "elsewhere", "Other").await;
    let dead = access(&app, "dead", "North").await;
    revoke::revoke(&app.state, &app.seat(), &dead, false, None, None).await.unwrap();
    let shown = app.ada().await.get(&page(&pump)).await;
    assert_eq!(shown.status, 200);
    let mut lines = reaching(&shown);
    lines.sort();
    assert_eq!(
        lines,
        [
            "North plant integrator · staging: through the device group North",
            "North plant integrator · whole: whole workgroup",
            "PUMP-1: its own device token",
        ]
    );
    assert!(says(&shown, "site = north") && says(&shown, "Registered"));
    app.pass_days(120);
    let later = reaching(&app.ada().await.get(&page(&pump)).await);
    assert_eq!(later, ["PUMP-1: its own device token"], "what has expired reaches nothing");
}

#[tokio::test]
async fn members_are_named_by_the_group_that_shows_it_to_them() {
    let app = TestApp::new().await;
    let (pump, other) = north(&app).await;
    app.member("Ben", &["read"], Some("North")).await;
    app.member("Eve", &["read"], None).await;
    let ada = app.ada().await;
    let shown = ada.get(&page(&pump)).await;
    assert!(says(&shown, "Ben: through the device group North") && !says(&shown, "Eve"));
    assert!(says(&ada.get(&page(&other)).await, "Nobody sees it by a device group."));
}

#[tokio::test]
async fn a_member_without_manage_access_sees_the_device_but_no_token() {
    let app = TestApp::new().await;
    let (pump, _) = north(&app).await;
    access(&app, "staging", "North").await;
    let ben = app.member("Ben", &["read"], None).await;
    let shown = ben.get(&page(&pump)).await;
    assert_eq!(shown.status, 200);
    assert!(says(&shown, "PUMP-1") && says(&shown, "hold Manage access"));
    assert!(!says(&shown, "staging") && !shown.body.contains("lkd_"));
    for action in ["/edit\"", "dialog=remove"] {
        assert!(!shown.body.contains(action), "{action}");
    }
    let keeper = app.member("Eve", &["devices.manage"], None).await;
    let dialog = keeper.get(&format!("{}?dialog=remove", page(&pump))).await;
    assert!(says(&dialog, "1 token of the device is revoked") && !dialog.body.contains("lkd_"));
}

#[tokio::test]
async fn who_is_bound_sees_their_groups_devices_and_tokens_and_nothing_else() {
    let app = TestApp::new().await;
    let (pump, other) = north(&app).await;
    group(&app, "Spare", listing(&["pump-1", "pump-2"])).await;
    access(&app, "staging", "North").await;
    access(&app, "spare", "Spare").await;
    access(&app, "whole", "").await;
    app.member("Eve", &["read"], Some("Spare")).await;
    let ben = app.member("Ben", &["read", "access.manage"], Some("North")).await;
    let shown = ben.get(&page(&pump)).await;
    let mut lines = reaching(&shown);
    lines.sort();
    assert_eq!(
        lines,
        [
            "North plant integrator · staging: through the device group North",
            "PUMP-1: its own device token",
        ]
    );
    assert!(!says(&shown, "Spare") && !says(&shown, "Eve"));
    let outside = ben.get(&page(&other)).await;
    let unknown =
        ben.get(&format!("{}/01999999-9999-7999-8999-999999999999", super::DEVICES)).await;
    assert_eq!((outside.status, unknown.status), (404, 404));
}

#[tokio::test]
async fn a_device_of_another_workgroup_does_not_exist() {
    let app = TestApp::new().await;
    let pump = device(&app, "pump-1", &[]).await.0;
    app.user("Bea", "bea@harrow.example").await;
    app.workgroup("Brook Mill", "bea@harrow.example").await;
    let bea = app.browser("bea@harrow.example").await;
    for path in ["", "/edit", "?dialog=remove"] {
        let theirs = bea.get(&format!("/brook-mill/settings/devices/{}{path}", pump.id)).await;
        assert_eq!(theirs.status, 404, "{path}");
        assert_eq!(bea.get(&format!("{}{path}", page(&pump))).await.status, 404, "{path}");
    }
    let at = format!("/brook-mill/settings/devices/{}", pump.id);
    assert_eq!(bea.post(&at, &[("action", "remove")]).await.status, 404);
    let fields = [("version", "1"), ("name", "Mine")];
    assert_eq!(bea.post(&format!("{at}/edit"), &fields).await.status, 404);
    assert_eq!(super::kept(&app, "pump-1").await.unwrap().device, pump);
}

/// Fifty stand on a page, and each on one.
#[tokio::test]
async fn many_tokens_that_reach_it_stand_page_by_page() {
    let app = TestApp::new().await;
    let pump = device(&app, "pump-1", &[]).await.0;
    for number in 0..60 {
        let raw = RawDraft {
            owner: format!("Owner {number:02}"),
            email: "ops@north.example".into(),
            expires: "1m".into(),
            ..RawDraft::default()
        };
        issue::issue(&app.state, &app.seat(), &raw, None, None).await.unwrap();
    }
    let ada = app.ada().await;
    let first = ada.get(&page(&pump)).await;
    let mut all = reaching(&first);
    assert_eq!(all.len(), 50);
    let (before, _) = first.body.split_once("#reaching\"").unwrap();
    let (_, after) = before.rsplit_once("?after=").unwrap();
    let second = ada.get(&format!("{}?after={after}", page(&pump))).await;
    all.extend(reaching(&second));
    assert!(!second.body.contains("#reaching\""), "there is no further page");
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 61, "sixty and its own");
}
