//! The shipped examples, through the real nginx and the real Caddy that the run was given: a real Latchkey to ask, and an API behind that
//! writes down what reaches it.

mod away;
mod family;
mod headers;
mod paths;
pub mod proxy;
mod recorder;
mod refusals;
mod routes;
pub mod wire;

use crate::caller::Answer;
use crate::grants::process::{LOOPBACK, Server, system};
use crate::machine::free_address;
use crate::test_app::TestApp;
use proxy::{Asks, Program, Proxy};
use recorder::{Heard, Recorder};
use wire::request;

/// A client's view of an API that is protected.
pub struct Scene {
    pub app: TestApp,
    pub latchkey: Server,
    pub api: Recorder,
    pub proxy: Proxy,
}

impl Scene {
    async fn with(program: Program, asks: Asks, trusted: Option<&str>) -> Option<Scene> {
        let path = program.path()?;
        let app = system().await;
        let latchkey = Server::start_trusting(&app, free_address(), trusted).await;
        let api = Recorder::start("HTTP/1.1 200 OK\r\nx-served-by: api").await;
        let proxy = Proxy::start(program, &path, asks, latchkey.address, api.address).await;
        Some(Scene { app, latchkey, api, proxy })
    }

    /// Sends this request through the proxy.
    pub async fn send(&self, request: &[u8]) -> Answer {
        wire::send(self.proxy.address, request).await
    }

    /// A GET with this string.
    pub async fn get(&self, string: &str, target: &str) -> Answer {
        let line = format!("Authorization: Bearer {string}");
        self.send(&request("GET", target.as_bytes(), &[line.as_bytes()])).await
    }

    /// Waits until Latchkey, which is another process, has heard of the string.
    pub async fn heard_of(&self, string: &str) {
        self.latchkey.hears_of(string, 204).await;
    }

    /// The same of the string of a bound token, which is refused wherever no device is named.
    pub async fn heard_of_bound(&self, string: &str) {
        self.latchkey.hears_of(string, 403).await;
    }

    /// The string of a token that reads, known to Latchkey.
    pub async fn reader(&self) -> String {
        let string = self.app.string_with(&["read"]).await;
        self.heard_of(&string).await;
        string
    }

    /// The one request that has reached the API since it was last asked.
    pub fn reached(&self) -> Heard {
        let mut heard = self.api.take();
        assert_eq!(heard.len(), 1, "{heard:?}");
        heard.remove(0)
    }
}

/// Runs a test behind each proxy that there is.
pub async fn behind_each(asks: Asks, test: impl AsyncFn(&Scene)) {
    behind_each_trusted(Some(LOOPBACK), asks, test).await;
}

/// `trusted`: the proxies that Latchkey believes; nobody without it.
pub async fn behind_each_trusted(trusted: Option<&str>, asks: Asks, test: impl AsyncFn(&Scene)) {
    for program in Program::ALL {
        if let Some(scene) = Scene::with(program, asks, trusted).await {
            test(&scene).await;
        }
    }
}
