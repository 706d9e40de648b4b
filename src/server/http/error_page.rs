//! What a person sees when no page could be rendered: the refusal's title and sentence, in a document that needs nothing else to work.

use super::assets;
use crate::domain::refusal::{Code, Refusal};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// Longer than any problem of ours.
const MOST_PROBLEM: usize = 256 * 1024;

/// Gives a browser a page where a program would get problem details or a bare line of text.
pub async fn for_people(request: Request, next: Next) -> Response {
    let wants_page = wants_page(request.headers()) && !request.uri().path().starts_with("/rpc/");
    let response = next.run(request).await;
    let bare = !is_html(response.headers())
        && (response.status().is_client_error() || response.status().is_server_error());
    if wants_page && bare { page(response).await } else { response }
}

fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

fn is_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

async fn page(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, MOST_PROBLEM).await.unwrap_or_default();
    let (title, detail) = words(parts.status, &body);
    parts.headers.remove(header::CONTENT_LENGTH);
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    parts.headers.insert(header::CONTENT_TYPE, html);
    (parts, Body::from(document(&title, &detail))).into_response()
}

/// From the problem's own words, or from ours for the status of a layer that knows none.
fn words(status: StatusCode, body: &[u8]) -> (String, String) {
    let problem: Option<Value> = serde_json::from_slice(body).ok();
    let text = |name: &str| Some(problem.as_ref()?.get(name)?.as_str()?.to_owned());
    if let (Some(title), Some(detail)) = (text("title"), text("detail")) {
        return (title, detail);
    }
    let refusal = match status.as_u16() {
        403 => Refusal::new(
            Code::CrossSiteRequest,
            "The request did not come from one of Latchkey's own pages, so nothing was changed.",
        ),
        405 => Refusal::new(Code::MethodNotAllowed, "This page cannot be sent a form."),
        413 => Refusal::new(Code::TooLarge, "The form is larger than 64 KiB. Nothing was changed."),
        400..=499 => Refusal::new(Code::InvalidInput, "The request could not be read."),
        _ => Refusal::internal(),
    };
    (refusal.code.title().to_owned(), refusal.detail)
}

fn document(title: &str, detail: &str) -> String {
    let (title, detail) = (escape(title), escape(detail));
    let css = format!("{}/pkg/latchkey.css", assets::root());
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} · Latchkey</title><link rel=\"stylesheet\" href=\"{css}\"></head>\
         <body class=\"min-h-dvh px-4\"><main class=\"mx-auto w-full max-w-[32rem] py-12\">\
         <h1 class=\"mt-6 text-xl font-semibold\">{title}</h1><p class=\"mt-2 text-md text-ink-2\">{detail}</p>\
         <p class=\"mt-6\"><a class=\"text-accent-ink underline\" href=\"/\">Go to your tokens</a></p></main></body></html>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
