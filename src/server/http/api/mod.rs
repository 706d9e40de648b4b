//! The JSON API: one file a resource. Credentials count only in the header; a cookie opens nothing here.

pub mod authorize;
mod body;
mod call;
mod device_groups;
mod devices;
mod entry;
mod health;
pub mod introspect;
pub mod openapi;
mod own_token;
mod policy;
mod refusals;
mod routes;
mod routing;
mod shapes;
mod table;
mod tokens;
mod verify_table;

use super::problem::Problem;
use super::router::{MOST_LIST, Web};
use super::{bearer, client};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Time;
use crate::server::state::AppState;
use crate::server::tokens::verify::{self, Presented};
use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use entry::Entry;
use routing::{as_they_are, only, routed, routed_under};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use std::net::SocketAddr;

/// The two that are asked at every call of other APIs.
pub const AUTHORIZE: &str = "/api/v1/authorize";
pub const INTROSPECT: &str = "/api/v1/introspect";

/// A string that was presented and is live, as the handlers get it.
#[derive(Clone, Debug)]
pub struct Bearer {
    pub presented: Presented,
    /// The string itself, for the one call that derives its successor.
    pub text: SecretString,
    /// The client's true address.
    pub address: String,
}

/// Everything under `/api/v1`.
pub fn router(web: &Web) -> Router<Web> {
    let own =
        routed(table::own(), only).layer(from_fn_with_state(web.app.clone(), authenticate_call));
    let long = [table::of_groups(), table::of_routes()].into_iter().flatten().collect();
    let long = routed(long, as_they_are).layer(DefaultBodyLimit::max(MOST_LIST));
    let managed = routed(table::managed(), as_they_are)
        .merge(long)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(web.app.clone(), authenticate));
    let document = routed(table::document(), as_they_are);
    own.merge(managed).merge(document).fallback(unknown)
}

/// The two that are asked on every call of other APIs: behind few layers, and without a word to the database.
pub fn verify_router() -> Router<Web> {
    let whatever =
        |methods: MethodRouter<Web>, _: &[&'static str]| methods.fallback(authorize::authorize);
    routed_under(openapi::ROOT, verify_table::authorizing(), whatever).merge(routed_under(
        openapi::ROOT,
        verify_table::introspecting(),
        only,
    ))
}

/// What anybody on the listen address may ask. The metrics may have an address of their own.
pub fn installation(app: &AppState) -> Router<Web> {
    let elsewhere = app.config.metrics_listen.is_some();
    let here = |entry: &Entry| !(elsewhere && entry.path == table::METRICS);
    routed(table::installation().into_iter().filter(here).collect(), as_they_are)
}

async fn method_not_allowed() -> Response {
    not_allowed(None)
}

fn not_allowed(allow: Option<HeaderValue>) -> Response {
    let refusal = Refusal::new(Code::MethodNotAllowed, "This address does not answer this method.");
    let mut response = Problem(refusal).into_response();
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// The parts of an address that are named in its route. What is not UTF-8, or holds the one character that no database
/// keeps in a text, names nothing of ours.
#[derive(Debug)]
pub struct Named<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Named<T>, Problem> {
        if parts.uri.path().contains("%00") {
            return Err(unknown().await);
        }
        match Path::from_request_parts(parts, state).await {
            Ok(Path(named)) => Ok(Named(named)),
            Err(_) => Err(unknown().await),
        }
    }
}

pub async fn unknown() -> Problem {
    Problem(Refusal::new(Code::NotFound, "There is no such address in this API."))
}

/// Judges the presented string before any handler, and tells its holder on every answer when it ends.
async fn authenticate(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    // OPTIONS carries no credentials that could be judged; the route answers it.
    if request.method() == Method::OPTIONS {
        return next.run(request).await;
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let address = client::address(&app.config, peer, request.headers());
    let presented = match bearer::text(request.headers()) {
        Ok(text) => present(&app, text.into_owned(), address).await,
        Err(refusal) => Err(refusal.into()),
    };
    let bearer = match presented {
        Ok(bearer) => bearer,
        Err(problem) => return problem.into_response(),
    };
    let ends = ends(&bearer.presented);
    request.extensions_mut().insert(bearer);
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&ends) {
        response.headers_mut().insert("x-latchkey-token-expires", value);
    }
    response
}

/// The same where HEAD is refused, whoever asks.
async fn authenticate_call(app: State<AppState>, request: Request, next: Next) -> Response {
    if request.method() == Method::HEAD {
        return next.run(request).await;
    }
    authenticate(app, request, next).await
}

async fn present(app: &AppState, text: String, address: String) -> Result<Bearer, Problem> {
    let presented = verify::present(app, &text, &address).await?;
    Ok(Bearer { presented, text: text.into(), address })
}

/// When the presented string stops working, or `never`.
fn ends(presented: &Presented) -> String {
    presented.string().and_then(|string| string.ends_at()).map_or("never".into(), Time::rfc3339)
}
