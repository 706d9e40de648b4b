//! One operation through whichever face the caller has, and what came of it.

use super::model::{Operation, Reach, Verdict};
use super::place::{PAGE, fill};
use crate::caller::{Api, Browser};
use crate::test_app::TestApp;
use latchkey::domain::rights::Seat;
use latchkey::domain::token::{Older, Token};
use latchkey::domain::token_draft::{RawDraft, RawEdit};
use latchkey::domain::token_list::TokenQuery;
use latchkey::server::error::Result;
use latchkey::server::tokens::{edit, issue, list, reissue, retire, revoke, show};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

pub enum Caller<'a> {
    Page(Browser<'a>),
    Api(Api<'a>),
    Seat(&'a TestApp, Box<Seat>),
    /// There is no seat for them: every use case ends before it begins, with this status.
    Nobody(u16),
}

const TOKENS: &str = "/api/v1/workgroups/harrow-valley/tokens";

/// A form's key, new each time.
pub fn key() -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("key-{}", LAST.fetch_add(1, Ordering::Relaxed))
}

fn verdict<T>(done: Result<T>) -> Verdict {
    Verdict::of(done.map_or_else(|error| error.into_refusal().code.status(), |_| 200))
}

impl Caller<'_> {
    pub async fn create(&self, permissions: &[&str], reach: Reach) -> Verdict {
        let mut raw = RawDraft {
            owner: "Somebody".into(),
            email: "somebody@north.example".into(),
            ..RawDraft::default()
        };
        fill(&mut raw, permissions, reach);
        match self {
            Caller::Page(browser) => {
                let key = key();
                let mut fields = vec![
                    ("owner", raw.owner.as_str()),
                    ("email", &raw.email),
                    ("idempotency_key", &key),
                ];
                match reach {
                    Reach::Device(device) => fields.push(("device", device)),
                    _ => fields.push(("device_group", &raw.device_group)),
                }
                fields.extend(permissions.iter().map(|permission| ("permissions", *permission)));
                Verdict::of(browser.post(&format!("{PAGE}/new"), &fields).await.status)
            }
            Caller::Api(api) => {
                let body = json!({
                    "owner": raw.owner, "email": raw.email, "permissions": permissions,
                    "device_group": raw.device_group, "device": raw.device,
                });
                Verdict::of(api.post(TOKENS, body).await.status)
            }
            Caller::Seat(app, seat) => {
                verdict(issue::issue(&app.state, seat, &raw, None, None).await)
            }
            Caller::Nobody(status) => Verdict::of(*status),
        }
    }

    pub async fn operate(&self, operation: Operation, token: &Token) -> Verdict {
        match self {
            Caller::Page(browser) => on_page(browser, operation, token).await,
            Caller::Api(api) => on_api(api, operation, token).await,
            Caller::Seat(app, seat) => on_seat(app, seat, operation, token).await,
            Caller::Nobody(status) => Verdict::of(*status),
        }
    }

    /// The ids among `known` that the list shows, or why it shows none.
    pub async fn list<'k>(&self, known: &[&'k str]) -> std::result::Result<Vec<&'k str>, Verdict> {
        let (status, body) = match self {
            Caller::Page(browser) => {
                let answer = browser.get(PAGE).await;
                (answer.status, answer.body)
            }
            Caller::Api(api) => {
                let answer = api.get(&format!("{TOKENS}?limit=100")).await;
                (answer.status, answer.body)
            }
            Caller::Seat(app, seat) => {
                match list::list(&app.state, seat, &TokenQuery::default(), 100).await {
                    Ok(list) => (200, format!("{list:?}")),
                    Err(error) => (error.into_refusal().code.status(), String::new()),
                }
            }
            Caller::Nobody(status) => (*status, String::new()),
        };
        match Verdict::of(status) {
            Verdict::Done => Ok(known.iter().copied().filter(|id| body.contains(id)).collect()),
            refused => Err(refused),
        }
    }
}

async fn on_page(browser: &Browser<'_>, operation: Operation, token: &Token) -> Verdict {
    let page = format!("{PAGE}/{}", token.id);
    let (key, version) = (key(), token.version.to_string());
    let answer = match operation {
        Operation::Show => browser.get(&page).await,
        Operation::Edit => {
            let fields = [("version", version.as_str()), ("note", "Seen.")];
            browser.post(&format!("{page}/edit"), &fields).await
        }
        Operation::Reissue => {
            let fields =
                [("action", "reissue"), ("older", "keep"), ("idempotency_key", key.as_str())];
            browser.post(&page, &fields).await
        }
        Operation::Retire => browser.post(&page, &[("action", "retire"), ("number", "1")]).await,
        Operation::Revoke => browser.post(&page, &[("action", "revoke")]).await,
    };
    Verdict::of(answer.status)
}

async fn on_api(api: &Api<'_>, operation: Operation, token: &Token) -> Verdict {
    let address = format!("{TOKENS}/{}", token.id);
    let answer = match operation {
        Operation::Show => api.get(&address).await,
        Operation::Edit => {
            api.patch(&address, json!({ "version": token.version, "note": "Seen." })).await
        }
        Operation::Reissue => api.post(&format!("{address}/reissue"), json!({})).await,
        Operation::Retire => api.post(&format!("{address}/strings/1/retire"), Value::Null).await,
        Operation::Revoke => api.post(&format!("{address}/revoke"), Value::Null).await,
    };
    Verdict::of(answer.status)
}

async fn on_seat(app: &TestApp, seat: &Seat, operation: Operation, token: &Token) -> Verdict {
    let (state, id) = (&app.state, token.id.as_str());
    match operation {
        Operation::Show => verdict(show::one(state, seat, id).await),
        Operation::Edit => {
            let raw = RawEdit {
                version: token.version,
                note: Some("Seen.".into()),
                ..RawEdit::default()
            };
            verdict(edit::edit(state, seat, id, &raw, None).await)
        }
        Operation::Reissue => {
            verdict(reissue::reissue(state, seat, id, Older::Keep, None, None).await)
        }
        Operation::Retire => verdict(retire::retire(state, seat, id, 1, None, None).await),
        Operation::Revoke => verdict(revoke::revoke(state, seat, id, false, None, None).await),
    }
}
