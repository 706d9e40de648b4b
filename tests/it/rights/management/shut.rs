//! What the bound must not learn of what lies outside of their group, and keys that must not outlive their use.

use super::kept;
use super::model::{Held, held};
use super::world::World;
use crate::pages::members::{INVITE, link, page_of, pending};
use crate::test_app::PASSWORD;
use latchkey::server::people::members::{self, RawUser};
use serde_json::json;

const API: &str = "/api/v1/workgroups/harrow-valley";
const BOUND: Held = held(&["access.manage", "devices.manage", "read"], Some("North"));

/// A body that is wrong besides is no way to learn what lies outside of the group.
#[tokio::test]
async fn a_wrong_body_tells_the_bound_nothing_of_what_they_do_not_see() {
    let world = World::new().await;
    let app = &world.app;
    let bound = app.token(|raw| {
        raw.permissions = vec!["read".into(), "devices.manage".into()];
        raw.device_group = "North".into();
    });
    let bound = bound.await.string;
    let (api, groups) = (app.api(bound.reveal()), format!("{API}/device-groups"));
    let own = format!("{groups}/{}", world.ids["North"]);
    let body = |name: &str, device: &str| json!({ "name": name, "in": [device], "odd": true });
    let edit = |device: &str| json!({ "version": 1, "name": "North", "in": [device], "odd": true });
    let before = kept(app).await;
    let known = api.post(&groups, body("South", "pump-2")).await;
    let unknown = api.post(&groups, body("Nowhere", "pump-99")).await;
    assert_eq!((known.status, unknown.status), (403, 403), "{}", known.body);
    let (known, unknown) =
        (api.patch(&own, edit("pump-2")).await, api.patch(&own, edit("pump-99")).await);
    assert_eq!((known.status, unknown.status), (403, 403), "{}", unknown.body);
    let after = kept(app).await;
    let new: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
    assert_eq!(new.len(), 2, "one denial of each kind: {new:?}");
    assert!(new.iter().all(|row| row.starts_with("activity: ")), "{new:?}");
}

/// A group that is not their own does not exist for the bound, also not in the history of somebody whom they see.
#[tokio::test]
async fn the_history_of_a_member_names_no_other_group_to_the_bound() {
    let world = World::new().await;
    let app = &world.app;
    world.set("s1", held(&["read"], Some("North"))).await;
    app.user("Mia", "mia@harrow.example").await;
    world.set("Mia", BOUND).await;
    let mia = app.browser("mia@harrow.example").await;
    let page = mia.get(&page_of(app, "s1").await).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("South"), "the page names South");
    let question = format!("/rpc/read_member?workgroup=harrow-valley&id={}", world.ids["s1"]);
    assert!(!mia.get(&question).await.body.contains("South"), "the answer names South");
}

/// Whoever came in by another way has no second key in their letters.
#[tokio::test]
async fn an_administrator_who_came_in_by_themselves_needs_no_invitation_any_more() {
    let world = World::new().await;
    let app = &world.app;
    let email = "rut@harrow.example";
    let raw = RawUser { name: "Rut".into(), email: email.into(), password: PASSWORD.into() };
    members::create_user(&app.state, raw, true).await.unwrap();
    let fields = [("email", email), ("role", "member"), ("permissions", "read")];
    assert_eq!(app.ada().await.post(INVITE, &fields).await.status, 303);
    let link = link(app, &pending(app, email).await.unwrap()).await;
    let rut = app.browser(email).await;
    let own = [("action", "own"), ("id", app.harrow.id.as_str())];
    assert_eq!(rut.post("/administration", &own).await.status, 303);
    assert!(pending(app, email).await.is_none(), "the invitation is still listed");
    let page = page_of(app, "rut").await;
    assert_eq!(app.ada().await.post(&page, &[("action", "remove")]).await.status, 303);
    assert_eq!(rut.post(&link, &[("action", "join")]).await.status, 404);
}
