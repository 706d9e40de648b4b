//! No spelling of a path opens what the plain path does not; nobody reaches another workgroup's API, nor, bound to a device, what
//! names none.

use super::proxy::Asks;
use super::wire::request;
use super::{Scene, behind_each};
use crate::api::device_string;
use latchkey::domain::activity::Actor;
use latchkey::domain::rights::{Rights, Seat};
use latchkey::domain::token_draft::RawDraft;
use latchkey::server::devices::register::{RawDevice, register};
use latchkey::server::tokens::issue;

/// Nothing of this is for the device pump-1: by one reading or another it means something else, or nothing.
pub const HOSTILE: [&[u8]; 60] = [
    b"/devices/pump-1/../pump-2/plots",
    b"/devices/pump-1/%2e%2e/pump-2/plots",
    b"/devices/pump-1/%2E%2E/pump-2/plots",
    b"/devices/pump-1/.%2e/pump-2/plots",
    b"/devices/pump-1/%2e./pump-2/plots",
    b"/devices/pump-2/%2e%2e/pump-1/plots",
    b"/devices/pump-1/%252e%252e/pump-2/plots",
    b"/devices/pump-1/..%2fpump-2/plots",
    b"/devices/pump-1%2f..%2fpump-2/plots",
    b"/devices/pump-1%2F%2E%2E%2Fpump-2/plots",
    b"/devices/pump-1%252f..%252fpump-2/plots",
    b"/devices/pump-1/..;/pump-2/plots",
    b"/devices/pump-1;x/plots",
    b"/devices/pump-1;/plots",
    b"/devices/pump-1/plots;x",
    b"/devices/pump-2;pump-1/plots",
    b"/devices/pump-1%3bx/plots",
    b"/devices/pump-1%3B/../pump-2/plots",
    b"/devices/pump-1/..\\pump-2/plots",
    b"/devices/pump-1\\..\\pump-2\\plots",
    b"/devices/pump-1/\\../pump-2/plots",
    b"/devices/pump-1%5c..%5cpump-2/plots",
    b"/devices/pump-1%5C/plots",
    b"//devices/pump-1/plots",
    b"/devices//pump-1/plots",
    b"/devices//pump-2/plots",
    b"/devices/pump-1//plots",
    b"/devices/pump-1//../pump-2/plots",
    b"/devices/pump-1/plots//",
    b"/./devices/pump-1/plots",
    b"/devices/./pump-1/plots",
    b"/devices/pump-1/.",
    b"/devices/pump-1/..",
    b"/devices/pump-1/..?x",
    b"/devices/pump-1/../../reports/1",
    b"/reports/../devices/pump-1/plots",
    b"/devices/..",
    b"/devices/pump-1%00/plots",
    b"/devices/pump-1%0d%0aX-Latchkey-Owner:%20evil/plots",
    b"/devices/pump-1%7f/plots",
    b"/devices/pump-1%23/plots",
    b"/devices/pump-1%3f/plots",
    b"/devices/pump-1#/plots",
    b"/devices/pump-2/plots#/devices/pump-1/plots",
    b"/devices/pump-2/plots?/devices/pump-1/plots",
    b"/devices/pump-2/plots?device=pump-1",
    b"/devices/pump-2&device=pump-1/plots",
    b"/devices/pump-2%26device=pump-1/plots",
    b"/devices/any/plots",
    b"/devices/any",
    b"/devices/%61ny/plots",
    b"/devices/p%75mp-2/plots",
    b"/devices/PUMP-1/plots",
    b"/Devices/pump-1/plots",
    b"/devices/pump-1%zz/plots",
    b"/devices/pump-1%2",
    b"/devices/pump-1\xc3\xa9/plots",
    b"/devices/{http.request.host}/plots",
    b"http://api.example/devices/pump-2/plots",
    b"devices/pump-1/plots",
];

pub async fn two_pumps(scene: &Scene) -> String {
    let string = device_string(&scene.app).await;
    let other =
        RawDevice { external_id: "pump-2".into(), name: "Pump 2".into(), ..RawDevice::default() };
    register(&scene.app.state, &scene.app.seat(), &other, None).await.unwrap();
    scene.heard_of_bound(&string).await;
    string
}

#[tokio::test]
async fn no_spelling_of_a_path_opens_more_than_the_plain_path() {
    behind_each(Asks::Parameters, async |scene| {
        let string = two_pumps(scene).await;
        let program = scene.proxy.program;
        for plain in
            ["/devices/pump-1/plots", "/devices/pump-1", "/devices/pump-1/a..b/.c?x=//%2e;"]
        {
            assert_eq!(scene.get(&string, plain).await.status, 200, "{program:?} {plain}");
            let line = scene.reached().line().to_owned();
            assert_eq!(line, format!("GET {plain} HTTP/1.1"), "as the client sent it");
        }
        let line = format!("Authorization: Bearer {string}");
        for target in HOSTILE {
            let answer = scene.send(&request("GET", target, &[line.as_bytes()])).await;
            let shown = String::from_utf8_lossy(target);
            assert!((400..500).contains(&answer.status), "{program:?} {shown}: {}", answer.status);
            assert!(scene.api.take().is_empty(), "{program:?} {shown}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_bound_token_opens_nothing_that_names_no_device() {
    behind_each(Asks::Parameters, async |scene| {
        let string = two_pumps(scene).await;
        for (target, code) in [
            ("/devices/pump-2/plots", "not_found"),
            ("/reports/1", "wrong_token_type"),
            ("/elsewhere", ""),
            ("/Reports/1", ""),
            ("/reports", ""),
        ] {
            let answer = scene.get(&string, target).await;
            assert!([403, 404].contains(&answer.status), "{target}: {}", answer.status);
            assert_eq!(answer.header("x-latchkey-code"), code, "{target}");
        }
        let whole = scene.reader().await;
        assert_eq!(scene.get(&whole, "/devices/pump-2/plots").await.status, 200);
        assert_eq!(scene.reached().all("x-latchkey-device"), [""; 0]);
        assert!(scene.get(&whole, "/devices/any/plots").await.status >= 400);
        assert!(scene.get(&whole, "/devices/pump-9/plots").await.status >= 400);
        assert!(scene.get(&whole, "/elsewhere").await.status >= 400);
        assert!(scene.api.take().is_empty());
    })
    .await;
    behind_each(Asks::Routes, async |scene| {
        let string = two_pumps(scene).await;
        let answer = scene.get(&string, "/anything").await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.header("x-latchkey-code"), "insufficient_permissions");
        assert!(scene.api.take().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_token_of_another_workgroup_opens_nothing() {
    for asks in [Asks::Parameters, Asks::Routes] {
        behind_each(asks, async |scene| {
            let string = stranger(scene).await;
            for target in ["/devices/pump-1/plots", "/reports/1", "/reports/1?workgroup=brook-mill"]
            {
                let answer = scene.get(&string, target).await;
                assert_eq!(answer.status, 401, "{target}");
                assert_eq!(answer.header("x-latchkey-code"), "invalid_token");
            }
            assert!(scene.api.take().is_empty());
        })
        .await;
    }
}

/// The string of a token of Brook Mill, which may do what Harrow Valley's may.
async fn stranger(scene: &Scene) -> String {
    let seat = brook_mill(scene).await;
    string_of(scene, &seat).await
}

/// Another workgroup, with every right in it.
pub async fn brook_mill(scene: &Scene) -> Seat {
    let workgroup = scene.app.workgroup("Brook Mill", "ada@harrow.example").await;
    Seat { workgroup, actor: Actor::CommandLine, rights: Rights::owner() }
}

/// The string of a token of this seat's workgroup that reads, known to Latchkey.
pub async fn string_of(scene: &Scene, seat: &Seat) -> String {
    let raw = RawDraft {
        owner: "Brook".into(),
        email: "ops@brook.example".into(),
        expires: "3m".into(),
        permissions: vec!["read".into()],
        ..RawDraft::default()
    };
    let issued = issue::issue(&scene.app.state, seat, &raw, None, None).await.unwrap();
    let string = issued.done_now().unwrap().string.reveal().to_owned();
    scene.heard_of(&string).await;
    string
}
