//! The door answers what the router's table answers, byte for byte.

use crate::test_app::TestApp;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, Response};
use http_body_util::BodyExt;
use latchkey::server::http::router::{Web, router};
use std::net::SocketAddr;
use tower::ServiceExt;

const FORM: &str = "application/x-www-form-urlencoded";

struct Asked {
    method: Method,
    address: &'static str,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Asked {
    fn request(&self) -> Request<Body> {
        let peer = SocketAddr::from(([203, 0, 113, 9], 50_000));
        let mut request = Request::builder().method(&self.method).uri(self.address);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let mut request = request.body(Body::from(self.body.clone())).unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    }
}

/// The status, the headers but for an id that is new each time, and the body.
async fn told(answer: Response<Body>, own_id: bool) -> (u16, Vec<String>, String) {
    let status = answer.status().as_u16();
    let named = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        let value = if name == "x-request-id" && !own_id { "new" } else { value.to_str().unwrap() };
        // The length of a body that is whole is said by the server itself (RFC 9110, section 8.6). The table adds which methods it
        // knows by name where it allows every other, too.
        let needless = name == "content-length" || (name == "allow" && status != 405);
        (!needless).then(|| format!("{name}: {value}"))
    };
    let mut headers: Vec<_> = answer.headers().iter().filter_map(named).collect();
    headers.sort();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, headers, String::from_utf8_lossy(&body).into_owned())
}

fn asked(string: &str, caller: &str) -> Vec<Asked> {
    let all = "/api/v1/authorize?workgroup=harrow-valley&permission=read&kind=access";
    let bearer = |string: &str| vec![("authorization", format!("Bearer {string}"))];
    let ask = |method, address, headers| Asked { method, address, headers, body: String::new() };
    let mut every = Vec::new();
    for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        every.push(ask(method.clone(), all, bearer(string)));
        every.push(ask(method.clone(), all, vec![]));
        every.push(ask(method, "/api/v1/introspect", bearer(caller)));
    }
    for address in [
        "/api/v1/authorize",
        "/api/v1/authorize/",
        "/api/v1//authorize",
        "/api/v1/Authorize",
        "/api/v1/authorize?permission=tunnel",
        "/api/v1/authorize?permission=nosuch&statuses=full",
        "/api/v1/authorize?workgroup=nordkern",
        "/api/v1/authorize?odd=1",
        "/api/v1/introspect/",
    ] {
        every.push(ask(Method::GET, address, bearer(string)));
        every.push(ask(Method::POST, address, bearer("lka_nothing")));
    }
    let with_id = [bearer(string), vec![("x-request-id", "of-the-client".to_owned())]].concat();
    every.push(ask(Method::GET, all, with_id));
    for (media, form) in [
        (FORM, format!("token={string}")),
        (FORM, format!("token={string}&permission=read&device=pump-1")),
        (FORM, format!("token={string}&permission=tunnel")),
        (FORM, "token=lka_nothing".to_owned()),
        (FORM, String::new()),
        (FORM, "x".repeat(17 * 1024)),
        ("application/json", format!("token={string}")),
    ] {
        for caller in [caller, string] {
            let headers = [bearer(caller), vec![("content-type", media.to_owned())]].concat();
            let (method, address) = (Method::POST, "/api/v1/introspect");
            every.push(Asked { method, address, headers, body: form.clone() });
        }
    }
    every
}

#[tokio::test]
async fn the_door_and_the_table_say_the_same() {
    let app = TestApp::new().await;
    let string = app.string_with(&["read"]).await;
    let caller = app.string_with(&["tokens.introspect"]).await;
    let table: Router = router(&Web::new(app.state.clone()));
    let mut statuses = std::collections::BTreeSet::new();
    for asked in asked(&string, &caller) {
        let own_id = asked.headers.iter().any(|(name, _)| *name == "x-request-id");
        let at_the_door = app.router.clone().oneshot(asked.request()).await.unwrap();
        let by_the_table = table.clone().oneshot(asked.request()).await.unwrap();
        let (door, table) = (told(at_the_door, own_id).await, told(by_the_table, own_id).await);
        assert_eq!(door, table, "{} {} {}", asked.method, asked.address, asked.body);
        assert!(door.1.iter().any(|line| line.starts_with("x-request-id: ")));
        statuses.insert(door.0);
    }
    let seen: Vec<_> = statuses.into_iter().collect();
    assert_eq!(seen, [200, 204, 401, 403, 404, 405, 413, 415, 422]);
}
