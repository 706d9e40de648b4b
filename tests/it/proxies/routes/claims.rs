//! What a client says of the method and the path that were asked for: nobody believes it, and nobody is told.

use super::super::behind_each;
use super::super::family::listened;
use super::super::proxy::{Asks, Program};
use super::super::wire::{request, send};
use super::{NO, YES, verdict};

/// Where proxies, frameworks and Latchkey itself look for the path.
const PATHS: [&str; 13] = [
    "X-Original-URI",
    "x-original-uri",
    "X-ORIGINAL-URI",
    "X_Original_URI",
    "X-Original_URI",
    "X.Original.URI",
    "X-Original-URL",
    "X-Rewrite-URL",
    "X-Forwarded-Uri",
    "x-forwarded-uri",
    "X-FORWARDED-URI",
    "X_Forwarded_Uri",
    "X-Forwarded-Prefix",
];
/// And for the method.
const METHODS: [&str; 10] = [
    "X-Original-Method",
    "x-original-method",
    "X_Original_Method",
    "X-Forwarded-Method",
    "x-forwarded-method",
    "X_Forwarded_Method",
    "X-HTTP-Method-Override",
    "x-http-method-override",
    "X-HTTP-Method",
    "X-Method-Override",
];

/// A header in the ways in which it can be sent: once, twice, empty, as a list, and named as a matter of this connection alone.
fn shapes(name: &str, value: &str) -> Vec<Vec<String>> {
    let (said, empty) = (format!("{name}: {value}"), format!("{name}:"));
    vec![
        vec![said.clone()],
        vec![said.clone(), said.clone()],
        vec![empty.clone()],
        vec![empty.clone(), said.clone()],
        vec![said.clone(), empty],
        vec![format!("{name}: {value}, {value}")],
        vec![format!("Connection: close, {name}"), said],
    ]
}

/// Every header alone, in every shape; and all of them together.
fn claims(path: &str, method: &str) -> Vec<Vec<String>> {
    let all = || {
        let paths = PATHS.iter().map(|name| (*name, path));
        paths.chain(METHODS.iter().map(|name| (*name, method)))
    };
    let mut claims: Vec<_> = all().flat_map(|(name, value)| shapes(name, value)).collect();
    claims.push(all().map(|(name, value)| format!("{name}: {value}")).collect());
    claims
}

#[tokio::test]
async fn what_a_client_says_of_method_and_path_changes_no_verdict() {
    behind_each(Asks::Routes, async |scene| {
        let reader = scene.string(&["read"], "").await;
        scene.with_routes().await;
        let program = scene.proxy.program;
        for claim in claims("/files/secret", "DELETE") {
            let answer = scene.ask(&reader, "GET", "/files/a", &claim).await;
            assert_eq!(verdict(&answer), YES, "{program:?} {claim:?}");
            let head = scene.reached().head;
            assert!(head.starts_with("GET /files/a HTTP/1.1\r\n"), "{program:?} {claim:?}: {head}");
            let told = head.contains("secret") || head.contains("DELETE");
            assert!(!told, "{program:?} {claim:?} reached the API: {head}");
        }
        for claim in claims("/files/a", "GET") {
            for (method, target) in [("GET", "/files/secret"), ("DELETE", "/files/a")] {
                let answer = scene.ask(&reader, method, target, &claim).await;
                assert_eq!(verdict(&answer), NO, "{program:?} {method} {target} {claim:?}");
            }
        }
        assert!(scene.api.take().is_empty(), "{program:?}");
    })
    .await;
}

/// Latchkey reads one family; what it hears of either is the proxy's own word, once.
#[tokio::test]
async fn latchkey_hears_nothing_of_what_a_client_says_of_method_and_path() {
    const FAMILIES: [[&str; 2]; 2] =
        [["x-original-method", "x-original-uri"], ["x-forwarded-method", "x-forwarded-uri"]];
    for program in Program::ALL {
        let Some((proxy, latchkey, api)) = listened(program).await else { continue };
        let own = usize::from(program == Program::Caddy);
        for claim in claims("/evil", "EVIL") {
            let lines: Vec<_> = claim.iter().map(|line| line.as_bytes()).collect();
            assert_eq!(send(proxy.address, &request("GET", b"/plots", &lines)).await.status, 200);
            let asked = latchkey.take().remove(0);
            for (name, value) in FAMILIES[own].into_iter().zip(["GET", "/plots"]) {
                assert_eq!(asked.all(name), [value], "{program:?} {claim:?}");
            }
            for name in FAMILIES[1 - own] {
                assert!(asked.all(name).is_empty(), "{program:?} {claim:?}: {}", asked.head);
            }
            let told = api.take().remove(0).head;
            assert!(!told.to_lowercase().contains("evil"), "{program:?} {claim:?}: {told}");
        }
    }
}
