//! `…/device-groups`: the list, a group's page, and the forms that make, edit and remove one.

mod edit;
mod hostile;
mod list;
mod new;
mod remove;

use crate::database::dump;
use crate::test_app::TestApp;
use latchkey::domain::activity::Activity;
use latchkey::domain::device::{Device, DeviceGroup};
use latchkey::domain::device_groups::GroupFacts;
use latchkey::server::devices::groups::{self, RawGroup, RawRule, show};
use latchkey::server::devices::register::{self, RawDevice};
use latchkey::server::store;

pub const GROUPS: &str = "/harrow-valley/settings/device-groups";
const NEW: &str = "/harrow-valley/settings/device-groups/new";

/// A device pump-`number` at a site.
async fn pump(app: &TestApp, number: u8, site: &str) -> Device {
    let raw = RawDevice {
        external_id: format!("pump-{number}"),
        name: format!("Pump {number}"),
        metadata: vec![("site".into(), site.into())],
        permissions: None,
    };
    register::register(&app.state, &app.seat(), &raw, None).await.unwrap().0
}

pub async fn group(app: &TestApp, name: &str, rule: RawRule) -> DeviceGroup {
    let raw = RawGroup { name: name.into(), rule };
    groups::create(&app.state, &app.seat(), &raw, None).await.unwrap().group
}

fn listed(ids: &[&str]) -> RawRule {
    RawRule::In(ids.iter().map(ToString::to_string).collect())
}

/// Pumps 1 and 2 in the north, pump 3 in the south; the group North lists pump-1 alone.
pub async fn plant(app: &TestApp) -> DeviceGroup {
    for (number, site) in [(1, "north"), (2, "north"), (3, "south")] {
        pump(app, number, site).await;
    }
    group(app, "North", listed(&["pump-1"])).await
}

async fn facts(app: &TestApp, id: &str) -> GroupFacts {
    show::one(&app.state, &app.seat(), id).await.unwrap().facts
}

async fn history(app: &TestApp, id: &str) -> Vec<Activity> {
    let mut reader = app.state.db.read().await.unwrap();
    store::activity::list_of_subject(&mut reader, &app.harrow.id, id, 50).await.unwrap()
}

/// The group North, planted if it does not stand already, with a token that keeps it.
pub async fn planted(app: &TestApp) -> DeviceGroup {
    let mut reader = app.state.db.read().await.unwrap();
    let found = store::groups::find_by_name(&mut reader, &app.harrow.id, "North").await.unwrap();
    drop(reader);
    let north = match found {
        Some(north) => north,
        None => plant(app).await,
    };
    app.token(|raw| raw.device_group = "North".into()).await;
    north
}

/// What the database holds besides sessions: each visit begins one.
async fn kept(app: &TestApp) -> Vec<String> {
    let mut rows = dump(app).await;
    rows.retain(|row| !row.starts_with("sessions:"));
    rows
}
