//! What PRODUCT.md's *Rights* says about people, devices, groups, imports, the record and the policy, told once more. Nothing
//! here calls the code that it is compared with.

/// A role, what it holds, and the group that it is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    pub owner: bool,
    pub permissions: &'static [&'static str],
    pub group: Option<&'static str>,
}

pub const OWNER: Held = Held { owner: true, permissions: &[], group: None };

pub const fn held(permissions: &'static [&'static str], group: Option<&'static str>) -> Held {
    Held { owner: false, permissions, group }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Member,
    CommandLine,
    /// Somebody who is signed in and no member; an administrator of the installation or not.
    Outsider,
    Administrator,
    /// Nobody is signed in.
    Stranger,
    AccessToken,
    DeviceToken,
    ForeignToken,
}

#[derive(Clone, Copy, Debug)]
pub struct Caller {
    pub name: &'static str,
    pub who: Who,
    pub held: Held,
}

/// What is tried. Texts name people, invitations, devices and groups of `world.rs`.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Invite(Held),
    SendAgain(&'static str, Held),
    Withdraw(&'static str, Held),
    /// Who, what they hold, what they are to hold.
    Set(&'static str, Held, Held),
    Remove(&'static str, Held),
    Register,
    /// The device, and whether a metadata key that a group goes by is changed.
    EditDevice(&'static str, bool),
    RemoveDevice(&'static str),
    MakeGroup,
    EditGroup(&'static str),
    RemoveGroup(&'static str),
    ImportDevices,
    ImportTokens,
    /// Somebody else's preview, of legacy tokens or of devices.
    StartImport(bool),
    DiscardImport(bool),
    ReadMembers,
    ReadActivity,
    ExportActivity,
    ReadNotices,
    SendTestMail,
    ReadPolicy,
    EditPolicy,
    /// What stands; what a request would be answered by it.
    ReadRoutes,
    TryRoutes,
    /// With a line that can be read, or with one that cannot.
    SetRoutes(bool),
    RemoveRoutes,
    Administer(&'static str, &'static [(&'static str, &'static str)]),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Done,
    SignIn,
    Forbidden,
    NotFound,
    WrongField,
    Other(u16),
}

use Verdict::{Done, Forbidden, NotFound, WrongField};

impl Caller {
    fn holds(&self, permission: &str) -> bool {
        self.owns() || self.held.permissions.contains(&permission)
    }

    fn owns(&self) -> bool {
        self.who == Who::CommandLine || (self.who == Who::Member && self.held.owner)
    }

    /// Whoever is bound knows of their own group alone.
    fn knows(&self, group: Option<&str>) -> bool {
        self.held.group.is_none() || group.is_none() || self.held.group == group
    }

    /// Members of the very same group, and what is offered for it.
    fn sees(&self, other: Held) -> bool {
        self.held.group.is_none() || (!other.owner && other.group == self.held.group)
    }

    fn sees_device(&self, device: &str) -> bool {
        let north = ["pump-1", "pump-4"].contains(&device);
        self.held.group.is_none_or(|group| (group == "North") == north)
    }

    fn gives(&self, before: Option<Held>, after: Held) -> Verdict {
        if (after.owner || before.is_some_and(|it| it.owner)) && !self.owns() {
            return Forbidden;
        }
        if self.held.group.is_some() && after.group != self.held.group {
            return Forbidden;
        }
        let widened = before.is_none_or(|it| it.group.is_some() && it.group != after.group);
        let had = |name: &str| {
            !widened && before.is_some_and(|it| it.owner || it.permissions.contains(&name))
        };
        let all = after.permissions.iter().all(|name| had(name) || self.holds(name));
        if all { Done } else { Forbidden }
    }

    fn keeps(&self) -> Verdict {
        if self.holds("devices.manage") && self.held.group.is_none() { Done } else { Forbidden }
    }

    fn opens(&self) -> Verdict {
        if self.holds("access.manage") && self.held.group.is_none() { Done } else { Forbidden }
    }

    fn if_owner(&self) -> Verdict {
        if self.owns() { Done } else { Forbidden }
    }
}

/// What is refused before the thing is looked at.
fn at_the_door(caller: &Caller, act: &Act) -> Option<Verdict> {
    if caller.who == Who::Stranger {
        return Some(Verdict::SignIn);
    }
    if let Act::Administer(..) = act {
        return Some(if caller.who == Who::Administrator { Done } else { NotFound });
    }
    match caller.who {
        Who::Outsider | Who::Administrator | Who::ForeignToken => return Some(NotFound),
        Who::DeviceToken => return Some(Forbidden),
        _ => {}
    }
    let people =
        matches!(act, Act::Invite(_) | Act::SendAgain(..) | Act::Withdraw(..) | Act::Set(..));
    let people = people || matches!(act, Act::Remove(..) | Act::ReadMembers);
    (people && !caller.holds("access.manage")).then_some(Forbidden)
}

pub fn expected(caller: &Caller, act: &Act) -> Verdict {
    if let Some(verdict) = at_the_door(caller, act) {
        return verdict;
    }
    let token = caller.who == Who::AccessToken;
    match *act {
        Act::Invite(offer) if !caller.knows(offer.group) => WrongField,
        Act::Invite(offer) => caller.gives(None, offer),
        Act::SendAgain(_, offer) | Act::Withdraw(_, offer) if !caller.sees(offer) => NotFound,
        Act::SendAgain(_, offer) => caller.gives(None, offer),
        Act::Withdraw(_, offer) if offer.owner => caller.if_owner(),
        Act::Set(_, before, _) | Act::Remove(_, before) if !caller.sees(before) => NotFound,
        Act::Set(_, before, _) if before.owner && !caller.owns() => Forbidden,
        Act::Set(_, _, after) if !caller.knows(after.group) => WrongField,
        Act::Set(_, before, after) => caller.gives(Some(before), after),
        Act::Remove(_, before) if before.owner => caller.if_owner(),
        Act::Withdraw(..) | Act::Remove(..) | Act::ReadMembers => Done,
        Act::Register | Act::MakeGroup | Act::ImportDevices => caller.keeps(),
        // A program that manages no devices is told so before it is told whether there is such a one.
        Act::EditDevice(..) | Act::RemoveDevice(_) | Act::EditGroup(_) | Act::RemoveGroup(_)
            if token && !caller.holds("devices.manage") =>
        {
            Forbidden
        }
        Act::EditDevice(device, _) | Act::RemoveDevice(device) if !caller.sees_device(device) => {
            NotFound
        }
        Act::EditDevice(_, key) if !key && caller.holds("devices.manage") => Done,
        Act::EditDevice(..) | Act::RemoveDevice(_) => caller.keeps(),
        Act::EditGroup(name) | Act::RemoveGroup(name) if !caller.knows(Some(name)) => NotFound,
        Act::EditGroup(_) | Act::RemoveGroup(_) => caller.keeps(),
        Act::StartImport(legacy) | Act::DiscardImport(legacy) => match caller.keeps() {
            Done if legacy && !caller.owns() => NotFound,
            verdict => verdict,
        },
        Act::ReadActivity | Act::ReadNotices | Act::SendTestMail
            if caller.holds("access.manage") && caller.held.group.is_none() =>
        {
            Done
        }
        Act::ReadActivity | Act::ReadNotices | Act::SendTestMail => Forbidden,
        Act::ReadPolicy if token && !caller.holds("access.manage") => Forbidden,
        Act::ReadPolicy => Done,
        // A program looks and sets that manages access in the whole workgroup; a person has the page, which is its owners'.
        Act::ReadRoutes | Act::TryRoutes | Act::RemoveRoutes if token => caller.opens(),
        Act::SetRoutes(false) if token && caller.opens() == Done => WrongField,
        // The new line asks for this; the old one for nothing.
        Act::SetRoutes(_) if token && !caller.holds("tunnel") => Forbidden,
        Act::SetRoutes(_) if token => caller.opens(),
        Act::SetRoutes(false) if caller.owns() => WrongField,
        Act::ReadRoutes | Act::TryRoutes | Act::SetRoutes(_) | Act::RemoveRoutes => {
            caller.if_owner()
        }
        Act::ImportTokens | Act::ExportActivity | Act::EditPolicy => caller.if_owner(),
        Act::Administer(..) => NotFound,
    }
}
