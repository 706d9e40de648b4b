//! Compression of what is asked for by GET: pages and the answers of server functions. Never of an answer to a post, which
//! may show a token string beside text that somebody else chose.

use axum::extract::Request;
use axum::http::{Extensions, HeaderMap, Method, StatusCode, Version};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::CompressionLevel;
use tower_http::compression::predicate::And;
use tower_http::compression::{CompressionLayer, DefaultPredicate, Predicate};

/// Rides on an answer that may be compressed.
#[derive(Clone, Copy)]
struct Plain;

/// Marks the answers to GET; stands inside of [`layer`].
pub async fn mark(request: Request, next: Next) -> Response {
    let get = request.method() == Method::GET;
    let mut response = next.run(request).await;
    if get {
        response.extensions_mut().insert(Plain);
    }
    response
}

type OfGet = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Compresses what [`mark`] marked, if the client takes it.
pub fn layer() -> CompressionLayer<And<DefaultPredicate, OfGet>> {
    let of_get: OfGet = |_, _, _, extensions| extensions.get::<Plain>().is_some();
    // The first steps win nearly all there is to win, and a page must not wait for the rest.
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(DefaultPredicate::new().and(of_get))
}
