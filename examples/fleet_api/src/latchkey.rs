//! A tower layer that asks Latchkey, by introspection (RFC 7662), whether the token of a call may do what the call needs.
//!
//! Worth copying: it knows nothing of this API, and needs the two files in `latchkey/` and `problem.rs` beside it, axum and reqwest. Put it on
//! routes (`MethodRouter::route_layer`), so that it can see the device in the path; handlers find the [`Caller`] in the extensions.
//!
//! What it promises: whatever is not a clear yes is a no. An answer counts for one second and never beyond the token's own end; calls
//! at the same time share one question; a Latchkey that cannot be reached closes the API (503). The price of the second: a revoked
//! token may pass for so long, and Latchkey counts and limits the questions that it is asked, not the calls.

mod ask;
mod cache;

use crate::problem::Problem;
use ask::Asker;
pub use ask::OwnToken;
use axum::RequestPartsExt;
use axum::extract::{RawPathParams, Request};
use axum::http::{HeaderMap, header, request::Parts};
use axum::response::{IntoResponse, Response};
use cache::{Cache, Verdict};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;
use tower::{Layer, Service};

/// What a route needs of a token.
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    /// `access` or `device`.
    pub kind: &'static str,
    pub permission: &'static str,
    /// The parameter of the path that names the device; `None`: the route names none, and is closed to tokens that are bound.
    pub device: Option<&'static str>,
}

/// Whose token it is.
#[derive(Debug)]
pub struct Caller {
    pub owner: String,
}

#[derive(Clone)]
pub struct Latchkey(Arc<(Asker, Cache)>);

impl Latchkey {
    /// `url`: where Latchkey is, such as `http://127.0.0.1:3000`. Over a network use https: token strings cross it.
    ///
    /// # Errors
    /// TLS could not be set up.
    pub fn new(url: &str, own: OwnToken) -> Result<Latchkey, reqwest::Error> {
        Ok(Latchkey(Arc::new((Asker::new(url, own)?, Cache::new(Instant::now())))))
    }

    /// The layer for a route that needs this.
    pub fn requires(&self, demand: Demand) -> Requires {
        Requires { latchkey: self.clone(), demand }
    }

    async fn verdict(&self, parts: &mut Parts, demand: &Demand) -> Verdict {
        let string = bearer(&parts.headers)?.to_owned();
        let device = named_device(parts, demand).await?;
        let (asker, cache) = self.0.as_ref();
        let key = cache::key(&string, demand, device.as_deref());
        let question = cache.question(key, Instant::now());
        // Whoever waits first asks; should that call be given up, the next one that waits asks instead.
        let ask = || asker.ask(&string, demand, device.as_deref());
        question.get_or_init(ask).await.verdict.clone()
    }
}

/// The device in the path. `any` is none: Latchkey would take it for *whichever device it is*.
pub async fn named_device(parts: &mut Parts, demand: &Demand) -> Result<Option<String>, Problem> {
    let Some(name) = demand.device else { return Ok(None) };
    let parameters = parts.extract::<RawPathParams>().await;
    let parameters = parameters.map_err(|_| Problem::not_found("device"))?;
    let found = parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
    match found {
        Some(id) if !id.is_empty() && id != "any" => Ok(Some(id)),
        _ => Err(Problem::not_found("device")),
    }
}

/// The one string behind `Bearer` (RFC 6750, section 2.1).
fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let missing = || Problem::new(401, "missing_token", "Send a token: Authorization: Bearer ….");
    let line = lines.next().ok_or_else(missing)?;
    if lines.next().is_some() {
        return Err(Problem::new(400, "duplicate_credentials", "Send one Authorization header."));
    }
    let text = line.as_bytes().trim_ascii();
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    let (scheme, string) = (&text[..end], text[end..].trim_ascii());
    if !scheme.eq_ignore_ascii_case(b"bearer") {
        return Err(Problem::new(401, "missing_bearer_prefix", "Write Bearer before the token."));
    }
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(byte);
    let plain = (1..=512).contains(&string.len()) && string.iter().all(fits);
    let malformed = || Problem::new(401, "malformed_token", "This cannot be a token.");
    str::from_utf8(string).ok().filter(|_| plain).ok_or_else(malformed)
}

/// The layer: made by [`Latchkey::requires`].
#[derive(Clone)]
pub struct Requires {
    latchkey: Latchkey,
    demand: Demand,
}

impl<S> Layer<S> for Requires {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { inner, requires: self.clone() }
    }
}

#[derive(Clone)]
pub struct Guarded<S> {
    inner: S,
    requires: Requires,
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Response = Response> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // The service that is ready is this one; its clone need not be.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let Requires { latchkey, demand } = self.requires.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match latchkey.verdict(&mut parts, &demand).await {
                Ok(caller) => {
                    parts.extensions.insert(caller);
                    inner.call(Request::from_parts(parts, body)).await
                }
                Err(problem) => Ok(problem.into_response()),
            }
        })
    }
}
