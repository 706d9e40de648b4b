//! The threads that serve connections: whoever reads the question of an API answers it, too, and wakes nobody. What takes longer than a
//! verdict is worked on beside them, by the runtime of the process.

use super::router::after_panic;
use anyhow::Context;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio_util::task::AbortOnDropHandle;

/// Frames of an answer that may wait for the client.
const AHEAD: usize = 4;

/// Threads, each with connections of its own.
#[derive(Debug)]
pub struct Workers(Vec<Worker>);

#[derive(Debug)]
struct Worker {
    runtime: Handle,
    connections: Arc<AtomicUsize>,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

/// A connection that counts as long as it is served, also when that ends in a panic.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Workers {
    /// One for every two cores: who is asked often seldom sleeps, and the other core is left to pages, mail and the database.
    pub fn for_this_machine() -> anyhow::Result<Workers> {
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Workers::start(cores.div_ceil(2))
    }

    pub fn start(count: usize) -> anyhow::Result<Workers> {
        (0..count.max(1)).map(|_| Worker::start()).collect::<anyhow::Result<_>>().map(Workers)
    }

    /// Lets the one with the fewest connections serve a further one.
    pub fn serve(&self, connection: impl Future<Output = ()> + Send + 'static) {
        let connections = |worker: &&Worker| worker.connections.load(Ordering::Relaxed);
        let Some(worker) = self.0.iter().min_by_key(connections) else { return };
        worker.connections.fetch_add(1, Ordering::Relaxed);
        let counted = Counted(worker.connections.clone());
        worker.runtime.spawn(async move {
            connection.await;
            drop(counted);
        });
    }

    /// Ends the threads, and what they still serve.
    pub async fn end(self) {
        let join = move || {
            for Worker { stop, thread, .. } in self.0 {
                drop(stop);
                if thread.join().is_err() {
                    tracing::error!("a thread that served connections ended in a panic");
                }
            }
        };
        // It panics in no case of its own: the thread's result was looked at.
        let _ = tokio::task::spawn_blocking(join).await;
    }
}

impl Worker {
    fn start() -> anyhow::Result<Worker> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.context("a thread to serve connections has no runtime")?;
        let (stop, stopped) = oneshot::channel();
        let (handle, connections) = (runtime.handle().clone(), Arc::default());
        let run = move || {
            // Sent or dropped: both are the end.
            let _ = runtime.block_on(stopped);
        };
        let thread = thread::Builder::new().name("connections".to_owned()).spawn(run);
        let thread = thread.context("the machine gave no thread to serve connections")?;
        Ok(Worker { runtime: handle, connections, stop, thread })
    }
}

/// Works on a request by the runtime of the process, and on its answer. Whoever goes away meanwhile ends it.
pub async fn aside(State(process): State<Handle>, request: Request, next: Next) -> Response {
    let work = AbortOnDropHandle::new(process.spawn(next.run(request)));
    match work.await {
        Ok(response) => response.map(|body| piped(&process, body)),
        Err(ended) => after_panic(Box::new(ended)),
    }
}

/// A body that is made while it is sent is made over there. What is whole already is sent as it is.
fn piped(process: &Handle, mut body: Body) -> Body {
    if body.is_end_stream() || body.size_hint().exact().is_some() {
        return body;
    }
    let (mut frames, piped) = Channel::new(AHEAD);
    process.spawn(async move {
        while let Some(frame) = body.frame().await {
            let sent = match frame {
                Ok(frame) => frames.send(frame).await,
                Err(error) => return frames.abort(error),
            };
            if sent.is_err() {
                return;
            }
        }
    });
    Body::new(piped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Bytes;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use futures_util::{FutureExt, stream};
    use std::sync::mpsc;
    use std::time::Duration;
    use tokio::sync::Notify;
    use tower::ServiceExt;

    fn asked() -> Request {
        Request::new(Body::empty())
    }

    /// One route, worked on by the runtime of the test.
    fn app(route: axum::routing::MethodRouter) -> Router {
        Router::new().route("/", route).layer(from_fn_with_state(Handle::current(), aside))
    }

    /// What a thread that serves connections does.
    fn on<T: Send + 'static>(
        workers: &Workers,
        work: impl Future<Output = T> + Send + 'static,
    ) -> mpsc::Receiver<T> {
        let (told, done) = mpsc::channel();
        workers.serve(async move { told.send(work.await).unwrap() });
        done
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_page_that_takes_its_time_holds_up_no_connection() {
        let workers = Workers::start(1).unwrap();
        let (begun, has_begun) = mpsc::channel();
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let may_go_on = Arc::new(std::sync::Mutex::new(may_go_on));
        let slow = app(get(move || async move {
            begun.send(thread::current().name().map(str::to_owned)).unwrap();
            may_go_on.lock().unwrap().recv().unwrap();
            "slow"
        }));
        let page = on(&workers, async move { slow.oneshot(asked()).await.unwrap().status() });
        let elsewhere = has_begun.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_ne!(elsewhere.as_deref(), Some("connections"));
        let verdict = on(&workers, async { thread::current().name().map(str::to_owned) });
        let here = verdict.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(here.as_deref(), Some("connections"), "the page is still being made");
        go_on.send(()).unwrap();
        assert_eq!(page.recv_timeout(Duration::from_secs(10)).unwrap(), 200);
        workers.end().await;
    }

    #[tokio::test]
    async fn whoever_goes_away_ends_the_work() {
        struct Ends(Arc<Notify>);
        impl Drop for Ends {
            fn drop(&mut self) {
                self.0.notify_one();
            }
        }
        let ended = Arc::new(Notify::new());
        let held = ended.clone();
        let endless = app(get(move || async move {
            let _held = Ends(held);
            std::future::pending::<()>().await;
        }));
        let mut asking = Box::pin(endless.oneshot(asked()));
        for _ in 0..3 {
            assert!((&mut asking).now_or_never().is_none());
            tokio::task::yield_now().await;
        }
        drop(asking);
        tokio::time::timeout(Duration::from_secs(10), ended.notified()).await.unwrap();
    }

    #[tokio::test]
    async fn an_answer_arrives_as_it_was_made_or_breaks_off() {
        let frames = |broken: bool| {
            let piece = |number: usize| match number {
                19 if broken => Err(std::io::Error::other("the end")),
                number => Ok(Bytes::from(format!("{number},"))),
            };
            Body::from_stream(stream::iter((0..20).map(piece).collect::<Vec<_>>()))
        };
        let whole: String = (0..20).map(|number| format!("{number},")).collect();
        for broken in [false, true] {
            let answer = app(get(move || async move { frames(broken) })).oneshot(asked()).await;
            let body = answer.unwrap().into_body().collect().await;
            match body {
                Ok(body) => assert_eq!((broken, body.to_bytes()), (false, whole.clone().into())),
                Err(error) => assert!(broken && error.to_string().contains("the end"), "{error}"),
            }
        }
        let known = app(get(|| async { "whole" })).oneshot(asked()).await.unwrap();
        assert_eq!(known.into_body().size_hint().exact(), Some(5));
    }

    #[tokio::test]
    async fn a_panic_is_an_answer_and_the_next_connection_is_served() {
        async fn panics() -> &'static str {
            panic!("on purpose")
        }
        let answer = app(get(panics)).oneshot(asked()).await.unwrap();
        assert_eq!(answer.status(), 500);
        let workers = Workers::start(2).unwrap();
        for _ in 0..4 {
            workers.serve(async { panic!("on purpose") });
        }
        let over = async {
            while workers.0.iter().any(|it| it.connections.load(Ordering::Relaxed) > 0) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), over).await.expect("they count for ever");
        for _ in 0..4 {
            workers.serve(std::future::pending());
        }
        let each: Vec<_> =
            workers.0.iter().map(|it| it.connections.load(Ordering::Relaxed)).collect();
        assert_eq!(each, [2, 2]);
        workers.end().await;
    }
}
