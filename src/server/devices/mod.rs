//! Devices and device groups: registering and choosing. Knows no face.

pub mod groups;
pub mod json;
pub mod register;

use crate::domain::permission::DEVICES_MANAGE;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rights::Seat;

/// Registering devices and making groups needs Manage devices and the whole workgroup: whoever is bound to a group would
/// widen their own reach by either.
pub fn keeps_devices(seat: &Seat) -> Result<(), Refusal> {
    if !seat.rights.holds(DEVICES_MANAGE) {
        let name = &seat.workgroup.name;
        return Err(Refusal::missing_permission(
            DEVICES_MANAGE,
            format!("This needs Manage devices in {name}. An owner of the workgroup can give it."),
        ));
    }
    match &seat.rights.group {
        None => Ok(()),
        Some(group) => Err(Refusal::new(
            Code::InsufficientPermissions,
            format!(
                "You are bound to the device group {}; devices and groups are made by members of the whole workgroup.",
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
