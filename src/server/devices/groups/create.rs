//! Create: a new group, by list, by exception or by metadata.

use super::draft::checked;
use super::{WholeGroup, find, json, whole};
use crate::domain::activity::{Values, Verb};
use crate::domain::device::{DeviceGroup, GroupRule};
use crate::domain::group_draft::RawGroup;
use crate::domain::rights::Seat;
use crate::server::activity::{self, Attempt, Deed, Subject};
use crate::server::devices::keeps_devices;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx, changes};
use crate::server::tokens::once::{self, Done, Once};
use anyhow::Context;

/// A group as it was made.
#[derive(Clone, Debug)]
pub struct NewGroup {
    pub group: DeviceGroup,
    /// Its rule in words.
    pub rule: String,
    /// How many devices it holds at present.
    pub devices: i64,
    pub whole: WholeGroup,
}

pub async fn create(
    state: &AppState,
    seat: &Seat,
    raw: &RawGroup,
    address: Option<&str>,
) -> Result<NewGroup> {
    let made = create_once(state, seat, raw, address, None).await?;
    Ok(made.done_now().context("a call without a key was answered from memory")?)
}

/// The same for a call that may be repeated.
pub async fn create_once(
    state: &AppState,
    seat: &Seat,
    raw: &RawGroup,
    address: Option<&str>,
    once: Option<&Once>,
) -> Result<Done<NewGroup>> {
    let name: String = raw.name.chars().take(80).collect();
    let subject = Subject::unmade("device_group", &name);
    let attempt = Attempt { verb: Verb::DeviceGroupCreated, subject, address };
    let outcome = make(state, seat, raw, address, once).await;
    activity::note_denial(state, seat, attempt, outcome).await
}

async fn make(
    state: &AppState,
    seat: &Seat,
    raw: &RawGroup,
    address: Option<&str>,
    once: Option<&Once>,
) -> Result<Done<NewGroup>> {
    keeps_devices(seat)?;
    let mut tx = state.db.begin().await?;
    if let Some(answer) = once::find(&mut tx, once, state.now()).await? {
        state.commit(tx).await?;
        return Ok(Done::Already(answer));
    }
    let id = state.new_id()?;
    let nothing = DeviceGroup { id, name: String::new(), rule: GroupRule::In(Default::default()) };
    let group = checked(&mut tx, seat, nothing, Some(&raw.name), Some(&raw.rule)).await?;
    let words = raw.rule.in_words();
    insert(state, &mut tx, seat, &group, &words, address).await?;
    let facts = find(&mut tx, seat, &group.id).await?;
    let whole = whole(&mut tx, seat, facts).await?;
    once::keep(&mut tx, once, &json::group(&whole), state.now()).await?;
    state.commit(tx).await?;
    Ok(Done::New(NewGroup { group, rule: words, devices: whole.facts.devices, whole }))
}

async fn insert(
    state: &AppState,
    tx: &mut Tx,
    seat: &Seat,
    group: &DeviceGroup,
    words: &str,
    address: Option<&str>,
) -> Result<()> {
    store::groups::insert(tx, &seat.workgroup.id, group, state.now()).await?;
    let deed = Deed {
        verb: Verb::DeviceGroupCreated,
        subject: Subject::device_group(group),
        before: Values::new(),
        after: activity::values([("name", group.name.clone()), ("rule", words.to_owned())]),
        address,
    };
    activity::record(state, tx, seat, deed).await?;
    changes::insert(tx, changes::Subject::DeviceGroup, &group.id).await?;
    Ok(())
}
