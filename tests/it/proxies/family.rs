//! What the proxies say to Latchkey: the one header family that is theirs, whatever a client says.

use super::proxy::{Asks, Program, Proxy};
use super::recorder::Recorder;
use super::wire::{request, send};

/// A proxy between two that only listen: what stands for Latchkey says yes to everything.
pub async fn listened(program: Program) -> Option<(Proxy, Recorder, Recorder)> {
    let path = program.path()?;
    let latchkey = Recorder::start(
        "HTTP/1.1 204 No Content\r\nx-latchkey-owner: Zo%C3%AB\r\nx-latchkey-kind: access",
    )
    .await;
    let api = Recorder::start("HTTP/1.1 200 OK").await;
    let proxy = Proxy::start(program, &path, Asks::Routes, latchkey.address, api.address).await;
    Some((proxy, latchkey, api))
}

/// What a client would like Latchkey to believe.
const EVIL: [&[u8]; 12] = [
    b"X-Original-URI: /evil",
    b"x-original-uri: /evil2",
    b"X-Original-Method: EVIL",
    b"X-Forwarded-Uri: /evil",
    b"x-forwarded-uri: /evil2",
    b"X-Forwarded-Method: EVIL",
    b"X_Original_URI: /evil",
    b"X_Forwarded_Uri: /evil",
    b"X-Forwarded-For: 198.51.100.66",
    b"Forwarded: for=198.51.100.66;host=evil",
    b"Cookie: latchkey=evil",
    b"Connection: close, X-Original-URI, X-Forwarded-Uri, Authorization, X-Latchkey-Owner",
];

#[tokio::test]
async fn latchkey_hears_of_method_and_path_from_the_proxy_alone() {
    for program in Program::ALL {
        let Some((proxy, latchkey, api)) = listened(program).await else { continue };
        let target = b"/plots/7%20b?a=b&c=%2e%2e//d";
        let mut lines = EVIL.to_vec();
        lines.push(b"Authorization: Bearer lka_x");
        lines.push(b"Content-Length: 4");
        let bytes = [request("PUT", target, &lines), b"spud".to_vec()].concat();
        assert_eq!(send(proxy.address, &bytes).await.status, 200);

        let asked = latchkey.take().remove(0);
        let head = asked.head.to_lowercase();
        let rest = head.split_once("\r\n").unwrap().1.replace("connection: close", "");
        assert!(!rest.contains("evil") && !rest.contains("198.51"), "{program:?}: {head}");
        assert!(
            asked.line().starts_with("GET /api/v1/authorize?workgroup=harrow-valley"),
            "{head}"
        );
        let (ours, others) = match program {
            Program::Nginx => {
                (["x-original-method", "x-original-uri"], ["x-forwarded-method", "x-forwarded-uri"])
            }
            Program::Caddy => {
                (["x-forwarded-method", "x-forwarded-uri"], ["x-original-method", "x-original-uri"])
            }
        };
        assert_eq!(asked.all(ours[0]), ["PUT"], "{program:?}: {head}");
        assert_eq!(asked.all(ours[1]), [str::from_utf8(target).unwrap()], "{program:?}: {head}");
        assert!(others.iter().all(|name| asked.all(name).is_empty()), "{program:?}: {head}");
        assert_eq!(asked.all("x-forwarded-for"), ["127.0.0.1"]);
        assert_eq!(asked.all("authorization"), ["Bearer lka_x"]);
        assert!(asked.body.is_empty() && asked.all("transfer-encoding").is_empty(), "{asked:?}");
        assert!(asked.all("content-length").iter().all(|length| *length == "0"), "{asked:?}");

        let served = api.take().remove(0);
        assert_eq!(served.body, "spud");
        assert!(served.line().starts_with("PUT /plots/7%20b?a=b&c=%2e%2e//d HTTP"), "{served:?}");
        assert_eq!(served.all("x-latchkey-owner"), ["Zo%C3%AB"], "{program:?}: {served:?}");
    }
}

#[tokio::test]
async fn connections_are_used_again() {
    for program in Program::ALL {
        let Some((proxy, latchkey, api)) = listened(program).await else { continue };
        for _ in 0..30 {
            let answer = send(proxy.address, &request("GET", b"/plots", &[])).await;
            assert_eq!(answer.status, 200);
        }
        assert_eq!((latchkey.take().len(), api.take().len()), (30, 30));
        // nginx keeps connections for each of its workers, one for each core of the machine at most.
        let workers = std::thread::available_parallelism().unwrap().get();
        let opened = latchkey.connections().max(api.connections());
        assert!(opened <= workers.min(20), "{program:?} opened {opened} connections");
    }
}
