//! What an API asks of a token at one call, and the verdict on it: the last word of authorize, of introspection and of trying it.

use super::refusal::{Code, Refusal};
use super::token::Kind;
use std::collections::BTreeSet;

/// What the call needs. Nothing asked is nothing refused, but for a bound token that is told no device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Demand {
    /// Which kind of token belongs here; `None`: any.
    pub kind: Option<Kind>,
    /// All of them are needed.
    pub permissions: Vec<String>,
    pub device: DeviceAsked,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DeviceAsked {
    /// The call names no device.
    #[default]
    Unnamed,
    /// The API looks at the answer's headers itself and shows only what the token reaches.
    Any,
    /// By its external id.
    Named(String),
}

/// What a token is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound<'a> {
    Workgroup,
    /// The name of the group.
    Group(&'a str),
    /// The external id of the device.
    Device(&'a str),
}

/// Whoever asks, as far as the verdict needs them. The string itself was judged before: it is live.
pub struct Holder<'a> {
    pub kind: Kind,
    pub permissions: &'a BTreeSet<String>,
    pub bound: Bound<'a>,
    /// Whether the device with this external id is one that the token reaches.
    pub reaches: &'a dyn Fn(&str) -> bool,
}

impl Demand {
    /// The refusal by name, or nothing: it may.
    pub fn judge(&self, holder: &Holder<'_>) -> Result<(), Refusal> {
        self.kind_fits(holder.kind)?;
        self.permissions_are_held(holder)?;
        match (&self.device, holder.bound) {
            (DeviceAsked::Any, _) | (DeviceAsked::Unnamed, Bound::Workgroup) => Ok(()),
            (DeviceAsked::Unnamed, bound) => Err(Refusal::new(
                Code::InsufficientPermissions,
                format!("This token opens {} alone, and the call names no device.", words(bound)),
            )),
            (DeviceAsked::Named(id), _) if (holder.reaches)(id) => Ok(()),
            (DeviceAsked::Named(_), _) => Err(Refusal::not_found("device")),
        }
    }

    fn kind_fits(&self, kind: Kind) -> Result<(), Refusal> {
        match self.kind {
            Some(wanted) if wanted != kind => Err(Refusal::new(
                Code::WrongTokenType,
                format!("This call needs {}; this is {}.", a_token(wanted), a_token(kind)),
            )),
            _ => Ok(()),
        }
    }

    /// Names all that are missing at once. The scopes of a legacy token are opaque: it holds no permission.
    fn permissions_are_held(&self, holder: &Holder<'_>) -> Result<(), Refusal> {
        let held = |name: &&String| {
            holder.kind != Kind::Legacy && holder.permissions.contains(name.as_str())
        };
        let missing: Vec<_> = self.permissions.iter().filter(|name| !held(name)).cloned().collect();
        if missing.is_empty() {
            return Ok(());
        }
        let names = missing.join(", ");
        let detail = match (holder.kind, missing.len()) {
            (Kind::Legacy, _) => {
                format!("A legacy token holds no permission; this call needs {names}.")
            }
            (_, 1) => format!("This token lacks the permission {names}."),
            _ => format!("This token lacks the permissions {names}."),
        };
        Err(Refusal::missing_permission(&missing.join(" "), detail))
    }
}

fn a_token(kind: Kind) -> &'static str {
    match kind {
        Kind::Access => "an access token",
        Kind::Device => "a device token",
        Kind::Legacy => "a legacy token",
    }
}

fn words(bound: Bound<'_>) -> String {
    match bound {
        Bound::Workgroup => "the workgroup".to_owned(),
        Bound::Group(name) => format!("the device group {name}"),
        Bound::Device(id) => format!("the device {id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(demand: &Demand, kind: Kind, permissions: &[&str], bound: Bound<'_>) -> String {
        let permissions = permissions.iter().map(|name| (*name).to_owned()).collect();
        let reaches = |id: &str| match bound {
            Bound::Workgroup => ["pump-1", "pump-2"].contains(&id),
            Bound::Group(_) | Bound::Device(_) => id == "pump-1",
        };
        let holder = Holder { kind, permissions: &permissions, bound, reaches: &reaches };
        match demand.judge(&holder) {
            Ok(()) => "yes".to_owned(),
            Err(refusal) => match refusal.required_permission {
                Some(missing) => format!("{} {missing}", refusal.code.as_str()),
                None => refusal.code.as_str().to_owned(),
            },
        }
    }

    /// Kind, permissions and device that are demanded; kind and bounds of the token; the verdict.
    type Case<'a> = (Option<Kind>, &'a [&'a str], DeviceAsked, Kind, Bound<'a>, &'a str);

    #[test]
    fn every_demand_has_its_verdict() {
        use DeviceAsked::{Any, Named, Unnamed};
        let named = |id: &str| Named(id.to_owned());
        let (whole, group, device) =
            (Bound::Workgroup, Bound::Group("North"), Bound::Device("pump-1"));
        let (access, thing, legacy) = (Kind::Access, Kind::Device, Kind::Legacy);
        let cases: [Case<'_>; 22] = [
            (None, &[], Unnamed, access, whole, "yes"),
            (Some(access), &[], Unnamed, access, whole, "yes"),
            (Some(thing), &[], Any, access, whole, "wrong_token_type"),
            (Some(access), &[], Any, thing, device, "wrong_token_type"),
            (Some(access), &[], Any, legacy, whole, "wrong_token_type"),
            (None, &["read"], Unnamed, access, whole, "yes"),
            (None, &["read", "discovery"], Unnamed, access, whole, "yes"),
            (None, &["read", "tunnel"], Unnamed, access, whole, "insufficient_permissions tunnel"),
            (None, &["no", "tunnel"], Any, access, whole, "insufficient_permissions no tunnel"),
            (None, &["Read"], Unnamed, access, whole, "insufficient_permissions Read"),
            (None, &[""], Unnamed, access, whole, "insufficient_permissions "),
            (None, &["read"], Unnamed, legacy, whole, "insufficient_permissions read"),
            (None, &[], Unnamed, legacy, whole, "yes"),
            (None, &[], Unnamed, access, group, "insufficient_permissions"),
            (None, &[], Unnamed, thing, device, "insufficient_permissions"),
            (None, &[], Any, access, group, "yes"),
            (None, &[], Any, thing, device, "yes"),
            (None, &[], named("pump-1"), thing, device, "yes"),
            (None, &[], named("pump-2"), access, whole, "yes"),
            (None, &[], named("pump-2"), access, group, "not_found"),
            (None, &[], named("pump-2"), thing, device, "not_found"),
            (None, &[], named("pump-3"), access, whole, "not_found"),
        ];
        for (kind, permissions, device, own, bound, wanted) in cases {
            let permissions = permissions.iter().map(|name| (*name).to_owned()).collect();
            let demand = Demand { kind, permissions, device };
            let got = verdict(&demand, own, &["read", "discovery"], bound);
            assert_eq!(got, wanted, "{demand:?} of {own:?} {bound:?}");
        }
    }
}
