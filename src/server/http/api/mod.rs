//! The JSON API: one file a resource. Credentials count only in the header; a cookie opens nothing here.

mod authorize;
mod body;
mod call;
mod device_groups;
mod devices;
pub mod health;
mod introspect;
mod own_token;
mod policy;
mod tokens;

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
use axum::routing::{MethodRouter, any, get, post};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use std::net::SocketAddr;

/// Bytes of an introspection's form.
const MOST_QUESTION: usize = 16 * 1024;

const DEVICES: &str = "/workgroups/{workgroup}/devices";
const DEVICE: &str = "/workgroups/{workgroup}/devices/{external_id}";

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
    let workgroup = "/workgroups/{workgroup}/tokens";
    let groups = "/workgroups/{workgroup}/device-groups";
    let own = Router::new()
        .route("/token", only(get(own_token::show), "GET"))
        .route("/token/renew", only(get(own_token::renew).post(own_token::renew), "GET, POST"))
        .route("/token/revoke", only(post(own_token::revoke), "POST"))
        .route("/token/retire-older", only(post(own_token::retire_older), "POST"))
        .layer(from_fn_with_state(web.app.clone(), authenticate_call));
    let managed = Router::new()
        .route(workgroup, get(tokens::list).post(tokens::create))
        .route(&format!("{workgroup}/{{id}}"), get(tokens::show).patch(tokens::edit))
        .route(&format!("{workgroup}/{{id}}/reissue"), post(tokens::reissue))
        .route(&format!("{workgroup}/{{id}}/revoke"), post(tokens::revoke))
        .route(&format!("{workgroup}/{{id}}/strings/{{number}}/retire"), post(tokens::retire))
        .route("/workgroups/{workgroup}/policy", get(policy::show).patch(policy::edit))
        .route(DEVICES, get(devices::list).post(devices::create))
        .route(DEVICE, get(devices::show).patch(devices::edit).delete(devices::remove))
        .merge(
            Router::new()
                .route(groups, get(device_groups::list).post(device_groups::create))
                .route(
                    &format!("{groups}/{{id}}"),
                    get(device_groups::show)
                        .patch(device_groups::edit)
                        .delete(device_groups::remove),
                )
                .layer(DefaultBodyLimit::max(MOST_LIST)),
        )
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(web.app.clone(), authenticate));
    own.merge(managed).fallback(unknown)
}

/// The two that are asked on every call of other APIs: before few layers, and without a word to the database.
pub fn verify_router() -> Router<Web> {
    let introspect = post(introspect::introspect)
        .fallback(|| async { not_allowed(Some(HeaderValue::from_static("POST"))) });
    Router::new()
        .route("/api/v1/authorize", any(authorize::authorize))
        .route("/api/v1/introspect", introspect)
        .layer(DefaultBodyLimit::max(MOST_QUESTION))
}

/// These calls change something or answer with a secret, so HEAD is not taken for GET.
fn only(methods: MethodRouter<Web>, allow: &'static str) -> MethodRouter<Web> {
    let refuse = move || async move { not_allowed(Some(HeaderValue::from_static(allow))) };
    methods.head(refuse).fallback(refuse)
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

/// The parts of an address that are named in its route. What is not UTF-8 names nothing of ours.
#[derive(Debug)]
pub struct Named<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Named<T>, Problem> {
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
        Ok(text) => present(&app, text, address).await,
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
