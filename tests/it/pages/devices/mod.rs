//! `…/devices`: the list, a new device, one device, and what becomes of it.

mod edit;
mod list;
mod register;
mod remove;
mod show;
mod tokens;

use crate::caller::Answer;
use crate::test_app::TestApp;
use latchkey::domain::activity::{Activity, Verb};
use latchkey::domain::device::Device;
use latchkey::domain::device_list::KeptDevice;
use latchkey::server::devices::groups::{self, RawGroup, RawRule};
use latchkey::server::devices::register::{RawDevice, register};
use latchkey::server::devices::show::by_external_id;
use latchkey::server::store;

pub const DEVICES: &str = "/harrow-valley/settings/devices";
const NEW: &str = "/harrow-valley/settings/devices/new";

/// Registers a device of Harrow Valley; gives it, and the id of its first token.
pub async fn device(app: &TestApp, id: &str, metadata: &[(&str, &str)]) -> (Device, String) {
    let pairs = metadata.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let raw = RawDevice {
        external_id: id.into(),
        name: id.to_uppercase(),
        metadata: pairs.collect(),
        permissions: None,
    };
    let (device, issued) = register(&app.state, &app.seat(), &raw, None).await.unwrap();
    (device, issued.token.id)
}

async fn group(app: &TestApp, name: &str, rule: RawRule) {
    let raw = RawGroup { name: name.into(), rule };
    groups::create(&app.state, &app.seat(), &raw, None).await.unwrap();
}

fn listing(ids: &[&str]) -> RawRule {
    RawRule::In(ids.iter().map(ToString::to_string).collect())
}

/// pump-1 is in North, which goes by *site*; pump-2 is outside of it.
async fn north(app: &TestApp) -> (Device, Device) {
    let inside = device(app, "pump-1", &[("site", "north")]).await.0;
    let outside = device(app, "pump-2", &[("site", "south")]).await.0;
    let rule = RawRule::Metadata { key: "site".into(), value: "north".into() };
    group(app, "North", rule).await;
    (inside, outside)
}

/// The device as it is now; `None` once it is removed.
async fn kept(app: &TestApp, external_id: &str) -> Option<KeptDevice> {
    by_external_id(&app.state, &app.seat(), external_id).await.ok()
}

/// What was done to one thing, newest first.
async fn record(app: &TestApp, id: &str) -> Vec<Activity> {
    let mut reader = app.state.db.read().await.unwrap();
    store::activity::list_of_subject(&mut reader, &app.harrow.id, id, 50).await.unwrap()
}

/// Whether the newest row says that this was denied to them.
async fn is_denied(app: &TestApp, id: &str, verb: Verb, who: &str) -> bool {
    let newest = record(app, id).await.into_iter().next();
    newest.is_some_and(|row| row.verb == verb && row.actor == who && row.denied.is_some())
}

fn page(device: &Device) -> String {
    format!("{DEVICES}/{}", device.id)
}

/// The ids of the devices in the rows, as they come.
fn rows(answer: &Answer) -> Vec<&str> {
    let rows = answer.body.split("data-testid=\"device-row\"").skip(1);
    rows.filter_map(|row| row.split_once("<code")?.1.split_once('>')?.1.split('<').next()).collect()
}
