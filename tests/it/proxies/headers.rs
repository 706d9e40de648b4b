//! The Authorization header in its shapes, direct and through each proxy; and who a client says that it is.

use super::proxy::{Asks, Program};
use super::wire::{self, request};
use super::{Scene, behind_each};
use crate::caller::Answer;
use latchkey::server::devices::groups::RawRule;

/// No verdict of Latchkey's: HTTP itself refuses the request, wherever it is read first.
const NOT_HTTP: &str = "400";

/// Header lines, with `~` where the live string stands; and the code of the refusal, or `allowed`.
const SHAPES: [(&[&str], &str); 46] = [
    (&["Authorization: Bearer ~"], "allowed"),
    (&["authorization: bearer ~"], "allowed"),
    (&["AUTHORIZATION: BEARER ~"], "allowed"),
    (&["aUtHoRiZaTiOn: bEaReR ~"], "allowed"),
    (&["Authorization:Bearer ~"], "allowed"),
    (&["Authorization: Bearer  ~"], "allowed"),
    (&["Authorization: Bearer\t~"], "allowed"),
    (&["Authorization:   Bearer ~"], "allowed"),
    (&["Authorization: Bearer ~  "], "allowed"),
    (&["Authorization: Bearer: ~"], "allowed"),
    (&["Authorization: bearer:~"], "allowed"),
    (&["Authorization: Bearer : ~"], "allowed"),
    (&[], "missing_token"),
    (&["Proxy-Authorization: Bearer ~"], "missing_token"),
    (&["X-Authorization: Bearer ~"], "missing_token"),
    (&["Cookie: Authorization=Bearer ~"], "missing_token"),
    (&["Authorization:"], "missing_bearer_prefix"),
    (&["Authorization:  "], "missing_bearer_prefix"),
    (&["Authorization: ~"], "missing_bearer_prefix"),
    (&["Authorization: Basic eDp5"], "missing_bearer_prefix"),
    (&["Authorization: Token ~"], "missing_bearer_prefix"),
    (&["Authorization: Bearer~"], "missing_bearer_prefix"),
    (&["Authorization: Bearer_ ~"], "missing_bearer_prefix"),
    (&["Authorization: Beare ~"], "missing_bearer_prefix"),
    (&["Authorization: \"Bearer ~\""], "missing_bearer_prefix"),
    (&["Authorization: Bearer=~"], "missing_bearer_prefix"),
    (&["Authorization: Digest username=x"], "missing_bearer_prefix"),
    (&["Authorization: é"], "missing_bearer_prefix"),
    (&["Authorization: Bearer"], "malformed_token"),
    (&["Authorization: Bearer:"], "malformed_token"),
    (&["Authorization: Bearer ~ ~"], "malformed_token"),
    (&["Authorization: Bearer ~, Bearer ~"], "malformed_token"),
    (&["Authorization: Bearer ~,"], "malformed_token"),
    (&["Authorization: Bearer \"~\""], "malformed_token"),
    (&["Authorization: Bearer Bearer ~"], "malformed_token"),
    (&["Authorization: Bearer token=~"], "malformed_token"),
    (&["Authorization: Bearer ~0"], "malformed_token"),
    (&["Authorization: Bearer ~é"], "malformed_token"),
    (&["Authorization: Bearer lka_short"], "malformed_token"),
    (&["Authorization: Bearer ~", "Authorization: Bearer ~"], "duplicate_credentials"),
    (&["Authorization: Bearer ~", "authorization: Bearer lka_short"], "duplicate_credentials"),
    (&["Authorization: Bearer lka_short", "Authorization: Bearer ~"], "duplicate_credentials"),
    (&["Authorization: Bearer ~", "Authorization:"], "duplicate_credentials"),
    (&["Authorization : Bearer ~"], NOT_HTTP),
    (&["Authorization: Bearer ~\0"], NOT_HTTP),
    (&["Authorization: Bearer ~\rX: y"], NOT_HTTP),
];

fn verdict(answer: &Answer) -> &str {
    match (answer.status, answer.header("x-latchkey-code")) {
        (200..=299, _) => "allowed",
        (400, "") => NOT_HTTP,
        (_, code) => code,
    }
}

#[tokio::test]
async fn every_shape_of_the_authorization_header_has_its_answer_direct_and_through_each_proxy() {
    behind_each(Asks::Parameters, async |scene| {
        let string = scene.reader().await;
        let unknown = crate::api::unknown_string();
        let unknown = format!("Authorization: Bearer {unknown}");
        let long = format!("Authorization: Bearer {}", "a".repeat(6000));
        let more: [(&[&str], &str); 2] =
            [(&[unknown.as_str()], "invalid_token"), (&[long.as_str()], "malformed_token")];
        for (lines, wanted) in SHAPES.iter().chain(&more) {
            let lines: Vec<_> = lines.iter().map(|line| line.replace('~', &string)).collect();
            let lines: Vec<_> = lines.iter().map(String::as_bytes).collect();
            shape(scene, &lines, wanted).await;
        }
    })
    .await;
}

async fn shape(scene: &Scene, lines: &[&[u8]], wanted: &str) {
    let shown = lines.iter().map(|line| String::from_utf8_lossy(line)).collect::<Vec<_>>();
    let authorize = b"/api/v1/authorize?workgroup=harrow-valley&kind=access&permission=read";
    let direct = wire::send(scene.latchkey.address, &request("GET", authorize, lines)).await;
    assert_eq!(verdict(&direct), wanted, "direct: {shown:?}");

    let through = scene.send(&request("GET", b"/reports/1", lines)).await;
    let program = scene.proxy.program;
    assert!(through.status < 500, "{program:?} {shown:?}: {}", through.status);
    let reached = scene.api.take().len();
    assert_eq!(reached, usize::from(wanted == "allowed"), "{program:?} {shown:?}");
    let same = verdict(&through) == wanted;
    let alike = match wanted {
        // A header that is none may be dropped by a proxy, and then it is missing.
        NOT_HTTP => ["missing_token", "400"].contains(&verdict(&through)),
        // Since 1.23 nginx refuses two of them itself.
        "duplicate_credentials" => program == Program::Nginx && verdict(&through) == NOT_HTTP,
        _ => false,
    };
    assert!(same || alike, "{program:?} {shown:?}: {} instead of {wanted}", verdict(&through));
}

/// Whoever a client would like to be.
const EVIL: [&str; 26] = [
    "X-Latchkey-Owner: evil",
    "X-Latchkey-Owner: evil2",
    "x-latchkey-owner: evil",
    "X-LATCHKEY-OWNER: evil",
    "X_Latchkey_Owner: evil",
    "X-Latchkey_Owner: evil",
    "x_latchkey_device_group: evil",
    "X.Latchkey.Owner: evil",
    "X-Latchkey-Token: evil",
    "X-Latchkey-Kind: evil",
    "X-Latchkey-Workgroup: evil",
    "X-Latchkey-Permissions: evil",
    "X-Latchkey-Device: evil",
    "X-Latchkey-Device-Group: evil",
    "X-Latchkey-Legacy-Scopes: evil",
    "X-Latchkey-Token-Expires: evil",
    "X-Latchkey-Code: evil",
    "Remote-User: evil",
    "X-Remote-User: evil",
    "X-Forwarded-User: evil",
    "X-Auth-Request-User: evil",
    "X-Auth-Request-Email: evil",
    "X-Webauth-User: evil",
    "X-Original-URI: /evil",
    "X-Forwarded-Uri: /evil",
    "X-Rewrite-URL: /evil",
];

#[tokio::test]
async fn who_a_client_says_it_is_never_reaches_the_api() {
    behind_each(Asks::Parameters, async |scene| {
        let string = scene.reader().await;
        let good = format!("Authorization: Bearer {string}");
        let mut lines: Vec<_> = EVIL.iter().map(|line| line.as_bytes()).collect();
        lines.extend([good.as_bytes(), b"X-Kept: yes"]);
        assert_eq!(scene.send(&request("GET", b"/reports/1", &lines)).await.status, 200);
        let heard = scene.reached();
        assert!(!heard.head.contains("evil"), "{:?}: {}", scene.proxy.program, heard.head);
        assert!(!heard.head.contains(&string), "the API has no need of the string");
        assert_eq!(heard.all("x-latchkey-owner"), ["North plant integrator"]);
        assert_eq!(heard.all("x-latchkey-kind"), ["access"]);
        assert_eq!(heard.all("x-latchkey-workgroup"), ["harrow-valley"]);
        assert_eq!(heard.all("x-latchkey-permissions"), ["read"]);
        assert_eq!(heard.all("x-latchkey-token").len(), 1);
        assert_eq!(heard.all("x-latchkey-token-expires").len(), 1);
        for none in ["x-latchkey-device", "x-latchkey-device-group", "x-latchkey-legacy-scopes"] {
            assert!(heard.all(none).is_empty(), "{:?}: {}", scene.proxy.program, heard.head);
        }
        assert_eq!(heard.all("x-kept"), ["yes"], "what is no identity goes along");
    })
    .await;
}

/// `Connection` names what the next hop is not to see: nobody sheds a bond with it.
#[tokio::test]
async fn a_client_takes_nothing_away_of_what_latchkey_says() {
    behind_each(Asks::Parameters, async |scene| {
        let device = crate::api::device_string(&scene.app).await;
        scene.heard_of_bound(&device).await;
        let good = format!("Authorization: Bearer {device}");
        let named = b"Connection: close, X-Latchkey-Device, X-Latchkey-Kind, X-Latchkey-Owner";
        let lines: [&[u8]; 2] = [good.as_bytes(), named];
        let answer = scene.send(&request("GET", b"/devices/pump-1/plots", &lines)).await;
        assert_eq!(answer.status, 200, "{:?}: {}", scene.proxy.program, answer.body);
        let heard = scene.reached();
        assert_eq!(heard.all("x-latchkey-device"), ["pump-1"], "{:?}", scene.proxy.program);
        assert_eq!(heard.all("x-latchkey-kind"), ["device"]);
        assert_eq!(heard.all("x-latchkey-owner").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_group_of_a_bound_token_is_said_as_it_is_called() {
    behind_each(Asks::Parameters, async |scene| {
        crate::api::device_string(&scene.app).await;
        // What a proxy might take for a placeholder of its own.
        let name = "{http.request.host} $host é";
        let rule = RawRule::In(vec!["pump-1".into()]);
        crate::pages::device_groups::group(&scene.app, name, rule).await;
        let issued = scene.app.token(|raw| raw.device_group = name.into()).await;
        let string = issued.string.reveal();
        scene.heard_of_bound(string).await;
        assert_eq!(scene.get(string, "/devices/pump-1/plots").await.status, 200);
        let heard = scene.reached();
        let said = ["{http.request.host} $host %C3%A9"];
        assert_eq!(heard.all("x-latchkey-device-group"), said, "{:?}", scene.proxy.program);
        assert!(heard.all("x-latchkey-device").is_empty());
    })
    .await;
}

#[tokio::test]
async fn headers_beyond_all_measure_are_the_clients_fault() {
    behind_each(Asks::Parameters, async |scene| {
        let good = format!("Authorization: Bearer {}", scene.reader().await);
        let many: Vec<_> = (0..300).map(|number| format!("X-Many-{number}: x")).collect();
        let mut lines: Vec<_> = many.iter().map(|line| line.as_bytes()).collect();
        lines.push(good.as_bytes());
        let large = format!("Authorization: Bearer {}", "a".repeat(20_000));
        for lines in [lines.as_slice(), &[large.as_bytes()]] {
            let answer = scene.send(&request("GET", b"/reports/1", lines)).await;
            let program = scene.proxy.program;
            assert!((400..500).contains(&answer.status), "{program:?}: {}", answer.status);
            assert!(scene.api.take().is_empty());
        }
    })
    .await;
}
