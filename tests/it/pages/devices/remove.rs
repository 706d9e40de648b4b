//! Removing a device: it asks first, revokes, and leaves the record and the list readable.

use super::{DEVICES, device, group, is_denied, kept, listing, north, page, record};
use crate::pages::forms::{says, token};
use crate::test_app::TestApp;
use latchkey::domain::activity::Verb;
use latchkey::domain::token::Reach;
use latchkey::domain::token_list::TokenQuery;
use latchkey::server::tokens::list;

const REMOVE: [(&str, &str); 1] = [("action", "remove")];

#[tokio::test]
async fn it_asks_first_and_names_what_stops() {
    let app = TestApp::new().await;
    let pump = device(&app, "pump-1", &[]).await.0;
    group(&app, "Both", listing(&["pump-1"])).await;
    let other = device(&app, "pump-2", &[]).await.0;
    group(&app, "Other", listing(&["pump-2"])).await;
    let ada = app.ada().await;
    let dialog = ada.get(&format!("{}?dialog=remove", page(&pump))).await;
    assert!(says(&dialog, "is the only device that “Both” lists"));
    assert!(!says(&dialog, "Removing is final"), "there is nothing to press");
    assert_eq!(ada.post(&page(&pump), &REMOVE).await.status, 409);
    assert!(kept(&app, "pump-1").await.is_some());
    let refused = ada.post(&page(&other), &REMOVE).await;
    assert!(says(&refused, "“Other”"), "the group in the way is named");
}

#[tokio::test]
async fn its_tokens_are_revoked_each_with_its_own_row_and_keep_its_name() {
    let app = TestApp::new().await;
    let (pump, first) = device(&app, "pump-1", &[("site", "north")]).await;
    device(&app, "pump-2", &[]).await;
    group(&app, "Both", listing(&["pump-1", "pump-2"])).await;
    let second = app
        .token(|raw| {
            (raw.device, raw.can_renew) = ("pump-1".into(), false);
            raw.permissions = vec!["telemetry.send".into()];
            raw.expires = "never".into();
        })
        .await;
    let ada = app.ada().await;
    let dialog = ada.get(&format!("{}?dialog=remove", page(&pump))).await;
    assert!(says(&dialog, "2 tokens of the device are revoked") && says(&dialog, "Both"));
    assert!(says(&dialog, "North plant integrator"));
    let done = ada.post(&page(&pump), &REMOVE).await;
    assert_eq!(
        (done.status, done.header("location")),
        (303, format!("{DEVICES}?done=device-removed").as_str())
    );
    assert_eq!(kept(&app, "pump-1").await, None);
    assert_eq!(ada.get(&page(&pump)).await.status, 404);
    let dead = app.api(second.string.reveal()).get("/api/v1/token").await;
    assert_eq!((dead.status, dead.code().as_str()), (401, "token_revoked"));
    for id in [&first, &second.token.id] {
        let verbs: Vec<_> = record(&app, id).await.iter().map(|row| row.verb).collect();
        assert_eq!(verbs[0], Verb::TokenRevoked);
        let now = token(&app, id).await;
        let Reach::Device { external_id, name, .. } = &now.reach else { panic!("{:?}", now.reach) };
        assert_eq!((external_id.as_str(), name.as_str()), ("pump-1", "PUMP-1"));
        let shown = ada.get(&format!("/harrow-valley/settings/tokens/{id}")).await;
        assert!(shown.status == 200 && says(&shown, "PUMP-1"));
    }
    let row = record(&app, &pump.id).await.remove(0);
    assert_eq!((row.verb, row.subject.as_str()), (Verb::DeviceRemoved, "PUMP-1"));
    assert_eq!((&row.before["id"], &row.after["tokens revoked"]), (&"pump-1".into(), &"2".into()));
    let query = TokenQuery { revoked: true, ..TokenQuery::default() };
    let listed = list::list(&app.state, &app.seat(), &query, 50).await.unwrap();
    assert_eq!((listed.items.len(), listed.counts.revoked), (3, 2));
}

#[tokio::test]
async fn its_id_is_free_afterwards_and_old_tokens_open_nothing_of_the_new_one() {
    let app = TestApp::new().await;
    let (old, old_token) = device(&app, "pump-1", &[]).await;
    let ada = app.ada().await;
    ada.post(&page(&old), &REMOVE).await;
    let (new, new_token) = device(&app, "pump-1", &[]).await;
    assert_ne!((&old.id, &old_token), (&new.id, &new_token));
    let shown = ada.get(&page(&new)).await;
    assert!(shown.body.contains(&new_token) && !shown.body.contains(&old_token));
    group(&app, "All", latchkey::server::devices::groups::RawRule::NotIn(vec![])).await;
    let bound = app.member("Ben", &["access.manage"], Some("All")).await;
    let tokens = "/harrow-valley/settings/tokens";
    assert_eq!(bound.get(&format!("{tokens}/{new_token}")).await.status, 200);
    assert_eq!(bound.get(&format!("{tokens}/{old_token}")).await.status, 404);
    let listed = bound.get(&format!("{tokens}?revoked=1")).await;
    assert!(listed.body.contains(&new_token) && !listed.body.contains(&old_token));
}

#[tokio::test]
async fn only_who_keeps_the_devices_of_the_whole_workgroup_removes_one() {
    let app = TestApp::new().await;
    let (inside, outside) = north(&app).await;
    let people = [
        ("Ben", vec!["read", "access.manage"], None, 403),
        ("Eve", vec!["read", "devices.manage"], Some("North"), 403),
    ];
    for (name, permissions, group, status) in people {
        let browser = app.member(name, &permissions, group).await;
        assert_eq!(browser.post(&page(&inside), &REMOVE).await.status, status, "{name}");
        assert!(is_denied(&app, &inside.id, Verb::DeviceRemoved, name).await, "{name}");
        if group.is_some() {
            assert_eq!(browser.post(&page(&outside), &REMOVE).await.status, 404, "{name}");
        }
    }
    assert!(kept(&app, "pump-1").await.is_some() && kept(&app, "pump-2").await.is_some());
    let keeper = app.member("Kim", &["devices.manage"], None).await;
    assert_eq!(keeper.post(&page(&inside), &REMOVE).await.status, 303);
    let odd = keeper.post(&page(&outside), &[("action", "burn")]).await;
    assert_eq!(odd.status, 422);
}
