//! What changed meanwhile: the group that somebody is bound to, and the rights of whoever invited somebody.

use super::kept;
use super::model::{Act, Held, OWNER, Verdict, held};
use super::world::{MANAGER, READ, TUNNEL, World};
use crate::pages::members::accept::CREATE;
use crate::pages::members::{INVITE, holds, link, page_of, pending};
use crate::test_app::PASSWORD;
use latchkey::server::administration::users;
use latchkey::server::devices::groups::{self, Consent, RawGroupEdit, RawRule};
use latchkey::server::operator;
use latchkey::server::people::members::{self, RawUser};

const API: &str = "/api/v1/workgroups/harrow-valley";
const BOUND: Held = held(&["access.manage", "devices.manage", "read"], Some("North"));
const INVITER: Held = held(&["access.manage", "read", "tunnel"], None);

async fn move_north(world: &World) {
    let rule = Some(RawRule::Metadata { key: "site".into(), value: "south".into() });
    let raw = RawGroupEdit { version: 1, name: None, rule };
    let (state, seat, id) = (&world.app.state, world.app.seat(), &world.ids["North"]);
    groups::edit(state, &seat, id, &raw, Consent::Given, None).await.unwrap();
}

#[tokio::test]
async fn an_edit_of_the_group_counts_at_once_for_whoever_is_bound_to_it() {
    let world = World::new().await;
    let app = &world.app;
    app.user("Mia", "mia@harrow.example").await;
    world.set("Mia", BOUND).await;
    let mia = app.browser("mia@harrow.example").await;
    let string = app.token(|raw| {
        raw.permissions = BOUND.permissions.iter().map(ToString::to_string).collect();
        raw.device_group = "North".into();
    });
    let string = string.await.string;
    let api = app.api(string.reveal());
    let of = |device: &str| {
        let device = device.to_owned();
        app.token(|raw| {
            (raw.permissions, raw.device) = (vec!["telemetry.send".into()], device);
        })
    };
    let (first, second) = (of("pump-1").await.token.id, of("pump-2").await.token.id);
    for (seen, unseen) in [("pump-1", "pump-2"), ("pump-2", "pump-1")] {
        for (device, page, found) in [(seen, 200, 200), (unseen, 404, 404)] {
            let address = format!("/harrow-valley/settings/devices/{}", world.ids[device]);
            assert_eq!(mia.get(&address).await.status, page, "{device}");
            let token = if device == "pump-1" { &first } else { &second };
            let address = format!("/harrow-valley/settings/tokens/{token}");
            assert_eq!(mia.get(&address).await.status, page, "{device}'s token");
            assert_eq!(api.get(&format!("{API}/devices/{device}")).await.status, found);
            assert_eq!(api.get(&format!("{API}/tokens/{token}")).await.status, found);
        }
        assert_eq!(world.on_page(&mia, &Act::EditDevice(seen, false)).await, Verdict::Done);
        let list = api.get(&format!("{API}/devices?limit=100")).await.body;
        assert!(list.contains(seen) && !list.contains(unseen), "{list}");
        let before = kept(app).await;
        for act in [Act::EditDevice(unseen, false), Act::RemoveDevice(unseen)] {
            assert_eq!(world.on_page(&mia, &act).await, Verdict::NotFound, "{act:?}");
            assert_eq!(world.on_api(&api, &act).await, Some(Verdict::NotFound), "{act:?}");
        }
        assert_eq!(kept(app).await, before);
        if seen == "pump-1" {
            move_north(&world).await;
        }
    }
}

/// How the inviter stands when the invitation is accepted, and what then comes of it.
#[derive(Clone, Copy, Debug)]
enum Since {
    Set(Held),
    Removed,
    Disabled,
}

#[tokio::test]
async fn an_invitation_is_worth_what_its_sender_can_give_when_it_is_accepted() {
    let lost = held(&["access.manage", "read"], None);
    let bound = held(&["access.manage", "read", "tunnel"], Some("North"));
    let cases = [
        (INVITER, TUNNEL, Since::Set(INVITER), true),
        (INVITER, TUNNEL, Since::Set(lost), false),
        (INVITER, READ, Since::Set(lost), true),
        (INVITER, READ, Since::Set(READ), false),
        (INVITER, TUNNEL, Since::Set(bound), false),
        (INVITER, MANAGER, Since::Removed, false),
        (INVITER, READ, Since::Disabled, false),
        (OWNER, OWNER, Since::Set(INVITER), false),
        (OWNER, OWNER, Since::Removed, false),
        (OWNER, TUNNEL, Since::Set(INVITER), true),
    ];
    let world = World::new().await;
    let app = &world.app;
    for (at, (first, offer, since, works)) in cases.into_iter().enumerate() {
        let (name, guest) = (format!("m{at}"), format!("g{at}@guest.example"));
        let email = format!("{name}@harrow.example");
        app.user(&name, &email).await;
        world.set(&name, first).await;
        let mut fields = vec![("email", guest.as_str())];
        fields.push(("role", if offer.owner { "owner" } else { "member" }));
        fields.extend(offer.permissions.iter().map(|permission| ("permissions", *permission)));
        assert_eq!(app.browser(&email).await.post(INVITE, &fields).await.status, 303);
        let link = link(app, &pending(app, &guest).await.unwrap()).await;
        let id = world.user(&email).await;
        match since {
            Since::Set(held) => world.set(&name, held).await,
            Since::Removed => {
                let page = page_of(app, &name).await;
                let answer = app.ada().await.post(&page, &[("action", "remove")]).await;
                assert_eq!(answer.status, 303);
            }
            Since::Disabled => {
                users::disable(&app.state, &operator::administrator(), &id).await.unwrap();
            }
        }
        let before = kept(app).await;
        let accepted = app.stranger().post(&link, CREATE).await.status;
        let case = format!("{first:?} offers {offer:?}, then {since:?}");
        assert_eq!(accepted, if works { 303 } else { 409 }, "{case}");
        if works {
            assert_eq!(holds(app, &guest).await.unwrap().owner, offer.owner, "{case}");
            continue;
        }
        assert_eq!(kept(app).await, before, "{case}");
        let known = RawUser { name: "G".into(), email: guest.clone(), password: PASSWORD.into() };
        members::create_user(&app.state, known, false).await.unwrap();
        let before = kept(app).await;
        let joined = app.browser(&guest).await.post(&link, &[("action", "join")]).await;
        assert_eq!((joined.status, kept(app).await), (409, before), "{case}");
        assert_eq!(holds(app, &guest).await, None, "{case}");
    }
}
