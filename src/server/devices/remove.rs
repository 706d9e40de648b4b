//! Remove: a device goes, with every token of its own revoked. The record and the list go on calling it by its name.

use super::{keeps_devices, show};
use crate::domain::activity::{Values, Verb};
use crate::domain::device::Device;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::server::activity::{self, Attempt, Deed, Subject, note_denial, record};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx, changes};
use crate::server::tokens::revoke;

/// Tokens that are revoked at once; a device has a handful.
const AT_ONCE: i64 = 1000;

/// Removes the device and says how many of its tokens were revoked. Its external id is free afterwards.
pub async fn remove(
    state: &AppState,
    seat: &Seat,
    id: &str,
    address: Option<&str>,
) -> Result<(Device, usize)> {
    let kept = show::one(state, seat, id).await?;
    let outcome = try_to(state, seat, id, address).await;
    let subject = Subject::device(&kept.device);
    let attempt = Attempt { verb: Verb::DeviceRemoved, subject, address };
    note_denial(state, seat, attempt, outcome).await
}

async fn try_to(
    state: &AppState,
    seat: &Seat,
    id: &str,
    address: Option<&str>,
) -> Result<(Device, usize)> {
    keeps_devices(seat)?;
    let mut tx = state.db.begin().await?;
    let device = show::find(&mut tx, seat, id).await?.device;
    let alone_in = store::devices::alone_in(&mut tx, id).await?;
    if !alone_in.is_empty() {
        return Err(would_empty(&device, &alone_in).into());
    }
    let revoked = revoke_its_tokens(state, &mut tx, seat, &device, address).await?;
    store::tokens::mark_device_gone(&mut tx, &device).await?;
    store::devices::delete(&mut tx, id).await?;
    let before =
        activity::values([("id", device.external_id.clone()), ("name", device.name.clone())]);
    let after = activity::values([("tokens revoked", revoked.to_string())]);
    let after = if revoked == 0 { Values::new() } else { after };
    let subject = Subject::device(&device);
    let deed = Deed { verb: Verb::DeviceRemoved, subject, before, after, address };
    record(state, &mut tx, seat, deed).await?;
    changes::insert(&mut tx, changes::Subject::Device, id).await?;
    state.commit(tx).await?;
    Ok((device, revoked))
}

/// Expired ones too: a token of a device that is gone must not be brought back by a reissue.
async fn revoke_its_tokens(
    state: &AppState,
    tx: &mut Tx,
    seat: &Seat,
    device: &Device,
    address: Option<&str>,
) -> Result<usize> {
    let (workgroup, actor) = (&seat.workgroup, &seat.actor);
    let (_, standing) = store::tokens::count_of_device(tx, &workgroup.id, &device.id).await?;
    if standing > AT_ONCE {
        return Err(Refusal::conflict(format!(
            "{} has {standing} tokens, more than can be revoked at once. Revoke some of them first; nothing was changed.",
            device.name
        ))
        .into());
    }
    let tokens = store::tokens::list_of_device(tx, &workgroup.id, &device.id, i64::MAX).await?;
    let standing = tokens.iter().filter(|token| token.revoked_at.is_none());
    let mut revoked = 0;
    for token in standing {
        revoke::end(state, tx, workgroup, actor, token, address).await?;
        revoked += 1;
    }
    Ok(revoked)
}

/// Nobody could be told what a group without a device is for, and a token bound to it would open nothing unseen.
fn would_empty(device: &Device, groups: &[String]) -> Refusal {
    let names: Vec<_> = groups.iter().map(|name| format!("“{name}”")).collect();
    let (what, which) =
        if names.len() == 1 { ("The device group", "it") } else { ("The device groups", "each") };
    Refusal::conflict(format!(
        "{what} {} would be left empty: {} is the only device that {which} lists. Nothing was removed; list another \
         device there first, or remove the group.",
        names.join(", "),
        device.name
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_groups_that_stand_in_the_way_are_named() {
        let device = Device {
            id: "d".into(),
            external_id: "pump-1".into(),
            name: "Pump 1".into(),
            metadata: Default::default(),
        };
        let one = would_empty(&device, &["North".into()]).detail;
        assert!(one.starts_with("The device group “North” would be left empty: Pump 1"), "{one}");
        let two = would_empty(&device, &["North".into(), "Spare".into()]).detail;
        assert!(two.starts_with("The device groups “North”, “Spare” would"), "{two}");
    }
}
