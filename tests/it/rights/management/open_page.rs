//! Pages that were open when their reader lost a right, was removed or disabled: the next request is judged by what they hold
//! then, whatever the page still offers.

use super::model::{Act, Caller, Held, OWNER, Verdict, Who, held};
use super::world::{READ, World};
use super::{Findings, acts, kept};
use crate::caller::Browser;
use axum::http::Method;
use latchkey::domain::time::MINUTE;
use latchkey::server::administration::users;
use latchkey::server::operator;
use leptos::server_fn::axum::server_fn_paths;

const ALL: Held = held(&["access.manage", "devices.manage", "read", "tunnel"], None);
const ALL_NORTH: Held = held(&["access.manage", "devices.manage", "read", "tunnel"], Some("North"));

/// What is done to Mia while her page is open.
#[derive(Clone, Copy, Debug)]
enum Change {
    Set(Held),
    Removed,
    /// She is a member of another workgroup too, so she stays signed in.
    RemovedHere,
    Disabled,
}

const CASES: [(Held, Change); 10] = [
    (OWNER, Change::Set(ALL)),
    (OWNER, Change::Set(READ)),
    (ALL, Change::Set(READ)),
    (ALL, Change::Set(held(&["access.manage", "read"], None))),
    (ALL, Change::Set(ALL_NORTH)),
    (OWNER, Change::Removed),
    (ALL, Change::Removed),
    (ALL_NORTH, Change::RemovedHere),
    (OWNER, Change::RemovedHere),
    (OWNER, Change::Disabled),
];

/// Does it, and says as whom she is judged from then on.
async fn change(world: &World, change: Change) -> Caller {
    let (app, id) = (&world.app, world.user("mia@harrow.example").await);
    let (who, held) = match change {
        Change::Set(held) => {
            world.set("Mia", held).await;
            (Who::Member, held)
        }
        Change::Removed | Change::RemovedHere => {
            if matches!(change, Change::RemovedHere) {
                app.workgroup("Third", "mia@harrow.example").await;
            }
            let page = format!("/harrow-valley/settings/members/{id}");
            let answer = app.ada().await.post(&page, &[("action", "remove")]).await;
            assert_eq!(answer.status, 303);
            let elsewhere = matches!(change, Change::RemovedHere);
            (if elsewhere { Who::Outsider } else { Who::Stranger }, held(&[], None))
        }
        Change::Disabled => {
            users::disable(&app.state, &operator::administrator(), &id).await.unwrap();
            (Who::Stranger, held(&[], None))
        }
    };
    Caller { name: "Mia", who, held }
}

/// What the open page would ask for by itself.
fn question(world: &World, path: &str) -> Option<String> {
    let slug = "workgroup=harrow-valley";
    let id = |name: &str| world.ids[name].as_str();
    let query = match path {
        "/rpc/list_tokens" => format!("{slug}&query[revoked]=true"),
        "/rpc/read_new_token" => format!("{slug}&device=false"),
        "/rpc/read_token" => format!("{slug}&id={}", id("token")),
        "/rpc/list_devices" | "/rpc/list_device_groups" => format!("{slug}&query[search]="),
        "/rpc/read_new_device" | "/rpc/read_frame" => slug.to_owned(),
        "/rpc/read_invite_member" | "/rpc/read_policy" => slug.to_owned(),
        "/rpc/read_device" | "/rpc/read_device_to_edit" => format!("{slug}&id={}", id("pump-1")),
        "/rpc/read_device_group" | "/rpc/read_device_group_form" => {
            format!("{slug}&id={}", id("North"))
        }
        "/rpc/list_notices" => format!("{slug}&query[search]="),
        "/rpc/read_activity" => format!("{slug}&query[denied]=false"),
        "/rpc/read_routes" => format!("{slug}&asked[path]=/a"),
        "/rpc/list_members" => format!("{slug}&query[page]=1"),
        "/rpc/read_member" => format!("{slug}&id={}", id("n1")),
        "/rpc/read_import_form" => format!("{slug}&kind=devices"),
        "/rpc/read_import" => format!("{slug}&id={}", id("devices")),
        _ => return None,
    };
    Some(format!("{path}?{query}"))
}

/// The answers to every question of the workgroup's pages.
async fn asked(world: &World, browser: &Browser<'_>) -> Vec<(String, u16)> {
    let mut answers = Vec::new();
    for (path, method) in server_fn_paths() {
        assert_eq!(method, Method::GET, "{path}");
        if let Some(question) = question(world, path) {
            let status = browser.get(&question).await.status;
            answers.push((question, status));
        }
    }
    answers
}

#[tokio::test]
async fn the_next_request_is_judged_by_what_is_held_then() {
    let mut findings = Findings::default();
    for (before, what) in CASES {
        let mut world = World::new().await;
        let token = world.app.token(|_| {}).await.token.id;
        world.ids.insert("token", token);
        world.app.user("Mia", "mia@harrow.example").await;
        world.set("Mia", before).await;
        let browser = world.app.browser("mia@harrow.example").await;
        assert_eq!(world.on_page(&browser, &Act::ReadMembers).await, Verdict::Done);
        if before.owner {
            let shut: Vec<_> = asked(&world, &browser).await;
            assert!(shut.iter().all(|(_, status)| *status == 200) && shut.len() > 15, "{shut:?}");
        }
        let caller = change(&world, what).await;
        for act in acts() {
            world.app.state.clock.advance(MINUTE);
            let before = kept(&world.app).await;
            let got = world.on_page(&browser, &act).await;
            findings.note((&caller, &act), got, &before, &kept(&world.app).await);
        }
        if matches!(caller.who, Who::Outsider | Who::Stranger) {
            let shut = if caller.who == Who::Outsider { 404 } else { 401 };
            for (question, status) in asked(&world, &browser).await {
                assert_eq!(status, shut, "{what:?}: {question}");
            }
        }
    }
    findings.none(450);
}

/// Also what is no member's business but theirs: tokens, and the way back in.
#[tokio::test]
async fn whoever_was_removed_makes_nothing_and_does_not_come_back() {
    for elsewhere in [false, true] {
        let world = World::new().await;
        let app = &world.app;
        app.user("Mia", "mia@harrow.example").await;
        world.set("Mia", OWNER).await;
        let token = app.token(|_| {}).await.token.id;
        let browser = app.browser("mia@harrow.example").await;
        let what = if elsewhere { Change::RemovedHere } else { Change::Removed };
        change(&world, what).await;
        let before = kept(app).await;
        let tokens = "/harrow-valley/settings/tokens";
        let (page, mia) = (format!("{tokens}/{token}"), world.user("mia@harrow.example").await);
        let own = format!("/harrow-valley/settings/members/{mia}");
        let new = [("owner", "X"), ("email", "x@x.example"), ("idempotency_key", "k")];
        let posts: [(&str, &[(&str, &str)]); 7] = [
            (&format!("{tokens}/new"), &new),
            (
                &format!("{page}/edit"),
                &[("version", "1"), ("owner", "X"), ("email", "x@x.example")],
            ),
            (&page, &[("action", "reissue"), ("older", "now"), ("idempotency_key", "k2")]),
            (&page, &[("action", "retire"), ("number", "1")]),
            (&page, &[("action", "revoke")]),
            (&own, &[("action", "set"), ("version", "1"), ("role", "owner")]),
            (&own, &[("action", "remove")]),
        ];
        for (path, fields) in posts {
            let answer = browser.post(path, fields).await;
            match elsewhere {
                true => assert_eq!(answer.status, 404, "{path} {fields:?}"),
                false => assert!(answer.header("location").starts_with("/sign-in"), "{path}"),
            }
        }
        assert_eq!(kept(app).await, before);
    }
}
