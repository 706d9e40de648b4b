//! One act through one face: posts of the pages, calls of the API, use cases from a seat.

use super::model::{Act, Held, Verdict};
use super::world::{World, file, standing};
use crate::caller::{Answer, Api, Browser};
use crate::pages::forms::{IMPORT_DEVICES, IMPORT_TOKENS};
use axum::body::Body;
use axum::http::Method;
use latchkey::domain::activity_query::ActivityQuery;
use latchkey::domain::import::ImportKind;
use latchkey::domain::policy_draft::RawPolicy;
use latchkey::domain::rights::Seat;
use latchkey::server::activity::export;
use latchkey::server::administration::policy;
use latchkey::server::devices::edit::{self, RawDeviceEdit};
use latchkey::server::devices::groups::{self, Consent, RawGroup, RawGroupEdit, RawRule};
use latchkey::server::devices::register::{self, RawDevice};
use latchkey::server::devices::{remove as remove_device, show};
use latchkey::server::error::Result;
use latchkey::server::imports::{start, upload, upload::Upload};
use latchkey::server::people::invitations;
use latchkey::server::people::members::{list, remove, set};
use latchkey::server::routes::edit as routes;
use serde_json::{Value, json};

const HOUSE: &str = "/harrow-valley/settings";
const API: &str = "/api/v1/workgroups/harrow-valley";

pub fn verdict(answer: &Answer) -> Verdict {
    match answer.status {
        303 if answer.header("location").starts_with("/sign-in") => Verdict::SignIn,
        200 | 201 | 204 | 303 => Verdict::Done,
        other => judged(other),
    }
}

fn judged(status: u16) -> Verdict {
    match status {
        403 => Verdict::Forbidden,
        404 => Verdict::NotFound,
        422 => Verdict::WrongField,
        other => Verdict::Other(other),
    }
}

fn outcome<T>(done: Result<T>) -> Verdict {
    match done {
        Ok(_) => Verdict::Done,
        Err(error) => judged(error.into_refusal().code.status()),
    }
}

/// The fields of a form that asks for these rights.
fn rights(held: Held) -> Vec<(&'static str, &'static str)> {
    let mut fields = vec![("role", if held.owner { "owner" } else { "member" })];
    fields.extend(held.permissions.iter().map(|name| ("permissions", *name)));
    fields.push(("device_group", held.group.unwrap_or_default()));
    fields
}

/// Where the group goes by its site, what its form holds.
fn site(group: &str) -> &'static str {
    if group == "North" { "north" } else { "south" }
}

impl World {
    async fn device_version(&self, device: &str) -> i64 {
        let kept = show::one(&self.app.state, &self.app.seat(), &self.ids[device]).await;
        kept.map_or(1, |kept| kept.version)
    }

    async fn group_version(&self, group: &str) -> i64 {
        let whole = groups::show::one(&self.app.state, &self.app.seat(), &self.ids[group]).await;
        whole.map_or(1, |whole| whole.facts.version)
    }

    async fn policy_version(&self) -> i64 {
        policy::read(&self.app.state, &self.app.seat()).await.unwrap().1
    }

    pub async fn on_page(&self, browser: &Browser<'_>, act: &Act) -> Verdict {
        let id = |name: &str| self.ids[name].clone();
        let import = |legacy: bool| id(if legacy { "legacy tokens" } else { "devices" });
        let (path, fields): (String, Vec<(&str, String)>) = match *act {
            Act::ReadMembers => return verdict(&browser.get(&format!("{HOUSE}/members")).await),
            Act::ReadActivity => return verdict(&browser.get(&format!("{HOUSE}/activity")).await),
            Act::ReadNotices => return verdict(&browser.get(&format!("{HOUSE}/notices")).await),
            Act::ReadPolicy => return verdict(&browser.get(&format!("{HOUSE}/policy")).await),
            Act::ReadRoutes | Act::TryRoutes | Act::SetRoutes(_) | Act::RemoveRoutes => {
                return self.routes_on_page(browser, act).await;
            }
            Act::Administer(path, []) => return verdict(&browser.get(path).await),
            Act::ImportDevices | Act::ImportTokens => {
                let (path, kind) = match act {
                    Act::ImportDevices => (IMPORT_DEVICES, ImportKind::Devices),
                    _ => (IMPORT_TOKENS, ImportKind::LegacyTokens),
                };
                return verdict(&browser.upload(path, "f.csv", file(kind).as_bytes(), "").await);
            }
            Act::Administer(path, fields) => {
                (path.to_owned(), fields.iter().map(|(k, v)| (*k, (*v).to_owned())).collect())
            }
            Act::Invite(offer) => {
                let mut fields = owned(&rights(offer));
                fields.push(("email", address(offer)));
                (format!("{HOUSE}/members/invite"), fields)
            }
            Act::SendAgain(name, _) => acts(format!("{HOUSE}/members"), "send-again", id(name)),
            Act::Withdraw(name, _) => acts(format!("{HOUSE}/members"), "withdraw", id(name)),
            Act::Set(name, _, after) => {
                let mut fields = owned(&rights(after));
                fields.push(("action", "set".into()));
                fields.push(("version", self.version(name).await.to_string()));
                (format!("{HOUSE}/members/{}", id(name)), fields)
            }
            Act::Remove(name, _) => {
                acts(format!("{HOUSE}/members/{}", id(name)), "remove", id(name))
            }
            Act::Register => {
                let fields = [
                    ("external_id", "pump-9"),
                    ("name", "Pump 9"),
                    ("permissions", "telemetry.send"),
                    ("idempotency_key", "once"),
                ];
                (format!("{HOUSE}/devices/new"), owned(&fields))
            }
            Act::EditDevice(name, key) => {
                let mut fields = owned(&[("name", if key { "Key" } else { "Word" })]);
                fields.push(("metadata", lines(name, key)));
                fields.push(("version", self.device_version(name).await.to_string()));
                (format!("{HOUSE}/devices/{}/edit", id(name)), fields)
            }
            Act::RemoveDevice(name) => {
                acts(format!("{HOUSE}/devices/{}", id(name)), "remove", String::new())
            }
            Act::MakeGroup => {
                let fields = [("name", "New"), ("rule", "in"), ("devices", "pump-1")];
                (format!("{HOUSE}/device-groups/new"), owned(&fields))
            }
            Act::EditGroup(name) => {
                let mut fields = owned(&[("rule", "metadata"), ("key", "site")]);
                fields.push(("value", site(name).into()));
                fields.push(("name", format!("{name} anew")));
                fields.push(("version", self.group_version(name).await.to_string()));
                (format!("{HOUSE}/device-groups/{}/edit", id(name)), fields)
            }
            Act::RemoveGroup(name) => {
                acts(format!("{HOUSE}/device-groups/{}", id(name)), "remove", String::new())
            }
            Act::StartImport(legacy) => {
                acts(format!("{HOUSE}/imports/{}", import(legacy)), "start", String::new())
            }
            Act::DiscardImport(legacy) => {
                acts(format!("{HOUSE}/imports/{}", import(legacy)), "discard", String::new())
            }
            Act::ExportActivity => acts(format!("{HOUSE}/activity"), "export", String::new()),
            Act::SendTestMail => acts(format!("{HOUSE}/notices"), "test-mail", String::new()),
            Act::EditPolicy => {
                let fields = [
                    ("name", "Harrow Valley"),
                    ("longest_lifetime", "1y"),
                    ("notice_stages", "14, 7, 1"),
                    ("notice_hour", "9"),
                    ("time_zone", "UTC"),
                ];
                let mut fields = owned(&fields);
                fields.push(("version", self.policy_version().await.to_string()));
                (format!("{HOUSE}/policy"), fields)
            }
        };
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        verdict(&browser.post(&path, &fields).await)
    }

    /// `None`: programs have no such call.
    pub async fn on_api(&self, api: &Api<'_>, act: &Act) -> Option<Verdict> {
        let answer = match *act {
            Act::Register => {
                let body = json!({ "external_id": "pump-9", "name": "Pump 9" });
                api.post(&format!("{API}/devices"), body).await
            }
            Act::EditDevice(name, key) => {
                let site = if key { "moved" } else { sites(name) };
                let body = json!({ "version": self.device_version(name).await,
                    "name": if key { "Key" } else { "Word" }, "metadata": { "site": site } });
                api.patch(&format!("{API}/devices/{name}"), body).await
            }
            Act::RemoveDevice(name) => {
                let path = format!("{API}/devices/{name}");
                api.call(Method::DELETE, &path, Body::empty()).await
            }
            Act::MakeGroup => {
                let body = json!({ "name": "New", "in": ["pump-1"] });
                api.post(&format!("{API}/device-groups"), body).await
            }
            Act::EditGroup(name) => {
                let body = json!({ "version": self.group_version(name).await,
                    "name": format!("{name} anew") });
                api.patch(&format!("{API}/device-groups/{}", self.ids[name]), body).await
            }
            Act::RemoveGroup(name) => {
                let path = format!("{API}/device-groups/{}", self.ids[name]);
                api.call(Method::DELETE, &path, Body::empty()).await
            }
            Act::ReadPolicy => api.get(&format!("{API}/policy")).await,
            Act::EditPolicy => {
                let body: Value = json!({ "version": 1, "notice_hour": 9 });
                api.patch(&format!("{API}/policy"), body).await
            }
            _ => return self.routes_on_api(api, act).await,
        };
        Some(verdict(&answer))
    }

    /// `None`: a seat has no such use case, or it asks through a visit.
    pub async fn on_seat(&self, seat: &Seat, act: &Act) -> Option<Verdict> {
        let (state, id) = (&self.app.state, |name: &str| self.ids[name].as_str());
        let import = |legacy: bool| id(if legacy { "legacy tokens" } else { "devices" });
        Some(match *act {
            Act::Invite(offer) => {
                let raw = standing(offer).raw(offer.group);
                outcome(invitations::invite(state, seat, &address(offer), &raw, None).await)
            }
            Act::SendAgain(name, _) => {
                outcome(invitations::send_again(state, seat, id(name), None).await)
            }
            Act::Withdraw(name, _) => {
                outcome(invitations::withdraw(state, seat, id(name), None).await)
            }
            Act::Set(name, _, after) => {
                let (raw, version) = (standing(after).raw(after.group), self.version(name).await);
                outcome(set::set(state, seat, id(name), version, &raw, None).await)
            }
            Act::Remove(name, _) => outcome(remove::remove(state, seat, id(name), None).await),
            Act::ReadMembers => outcome(list::all(state, seat).await),
            Act::Register => {
                let raw = RawDevice {
                    external_id: "pump-9".into(),
                    name: "Pump 9".into(),
                    ..RawDevice::default()
                };
                outcome(register::register(state, seat, &raw, None).await)
            }
            Act::EditDevice(name, key) => {
                let site = if key { "moved" } else { sites(name) };
                let raw = RawDeviceEdit {
                    version: self.device_version(name).await,
                    name: Some(if key { "Key" } else { "Word" }.into()),
                    metadata: Some(vec![("site".into(), site.into())]),
                };
                outcome(edit::edit(state, seat, id(name), &raw, None).await)
            }
            Act::RemoveDevice(name) => {
                outcome(remove_device::remove(state, seat, id(name), None).await)
            }
            Act::MakeGroup => {
                let raw = RawGroup { name: "New".into(), rule: RawRule::In(vec!["pump-1".into()]) };
                outcome(groups::create(state, seat, &raw, None).await)
            }
            Act::EditGroup(name) => {
                let version = self.group_version(name).await;
                let raw = RawGroupEdit { version, name: Some(format!("{name} anew")), rule: None };
                outcome(groups::edit(state, seat, id(name), &raw, Consent::Given, None).await)
            }
            Act::RemoveGroup(name) => outcome(groups::remove(state, seat, id(name), None).await),
            Act::ImportDevices | Act::ImportTokens => {
                let devices = matches!(act, Act::ImportDevices);
                let kind = if devices { ImportKind::Devices } else { ImportKind::LegacyTokens };
                let sent =
                    Upload { kind, file_name: "f.csv".into(), bytes: file(kind).into_bytes() };
                outcome(upload::upload(state, seat, &sent, None).await)
            }
            Act::StartImport(legacy) => {
                outcome(start::start(state, seat, import(legacy), None).await)
            }
            Act::DiscardImport(legacy) => {
                outcome(start::discard(state, seat, import(legacy), None).await)
            }
            Act::ExportActivity => {
                outcome(export::begin(state, seat, &ActivityQuery::default(), None).await)
            }
            Act::EditPolicy => {
                let raw = RawPolicy { notice_hour: Some("9".into()), ..RawPolicy::default() };
                outcome(policy::edit(state, seat, &raw, None).await)
            }
            Act::SetRoutes(_) | Act::RemoveRoutes => {
                outcome(routes::edit(state, seat, &self.raw_routes(act).await, None).await)
            }
            // Members look on the page, programs over the API.
            Act::ReadRoutes | Act::TryRoutes => return None,
            Act::ReadActivity | Act::ReadNotices | Act::ReadPolicy | Act::Administer(..) => {
                return None;
            }
            // It goes to a person, who asks in a browser.
            Act::SendTestMail => return None,
        })
    }
}

/// Whom an offer goes to: one address for each, so that none is taken.
fn address(offer: Held) -> String {
    let name = offer.permissions.join("-").replace('.', "-");
    format!("new-{name}-{}-{}@guest.example", offer.group.unwrap_or("all"), offer.owner)
}

fn owned(fields: &[(&'static str, &'static str)]) -> Vec<(&'static str, String)> {
    fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

fn acts(path: String, action: &str, id: String) -> (String, Vec<(&'static str, String)>) {
    (path, vec![("action", action.to_owned()), ("id", id)])
}

fn sites(device: &str) -> &'static str {
    if ["pump-1", "pump-4"].contains(&device) { "north" } else { "south" }
}

fn lines(device: &str, key: bool) -> String {
    format!("site = {}", if key { "moved" } else { sites(device) })
}
