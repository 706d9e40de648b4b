//! The HTML document round the application, and the one way to render a page in answer to a request.

use super::assets;
use super::headers::page_policy;
use super::router::Web;
use crate::app::App;
use crate::server::viewer::Visit;
use axum::body::Body;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, StatusCode, Uri, header};
use axum::response::Response;
use leptos::config::LeptosOptions;
use leptos::hydration::{AutoReload, HydrationScripts};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::{MetaTags, provide_meta_context};

/// What brings the document to life.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// The WebAssembly bundle: an ordinary visit.
    Hydrate,
    /// Nothing: the answer to a refused post.
    None,
    /// Only copying and downloading: the page that shows a string, and those that anybody reads and nothing moves on.
    Reveal,
}

impl Script {
    /// What an ordinary visit of the address that is being rendered gets.
    pub fn of_visit() -> Script {
        let parts = use_context::<Parts>();
        let is_text = parts.is_some_and(|parts| parts.uri.path().starts_with("/docs/"));
        if is_text { Script::Reveal } else { Script::Hydrate }
    }
}

const REVEAL_SCRIPT: &str = include_str!("../../app/pages/token_string.js");

/// The document of every page. `body` is the application, or the page that stands for it in answer to a post.
pub fn document<V: IntoView + 'static>(
    options: LeptosOptions,
    script: Script,
    body: impl FnOnce() -> V,
) -> impl IntoView {
    provide_meta_context();
    let nonce = use_nonce();
    if let (Some(nonce), Some(response)) = (&nonce, use_context::<ResponseOptions>()) {
        let watching = cfg!(debug_assertions);
        if let Ok(policy) = HeaderValue::from_str(&page_policy(nonce, watching)) {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    }
    if script != Script::Hydrate
        && let Some(shared) = Owner::current_shared_context()
    {
        // Nothing on this page reads the answers to its questions a second time.
        shared.set_is_hydrating(false);
    }
    let root = assets::root();
    let css = format!("{root}/{}/{}.css", options.site_pkg_dir, options.output_name);
    let hydrate = (script == Script::Hydrate).then(|| {
        view! {
            <AutoReload options=options.clone() />
            <HydrationScripts options=options.clone() root=root />
        }
    });
    let reveal = (script == Script::Reveal).then(|| {
        view! { <script nonce=nonce inner_html=REVEAL_SCRIPT></script> }
    });
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=css />
                {hydrate}
                <MetaTags />
            </head>
            <body>{body()} {reveal}</body>
        </html>
    }
}

/// Light or dark, if the browser was told; otherwise it follows the system.
fn theme() -> Option<&'static str> {
    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get(header::COOKIE)?.to_str().ok()?;
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    match pairs.find(|(name, _)| *name == "latchkey-theme")?.1 {
        "light" => Some("light"),
        "dark" => Some("dark"),
        _ => None,
    }
}

/// Hands the visit that the middleware read to the page that is being rendered.
pub fn provide_visit() {
    let visit = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Visit>().cloned());
    if let Some(visit) = visit {
        provide_context(visit);
    }
}

/// Renders the application at `uri` in answer to something else than a plain visit: a refused post, an unknown address.
pub async fn render(
    web: &Web,
    visit: &Visit,
    uri: &Uri,
    cookies: Option<&HeaderValue>,
    script: Script,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> Response {
    render_view(web, visit, uri, cookies, script, context, || view! { <App /> }).await
}

/// Renders a view that is no page of the application's table: a string at its one reveal.
pub async fn render_view<V: IntoView + 'static>(
    web: &Web,
    visit: &Visit,
    uri: &Uri,
    cookies: Option<&HeaderValue>,
    script: Script,
    context: impl Fn() + Clone + Send + Sync + 'static,
    body: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> Response {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = uri.clone();
    request.extensions_mut().insert(visit.clone());
    if let Some(cookies) = cookies {
        request.headers_mut().insert(header::COOKIE, cookies.clone());
    }
    let options = web.leptos.clone();
    let additional = move || {
        provide_visit();
        context();
    };
    let shell = move || document(options.clone(), script, body.clone());
    leptos_axum::render_app_async_with_context(additional, shell)(request).await
}

/// The same answer under another status.
#[must_use]
pub fn with_status(mut response: Response, status: StatusCode) -> Response {
    *response.status_mut() = status;
    response
}
