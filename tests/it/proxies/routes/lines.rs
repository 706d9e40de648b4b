//! Each line lets through whom it names and nobody else; the longest match decides, and what matches none is refused.

use super::super::behind_each;
use super::super::paths::two_pumps;
use super::super::proxy::Asks;
use super::{NO, YES, verdict};

/// Whose string, method, target and verdict.
const CASES: [(&str, &str, &str, &str); 45] = [
    ("reader", "GET", "/devices", YES),
    ("reader", "HEAD", "/devices", YES),
    ("reader", "OPTIONS", "/devices", NO),
    ("reader", "DELETE", "/devices", NO),
    ("reader", "GET", "/devices/", NO),
    ("reader", "GET", "/devices?x=/other", YES),
    ("reader", "GET", "/devices?x=/devices/new&y=//..;%2e", YES),
    ("device", "GET", "/devices", "wrong_token_type"),
    ("reader", "GET", "/devices/new", NO),
    ("keeper", "GET", "/devices/new", YES),
    ("keeper", "POST", "/devices/new", NO),
    ("keeper", "GET", "/devices/new?", YES),
    ("reader", "GET", "/devices/pump-1", YES),
    ("reader", "GET", "/devices/pump-2", YES),
    ("reader", "GET", "/devices/pump-9", "not_found"),
    ("reader", "HEAD", "/devices/pump-1", NO),
    ("device", "GET", "/devices/pump-1", YES),
    ("device", "GET", "/devices/pump-1?x=/devices/pump-2", YES),
    ("device", "GET", "/devices/pump-2", "not_found"),
    ("device", "GET", "/devices/pump-2?x=/devices/pump-1", "not_found"),
    ("device", "POST", "/devices/pump-1/telemetry", YES),
    ("device", "POST", "/devices/pump-2/telemetry", "not_found"),
    ("device", "GET", "/devices/pump-1/telemetry", NO),
    ("device", "PUT", "/devices/pump-1/telemetry", NO),
    ("mute", "POST", "/devices/pump-1/telemetry", NO),
    ("reader", "POST", "/devices/pump-1/telemetry", "wrong_token_type"),
    ("driver", "POST", "/devices/pump-1/control", YES),
    ("driver", "POST", "/devices/pump-2/control?device=pump-1", YES),
    ("driver", "POST", "/devices/pump-9/control", "not_found"),
    ("reader", "POST", "/devices/pump-1/control", NO),
    ("device", "POST", "/devices/pump-1/control", "wrong_token_type"),
    ("reader", "GET", "/files/a/b.txt", YES),
    ("reader", "GET", "/files/secrets", YES),
    ("reader", "GET", "/files/secret", NO),
    ("reader", "GET", "/files/secret?x=/files/a", NO),
    ("manager", "GET", "/files/secret", YES),
    ("reader", "DELETE", "/files/a", NO),
    ("keeper", "DELETE", "/files/a", YES),
    ("keeper", "DELETE", "/files/secret", NO),
    ("reader", "GET", "/files", NO),
    ("reader", "GET", "/status", YES),
    ("reader", "OPTIONS", "/status", YES),
    ("reader", "HEAD", "/status", NO),
    ("reader", "GET", "/nothing", NO),
    ("reader", "GET", "/", NO),
];

#[tokio::test]
async fn each_line_lets_through_whom_it_names_and_nobody_else() {
    behind_each(Asks::Routes, async |scene| {
        two_pumps(scene).await;
        let strings = [
            ("reader", scene.string(&["read"], "").await),
            ("driver", scene.string(&["read", "devices.control"], "").await),
            ("keeper", scene.string(&["read", "devices.manage"], "").await),
            ("manager", scene.string(&["read", "access.manage"], "").await),
            ("device", scene.string(&["telemetry.send"], "pump-1").await),
            ("mute", scene.string(&["activations.read"], "pump-1").await),
        ];
        scene.with_routes().await;
        for (who, method, target, wanted) in CASES {
            let (_, string) = strings.iter().find(|(name, _)| *name == who).unwrap();
            let answer = scene.ask(string, method, target, &[]).await;
            let case = format!("{:?}: {who} {method} {target}", scene.proxy.program);
            assert_eq!(verdict(&answer), wanted, "{case}");
            if wanted != YES {
                assert!(scene.api.take().is_empty(), "{case}");
                continue;
            }
            let heard = scene.reached();
            assert_eq!(heard.line(), format!("{method} {target} HTTP/1.1"), "{case}");
            let own: &[&str] = if who == "device" { &["pump-1"] } else { &[] };
            assert_eq!(heard.all("x-latchkey-device"), own, "{case}");
            let kind = if who == "device" { "device" } else { "access" };
            assert_eq!(heard.all("x-latchkey-kind"), [kind], "{case}");
        }
    })
    .await;
}

/// Methods that proxies know nothing of, or have an opinion about, are no way around the lines.
#[tokio::test]
async fn a_method_that_no_line_names_opens_nothing() {
    behind_each(Asks::Routes, async |scene| {
        let reader = scene.string(&["read"], "").await;
        scene.with_routes().await;
        for method in ["get", "Get", "GETX", "TRACE", "CONNECT", "PROPFIND", "PURGE", "GET|HEAD"] {
            let answer = scene.ask(&reader, method, "/devices", &[]).await;
            let (program, status) = (scene.proxy.program, answer.status);
            assert!((400..500).contains(&status), "{program:?} {method}: {status}");
            assert!(scene.api.take().is_empty(), "{program:?} {method}");
        }
    })
    .await;
}
