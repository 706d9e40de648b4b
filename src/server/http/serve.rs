//! Serving: one listener, connections with time-outs and a cap, a clean end.

use super::door::Door;
use super::patience::Patience;
use super::workers::Workers;
use super::{metrics, places};
use crate::server::grants;
use crate::server::scheduler;
use crate::server::state::AppState;
use crate::server::store::ServerLease;
use anyhow::Context;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::convert::Infallible;
use std::net::{self, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tower::Service;

/// A client that has not sent its headers by then is let go.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// A request, its body and its answer take at most this long.
const REQUEST_TIME: Duration = Duration::from_secs(30);
/// An HTTP/2 connection is asked after this long whether its client is there; one of HTTP/1 without a request has [`HEADER_TIME`].
const IDLE_TIME: Duration = Duration::from_secs(60);
/// Requests under way get this long to end when the server stops.
const FAREWELL_TIME: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or SIGINT, then lets requests end, writes what is counted, and closes the database.
pub async fn serve(state: AppState, lease: ServerLease) -> anyhow::Result<()> {
    let address = state.config.listen;
    let listener = listen(address).await?;
    let beside = Beside::start(&state).await?;
    // Whoever was told that it is ready may end it at once.
    let end = ended()?;
    let (stop, stopped) = oneshot::channel();
    grants::fill(&state.db, &state.clock, &state.grants).await?;
    tracing::debug!(strings = state.grants.len(), "the verify index is filled");
    let background = tokio::spawn(scheduler::run(state.clone(), stopped));
    let door = Door::new(state.clone());
    announce(&state).await?;
    accept(listener, move |peer| door.of(peer), Workers::for_this_machine()?, end).await;
    beside.stop().await;
    drop(stop);
    background.await.context("the periodic work ended in a panic")?;
    if timeout(FAREWELL_TIME, state.db.close()).await.is_err() {
        tracing::warn!("the database could not be closed in time; nothing of it is lost");
    }
    drop(lease);
    Ok(())
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

/// What is served on the address of the metrics, if they have one.
struct Beside(Option<(oneshot::Sender<()>, JoinHandle<()>)>);

impl Beside {
    async fn start(state: &AppState) -> anyhow::Result<Beside> {
        let Some(address) = state.config.metrics_listen else { return Ok(Beside(None)) };
        let listener = listen(address).await?;
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = async move {
            // Sent or dropped: both are the end.
            let _ = stopped.await;
        };
        let (app, workers) = (metrics::alone(state.clone()), Workers::start(1)?);
        let served = tokio::spawn(accept(listener, move |_| app.clone(), workers, ended));
        Ok(Beside(Some((stop, served))))
    }

    async fn stop(self) {
        let Some((stop, served)) = self.0 else { return };
        drop(stop);
        if served.await.is_err() {
            tracing::error!("serving the metrics ended in a panic");
        }
    }
}

/// Prints where to go: the set-up link as long as there is no user, else the address. It is meant for the person at the
/// terminal, so it goes to standard output and not into the log.
async fn announce(state: &AppState) -> anyhow::Result<()> {
    use std::io::Write;
    let url = state.config.public_url.as_str();
    let link = crate::server::people::set_up::open_link(state).await?;
    let mut out = std::io::stdout().lock();
    match link {
        Some(code) => writeln!(
            out,
            "Latchkey is ready. Set it up within 24 hours, in a browser:\n\n  {url}/setup/{}\n",
            code.reveal()
        ),
        None => writeln!(out, "Latchkey is ready. Open {url}"),
    }
    .and_then(|()| out.flush())
    .context("standard output is closed")
}

/// Serves until `end`, each connection what is made for its client: with time-outs and a cap; further ones wait in the listener's queue.
pub async fn accept<S>(
    listener: TcpListener,
    app: impl Fn(SocketAddr) -> S,
    workers: Workers,
    end: impl Future<Output = ()>,
) where
    S: Service<hyper::Request<Incoming>, Response = Response, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static,
{
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(places::connections()));
    let mut end = std::pin::pin!(end);
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut end => break,
        };
        match accepted.and_then(|(stream, peer)| Ok((stream.into_std()?, peer))) {
            Ok((stream, peer)) => {
                let served = connection(stream, app(peer), graceful.watcher());
                workers.serve(async move {
                    served.await;
                    drop(place);
                });
            }
            Err(error) => {
                // Out of file descriptors, as a rule: wait for some to be given back.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    tracing::info!("stopping");
    if timeout(FAREWELL_TIME, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
    }
    workers.end().await;
}

/// Serves one connection, on whichever runtime works on it.
async fn connection<S>(stream: net::TcpStream, app: S, watcher: Watcher)
where
    S: Service<hyper::Request<Incoming>, Response = Response, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static,
{
    let stream = match TcpStream::from_std(stream) {
        Ok(stream) => stream,
        Err(error) => return tracing::warn!(%error, "a connection could not be served"),
    };
    let _ = stream.set_nodelay(true);
    let patience = Patience::new(HEADER_TIME);
    let (head, timer) = (patience.clone(), patience.clone());
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        // Over HTTP/2 nobody else says so.
        head.rest();
        let answer = app.clone().call(request);
        async move {
            match timeout(REQUEST_TIME, answer).await {
                Ok(answer) => answer,
                Err(_) => Ok(too_slow()),
            }
        }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    // Answers are small, as a rule: copied together they go out with less ado.
    builder.http1().writev(false).timer(timer).header_read_timeout(HEADER_TIME).keep_alive(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(IDLE_TIME)
        .keep_alive_timeout(HEADER_TIME)
        .max_concurrent_streams(100);
    let served = builder.serve_connection(TokioIo::new(stream), service).into_owned();
    let served = watcher.watch(served);
    tokio::select! {
        biased;
        ended = served => if let Err(error) = ended {
            // A client that goes away in the middle is no fault of ours.
            tracing::debug!(%error, "a connection ended early");
        },
        () = patience.over() => tracing::debug!("a client took too long over its headers"),
    }
}

fn too_slow() -> Response {
    let mut response = Response::new(axum::body::Body::from("The request took too long.\n"));
    *response.status_mut() = axum::http::StatusCode::REQUEST_TIMEOUT;
    response
}

/// Ends with SIGTERM or Ctrl-C, heard from this call on and not only from the first wait.
fn ended() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be heard")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("Ctrl-C cannot be heard")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// One line a request: method, path without its query, status, time. A one-time code in a path is left out.
pub async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = without_code(request.uri().path());
    let id =
        request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let started = tokio::time::Instant::now();
    let span = tracing::info_span!("request", id = id.unwrap_or_default());
    let response = tracing::Instrument::instrument(next.run(request), span.clone()).await;
    let _entered = span.enter();
    tracing::info!(%method, path, status = response.status().as_u16(), took = ?started.elapsed());
    response
}

/// What is opened by the code in its address.
const DOORS: [&str; 5] = ["/setup/", "/invite/", "/reset/", "/calendar/", "/unsubscribe/"];

fn without_code(path: &str) -> String {
    let door = DOORS.into_iter().find(|door| path.starts_with(door));
    door.map_or_else(|| path.to_owned(), |door| format!("{door}…"))
}

#[cfg(test)]
mod tests {
    use super::without_code;

    #[test]
    fn a_code_in_a_path_is_not_logged() {
        let cases = [
            ("/setup/abc", "/setup/…"),
            ("/invite/abc", "/invite/…"),
            ("/reset/abc/", "/reset/…"),
            ("/calendar/abc.ics", "/calendar/…"),
            ("/reset", "/reset"),
            ("/unsubscribe/abc", "/unsubscribe/…"),
            ("/harrow/settings/tokens/new", "/harrow/settings/tokens/new"),
        ];
        for (path, logged) in cases {
            assert_eq!(without_code(path), logged);
        }
    }
}
