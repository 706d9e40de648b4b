//! However a path is spelled: what reaches the API was allowed for every path that an API might read in it.

use super::super::behind_each;
use super::super::paths::{HOSTILE, two_pumps};
use super::super::proxy::Asks;
use super::super::wire::request;
use super::readings::{readings, targets};
use super::{Scene, YES, verdict};
use std::collections::BTreeMap;

#[tokio::test]
async fn no_spelling_of_a_path_opens_another_devices_line() {
    behind_each(Asks::Routes, async |scene| {
        let string = two_pumps(scene).await;
        scene.with_routes().await;
        let (program, line) = (scene.proxy.program, format!("Authorization: Bearer {string}"));
        for target in HOSTILE {
            let answer = scene.send(&request("GET", target, &[line.as_bytes()])).await;
            let shown = String::from_utf8_lossy(target);
            assert!((400..500).contains(&answer.status), "{program:?} {shown}: {}", answer.status);
            assert!(scene.api.take().is_empty(), "{program:?} {shown}");
        }
        for target in [
            "/devices/pump-1/plots",
            "/dev%69ces/%70ump-1/pl%6Fts",
            "/devices/pump%2D1/plots",
            "/devices/pump%2d1/plots?x=/../..//;%2e",
            "http://api.example/devices/pump-1/plots",
        ] {
            let answer = scene.ask(&string, "GET", target, &[]).await;
            assert_eq!(verdict(&answer), YES, "{program:?} {target}");
            let path = target.trim_start_matches("http://api.example");
            assert_eq!(scene.reached().line(), format!("GET {path} HTTP/1.1"), "{program:?}");
        }
    })
    .await;
}

/// A wide line lies around a strict one: no spelling of the strict path is taken for something in the wide one.
#[tokio::test]
async fn no_spelling_of_a_strict_path_is_judged_by_the_line_around_it() {
    behind_each(Asks::Routes, async |scene| {
        let reader = scene.string(&["read"], "").await;
        scene.with_routes().await;
        for spelling in [
            "secret",
            "secret/",
            "secret//",
            "Secret",
            "SECRET",
            "secret.",
            "secret%2E",
            "secret%20",
            "secret..",
            "%73ecret",
            "%53ECRE%54",
            "secre%74",
            "./secret",
            "x/../secret",
            "secret/.",
            "secret/..",
            "secret/x/..",
            "%2e/secret",
            "x/%2e%2E/secret",
            "/secret",
            "secret;x",
            ";x/secret",
            "secret%3Bx",
            "secret%3bx",
            "secret%2f",
            "secret%2F",
            "secret%00",
            "secret%00.txt",
            "secret%23",
            "secret%3f",
            "secret%3Fx",
            "secret#x",
            "secret?x=/files/a",
            "secret%252f",
            "%2573ecret",
            "secret\\",
            "\\secret",
            "x\\..\\secret",
            "%5csecret",
        ] {
            let answer = scene.ask(&reader, "GET", &format!("/files/{spelling}"), &[]).await;
            let (program, status) = (scene.proxy.program, answer.status);
            assert!((400..500).contains(&status), "{program:?} {spelling}: {status}");
            assert!(scene.api.take().is_empty(), "{program:?} {spelling}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_path_of_any_length_is_judged_or_refused() {
    behind_each(Asks::Routes, async |scene| {
        let reader = scene.string(&["read"], "").await;
        scene.with_routes().await;
        let program = scene.proxy.program;
        for length in [100, 4_000, 7_000, 9_000, 30_000, 60_000] {
            let (long, deep) = ("a".repeat(length), "/a".repeat(length / 2));
            for (target, open) in [
                (format!("/files/{long}"), true),
                (format!("/files{deep}"), true),
                (format!("/files/a?x={long}"), true),
                (format!("/files/secret?x={long}"), false),
                (format!("/nothing{deep}"), false),
                (format!("/files{deep}/../secret"), false),
            ] {
                let answer = scene.ask(&reader, "GET", &target, &[]).await;
                let (status, reached) = (answer.status, scene.api.take().len());
                let shown = format!("{program:?} {length} {:.20}: {status}", target);
                let fair = status == 200 && open && reached == 1;
                assert!(fair || ((400..500).contains(&status) && reached == 0), "{shown}");
                assert!(length > 4_000 || !open || fair, "{shown}");
            }
        }
    })
    .await;
}

/// What the proxy said to each plain path, for one caller and method.
type Said = BTreeMap<String, bool>;

async fn opens(scene: &Scene, (string, method): (&str, &str), path: &str, said: &mut Said) -> bool {
    if let Some(said) = said.get(path) {
        return *said;
    }
    let allowed = path.starts_with('/')
        && verdict(&scene.ask(string, method, path, &[]).await) == YES
        && scene.api.take().len() == 1;
    said.insert(path.to_owned(), allowed);
    allowed
}

#[tokio::test]
async fn what_reaches_the_api_was_allowed_for_every_path_that_it_might_read() {
    behind_each(Asks::Routes, async |scene| {
        let device = {
            two_pumps(scene).await;
            scene.string(&["telemetry.send"], "pump-1").await
        };
        let reader = scene.string(&["read"], "").await;
        scene.with_routes().await;
        let (mut through, mut refused) = (0, 0);
        for caller in [(device.as_str(), "GET"), (&device, "POST"), (&reader, "GET")] {
            let mut said = Said::new();
            for target in targets(500) {
                let answer = scene.ask(caller.0, caller.1, &target, &[]).await;
                let heard = scene.api.take();
                let case = format!("{:?} {} {target}", scene.proxy.program, caller.1);
                assert_eq!(heard.len(), usize::from(verdict(&answer) == YES), "{case}");
                let Some(heard) = heard.first() else {
                    refused += 1;
                    continue;
                };
                through += 1;
                assert_eq!(heard.line(), format!("{} {target} HTTP/1.1", caller.1));
                let path = target.split('?').next().unwrap();
                for reading in readings(path) {
                    let allowed = opens(scene, caller, &reading, &mut said).await;
                    assert!(allowed, "{case} reached the API, which might read {reading}");
                }
            }
        }
        assert!(through > 30 && refused > 300, "{through} went through, {refused} did not");
    })
    .await;
}
