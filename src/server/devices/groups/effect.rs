//! The effect of an edit, read in the transaction that would make it: devices that move, and who is bound to the group.

use crate::domain::device::{Device, DeviceChoice, DeviceGroup};
use crate::domain::group_effect::{Few, GroupEffect, Shift, shift};
use crate::domain::rights::Seat;
use crate::server::error::Result;
use crate::server::secret::sha256;
use crate::server::store::{self, Lanes};

/// Only who may edit the group asks for it: tokens and members are named so that they can be told.
pub(super) async fn of(
    on: &mut impl Lanes,
    seat: &Seat,
    before: &DeviceGroup,
    after: &DeviceGroup,
) -> Result<GroupEffect> {
    let devices = store::group_reach::list_devices(on, &seat.workgroup.id).await?;
    let shift = shift(&devices, before, after);
    let tokens = store::group_reach::list_token_names(on, &before.id).await?;
    let members = store::group_reach::list_members(on, &before.id).await?;
    let concerned = tokens.iter().map(|(id, ..)| id).chain(members.iter().map(|it| &it.id));
    let seen = digest(&shift, concerned);
    let title = |(_, owner, name): (String, String, Option<String>)| match name {
        Some(name) => format!("{owner} · {name}"),
        None => owner,
    };
    Ok(GroupEffect {
        comes: few(&shift.comes),
        goes: few(&shift.goes),
        holds: i64::try_from(shift.holds).unwrap_or(i64::MAX),
        tokens: Few::of(tokens.into_iter().map(title)),
        members: Few::of(members.into_iter().map(|member| member.name)),
        seen,
    })
}

fn few(devices: &[&Device]) -> Few<DeviceChoice> {
    Few::of(devices.iter().map(|device| DeviceChoice {
        external_id: device.external_id.clone(),
        name: device.name.clone(),
    }))
}

/// Over every id that moves and everybody concerned, named on the page or not.
fn digest<'a>(shift: &Shift<'_>, concerned: impl Iterator<Item = &'a String>) -> String {
    let mut text = String::new();
    let mut part = |sign: &str, ids: Vec<&str>| {
        for id in ids {
            text.push_str(sign);
            text.push_str(id);
            text.push('\n');
        }
    };
    part("+", shift.comes.iter().map(|device| device.id.as_str()).collect());
    part("-", shift.goes.iter().map(|device| device.id.as_str()).collect());
    part("=", concerned.map(String::as_str).collect());
    sha256(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
