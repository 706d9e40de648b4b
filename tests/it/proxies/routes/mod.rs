//! Route policies through the real proxies: the workgroup's lines decide, by what the proxy says of a request and nothing else.

mod bonds;
mod claims;
mod lines;
mod readings;
mod spellings;
mod trust;

use super::Scene;
use super::proxy::Program;
use super::wire::{self, request};
use crate::caller::Answer;
use crate::machine::until;
use latchkey::domain::rights::Seat;
use latchkey::server::routes::edit::{RawRoutes, edit};

const ROUTES: &str = "\
    GET|HEAD    /devices                 access  read  device=any\n\
    GET         /devices/new             access  devices.manage\n\
    GET         /devices/{id}            any     device={id}\n\
    GET         /devices/{id}/plots      any     device={id}\n\
    POST        /devices/{id}/telemetry  device  telemetry.send  device={id}\n\
    POST        /devices/{id}/control    access  read devices.control  device={id}\n\
    GET         /files/{*path}           access  read\n\
    *           /files/{*path}           access  devices.manage\n\
    GET         /files/secret            access  access.manage\n\
    GET|OPTIONS /status                  any\n";

impl Program {
    /// The headers in which it says what it was asked, and those in which it does not.
    fn families(self) -> [&'static str; 2] {
        match self {
            Program::Nginx => ["original", "forwarded"],
            Program::Caddy => ["forwarded", "original"],
        }
    }
}

impl Scene {
    /// [`ROUTES`], made for this proxy.
    async fn with_routes(&self) {
        let [family, _] = self.proxy.program.families();
        self.rule(&self.app.seat(), ROUTES, family).await;
    }

    /// Sets the policies of the seat's workgroup, and waits until Latchkey, which is another process, goes by them.
    async fn rule(&self, seat: &Seat, text: &str, family: &str) {
        let string = super::paths::string_of(self, seat).await;
        let (text, family) = (Some(text.to_owned()), Some(family.to_owned()));
        edit(&self.app.state, seat, &RawRoutes { version: None, text, family }, None)
            .await
            .unwrap();
        let line = format!("Authorization: Bearer {string}");
        let asked = format!("/api/v1/authorize?workgroup={}", seat.workgroup.slug);
        let asked = request("GET", asked.as_bytes(), &[line.as_bytes()]);
        // Without policies the token passes; with them nobody does who does not say what was asked.
        let address = self.latchkey.address;
        until("it goes by the policies", async || wire::send(address, &asked).await.status == 403)
            .await;
    }

    /// The string of a token that asks as often as it likes, known to Latchkey.
    async fn string(&self, permissions: &[&str], device: &str) -> String {
        let permissions = permissions.iter().map(ToString::to_string).collect();
        let issued = self.app.token(|raw| {
            raw.permissions = permissions;
            raw.device = device.into();
            raw.rate_limit = "1000000".into();
        });
        let string = issued.await.string.reveal().to_owned();
        match device {
            "" => self.heard_of(&string).await,
            _ => self.heard_of_bound(&string).await,
        }
        string
    }

    /// Asks with this string, and whatever else a client adds.
    async fn ask(&self, string: &str, method: &str, target: &str, more: &[String]) -> Answer {
        let line = format!("Authorization: Bearer {string}");
        let mut lines = vec![line.as_bytes()];
        lines.extend(more.iter().map(|line| line.as_bytes()));
        self.send(&request(method, target.as_bytes(), &lines)).await
    }
}

const YES: &str = "allowed";
const NO: &str = "insufficient_permissions";

/// [`YES`], or the code of the refusal, which is the client's fault.
fn verdict(answer: &Answer) -> &str {
    match answer.status {
        200 => YES,
        400..=499 => answer.header("x-latchkey-code"),
        other => panic!("{other}: {}", answer.body),
    }
}
