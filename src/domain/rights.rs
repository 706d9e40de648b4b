//! Who may do what inside one workgroup. Pure: rights are read anew for every request and judged here, for every face alike.

mod members;
mod routes;

use super::activity::Actor;
use super::answers::May;
use super::device::{Device, DeviceGroup};
use super::permission::{ACCESS_MANAGE, DEVICES_MANAGE, Permission};
use super::refusal::{Code, Refusal};
use super::token::{Kind, Reach, Token};
use super::workgroup::Workgroup;
use std::collections::BTreeSet;

/// What a principal (member, token, or the command line) holds in one workgroup at this moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Holds every permission.
    pub owner: bool,
    pub permissions: BTreeSet<String>,
    /// Bound to this group: only its devices, only tokens of the identical group.
    pub group: Option<DeviceGroup>,
}

/// A principal in a workgroup: who asks, where, and with which rights.
#[derive(Clone, Debug)]
pub struct Seat {
    pub workgroup: Workgroup,
    pub actor: Actor,
    pub rights: Rights,
}

/// Whoever runs the installation: a signed-in administrator, or the command line. Holds nothing inside a workgroup.
#[derive(Clone, Debug)]
pub struct Administrator {
    pub actor: Actor,
    /// The client's address; `None` on the command line.
    pub address: Option<String>,
}

impl Administrator {
    /// The administrator as a user; `None` on the command line.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        match &self.actor {
            Actor::Person { id, .. } => Some(id),
            Actor::Token { .. } | Actor::CommandLine | Actor::Clock => None,
        }
    }
}

impl Rights {
    /// Everything, unbound: a workgroup's owner, or the command line.
    #[must_use]
    pub fn owner() -> Rights {
        Rights { owner: true, ..Rights::default() }
    }

    #[must_use]
    pub fn holds(&self, permission: &str) -> bool {
        self.owner || self.permissions.contains(permission)
    }

    /// A device outside of the principal's group does not exist for it.
    #[must_use]
    pub fn sees_device(&self, device: &Device) -> bool {
        self.group.as_ref().is_none_or(|group| group.contains(device))
    }
}

impl Seat {
    /// What pages offer whoever sits here.
    #[must_use]
    pub fn may(&self) -> May {
        May {
            own: self.rights.owner,
            manage_access: self.rights.holds(ACCESS_MANAGE),
            manage_devices: self.rights.holds(DEVICES_MANAGE),
            bound: self.rights.group.is_some(),
        }
    }

    /// What only owners do: making and removing owners, the policy, imports, exports of the record.
    pub fn owns(&self) -> Result<(), Refusal> {
        if self.rights.owner {
            return Ok(());
        }
        Err(Refusal::new(
            Code::InsufficientPermissions,
            format!("Only owners of {} can do this. Ask one of them.", self.workgroup.name),
        ))
    }

    /// Issuing, editing, reissuing, retiring and revoking need Manage access.
    pub fn manages_access(&self) -> Result<(), Refusal> {
        if self.rights.holds(ACCESS_MANAGE) {
            return Ok(());
        }
        Err(Refusal::missing_permission(
            ACCESS_MANAGE,
            format!(
                "This needs Manage access in {}. An owner of the workgroup can give it.",
                self.workgroup.name
            ),
        ))
    }

    /// The record of a whole workgroup is for those who manage access in all of it.
    pub fn reads_record(&self) -> Result<(), Refusal> {
        self.manages_access()?;
        let Some(group) = &self.rights.group else { return Ok(()) };
        Err(Refusal::new(
            Code::InsufficientPermissions,
            format!(
                "You are bound to the device group {}, and this record is of the whole workgroup. Open a token or a device that you see: its own page shows what was done to it.",
                group.name
            ),
        ))
    }

    /// What mail a workgroup sent, and sending it again, is for those who manage access in all of it.
    pub fn reads_notices(&self) -> Result<(), Refusal> {
        self.manages_access()?;
        let Some(group) = &self.rights.group else { return Ok(()) };
        Err(Refusal::new(
            Code::InsufficientPermissions,
            format!(
                "You are bound to the device group {}, and these notices are of the whole workgroup. Open a token that you see: its own page shows what its address was told.",
                group.name
            ),
        ))
    }

    /// Whether the principal sees the token at all; `device` is the token's device, if it has one.
    #[must_use]
    pub fn sees(&self, token: &Token, device: Option<&Device>) -> bool {
        match (&self.rights.group, &token.reach) {
            (None, _) => true,
            (Some(group), Reach::Group { id, .. }) => &group.id == id,
            (Some(group), Reach::Device { .. }) => device.is_some_and(|it| group.contains(it)),
            (Some(_), Reach::Workgroup) => false,
        }
    }

    /// Nobody grants what they do not hold now, neither by creating nor by reissuing.
    ///
    /// The one exception: whoever holds Manage devices gives a device token any permission marked usable by devices.
    /// A token never grants Manage access.
    pub fn may_grant(
        &self,
        kind: Kind,
        permissions: &BTreeSet<String>,
        reach: &Reach,
        catalogue: &[Permission],
    ) -> Result<(), Refusal> {
        self.may_reach(reach)?;
        let for_devices =
            |name: &str| catalogue.iter().any(|p| p.name == name && p.for_devices && !p.powerful);
        let as_device_keeper = kind == Kind::Device && self.rights.holds(DEVICES_MANAGE);
        let is_token = matches!(self.actor, Actor::Token { .. });
        let missing = permissions.iter().find(|name| {
            let excepted = as_device_keeper && for_devices(name);
            let barred = is_token && *name == ACCESS_MANAGE;
            barred || !(excepted || self.rights.holds(name))
        });
        match missing {
            None => Ok(()),
            Some(name) if is_token && name == ACCESS_MANAGE => Err(Refusal::missing_permission(
                name,
                "A token never grants Manage access. A person with that permission can.",
            )),
            Some(name) => Err(Refusal::missing_permission(
                name,
                format!("You cannot grant {name}: you do not hold it yourself at present."),
            )),
        }
    }

    fn may_reach(&self, reach: &Reach) -> Result<(), Refusal> {
        let Some(own) = &self.rights.group else { return Ok(()) };
        let inside = match reach {
            Reach::Workgroup => false,
            Reach::Group { id, .. } => id == &own.id,
            // Whether the device is inside was checked when it was looked up: outside it does not exist.
            Reach::Device { .. } => true,
        };
        if inside {
            return Ok(());
        }
        Err(Refusal::new(
            Code::InsufficientPermissions,
            format!(
                "You are bound to the device group {}, so tokens can only be made for that group or one of its devices.",
                own.name
            ),
        ))
    }

    /// A token never edits or reissues itself.
    pub fn is_not_itself(&self, token: &Token) -> Result<(), Refusal> {
        match &self.actor {
            Actor::Token { id, .. } if id == &token.id => Err(Refusal::new(
                Code::InsufficientPermissions,
                "A token cannot edit or reissue itself. To get its next string it renews.",
            )),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::device::GroupRule;
    use crate::domain::permission::catalogue_at_first_start;
    use crate::domain::workgroup::Policy;

    fn seat(actor: Actor, permissions: &[&str], group: Option<&str>) -> Seat {
        Seat {
            workgroup: Workgroup {
                id: "w".into(),
                slug: "w".into(),
                name: "W".into(),
                time_zone: "UTC".into(),
                policy: Policy::default(),
            },
            actor,
            rights: Rights {
                owner: permissions == ["*"],
                permissions: permissions.iter().map(ToString::to_string).collect(),
                group: group.map(|id| DeviceGroup {
                    id: id.into(),
                    name: id.into(),
                    rule: GroupRule::In(BTreeSet::new()),
                }),
            },
        }
    }

    fn person() -> Actor {
        Actor::Person { id: "u".into(), name: "Ada".into() }
    }

    fn token() -> Actor {
        Actor::Token { id: "t".into(), title: "Bot".into() }
    }

    #[test]
    fn the_record_is_for_those_who_manage_access_everywhere() {
        let cases = [
            (vec!["*"], None, true),
            (vec!["access.manage"], None, true),
            (vec!["access.manage", "read"], Some("g"), false),
            (vec!["read", "devices.manage"], None, false),
            (vec![], Some("g"), false),
        ];
        for (held, group, allowed) in cases {
            let seat = seat(person(), &held, group);
            assert_eq!(seat.reads_record().is_ok(), allowed, "{held:?} bound to {group:?}");
            assert_eq!(seat.reads_notices().is_ok(), allowed, "{held:?} bound to {group:?}");
        }
        let bound = seat(person(), &["access.manage"], Some("North")).reads_record().unwrap_err();
        assert!(bound.detail.contains("North") && bound.detail.contains("its own page"), "{bound}");
    }

    #[test]
    fn nobody_grants_what_they_do_not_hold() {
        let group = |id: &str| Reach::Group { id: id.into(), name: id.into() };
        let device = Reach::Device { id: "d".into(), external_id: "d".into(), name: "d".into() };
        let (access, dev) = (Kind::Access, Kind::Device);
        // actor, held, own group, kind, asked, reach, allowed
        let cases = [
            (
                person(),
                vec!["*"],
                None,
                access,
                vec!["tunnel", "access.manage"],
                Reach::Workgroup,
                true,
            ),
            (
                person(),
                vec!["access.manage"],
                None,
                access,
                vec!["access.manage"],
                Reach::Workgroup,
                true,
            ),
            (
                person(),
                vec!["access.manage"],
                None,
                access,
                vec!["tunnel"],
                Reach::Workgroup,
                false,
            ),
            (
                person(),
                vec!["access.manage", "read"],
                Some("g"),
                access,
                vec!["read"],
                Reach::Workgroup,
                false,
            ),
            (
                person(),
                vec!["access.manage", "read"],
                Some("g"),
                access,
                vec!["read"],
                group("g"),
                true,
            ),
            (
                person(),
                vec!["access.manage", "read"],
                Some("g"),
                access,
                vec!["read"],
                group("h"),
                false,
            ),
            (
                person(),
                vec!["access.manage"],
                None,
                dev,
                vec!["telemetry.send"],
                device.clone(),
                false,
            ),
            (
                person(),
                vec!["devices.manage"],
                None,
                dev,
                vec!["telemetry.send"],
                device.clone(),
                true,
            ),
            (person(), vec!["devices.manage"], None, dev, vec!["tunnel"], device.clone(), false),
            (
                person(),
                vec!["devices.manage"],
                None,
                access,
                vec!["telemetry.send"],
                Reach::Workgroup,
                false,
            ),
            (
                token(),
                vec!["access.manage", "read"],
                None,
                access,
                vec!["read"],
                Reach::Workgroup,
                true,
            ),
            (
                token(),
                vec!["access.manage", "read"],
                None,
                access,
                vec!["access.manage"],
                Reach::Workgroup,
                false,
            ),
            (token(), vec!["access.manage"], None, access, vec!["read"], Reach::Workgroup, false),
        ];
        let catalogue = catalogue_at_first_start();
        for (actor, held, own, kind, asked, reach, allowed) in cases {
            let asked: BTreeSet<String> = asked.iter().map(ToString::to_string).collect();
            let answer = seat(actor, &held, own).may_grant(kind, &asked, &reach, &catalogue);
            assert_eq!(
                answer.is_ok(),
                allowed,
                "{held:?} bound to {own:?} grants {asked:?} on {reach:?}"
            );
        }
    }
}
