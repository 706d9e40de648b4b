//! The post behind a digest's List-Unsubscribe header (RFC 8058): sent by a mail provider's program, or by the button on the
//! link's page. It stands outside of the layers that ask where a post comes from: what counts is the code, never a cookie.

use super::document::{Script, render};
use super::problem::Problem;
use super::router::{Web, after_panic};
use super::{client, error_page};
use crate::server::people::digest;
use crate::server::viewer::Visit;
use axum::Router;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, Uri};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use std::net::SocketAddr;
use tower_http::catch_panic::CatchPanicLayer;

pub fn router() -> Router<Web> {
    Router::new()
        .route("/unsubscribe/{code}", post(unsubscribe))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(from_fn(error_page::for_people))
}

/// `POST /unsubscribe/{code}`. Answered with a page, never with a redirect: programs follow none here (RFC 8058, section 3.1). The
/// body is not read: providers send `List-Unsubscribe=One-Click` in either form encoding, and the address says it all.
async fn unsubscribe(
    State(web): State<Web>,
    Path(code): Path<String>,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let peer = peer.map(|it| it.0.0);
    let address = client::address(&web.app.config, peer, &headers);
    // Nobody's visit, whatever cookies come along.
    let visit = match Visit::read(web.app.clone(), address, None).await {
        Ok(visit) => visit,
        Err(error) => return Problem::from(error).into_response(),
    };
    // The page says how it stands now; a code that is unknown is a 404 there too.
    if let Err(error) = digest::unsubscribe(&web.app, &code, &visit.address).await
        && !matches!(&error, crate::server::error::Error::Refused(_))
    {
        return Problem::from(error).into_response();
    }
    render(&web, &visit, &uri, None, Script::None, || ()).await
}
