//! A permission that was retired after somebody got it: they keep it, old tokens go on, and nobody is given it anew.

use super::kept;
use super::model::{Act, Held, Verdict, held};
use super::world::{NORTH_TUNNEL, READ, TUNNEL, World};
use crate::pages::members::accept::CREATE;
use crate::pages::members::{holds, link, pending};
use crate::test_app::TestApp;
use latchkey::server::administration::catalogue;
use latchkey::server::operator;
use latchkey::server::people::members::{self, Standing};
use serde_json::json;

const TOKENS: &str = "/api/v1/workgroups/harrow-valley/tokens";
const DEVICES: &str = "/api/v1/workgroups/harrow-valley/devices";
const NEW: &str = "/harrow-valley/settings/tokens/new";
const KEEPER: Held = held(&["access.manage", "read", "tunnel"], None);

async fn retire(app: &TestApp, name: &str) {
    catalogue::retire(&app.state, &operator::administrator(), name).await.unwrap();
}

#[tokio::test]
async fn it_is_given_to_nobody_by_a_page() {
    let world = World::new().await;
    let app = &world.app;
    app.user("Mia", "mia@harrow.example").await;
    world.set("Mia", KEEPER).await;
    let (ada, mia) = (app.ada().await, app.browser("mia@harrow.example").await);
    retire(app, "tunnel").await;
    retire(app, "telemetry.send").await;
    let before = kept(app).await;
    let access = [("owner", "X"), ("email", "x@x.example"), ("permissions", "tunnel")];
    let of_device = [("permissions", "telemetry.send"), ("device", "pump-1"), ("owner", "X")];
    let device = [("external_id", "p"), ("name", "P"), ("permissions", "telemetry.send")];
    for (browser, name) in [(&ada, "Ada"), (&mia, "Mia")] {
        for act in [Act::Invite(TUNNEL), Act::Invite(NORTH_TUNNEL), Act::Set("r1", READ, TUNNEL)] {
            let got = world.on_page(browser, &act).await;
            assert_eq!(got, Verdict::WrongField, "{name}: {act:?}");
        }
        for (key, fields) in [("a", &access), ("b", &of_device)] {
            let mut fields = fields.to_vec();
            fields.extend([("email", "x@x.example"), ("idempotency_key", key)]);
            assert_eq!(browser.post(NEW, &fields).await.status, 422, "{name}: {fields:?}");
        }
    }
    let registered = ada.post("/harrow-valley/settings/devices/new", &device).await;
    assert_eq!(registered.status, 422);
    assert_eq!(kept(app).await, before);
}

#[tokio::test]
async fn it_is_given_to_nobody_by_a_program() {
    let world = World::new().await;
    let app = &world.app;
    let all = ["read", "access.manage", "devices.manage", "tunnel", "telemetry.send"];
    let string = app.string_with(&all).await;
    retire(app, "tunnel").await;
    retire(app, "telemetry.send").await;
    let (api, before) = (app.api(&string), kept(app).await);
    for body in [
        json!({ "owner": "X", "email": "x@x.example", "permissions": ["tunnel"] }),
        json!({ "owner": "X", "email": "x@x.example", "permissions": ["telemetry.send"], "device": "pump-1" }),
    ] {
        assert_eq!(api.post(TOKENS, body.clone()).await.status, 422, "{body}");
    }
    let body = json!({ "external_id": "p", "name": "P", "permissions": ["telemetry.send"] });
    assert_eq!(api.post(DEVICES, body).await.status, 422);
    assert_eq!(kept(app).await, before);
    let plain = api.post(DEVICES, json!({ "external_id": "p", "name": "P" })).await;
    assert_eq!(plain.status, 201);
    assert!(!plain.body.contains("telemetry.send"), "{}", plain.body);
}

#[tokio::test]
async fn it_is_given_to_nobody_by_the_command_line() {
    let world = World::new().await;
    let app = &world.app;
    retire(app, "tunnel").await;
    let before = kept(app).await;
    let asked = || Standing::Chosen(vec!["read".into(), "tunnel".into()]);
    for (email, group) in [
        ("r1@harrow.example", None),
        ("n1@harrow.example", Some("North")),
        ("foreigner@harrow.example", None),
    ] {
        let set = members::set_member(&app.state, "harrow-valley", email, asked(), group).await;
        let status = set.err().map(|error| error.into_refusal().code.status());
        assert_eq!(status, Some(422), "{email}");
    }
    let seat = operator::seat(&app.state, "harrow-valley").await.unwrap();
    let invited = world.on_seat(&seat, &Act::Invite(TUNNEL)).await;
    assert_eq!(invited, Some(Verdict::WrongField));
    assert_eq!(kept(app).await, before);
}

#[tokio::test]
async fn whoever_has_it_keeps_it_until_they_lose_it() {
    let world = World::new().await;
    let app = &world.app;
    retire(app, "tunnel").await;
    let ada = app.ada().await;
    // What is changed beside it leaves it alone; a narrower group is no gift.
    for after in [KEEPER, held(&["read", "tunnel"], Some("North"))] {
        let set = Act::Set("t1", TUNNEL, after);
        assert_eq!(world.on_page(&ada, &set).await, Verdict::Done, "{after:?}");
        assert!(holds(app, "t1@harrow.example").await.unwrap().holds("tunnel"));
    }
    assert_eq!(world.on_page(&ada, &Act::Set("t1", TUNNEL, READ)).await, Verdict::Done);
    let again = world.on_page(&ada, &Act::Set("t1", READ, TUNNEL)).await;
    assert_eq!(again, Verdict::WrongField);
    assert!(!holds(app, "t1@harrow.example").await.unwrap().holds("tunnel"));
}

#[tokio::test]
async fn a_token_that_has_it_is_reissued_and_renewed_with_it() {
    let world = World::new().await;
    let app = &world.app;
    app.user("Mia", "mia@harrow.example").await;
    world.set("Mia", KEEPER).await;
    let old = app.token(|raw| raw.permissions = vec!["read".into(), "tunnel".into()]).await;
    let managing = app.string_with(&["read", "access.manage", "tunnel"]).await;
    let lacking = app.string_with(&["read", "access.manage"]).await;
    retire(app, "tunnel").await;
    let page = format!("/harrow-valley/settings/tokens/{}", old.token.id);
    for (email, key) in [("ada@harrow.example", "1"), ("mia@harrow.example", "2")] {
        let fields = [("action", "reissue"), ("older", "keep"), ("idempotency_key", key)];
        assert_eq!(app.browser(email).await.post(&page, &fields).await.status, 200, "{email}");
    }
    let path = format!("{TOKENS}/{}/reissue", old.token.id);
    assert_eq!(app.api(&lacking).post(&path, json!({})).await.status, 403);
    let reissued = app.api(&managing).post(&path, json!({})).await;
    assert_eq!(reissued.status, 200);
    let renewed = app.api(old.string.reveal()).post("/api/v1/token/renew", json!(null)).await;
    for answer in [reissued.json(), renewed.json()] {
        assert_eq!(answer["permissions"], json!(["read", "tunnel"]), "{answer}");
    }
}

#[tokio::test]
async fn an_invitation_brings_what_is_left() {
    let world = World::new().await;
    let app = &world.app;
    retire(app, "tunnel").await;
    let address = "a-tunnel@guest.example";
    let ada = app.ada().await;
    assert_eq!(world.on_page(&ada, &Act::SendAgain("a-tunnel", TUNNEL)).await, Verdict::Done);
    let link = link(app, &pending(app, address).await.unwrap()).await;
    assert_eq!(app.stranger().post(&link, CREATE).await.status, 303);
    assert!(holds(app, address).await.unwrap().permissions.iter().eq(["read"]));
}
