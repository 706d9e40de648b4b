//! Route policies through each face: what stands is read and tried, set and removed.

use super::faces::verdict;
use super::model::{Act, Verdict};
use super::world::{PEOPLE, World};
use crate::caller::{Api, Browser};
use axum::body::Body;
use axum::http::Method;
use latchkey::domain::routes::{RawTrial, WrittenRoutes};
use latchkey::server::people::members;
use latchkey::server::routes::edit::{RawRoutes, edit};
use latchkey::server::routes::{show, trial};
use latchkey::server::store;
use serde_json::json;

const PAGE: &str = "/harrow-valley/settings/routes";
const CALL: &str = "/api/v1/workgroups/harrow-valley/routes";
const OLD: &str = "GET /devices/{id} any device={id}";
const NEW: &str = "GET /devices/{id} access tunnel device={id}";
const WRONG: &str = "GET devices any";
const FAMILY: &str = "original";

/// The text that is to stand.
fn text(act: &Act) -> Option<&'static str> {
    match act {
        Act::SetRoutes(true) => Some(NEW),
        Act::SetRoutes(false) => Some(WRONG),
        _ => None,
    }
}

impl World {
    /// Something to look at and to change.
    pub async fn plant_routes(&self) {
        let (text, family) = (Some(OLD.to_owned()), Some(FAMILY.to_owned()));
        let raw = RawRoutes { version: None, text, family };
        edit(&self.app.state, &self.app.seat(), &raw, None).await.unwrap();
    }

    pub async fn written_routes(&self) -> WrittenRoutes {
        let mut reader = self.app.state.db.read().await.unwrap();
        store::routes::find(&mut reader, &self.app.harrow.id).await.unwrap()
    }

    pub async fn raw_routes(&self, act: &Act) -> RawRoutes {
        let text = text(act).map(str::to_owned);
        let family = text.as_ref().map(|_| FAMILY.to_owned());
        RawRoutes { version: Some(self.written_routes().await.version), text, family }
    }

    pub async fn routes_on_page(&self, browser: &Browser<'_>, act: &Act) -> Verdict {
        let version = self.written_routes().await.version.to_string();
        let answer = match (act, text(act)) {
            (Act::ReadRoutes, _) => browser.get(PAGE).await,
            (Act::TryRoutes, _) => {
                browser.get(&format!("{PAGE}?method=GET&path=/devices/pump-1")).await
            }
            (_, Some(text)) => {
                let fields = [
                    ("action", "save"),
                    ("version", &version),
                    ("routes", text),
                    ("family", FAMILY),
                ];
                browser.post(PAGE, &fields).await
            }
            _ => browser.post(PAGE, &[("action", "remove"), ("version", &version)]).await,
        };
        verdict(&answer)
    }

    /// `None`: the act is about something else.
    pub async fn routes_on_api(&self, api: &Api<'_>, act: &Act) -> Option<Verdict> {
        let version = self.written_routes().await.version;
        let answer = match act {
            Act::ReadRoutes => api.get(CALL).await,
            Act::TryRoutes => {
                let body = json!({ "method": "GET", "path": "/devices/pump-1" });
                api.post(&format!("{CALL}/try"), body).await
            }
            Act::SetRoutes(_) | Act::RemoveRoutes => {
                let family = text(act).map(|_| FAMILY);
                let body = json!({ "version": version, "routes": text(act), "family": family });
                api.call(Method::PUT, CALL, Body::from(body.to_string())).await
            }
            _ => return None,
        };
        Some(verdict(&answer))
    }
}

/// What programs are answered over the API is what their seats are; so is that of people, who have but the page.
#[tokio::test]
async fn a_seat_looks_at_them_that_manages_access_in_the_whole_workgroup() {
    let world = World::new().await;
    let state = &world.app.state;
    for caller in &PEOPLE[..9] {
        world.admit(caller).await;
        let email = format!("{}@harrow.example", caller.name.to_lowercase());
        let seat = members::seat_of(state, "harrow-valley", &email).await.unwrap();
        let manages = caller.held.permissions.contains(&"access.manage");
        let looks = caller.held.owner || (manages && caller.held.group.is_none());
        let asked = RawTrial {
            method: "GET".into(),
            path: "/devices/pump-1".into(),
            ..RawTrial::default()
        };
        for text in [None, Some(NEW)] {
            let tried = trial::run(state, &seat, &asked, text).await;
            assert_eq!(tried.is_ok(), looks, "{} tries {text:?}", caller.name);
        }
        assert_eq!(show::read(state, &seat).await.is_ok(), looks, "{}", caller.name);
    }
}
