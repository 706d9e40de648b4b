//! Pages and server functions are sent compressed to whoever takes it; answers to posts and the API never are.

use super::forms::{NEW, TOKENS, filled};
use crate::caller::Browser;
use crate::test_app::TestApp;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use http_body_util::BodyExt;
use std::net::SocketAddr;
use tower::ServiceExt;

/// The content coding of the answer, and its bytes on the wire.
async fn sent(
    app: &TestApp,
    request: axum::http::request::Builder,
    body: String,
) -> (String, Vec<u8>) {
    let peer: SocketAddr = "192.0.2.1:4000".parse().unwrap();
    let request = request.extension(ConnectInfo(peer)).body(Body::from(body)).unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    let coding = response.headers().get(header::CONTENT_ENCODING);
    let coding = coding.map_or("", |value| value.to_str().unwrap()).to_owned();
    (coding, response.into_body().collect().await.unwrap().to_bytes().to_vec())
}

fn request(browser: &Browser<'_>, method: Method, path: &str) -> axum::http::request::Builder {
    let cookie = format!("latchkey={}", browser.cookie.as_ref().unwrap().reveal());
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "127.0.0.1:3000")
        .header(header::COOKIE, cookie)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

#[tokio::test]
async fn a_page_is_sent_compressed_to_whoever_takes_it() {
    let app = TestApp::new().await;
    for number in 0..30 {
        app.token(|raw| raw.owner = format!("Owner {number}")).await;
    }
    let ada = app.ada().await;
    for path in [TOKENS, "/rpc/list_tokens?workgroup=harrow-valley&query[revoked]=false"] {
        let get = || request(&ada, Method::GET, path);
        let (plain, whole) = sent(&app, get(), String::new()).await;
        let gzip = get().header(header::ACCEPT_ENCODING, "gzip, br");
        let (coding, packed) = sent(&app, gzip, String::new()).await;
        assert_eq!((plain.as_str(), coding.as_str()), ("", "gzip"), "{path}");
        assert!(packed.starts_with(&[0x1f, 0x8b]), "{path}");
        assert!(packed.len() * 4 < whole.len(), "{path}: {} of {}", packed.len(), whole.len());
    }
}

#[tokio::test]
async fn no_answer_to_a_post_is_compressed() {
    let app = TestApp::new().await;
    let id = app.token(|_| {}).await.token.id;
    let ada = app.ada().await;
    let form = |fields: &[(&str, &str)]| {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
    };
    let posts = [
        (NEW.to_owned(), form(&filled("key", ("", ""))), "data-testid=\"token-string\""),
        (NEW.to_owned(), form(&filled("other", ("owner", ""))), "role=\"alert\""),
        (format!("{TOKENS}/{id}/edit"), form(&[("version", "99")]), "role=\"alert\""),
        ("/harrow-valley/settings/activity".into(), form(&[("action", "export")]), "token.created"),
    ];
    for (path, body, shown) in posts {
        let post = request(&ada, Method::POST, &path).header(header::ACCEPT_ENCODING, "gzip");
        let (coding, bytes) = sent(&app, post, body).await;
        assert_eq!(coding, "", "{path}");
        assert!(String::from_utf8(bytes).unwrap().contains(shown), "{path}");
    }
}

#[tokio::test]
async fn the_api_is_never_compressed() {
    let app = TestApp::new().await;
    let string = app.string_with(&["access.manage"]).await;
    for path in ["/api/v1/workgroups/harrow-valley/tokens", "/api/v1/token/renew"] {
        let get = Request::builder()
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {string}"))
            .header(header::ACCEPT_ENCODING, "gzip");
        let (coding, bytes) = sent(&app, get, String::new()).await;
        assert_eq!(coding, "", "{path}");
        assert!(bytes.starts_with(b"{"), "{path}");
    }
}
