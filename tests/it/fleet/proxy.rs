//! A proxy that asks Latchkey as nginx does with `auth_request`: a GET with the client's own headers; 2xx passes, 401 and 403 are the
//! answer, anything else closes; identity headers that a client sends are dropped.

use super::{Answer, SocketAddr, TcpStream, read};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// How carefully the proxy was set up.
#[derive(Clone, Copy)]
pub enum Rules {
    /// Each location asks for its kind, permission and device.
    Exact,
    /// One location asks for any live token of the workgroup, whichever device it is bound to.
    Wide,
}

/// Where the proxy listens.
pub async fn start(latchkey: SocketAddr, fleet: SocketAddr, rules: Rules) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(move |request| pass(latchkey, fleet, rules, request));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// What the location of this call asks.
fn query(rules: Rules, method: &str, path: &str) -> Option<String> {
    if matches!(rules, Rules::Wide) {
        return Some("device=any".to_owned());
    }
    let parts: Vec<_> = path.split('/').skip(1).collect();
    let (kind, permission, device) = match (method, parts.as_slice()) {
        ("POST", ["devices", id, "telemetry"]) => ("device", "telemetry.send", Some(id)),
        ("DELETE", ["devices", id, "telemetry"]) => ("access", "devices.manage", Some(id)),
        ("GET", ["devices", id, "activations"]) => ("device", "activations.read", Some(id)),
        ("POST", ["devices", id, "activations"]) => ("access", "devices.control", Some(id)),
        ("POST", ["devices", id, "activations", _, "confirm"]) => {
            ("device", "activations.confirm", Some(id))
        }
        ("GET", ["analytics", id, _]) => ("access", "read", Some(id)),
        ("GET", ["reports", "usage"]) => ("access", "read", None),
        _ => return None,
    };
    // A word of Latchkey's own, and no device.
    let device = device.map(|id| if *id == "any" { "" } else { *id });
    let device = device.map(|id| format!("&device={id}")).unwrap_or_default();
    Some(format!("kind={kind}&permission={permission}{device}"))
}

async fn pass(
    latchkey: SocketAddr,
    fleet: SocketAddr,
    rules: Rules,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    let Some(query) = query(rules, method, path) else {
        return answer(404, &HeaderMap::new(), String::new());
    };
    let line = format!("GET /api/v1/authorize?workgroup=harrow-valley&{query}");
    let verdict = send(latchkey, &line, &parts.headers, &[]).await;
    match verdict.status {
        200..=299 => {}
        // nginx passes the challenge on, and what its configuration names; a client that backs off waits for 429.
        403 if verdict.header("x-latchkey-code") == "rate_limited" => {
            return answer(429, &verdict.headers, String::new());
        }
        401 | 403 => return answer(verdict.status, &verdict.headers, String::new()),
        _ => return answer(500, &HeaderMap::new(), String::new()),
    }
    let mut headers = parts.headers;
    let told = |name: &str| name.starts_with("x-latchkey-");
    let forged: Vec<_> = headers.keys().filter(|name| told(name.as_str())).cloned().collect();
    forged.iter().for_each(|name| drop(headers.remove(name)));
    let ours = verdict.headers.iter().filter(|(name, _)| told(name.as_str()));
    headers.extend(ours.map(|(name, value)| (name.clone(), value.clone())));
    let got = send(fleet, &format!("{method} {path}"), &headers, &body).await;
    answer(got.status, &got.headers, got.body)
}

async fn send(to: SocketAddr, line: &str, headers: &HeaderMap, body: &[u8]) -> Answer {
    let mut request = format!("{line} HTTP/1.1\r\nconnection: close\r\n").into_bytes();
    for (name, value) in headers {
        if !["connection", "content-length"].contains(&name.as_str()) {
            request.extend(format!("{name}: ").bytes());
            request.extend(value.as_bytes());
            request.extend(b"\r\n");
        }
    }
    request.extend(format!("content-length: {}\r\n\r\n", body.len()).bytes());
    request.extend(body);
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(&request).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    read(&text)
}

fn answer(status: u16, headers: &HeaderMap, body: String) -> Response<Body> {
    let mut response = Response::builder().status(status);
    for name in ["content-type", "www-authenticate", "x-latchkey-code", "retry-after", "allow"] {
        for value in headers.get_all(name) {
            response = response.header(name, value);
        }
    }
    response.body(Body::from(body)).unwrap()
}
