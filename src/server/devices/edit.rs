//! Edit: a device's name and metadata. Its external id stays. What it changes about groups counts at once.

use super::{manages_devices, show};
use crate::domain::activity::{Values, Verb};
use crate::domain::device::Device;
use crate::domain::device_list::KeptDevice;
use crate::domain::metadata::{self, Metadata};
use crate::domain::refusal::{FieldError, FieldErrors, Refusal};
use crate::domain::rights::Seat;
use crate::domain::text::Name;
use crate::server::activity::{Attempt, Deed, Subject, changed_in_between, note_denial, record};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, changes};

/// An edit as typed: what is `None` is left as it is.
#[derive(Clone, Debug, Default)]
pub struct RawDeviceEdit {
    /// The version that the editor saw.
    pub version: i64,
    pub name: Option<String>,
    /// All of it: what is not among these entries goes.
    pub metadata: Option<Vec<(String, String)>>,
}

/// Changes what the edit names. A change by somebody else in between is reported, not overwritten.
pub async fn edit(
    state: &AppState,
    seat: &Seat,
    id: &str,
    raw: &RawDeviceEdit,
    address: Option<&str>,
) -> Result<KeptDevice> {
    let kept = show::one(state, seat, id).await?;
    let outcome = try_to(state, seat, id, raw, address).await;
    let subject = Subject::device(&kept.device);
    let attempt = Attempt { verb: Verb::DeviceEdited, subject, address };
    note_denial(state, seat, attempt, outcome).await
}

/// Everything that is wrong with the edit's values, for a face that found something wrong before.
#[must_use]
pub fn complaints(kept: &KeptDevice, raw: &RawDeviceEdit) -> Vec<FieldError> {
    parse(&kept.device, raw).err().map(|refusal| refusal.errors).unwrap_or_default()
}

async fn try_to(
    state: &AppState,
    seat: &Seat,
    id: &str,
    raw: &RawDeviceEdit,
    address: Option<&str>,
) -> Result<KeptDevice> {
    manages_devices(seat)?;
    let mut tx = state.db.begin().await?;
    let kept = show::find(&mut tx, seat, id).await?;
    if raw.version != kept.version {
        return Err(changed_in_between(&mut tx, &seat.workgroup.id, &kept.device.id, "device")
            .await?
            .into());
    }
    let after = parse(&kept.device, raw)?;
    let keys = store::devices::keys_of_groups(&mut tx, &seat.workgroup.id).await?;
    let bound_to = seat.rights.group.as_ref();
    metadata::may_change(bound_to, &kept.device.metadata, &after.metadata, &keys)?;
    if after == kept.device {
        return Ok(kept);
    }
    if !store::devices::mark_edited(&mut tx, &after, kept.version).await? {
        return Err(changed_in_between(&mut tx, &seat.workgroup.id, &kept.device.id, "device")
            .await?
            .into());
    }
    let (before, now) = differences(&kept.device, &after);
    let subject = Subject::device(&after);
    let deed = Deed { verb: Verb::DeviceEdited, subject, before, after: now, address };
    record(state, &mut tx, seat, deed).await?;
    changes::insert(&mut tx, changes::Subject::Device, &after.id).await?;
    state.commit(tx).await?;
    Ok(KeptDevice { device: after, version: kept.version + 1, ..kept })
}

/// The device as it is to be.
fn parse(device: &Device, raw: &RawDeviceEdit) -> std::result::Result<Device, Refusal> {
    let mut wrong = FieldErrors::default();
    let name = match &raw.name {
        None => Some(device.name.clone()),
        Some(typed) => wrong.take("name", Name::parse(typed)).map(Name::into_string),
    };
    let metadata = match &raw.metadata {
        None => Some(device.metadata.clone()),
        Some(typed) => wrong.take("metadata", metadata::parse(typed)),
    };
    match (name, metadata) {
        (Some(name), Some(metadata)) => Ok(Device { name, metadata, ..device.clone() }),
        _ => Err(wrong.into_refusal()),
    }
}

/// Field by field, the words before and after; only what differs. A metadata entry that comes or goes has one side.
fn differences(before: &Device, after: &Device) -> (Values, Values) {
    let (mut was, mut is) = (Values::new(), Values::new());
    if before.name != after.name {
        was.insert("name".to_owned(), before.name.clone());
        is.insert("name".to_owned(), after.name.clone());
    }
    for key in metadata::changed_keys(&before.metadata, &after.metadata) {
        note(&mut was, &before.metadata, key);
        note(&mut is, &after.metadata, key);
    }
    (was, is)
}

fn note(values: &mut Values, metadata: &Metadata, key: &str) {
    if let Some(value) = metadata.get(key) {
        values.insert(format!("metadata {key}"), value.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(name: &str, metadata: &[(&str, &str)]) -> Device {
        let pairs = metadata.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Device {
            id: "d".into(),
            external_id: "pump-1".into(),
            name: name.into(),
            metadata: pairs.collect(),
        }
    }

    #[test]
    fn what_came_and_went_is_said_entry_by_entry() {
        let before = device("Pump 1", &[("site", "north"), ("line", "7"), ("same", "x")]);
        let after = device("Pump 2", &[("site", "south"), ("note", "new"), ("same", "x")]);
        let (was, is) = differences(&before, &after);
        let said = |values: &Values| -> Vec<String> {
            values.iter().map(|(field, value)| format!("{field}: {value}")).collect()
        };
        assert_eq!(said(&was), ["metadata line: 7", "metadata site: north", "name: Pump 1"]);
        assert_eq!(said(&is), ["metadata note: new", "metadata site: south", "name: Pump 2"]);
    }

    #[test]
    fn what_is_not_named_stays_and_everything_wrong_is_said_at_once() {
        let before = device("Pump 1", &[("site", "north")]);
        assert_eq!(parse(&before, &RawDeviceEdit::default()).unwrap(), before);
        let emptied = RawDeviceEdit { metadata: Some(Vec::new()), ..RawDeviceEdit::default() };
        assert_eq!(parse(&before, &emptied).unwrap(), device("Pump 1", &[]));
        let wrong = RawDeviceEdit {
            version: 1,
            name: Some(" ".into()),
            metadata: Some(vec![("site".into(), String::new())]),
        };
        let refusal = parse(&before, &wrong).unwrap_err();
        let fields: Vec<_> = refusal.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["name", "metadata"]);
    }
}
