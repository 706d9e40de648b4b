//! The one table of addresses, and the layers before them.

use super::api::openapi::Document;

use super::document::{Script, document, provide_visit, render, with_status};
use super::workers::aside;
use super::{
    api, api_docs, assets, calendar, client, compress, error_page, export, forms, headers, letters,
    metrics, origin, unsubscribe,
};
use crate::app::App;
use crate::server::error::Result;
use crate::server::people;
use crate::server::state::AppState;
use crate::server::viewer::Visit;
use axum::Extension;
use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRef, Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::{Arc, LazyLock, OnceLock};
use tokio::runtime::Handle;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};

/// The addresses of the pages. Made once a process: whatever page is being rendered while the list is made would wait for
/// its data for ever (leptos-rs/leptos, issue 4773).
static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// Bytes of a request body; whatever is larger is refused with 413.
pub const MOST_BODY: usize = 64 * 1024;

/// The same where a list of ten thousand devices is sent.
pub const MOST_LIST: usize = 2 * 1024 * 1024;

/// What the handlers are given: one pointer, since it is copied for every request.
#[derive(Clone, Debug)]
pub struct Web(Arc<Given>);

#[derive(Debug)]
pub struct Given {
    pub app: AppState,
    pub leptos: LeptosOptions,
    /// The OpenAPI document, written when it is first asked for.
    document: OnceLock<Document>,
}

impl Deref for Web {
    type Target = Given;

    fn deref(&self) -> &Given {
        &self.0
    }
}

impl Web {
    pub fn new(app: AppState) -> Web {
        let leptos =
            LeptosOptions::builder().output_name("latchkey").site_root("target/site").build();
        Web(Arc::new(Given { app, leptos, document: OnceLock::new() }))
    }

    pub fn document(&self) -> serde_json::Result<&Document> {
        if let Some(document) = self.document.get() {
            return Ok(document);
        }
        let document = Document::of(self.app.config.public_url.as_str())?;
        Ok(self.document.get_or_init(|| document))
    }
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> LeptosOptions {
        web.leptos.clone()
    }
}

impl FromRef<Web> for AppState {
    fn from_ref(web: &Web) -> AppState {
        web.app.clone()
    }
}

/// Everything that this installation answers. Made within the runtime that is to work on it.
pub fn router(web: &Web) -> Router {
    let (config, counted) = (web.app.config.clone(), web.app.metrics.clone());
    Router::new()
        .merge(pages(web))
        .merge(unsubscribe::router())
        .nest("/api/v1", api::router(web))
        .route("/api/v1/", any(api::unknown))
        .merge(api::installation(&web.app))
        .merge(api_docs::router())
        .merge(calendar::router())
        .merge(assets::router())
        .layer(DefaultBodyLimit::max(MOST_BODY))
        .layer(from_fn_with_state(config, headers::secure))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(from_fn_with_state(counted, metrics::count))
        .layer(from_fn(super::serve::log))
        .layer(named())
        .layer(from_fn_with_state(Handle::current(), aside))
        .merge(api::verify_router().layer((named(), CatchPanicLayer::custom(after_panic))))
        .with_state(web.clone())
}

pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives every request an id, and its answer the same. Together with what it stands next to it is one layer: each of its own costs a
/// box a request.
fn named() -> (SetRequestIdLayer<MakeRequestUuid>, PropagateRequestIdLayer) {
    (SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid), PropagateRequestIdLayer::new(REQUEST_ID))
}

/// The pages, the posts of their forms, and the server functions: everything that a cookie reaches.
fn pages(web: &Web) -> Router<Web> {
    let config = web.app.config.clone();
    let options = web.leptos.clone();
    let shell = move || document(options.clone(), Script::of_visit(), || view! { <App /> });
    Router::new()
        .leptos_routes_with_context(web, ROUTES.clone(), provide_visit, shell)
        .route("/", get(home))
        .route("/{workgroup}/settings", get(start))
        .merge(people_posts())
        .merge(token_posts())
        .merge(device_posts())
        .merge(workgroup_posts())
        .merge(administration_posts())
        .fallback(unknown)
        .layer(from_fn_with_state(web.clone(), forms::finish))
        .layer(from_fn_with_state(web.clone(), visit))
        .layer(from_fn_with_state(config, origin::require_own))
        .layer(CsrfLayer::new())
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(from_fn(error_page::for_people))
        .layer(from_fn(compress::mark))
        .layer(compress::layer())
}

/// In front of the house, and one's own account.
fn people_posts() -> Router<Web> {
    Router::new()
        .route("/sign-in", post(forms::people::sign_in))
        .route("/setup/{code}", post(forms::people::set_up))
        .route("/invite/{code}", post(forms::members::accept))
        .route("/reset", post(forms::people::forgot))
        .route("/reset/{code}", post(forms::people::reset))
        .route("/account", post(forms::account::account))
}

fn token_posts() -> Router<Web> {
    let import = post(forms::imports::tokens).layer(forms::imports::body_limit());
    Router::new()
        .route("/{workgroup}/settings/tokens/new", post(forms::tokens::new_token))
        .route("/{workgroup}/settings/tokens/import", import)
        .route("/{workgroup}/settings/tokens/{id}", post(forms::tokens::token))
        .route("/{workgroup}/settings/tokens/{id}/edit", post(forms::tokens::edit_token))
}

/// Devices and device groups; a list of devices may be long.
fn device_posts() -> Router<Web> {
    let import = post(forms::imports::devices).layer(forms::imports::body_limit());
    let long = || DefaultBodyLimit::max(MOST_LIST);
    let (new_group, edit_group) = (post(forms::groups::new_group), post(forms::groups::edit_group));
    Router::new()
        .route("/{workgroup}/settings/devices/new", post(forms::devices::new_device))
        .route("/{workgroup}/settings/devices/import", import)
        .route("/{workgroup}/settings/devices/{id}", post(forms::devices::device))
        .route("/{workgroup}/settings/devices/{id}/edit", post(forms::devices::edit_device))
        .route("/{workgroup}/settings/device-groups/new", new_group.layer(long()))
        .route("/{workgroup}/settings/device-groups/{id}", post(forms::groups::group))
        .route("/{workgroup}/settings/device-groups/{id}/edit", edit_group.layer(long()))
        .route("/{workgroup}/settings/imports/{id}", post(forms::imports::import))
}

/// What belongs to the workgroup as a whole, and the letters in the frames of their pages.
fn workgroup_posts() -> Router<Web> {
    Router::new()
        .route("/{workgroup}/settings/members", post(forms::members::members))
        .route("/{workgroup}/settings/members/invite", post(forms::members::invite))
        .route("/{workgroup}/settings/members/{id}", post(forms::members::member))
        .route("/{workgroup}/settings/notices/preview/letter.html", get(letters::preview))
        .route("/{workgroup}/settings/notices/{id}/letter.html", get(letters::letter))
        .route("/{workgroup}/settings/activity", post(export::activity))
        .route("/{workgroup}/settings/policy", post(forms::policy::policy))
        .route(
            "/{workgroup}/settings/routes",
            post(forms::routes::routes).layer(DefaultBodyLimit::max(MOST_LIST)),
        )
        .route("/{workgroup}/settings/notices", post(forms::notices::notices))
        .route("/{workgroup}/settings/notices/calendar", post(forms::calendar::calendar))
}

fn administration_posts() -> Router<Web> {
    Router::new()
        .route("/administration", post(forms::administration::workgroups))
        .route("/administration/workgroups/new", post(forms::administration::new_workgroup))
        .route("/administration/workgroups/{slug}", post(forms::administration::workgroup))
        .route("/administration/users", post(forms::administration::users))
        .route("/administration/users/new", post(forms::administration::new_user))
        .route("/administration/permissions", post(forms::administration::permissions))
        .route("/administration/permissions/new", post(forms::administration::new_permission))
        .route("/administration/permissions/{name}", post(forms::administration::permission))
}

/// Reads who asks, and sends whoever is not signed in to the sign-in page.
async fn visit(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let address = client::address(&web.app.config, peer, request.headers());
    let cookies = cookies(request.headers());
    let visit = match Visit::read(web.app.clone(), address, cookies.as_deref()).await {
        Ok(visit) => visit,
        Err(error) => return super::problem::Problem::from(error).into_response(),
    };
    let path = request.uri().path();
    let administration = path == "/administration" || path.starts_with("/administration/");
    let of_people = path == "/account"
        || path.contains("/settings/")
        || path.ends_with("/settings")
        || administration;
    if visit.person.is_none() && of_people {
        let wanted = request.uri().path_and_query().map_or("/", |it| it.as_str());
        let query =
            form_urlencoded::Serializer::new(String::new()).append_pair("next", wanted).finish();
        return Redirect::to(&format!("/sign-in?{query}")).into_response();
    }
    if administration && visit.administrator().is_err() {
        let cookies = request.headers().get(header::COOKIE).cloned();
        return nothing(&web, &visit, cookies).await;
    }
    if path.starts_with("/rpc/") {
        // Leptos would answer a browser's own visit with a redirect to the Referer; these answer programs alone.
        request.headers_mut().remove(header::REFERER);
        request
            .headers_mut()
            .insert(header::ACCEPT, header::HeaderValue::from_static("application/json"));
    }
    request.extensions_mut().insert(visit);
    next.run(request).await
}

/// Cookie lines joined into one, as HTTP/2 may split them (RFC 9113, section 8.2.3).
fn cookies(headers: &HeaderMap) -> Option<String> {
    let lines: Vec<_> =
        headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok()).collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// The start: the first workgroup of whoever is signed in.
async fn home(Extension(visit): Extension<Visit>) -> Response {
    led_to(people::frame::home(&visit).await)
}

/// The first page of a workgroup that this person may see.
async fn start(Extension(visit): Extension<Visit>, Path(workgroup): Path<String>) -> Response {
    led_to(people::frame::start(&visit, &workgroup).await)
}

fn led_to(path: Result<String>) -> Response {
    match path {
        Ok(path) => Redirect::to(&path).into_response(),
        Err(error) => super::problem::Problem::from(error).into_response(),
    }
}

async fn unknown(
    State(web): State<Web>,
    Extension(visit): Extension<Visit>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let page =
        render(&web, &visit, &uri, headers.get(header::COOKIE), Script::Hydrate, || ()).await;
    with_status(page, StatusCode::NOT_FOUND)
}

/// The page of an address that nothing stands at, where something stands for others. It stays without script: in the
/// browser the application would look for what this person must not know of.
async fn nothing(web: &Web, visit: &Visit, cookies: Option<HeaderValue>) -> Response {
    let uri = Uri::from_static("/nothing");
    let page = render(web, visit, &uri, cookies.as_ref(), Script::None, || ()).await;
    with_status(page, StatusCode::NOT_FOUND)
}

pub(super) fn after_panic(_: Box<dyn std::any::Any + Send>) -> Response {
    use crate::domain::refusal::Refusal;
    tracing::error!("a request ended in a panic");
    super::problem::Problem(Refusal::internal()).into_response()
}
