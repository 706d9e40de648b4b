//! Trying route policies without a token: what a caller of this kind, with these permissions, would be answered.

use super::{Matched, Route, RoutePolicies};
use crate::domain::demand::DeviceAsked;
use crate::domain::permission::READ;
use crate::domain::refusal::{Code, FieldErrors, Refusal};
use crate::domain::token::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// As typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RawTrial {
    pub method: String,
    /// With its query, if it has one.
    pub path: String,
    /// `access`, `device` or `legacy`; empty: an access token.
    pub kind: String,
    pub permissions: Vec<String>,
    /// The external id of the one device that the token opens; empty: the whole workgroup.
    pub device: String,
}

/// A request with the token that makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    pub method: String,
    pub target: String,
    pub kind: Kind,
    pub permissions: BTreeSet<String>,
    /// `None`: not bound.
    pub device: Option<String>,
}

/// What the caller would be answered, and which line says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// `None`: let through.
    pub code: Option<Code>,
    pub why: String,
    /// `None`: no line matched.
    pub route: Option<Route>,
}

impl RawTrial {
    /// Nothing is asked yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.path.trim().is_empty()
    }

    pub fn parse(&self) -> Result<Trial, Refusal> {
        let mut wrong = FieldErrors::default();
        if self.method.trim().is_empty() {
            wrong.add("method", "Write a method, such as GET.");
        }
        if self.is_empty() {
            wrong.add("path", "Write a path, such as /devices/pump-1.");
        }
        let kind = Some(self.kind.trim()).filter(|code| !code.is_empty());
        let kind = Kind::parse(kind.unwrap_or(Kind::Access.code()));
        let kind = wrong.take("kind", kind.ok_or("Write access, device or legacy."));
        let device = Some(self.device.trim().to_owned()).filter(|id| !id.is_empty());
        if kind == Some(Kind::Device) && device.is_none() {
            wrong.add("device", "A device token belongs to a device: write the device's id.");
        }
        let Some(kind) = kind.filter(|_| wrong.is_empty()) else {
            return Err(wrong.into_refusal());
        };
        let mut permissions: BTreeSet<String> = self.permissions.iter().cloned().collect();
        match kind {
            Kind::Access => drop(permissions.insert(READ.to_owned())),
            Kind::Device => {}
            // Its scopes are no permissions.
            Kind::Legacy => permissions.clear(),
        }
        let (method, target) = (self.method.trim().to_owned(), self.path.trim().to_owned());
        Ok(Trial { method, target, kind, permissions, device })
    }
}

impl Trial {
    /// The verdict, and the device that it is about. Whether there is such a device is for others to say.
    #[must_use]
    pub fn judge(&self, policies: &RoutePolicies) -> (Verdict, DeviceAsked) {
        match policies.find(&self.method, &self.target) {
            Err(refusal) => {
                let verdict =
                    Verdict { code: Some(refusal.code), why: refusal.detail, route: None };
                (verdict, DeviceAsked::Unnamed)
            }
            Ok(matched) => {
                let (code, why) = match self.objection(&matched) {
                    Some((code, why)) => (Some(code), why),
                    None => (None, "The token has all that this line asks for.".to_owned()),
                };
                (Verdict { code, why, route: Some(matched.route.clone()) }, matched.device)
            }
        }
    }

    fn objection(&self, matched: &Matched<'_>) -> Option<(Code, String)> {
        let route = matched.route;
        if route.kind.is_some_and(|kind| kind != self.kind) {
            let why = format!(
                "This line is for {} tokens; this is a token of the kind {}.",
                route.kind_words(),
                self.kind.code()
            );
            return Some((Code::WrongTokenType, why));
        }
        let missing: Vec<_> =
            route.permissions.iter().filter(|name| !self.permissions.contains(*name)).collect();
        if !missing.is_empty() {
            let names = missing.into_iter().cloned().collect::<Vec<_>>().join(", ");
            return Some((
                Code::InsufficientPermissions,
                format!("The token has not the permission {names}."),
            ));
        }
        match (&self.device, &matched.device) {
            (Some(_), DeviceAsked::Unnamed) => Some((
                Code::InsufficientPermissions,
                "The token is bound to a device, and this line names none.".to_owned(),
            )),
            (Some(own), DeviceAsked::Named(id)) if own != id => Some((
                Code::NotFound,
                format!(
                    "The path names the device {id}, which does not exist for a token of {own}."
                ),
            )),
            _ => None,
        }
    }
}
