//! `/api/docs`: Scalar's page over our own OpenAPI document. Its one script is carried inside the binary, and the page's policy
//! lets it reach nothing but this installation.

use super::assets;
use super::router::Web;
use crate::server::secret::Chance;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rust_embed::RustEmbed;
use std::fmt::Write;

/// Filled by scripts/setup.sh from the npm package `@scalar/api-reference` (MIT), packed as browsers take it,
/// with the licences of all that is in it.
#[derive(RustEmbed)]
#[folder = "target/scalar"]
#[include = "*.br"]
#[include = "*.gz"]
#[include = "*.txt"]
#[allow_missing = true]
struct Scalar;

const SCRIPT: &str = "/api/docs/scalar.js";
const PACKED: [(&str, &str); 2] = [("br", "standalone.js.br"), ("gzip", "standalone.js.gz")];
const LICENCES: &str = "/api/docs/licences.txt";
const GIVEN: &str = "licences.txt";
const START: &str = include_str!("api_docs.js");

/// In Scalar's own colours, once it has set them.
const FOOTER: &str = "padding:1rem 1.5rem;font:0.875rem system-ui,sans-serif;\
    background:var(--scalar-background-1,#fff);color:var(--scalar-color-1,#222)";

pub fn router() -> Router<Web> {
    Router::new()
        .route("/api/docs", get(page))
        .route(SCRIPT, get(script))
        .route(LICENCES, get(licences))
}

/// The policy of this page alone. Scalar gives its first style sheet the nonce that it finds in the page, api_docs.js gives it
/// to the others; it also writes `style` attributes, which no nonce can cover: those alone are free. Nothing may be fetched from, or sent to, another origin.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; \
         style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

async fn page() -> Response {
    let nonce = match Chance.bytes::<16>() {
        Ok(bytes) => STANDARD.encode(bytes),
        Err(error) => {
            tracing::error!(%error, "no nonce for the page of the API");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let document = match version() {
        Some(version) => with_scalar(&nonce, &version),
        None => without_scalar(),
    };
    let mut response = Html(document).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy(&nonce)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Names the script's contents, so that browsers may keep it for ever; `None`: this build carries none, or not the licences
/// without which nobody may pass it on.
fn version() -> Option<String> {
    let (_, name) = PACKED[1];
    Scalar::get(GIVEN)?;
    let hash = Scalar::get(name)?.metadata.sha256_hash();
    Some(hash[..8].iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

fn with_scalar(nonce: &str, version: &str) -> String {
    let head = format!(
        "<meta property=\"csp-nonce\" content=\"{nonce}\"><link rel=\"license\" href=\"{LICENCES}\">"
    );
    let body = format!(
        "<noscript><p>This page needs JavaScript. The document that it shows is at \
         <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a>.</p></noscript>\
         <div id=\"reference\"></div>\
         <script nonce=\"{nonce}\">{START}</script>\
         <script nonce=\"{nonce}\" src=\"{SCRIPT}?{version}\"></script>\
         <footer style=\"{FOOTER}\"><a style=\"color:inherit\" href=\"{LICENCES}\">Licences of this page</a></footer>"
    );
    html(&head, &body)
}

/// A development build, or one that was made without the npm packages.
fn without_scalar() -> String {
    let head = format!("<link rel=\"stylesheet\" href=\"{}/pkg/latchkey.css\">", assets::root());
    let body = "<main class=\"mx-auto w-full max-w-[32rem] px-4 py-12\"><h1 class=\"text-xl font-semibold\">API reference</h1>\
         <p class=\"mt-2\">This build does not carry the page that lets you try the API: run scripts/setup.sh and build \
         again.</p><p class=\"mt-2\">The document itself is at <a class=\"underline\" href=\"/api/v1/openapi.json\">\
         /api/v1/openapi.json</a>.</p></main>";
    html(&head, body)
}

fn html(head: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>API reference · Latchkey</title><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         {head}</head><body>{body}</body></html>"
    )
}

/// Every browser takes one of the two packings; whoever names none is given the older.
async fn script(request: HeaderMap) -> Response {
    let accepted = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let takes = |encoding: &str| accepted.is_some_and(|accepted| accepted.contains(encoding));
    let [brotli, gzip] = PACKED;
    let (encoding, name) = if takes(brotli.0) { brotli } else { gzip };
    let Some(file) = Scalar::get(name) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CONTENT_ENCODING, encoding),
        (header::VARY, "accept-encoding"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, Body::from(file.data)).into_response()
}

async fn licences() -> Response {
    let Some(file) = Scalar::get(GIVEN) else { return StatusCode::NOT_FOUND.into_response() };
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], Body::from(file.data)).into_response()
}
