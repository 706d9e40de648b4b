//! Register: a new device with its first device token, in one transaction.

use super::keeps_devices;
use crate::domain::activity::{Actor, Values, Verb};
use crate::domain::answers::IssuedToken;
use crate::domain::device::{Device, parse_external_id};
use crate::domain::permission::Permission;
use crate::domain::refusal::{FieldErrors, Refusal};
use crate::domain::rights::Seat;
use crate::domain::text::{Line, Name};
use crate::domain::token::{Kind, Reach};
use crate::domain::token_draft::{RawDraft, TokenDraft};
use crate::server::activity::{self, Deed, Subject};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx, changes};
use crate::server::tokens;
use std::collections::BTreeMap;

/// A device has at most this many metadata entries.
const MOST_METADATA: usize = 50;

/// A new device as typed.
#[derive(Clone, Debug, Default)]
pub struct RawDevice {
    pub external_id: String,
    pub name: String,
    /// Key and value.
    pub metadata: Vec<(String, String)>,
    /// Those of its first token; `None`: everything that the catalogue marks as usable by devices.
    pub permissions: Option<Vec<String>>,
}

/// A new device whose every value was checked.
pub struct DeviceDraft {
    external_id: String,
    name: Name,
    metadata: BTreeMap<String, String>,
}

/// Registers a device and issues its first token, which does not expire and is owned by the device's name.
pub async fn register(
    state: &AppState,
    seat: &Seat,
    raw: &RawDevice,
    address: Option<&str>,
) -> Result<(Device, IssuedToken)> {
    keeps_devices(seat)?;
    let draft = DeviceDraft::parse(raw)?;
    let mut tx = state.db.begin().await?;
    let device = insert(state, &mut tx, seat, draft, address).await?;
    let token = first_token(&mut tx, seat, &device, raw.permissions.as_deref()).await?;
    let issued = tokens::issue::insert_with_string(state, &mut tx, seat, &token, address).await?;
    tx.commit().await?;
    Ok((device, issued))
}

/// Writes a checked device in the caller's transaction. Refused before anything is written if its external id is taken.
pub async fn insert(
    state: &AppState,
    tx: &mut Tx,
    seat: &Seat,
    draft: DeviceDraft,
    address: Option<&str>,
) -> Result<Device> {
    let workgroup_id = &seat.workgroup.id;
    if store::devices::find_by_external_id(tx, workgroup_id, &draft.external_id).await?.is_some() {
        let message = format!("There is already a device with the id “{}”.", draft.external_id);
        return Err(Refusal::field("external_id", message).into());
    }
    let device = Device {
        id: state.new_id()?,
        external_id: draft.external_id,
        name: draft.name.into_string(),
        metadata: draft.metadata,
    };
    store::devices::insert(tx, workgroup_id, &device, state.now()).await?;
    let deed = Deed {
        verb: Verb::DeviceCreated,
        subject: Subject::device(&device),
        before: Values::new(),
        after: in_words(&device),
        address,
    };
    activity::record(state, tx, seat, deed).await?;
    changes::insert(tx, changes::Subject::Device, &device.id).await?;
    Ok(device)
}

async fn first_token(
    tx: &mut Tx,
    seat: &Seat,
    device: &Device,
    asked: Option<&[String]>,
) -> Result<TokenDraft> {
    let catalogue = store::permissions::list(tx).await?;
    let raw = RawDraft {
        owner: device.name.clone(),
        email: contact(tx, seat).await?,
        device: device.external_id.clone(),
        permissions: asked.map_or_else(|| usable_by_devices(&catalogue), <[String]>::to_vec),
        ..RawDraft::default()
    };
    let reach = Reach::Device {
        id: device.id.clone(),
        external_id: device.external_id.clone(),
        name: device.name.clone(),
    };
    let draft = TokenDraft::parse(&raw, Ok(reach), &catalogue, &seat.workgroup.policy)?;
    seat.may_grant(Kind::Device, &draft.permissions, &draft.reach, &catalogue)?;
    Ok(draft)
}

/// The address to write to about the device's token: whoever registers it, else the workgroup's first owner.
async fn contact(tx: &mut Tx, seat: &Seat) -> Result<String> {
    let person = match &seat.actor {
        Actor::Person { id, .. } => Some(id.as_str()),
        Actor::Token { .. } | Actor::CommandLine => None,
    };
    let found = store::devices::find_contact(tx, &seat.workgroup.id, person).await?;
    found.ok_or_else(|| {
        let name = &seat.workgroup.name;
        Refusal::conflict(format!("{name} has no owner to write to about the device's token."))
            .into()
    })
}

fn usable_by_devices(catalogue: &[Permission]) -> Vec<String> {
    let usable = catalogue.iter().filter(|p| p.for_devices && p.retired_at.is_none());
    usable.map(|permission| permission.name.clone()).collect()
}

fn in_words(device: &Device) -> Values {
    let mut values =
        activity::values([("id", device.external_id.clone()), ("name", device.name.clone())]);
    if !device.metadata.is_empty() {
        let pairs: Vec<_> = device.metadata.iter().map(|(k, v)| format!("{k} = {v}")).collect();
        values.insert("metadata".to_owned(), pairs.join(", "));
    }
    values
}

impl DeviceDraft {
    pub fn parse(raw: &RawDevice) -> std::result::Result<DeviceDraft, Refusal> {
        let mut wrong = FieldErrors::default();
        let external_id = wrong.take("external_id", parse_external_id(&raw.external_id));
        let name = wrong.take("name", Name::parse(&raw.name));
        let metadata = wrong.take("metadata", parse_metadata(&raw.metadata));
        match (external_id, name, metadata) {
            (Some(external_id), Some(name), Some(metadata)) => {
                Ok(DeviceDraft { external_id, name, metadata })
            }
            _ => Err(wrong.into_refusal()),
        }
    }
}

fn parse_metadata(
    pairs: &[(String, String)],
) -> std::result::Result<BTreeMap<String, String>, String> {
    if pairs.len() > MOST_METADATA {
        return Err(format!("At most {MOST_METADATA} entries; these are {}.", pairs.len()));
    }
    let mut metadata = BTreeMap::new();
    for pair in pairs {
        let (key, value) = parse_entry(pair)?;
        if metadata.contains_key(&key) {
            return Err(format!("“{key}” stands there twice."));
        }
        metadata.insert(key, value);
    }
    Ok(metadata)
}

/// One metadata entry, of a device or of a group's rule: a key of 1 to 80 characters, a value of 1 to 200.
pub(super) fn parse_entry(
    (key, value): &(String, String),
) -> std::result::Result<(String, String), String> {
    let key = Name::parse(key).map_err(|why| format!("The key: {why}"))?;
    let value = Line::<200>::parse(value).map_err(|why| format!("The value of “{key}”: {why}"))?;
    Ok((key.into_string(), value.into_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::catalogue_at_first_start;
    use crate::domain::time::Time;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn everything_wrong_with_a_device_is_said_at_once() {
        let raw = RawDevice {
            external_id: "pump 1".into(),
            name: " ".into(),
            metadata: pairs(&[("site", "north"), ("site", "south")]),
            permissions: None,
        };
        let refusal = DeviceDraft::parse(&raw).err().unwrap();
        let fields: Vec<_> = refusal.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["external_id", "name", "metadata"]);
    }

    #[test]
    fn metadata_is_trimmed_and_every_entry_whole() {
        let parsed = parse_metadata(&pairs(&[(" site ", " north "), ("line", "7")])).unwrap();
        assert_eq!(parsed.get("site").map(String::as_str), Some("north"));
        for refused in
            [[("", "north")], [("site", "")], [("si\nte", "north")], [("site", "a\u{7}")]]
        {
            assert!(parse_metadata(&pairs(&refused)).is_err(), "{refused:?}");
        }
        let many: Vec<_> = (0..51).map(|i| (format!("k{i}"), "v".to_owned())).collect();
        assert!(parse_metadata(&many).is_err());
    }

    #[test]
    fn a_device_gets_what_devices_can_use_and_nothing_that_was_retired() {
        let mut catalogue = catalogue_at_first_start();
        let all = ["telemetry.send", "activations.read", "activations.confirm"];
        assert_eq!(usable_by_devices(&catalogue), all);
        for permission in &mut catalogue {
            if permission.name == "activations.read" {
                permission.retired_at = Some(Time(0));
            }
        }
        assert_eq!(usable_by_devices(&catalogue), ["telemetry.send", "activations.confirm"]);
    }
}
