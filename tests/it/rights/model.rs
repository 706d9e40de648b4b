//! PRODUCT.md's *Rights* a second time, told as simply as can be. Nothing here calls the code that it is compared with.

/// The catalogue at first start, and which of it devices can use.
pub const PERMISSIONS: [&str; 11] = [
    "read",
    "discovery",
    "devices.control",
    "devices.manage",
    "tunnel",
    "dashboards.manage",
    "access.manage",
    "tokens.introspect",
    "telemetry.send",
    "activations.read",
    "activations.confirm",
];
const FOR_DEVICES: [&str; 3] = ["telemetry.send", "activations.read", "activations.confirm"];

/// What a token reaches. *pump-1* is in the group *North*, *pump-2* in *South*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Workgroup,
    Group(&'static str),
    Device(&'static str),
}

pub const REACHES: [Reach; 5] = [
    Reach::Workgroup,
    Reach::Group("North"),
    Reach::Group("South"),
    Reach::Device("pump-1"),
    Reach::Device("pump-2"),
];

impl Reach {
    fn is_device(self) -> bool {
        matches!(self, Reach::Device(_))
    }

    fn inside(self, group: &str) -> bool {
        match self {
            Reach::Workgroup => false,
            Reach::Group(name) => name == group,
            Reach::Device(device) => (device == "pump-1") == (group == "North"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Owner,
    Member,
    /// No member of the workgroup: somebody else's owner, or an administrator.
    Stranger,
    AccessToken,
    DeviceToken,
    CommandLine,
}

#[derive(Clone, Copy, Debug)]
pub struct Principal {
    pub name: &'static str,
    pub who: Who,
    pub holds: &'static [&'static str],
    pub group: Option<&'static str>,
}

impl Principal {
    fn holds(&self, permission: &str) -> bool {
        matches!(self.who, Who::Owner | Who::CommandLine) || self.holds.contains(&permission)
    }

    /// Every permission of the token can be granted by this principal at this moment.
    fn grants(&self, permissions: &[&str], reach: Reach) -> bool {
        permissions.iter().all(|permission| {
            let for_device = reach.is_device() && FOR_DEVICES.contains(permission);
            let excepted = for_device && self.holds("devices.manage");
            let never = self.who == Who::AccessToken && *permission == "access.manage";
            !never && (self.holds(permission) || excepted)
        })
    }

    pub fn sees(&self, reach: Reach) -> bool {
        self.group.is_none_or(|group| reach.inside(group))
    }
}

/// What becomes of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Done,
    Forbidden,
    NotFound,
    /// A field names what does not exist, or what cannot be asked for.
    WrongField,
}

impl Verdict {
    pub fn of(status: u16) -> Verdict {
        match status {
            200 | 201 | 204 | 303 => Verdict::Done,
            403 => Verdict::Forbidden,
            404 => Verdict::NotFound,
            422 => Verdict::WrongField,
            other => panic!("nothing here is answered with {other}"),
        }
    }
}

/// What is refused before anything is looked at.
fn at_the_door(who: &Principal) -> Option<Verdict> {
    match who.who {
        Who::Stranger => Some(Verdict::NotFound),
        Who::DeviceToken => Some(Verdict::Forbidden),
        _ if !who.holds("access.manage") => Some(Verdict::Forbidden),
        _ => None,
    }
}

/// Creating a token with these permissions.
pub fn create(who: &Principal, permissions: &[&str], reach: Reach) -> Verdict {
    if let Some(verdict) = at_the_door(who) {
        return verdict;
    }
    let unusable = |permission: &&str| reach.is_device() && !FOR_DEVICES.contains(permission);
    if permissions.iter().any(unusable) || (reach.is_device() && !who.sees(reach)) {
        return Verdict::WrongField;
    }
    let mut asked = permissions.to_vec();
    if !reach.is_device() {
        asked.push("read");
    }
    if who.sees(reach) && who.grants(&asked, reach) { Verdict::Done } else { Verdict::Forbidden }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Show,
    Edit,
    Reissue,
    Retire,
    Revoke,
}

/// An operation on a token that exists, active and with an older live string.
pub fn operate(
    who: &Principal,
    operation: Operation,
    permissions: &[&str],
    reach: Reach,
) -> Verdict {
    match at_the_door(who) {
        Some(verdict) => verdict,
        None if !who.sees(reach) => Verdict::NotFound,
        None if operation != Operation::Reissue => Verdict::Done,
        None if who.grants(permissions, reach) => Verdict::Done,
        None => Verdict::Forbidden,
    }
}
