//! The door of the house. The two calls that other APIs make at every request of theirs are answered here, by the handlers that stand in
//! the router's table, without the way through it; everything else goes in.

use super::api::{AUTHORIZE, INTROSPECT, authorize, introspect};
use super::router::{REQUEST_ID, Web, after_panic, router};
use crate::server::state::AppState;
use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Method, Request};
use axum::response::Response;
use axum::routing::future::RouteFuture;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, Ready, ready};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Poll};
use tower::{BoxError, Service};
use tower_http::request_id::{MakeRequestId, MakeRequestUuid};

/// Everything that an installation answers, to one connection.
#[derive(Clone, Debug)]
pub struct Door {
    web: Web,
    router: Router,
    /// Whose connection it is.
    peer: Option<SocketAddr>,
}

impl Door {
    #[must_use]
    pub fn new(app: AppState) -> Door {
        let web = Web::new(app);
        Door { router: router(&web), web, peer: None }
    }

    /// The same for a connection.
    #[must_use]
    pub fn of(&self, peer: SocketAddr) -> Door {
        Door { peer: Some(peer), ..self.clone() }
    }

    fn peer<B>(&self, request: &Request<B>) -> Option<SocketAddr> {
        let told = || request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        self.peer.or_else(told)
    }
}

/// A verdict is there at once; the form of an introspection is read first.
type Answer = Either<
    Ready<Result<Response, Infallible>>,
    Either<BoxFuture<'static, Result<Response, Infallible>>, RouteFuture<Infallible>>,
>;

impl<B> Service<Request<B>> for Door
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> Answer {
        match request.uri().path() {
            // The answer to HEAD has no body, which the table knows (RFC 9110, section 9.3.2).
            AUTHORIZE if request.method() != Method::HEAD => {
                let (peer, id) = (self.peer(&request), id_of(&request));
                let judged =
                    || authorize::answer(&self.web.app, peer, request.uri(), request.headers());
                Either::Left(ready(Ok(with_id(unless_it_panics(judged), id))))
            }
            INTROSPECT if request.method() == Method::POST => {
                let (web, peer, id) = (self.web.clone(), self.peer(&request), id_of(&request));
                let (parts, body) = request.into_parts();
                let told = async move {
                    let form = introspect::read(body).await;
                    let told = || introspect::answer(&web.app, peer, &parts.headers, form);
                    Ok(with_id(unless_it_panics(told), id))
                };
                Either::Right(Either::Left(told.boxed()))
            }
            _ => {
                if let Some(peer) = self.peer {
                    request.extensions_mut().insert(ConnectInfo(peer));
                }
                Either::Right(Either::Right(self.router.call(request.map(Body::new))))
            }
        }
    }
}

fn unless_it_panics(answer: impl FnOnce() -> Response) -> Response {
    catch_unwind(AssertUnwindSafe(answer)).unwrap_or_else(after_panic)
}

/// Every request has an id: its own, or a new one.
fn id_of<B>(request: &Request<B>) -> Option<HeaderValue> {
    let made = || MakeRequestUuid.make_request_id(request).map(|id| id.into_header_value());
    request.headers().get(REQUEST_ID).cloned().or_else(made)
}

fn with_id(mut response: Response, id: Option<HeaderValue>) -> Response {
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer() {
        assert_eq!(unless_it_panics(|| panic!("on purpose")).status(), 500);
        assert_eq!(unless_it_panics(|| Response::new(Body::empty())).status(), 200);
    }
}
