//! Register: a new device with its first device token, in one transaction.

pub(super) use crate::domain::metadata::parse_entry;

use super::{json, keeps_devices};
use crate::domain::activity::{Actor, Values, Verb};
use crate::domain::answers::IssuedToken;
use crate::domain::device::{Device, parse_external_id};
use crate::domain::metadata::{self, Metadata};
use crate::domain::permission::Permission;
use crate::domain::refusal::{FieldError, FieldErrors, Refusal};
use crate::domain::rights::Seat;
use crate::domain::text::Name;
use crate::domain::token::{Kind, Reach};
use crate::domain::token_draft::{self, RawDraft, TokenDraft};
use crate::server::activity::{self, Attempt, Deed, Subject, note_denial};
use crate::server::error::{Error, Result};
use crate::server::notices::happened;
use crate::server::state::AppState;
use crate::server::store::{self, Lanes, Tx, changes};
use crate::server::tokens;
use crate::server::tokens::once::{self, Done, Once};
use anyhow::Context;

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
    metadata: Metadata,
}

/// Registers a device and issues its first token, which does not expire and is owned by the device's name.
pub async fn register(
    state: &AppState,
    seat: &Seat,
    raw: &RawDevice,
    address: Option<&str>,
) -> Result<(Device, IssuedToken)> {
    let done = register_once(state, seat, raw, address, None).await?;
    Ok(done.done_now().context("a call without a key has done its work before")?)
}

/// The same, where a call that was sent twice registers one device.
pub async fn register_once(
    state: &AppState,
    seat: &Seat,
    raw: &RawDevice,
    address: Option<&str>,
    once: Option<&Once>,
) -> Result<Done<(Device, IssuedToken)>> {
    let outcome = try_to(state, seat, raw, address, once).await;
    note_denial(state, seat, attempt(address), outcome).await
}

/// Whether the seat registers devices at all, for a face that has something else to find wrong before.
pub async fn permit(state: &AppState, seat: &Seat, address: Option<&str>) -> Result<()> {
    let outcome = keeps_devices(seat).map_err(Error::from);
    note_denial(state, seat, attempt(address), outcome).await
}

fn attempt(address: Option<&str>) -> Attempt<'_> {
    let subject = Subject::unmade("device", "A new device");
    Attempt { verb: Verb::DeviceCreated, subject, address }
}

async fn try_to(
    state: &AppState,
    seat: &Seat,
    raw: &RawDevice,
    address: Option<&str>,
    once: Option<&Once>,
) -> Result<Done<(Device, IssuedToken)>> {
    keeps_devices(seat)?;
    let now = state.now();
    let mut tx = state.db.begin().await?;
    if let Some(answer) = once::find(&mut tx, once, now).await? {
        state.commit(tx).await?;
        return Ok(Done::Already(answer));
    }
    let catalogue = store::permissions::list(&mut tx).await?;
    let draft = draft(&mut tx, seat, raw, &catalogue).await?;
    let device = insert(state, &mut tx, seat, draft, address).await?;
    let token = first_token(&mut tx, seat, &device, raw, &catalogue).await?;
    let issued = tokens::issue::insert_with_string(state, &mut tx, seat, &token, address).await?;
    happened::owe_issued(state, &mut tx, &seat.workgroup, &seat.actor, &issued.token).await?;
    let answer = json::registered_without_string(&device, &issued, now);
    once::keep(&mut tx, once, &answer, now).await?;
    state.commit(tx).await?;
    Ok(Done::New((device, issued)))
}

/// Everything that is wrong with the device's values, for a face that found something wrong before.
pub async fn complaints(state: &AppState, seat: &Seat, raw: &RawDevice) -> Result<Vec<FieldError>> {
    let mut reader = state.db.read().await?;
    let catalogue = store::permissions::list(&mut reader).await?;
    match draft(&mut reader, seat, raw, &catalogue).await {
        Ok(_) => Ok(Vec::new()),
        Err(Error::Refused(refusal)) => Ok(refusal.errors),
        Err(fault) => Err(fault),
    }
}

impl DeviceDraft {
    /// Checks what can be checked without looking at what there is already: a refusal of the fields `external_id`, `name`
    /// and `metadata`, all at once.
    pub fn parse(raw: &RawDevice) -> std::result::Result<DeviceDraft, Refusal> {
        let mut wrong = FieldErrors::default();
        let external_id = wrong.take("external_id", parse_external_id(&raw.external_id));
        let name = wrong.take("name", Name::parse(&raw.name));
        let metadata = wrong.take("metadata", metadata::parse(&raw.metadata));
        match (external_id, name, metadata) {
            (Some(external_id), Some(name), Some(metadata)) => {
                Ok(DeviceDraft { external_id, name, metadata })
            }
            _ => Err(wrong.into_refusal()),
        }
    }
}

/// Refused while a device of the workgroup has the external id.
async fn free(on: &mut impl Lanes, seat: &Seat, external_id: &str) -> Result<()> {
    if store::devices::find_by_external_id(on, &seat.workgroup.id, external_id).await?.is_none() {
        return Ok(());
    }
    let message = format!("There is already a device with the id “{external_id}”.");
    Err(Refusal::field("external_id", message).into())
}

/// The values, checked: all that is wrong with them is said at once, an id that is taken included.
async fn draft(
    on: &mut impl Lanes,
    seat: &Seat,
    raw: &RawDevice,
    catalogue: &[Permission],
) -> Result<DeviceDraft> {
    let (draft, errors) = match DeviceDraft::parse(raw) {
        Ok(draft) => (Some(draft), Vec::new()),
        Err(refusal) => (None, refusal.errors),
    };
    let mut wrong = FieldErrors::default().and(errors);
    if !wrong.names("external_id") {
        match free(on, seat, raw.external_id.trim()).await {
            Err(Error::Refused(taken)) => wrong = wrong.and(taken.errors),
            other => other?,
        }
    }
    let asked = raw.permissions.as_deref().unwrap_or_default();
    wrong.take("permissions", token_draft::permissions(asked, Kind::Device, catalogue));
    match draft {
        Some(draft) if wrong.is_empty() => Ok(draft),
        _ => Err(wrong.into_refusal().into()),
    }
}

/// Writes a checked device in the caller's transaction. Refused before anything is written if its external id is taken.
pub async fn insert(
    state: &AppState,
    tx: &mut Tx,
    seat: &Seat,
    draft: DeviceDraft,
    address: Option<&str>,
) -> Result<Device> {
    free(tx, seat, &draft.external_id).await?;
    let device = Device {
        id: state.new_id()?,
        external_id: draft.external_id,
        name: draft.name.into_string(),
        metadata: draft.metadata,
    };
    store::devices::insert(tx, &seat.workgroup.id, &device, state.now()).await?;
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
    typed: &RawDevice,
    catalogue: &[Permission],
) -> Result<TokenDraft> {
    let raw = RawDraft {
        owner: device.name.clone(),
        email: contact(tx, seat).await?,
        device: device.external_id.clone(),
        permissions: typed.permissions.clone().unwrap_or_else(|| usable_by_devices(catalogue)),
        ..RawDraft::default()
    };
    let reach = Reach::Device {
        id: device.id.clone(),
        external_id: device.external_id.clone(),
        name: device.name.clone(),
    };
    let draft = TokenDraft::parse(&raw, Ok(reach), catalogue, &seat.workgroup.policy)?;
    seat.may_grant(Kind::Device, &draft.permissions, &draft.reach, catalogue)?;
    Ok(draft)
}

/// The address to write to about the device's token: whoever registers it, else the workgroup's first owner.
async fn contact(tx: &mut Tx, seat: &Seat) -> Result<String> {
    let person = match &seat.actor {
        Actor::Person { id, .. } => Some(id.as_str()),
        Actor::Token { .. } | Actor::CommandLine | Actor::Clock => None,
    };
    let found = store::devices::find_contact(tx, &seat.workgroup.id, person).await?;
    found.ok_or_else(|| {
        let name = &seat.workgroup.name;
        Refusal::conflict(format!("{name} has no owner to write to about the device's token."))
            .into()
    })
}

/// What the first token of a device holds unless somebody chooses.
pub fn usable_by_devices(catalogue: &[Permission]) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::catalogue_at_first_start;
    use crate::domain::time::Time;

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
