//! Devices and device groups: registering, looking at them, changing and removing. Knows no face.

pub mod edit;
pub mod groups;
pub mod json;
pub mod list;
pub mod register;
pub mod remove;
pub mod show;

use crate::domain::activity::Verb;
use crate::domain::permission::DEVICES_MANAGE;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rights::Seat;
use crate::server::activity::{Attempt, Subject, note_denial};
use crate::server::error::{Error, Result};
use crate::server::state::AppState;

/// Whatever is done to devices needs Manage devices.
pub fn manages_devices(seat: &Seat) -> std::result::Result<(), Refusal> {
    if seat.rights.holds(DEVICES_MANAGE) {
        return Ok(());
    }
    let name = &seat.workgroup.name;
    Err(Refusal::missing_permission(
        DEVICES_MANAGE,
        format!("This needs Manage devices in {name}. An owner of the workgroup can give it."),
    ))
}

/// The same for a program that names a device, before it is told whether there is one; a denial is recorded.
pub async fn permit(
    state: &AppState,
    seat: &Seat,
    verb: Verb,
    external_id: &str,
    address: Option<&str>,
) -> Result<()> {
    let name: String = external_id.chars().filter(|c| !c.is_control()).take(120).collect();
    let attempt = Attempt { verb, subject: Subject::unmade("device", &name), address };
    note_denial(state, seat, attempt, manages_devices(seat).map_err(Error::from)).await
}

/// Registering and removing devices and making groups needs Manage devices and the whole workgroup: whoever is bound to a group would
/// widen their own reach by either.
pub fn keeps_devices(seat: &Seat) -> std::result::Result<(), Refusal> {
    manages_devices(seat)?;
    match &seat.rights.group {
        None => Ok(()),
        Some(group) => Err(Refusal::new(
            Code::InsufficientPermissions,
            format!(
                "You are bound to the device group {}; devices and groups are made and removed by members of the whole workgroup.",
                group.name
            ),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::activity::Actor;
    use crate::domain::device::{DeviceGroup, GroupRule};
    use crate::domain::rights::Rights;
    use crate::domain::workgroup::{Policy, Workgroup};

    fn seat(owner: bool, permissions: &[&str], bound: bool) -> Seat {
        let everything = GroupRule::NotIn(Default::default());
        Seat {
            workgroup: Workgroup {
                id: "w".into(),
                slug: "w".into(),
                name: "W".into(),
                time_zone: "UTC".into(),
                policy: Policy::default(),
            },
            actor: Actor::CommandLine,
            rights: Rights {
                owner,
                permissions: permissions.iter().map(ToString::to_string).collect(),
                group: bound.then(|| DeviceGroup {
                    id: "g".into(),
                    name: "North".into(),
                    rule: everything,
                }),
            },
        }
    }

    #[test]
    fn only_an_unbound_keeper_of_devices_makes_devices_and_groups() {
        assert!(keeps_devices(&seat(true, &[], false)).is_ok());
        assert!(keeps_devices(&seat(false, &["devices.manage"], false)).is_ok());
        let lacking = keeps_devices(&seat(false, &["read", "devices.control"], false)).unwrap_err();
        assert_eq!(lacking.required_permission.as_deref(), Some("devices.manage"));
        let bound = keeps_devices(&seat(false, &["devices.manage"], true)).unwrap_err();
        assert_eq!(bound.code, Code::InsufficientPermissions);
        assert!(bound.detail.contains("North"));
    }
}
