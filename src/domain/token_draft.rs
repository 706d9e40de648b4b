//! What is asked for when a token is made or edited: raw text in, checked values out, everything that is wrong said at once.

use super::lifetime::Lifetime;
use super::permission::{Permission, READ};
use super::refusal::{FieldErrors, Refusal};
use super::text::{self, Name, Owner};
use super::token::{Kind, Reach, Token};
use super::user::Email;
use super::workgroup::Policy;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A new token as typed, by whatever face it came. Text is kept as it was, so that a form can show it again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawDraft {
    pub owner: String,
    pub email: String,
    pub name: String,
    /// A lifetime's code; empty: the kind's default.
    pub expires: String,
    pub can_renew: bool,
    pub permissions: Vec<String>,
    /// A group's name; empty: the whole workgroup.
    pub device_group: String,
    /// A device's external id; makes it a device token.
    pub device: String,
    pub note: String,
    /// Requests per minute, `600` or `600/m`; empty: the installation's default.
    pub rate_limit: String,
}

impl RawDraft {
    #[must_use]
    pub fn kind(&self) -> Kind {
        if self.device.trim().is_empty() { Kind::Access } else { Kind::Device }
    }

    /// The form filled in from an existing token: for *Duplicate*, and *Replace* of a legacy one.
    #[must_use]
    pub fn like(token: &Token) -> RawDraft {
        let (device_group, device) = match &token.reach {
            Reach::Workgroup => (String::new(), String::new()),
            Reach::Group { name, .. } => (name.clone(), String::new()),
            Reach::Device { external_id, .. } => (String::new(), external_id.clone()),
        };
        RawDraft {
            owner: token.owner.clone(),
            email: token.email.clone(),
            name: token.name.clone().unwrap_or_default(),
            expires: token.lifetime.code().to_owned(),
            // No legacy token renews; what takes its place does, as every new access token.
            can_renew: token.can_renew || token.kind == Kind::Legacy,
            permissions: token.permissions.iter().cloned().collect(),
            device_group,
            device,
            note: token.note.clone().unwrap_or_default(),
            rate_limit: token.rate_limit.map(|limit| limit.to_string()).unwrap_or_default(),
        }
    }
}

/// A new token whose every value was checked; only the rights of who asks are still to be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenDraft {
    pub kind: Kind,
    pub owner: Owner,
    pub email: Email,
    pub name: Option<Name>,
    pub lifetime: Lifetime,
    pub can_renew: bool,
    pub permissions: BTreeSet<String>,
    pub reach: Reach,
    pub note: Option<String>,
    pub rate_limit: Option<i64>,
}

impl TokenDraft {
    /// Checks everything at once. `reach` is what the caller found for the group or device that was named, or why not.
    pub fn parse(
        raw: &RawDraft,
        reach: Result<Reach, (&'static str, String)>,
        catalogue: &[Permission],
        policy: &Policy,
    ) -> Result<TokenDraft, Refusal> {
        let kind = raw.kind();
        let mut wrong = FieldErrors::default();
        let owner = wrong.take("owner", Owner::parse(&raw.owner));
        let email = wrong.take("email", Email::parse(&raw.email));
        let name = wrong.take("name", optional_name(&raw.name));
        let lifetime = wrong.take("expires", first_lifetime(&raw.expires, kind, policy));
        let permissions = wrong.take("permissions", permissions(&raw.permissions, kind, catalogue));
        let note = wrong.take("note", text::note(&raw.note));
        let rate_limit = wrong.take("rate_limit", rate_limit(&raw.rate_limit));
        if !raw.device.trim().is_empty() && !raw.device_group.trim().is_empty() {
            wrong.add("device_group", "Choose a device or a device group, not both.");
        }
        let reach = match reach {
            Ok(reach) => Some(reach),
            Err((field, message)) => wrong.take(field, Err(message)),
        };
        match (owner, email, name, lifetime, permissions, note, rate_limit, reach) {
            (
                Some(owner),
                Some(email),
                Some(name),
                Some(lifetime),
                Some(permissions),
                Some(note),
                Some(rate_limit),
                Some(reach),
            ) if wrong.is_empty() => Ok(TokenDraft {
                kind,
                owner,
                email,
                name,
                lifetime,
                can_renew: raw.can_renew,
                permissions,
                reach,
                note,
                rate_limit,
            }),
            _ => Err(wrong.into_refusal()),
        }
    }
}

/// An edit as typed: what is `None` is left as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawEdit {
    /// The version that the editor saw.
    pub version: i64,
    pub owner: Option<String>,
    pub email: Option<String>,
    /// Empty: no name.
    pub name: Option<String>,
    pub expires: Option<String>,
    pub can_renew: Option<bool>,
    /// Empty: no note.
    pub note: Option<String>,
    /// Empty: the installation's default.
    pub rate_limit: Option<String>,
}

/// The values of a token after an edit, each of them checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenEdit {
    pub owner: Owner,
    pub email: Email,
    pub name: Option<Name>,
    pub lifetime: Lifetime,
    pub can_renew: bool,
    pub note: Option<String>,
    pub rate_limit: Option<i64>,
}

impl TokenEdit {
    /// A value that is not touched is not judged again: a policy that has become stricter is met at the next reissue or renewal.
    pub fn parse(raw: &RawEdit, token: &Token, policy: &Policy) -> Result<TokenEdit, Refusal> {
        let mut wrong = FieldErrors::default();
        let owner = wrong.take("owner", Owner::parse(raw.owner.as_deref().unwrap_or(&token.owner)));
        let email = wrong.take("email", Email::parse(raw.email.as_deref().unwrap_or(&token.email)));
        let name = raw.name.as_deref().or(token.name.as_deref()).unwrap_or_default();
        let name = wrong.take("name", optional_name(name));
        let lifetime = match raw.expires.as_deref() {
            Some(code) if code != token.lifetime.code() => {
                wrong.take("expires", lifetime(code, token.kind, policy))
            }
            _ => Some(token.lifetime),
        };
        let note = raw.note.as_deref().or(token.note.as_deref()).unwrap_or_default();
        let note = wrong.take("note", text::note(note));
        let rate_limit = match raw.rate_limit.as_deref() {
            Some(typed) => wrong.take("rate_limit", rate_limit(typed)),
            None => Some(token.rate_limit),
        };
        match (owner, email, name, lifetime, note, rate_limit) {
            (
                Some(owner),
                Some(email),
                Some(name),
                Some(lifetime),
                Some(note),
                Some(rate_limit),
            ) => {
                let can_renew = raw.can_renew.unwrap_or(token.can_renew);
                Ok(TokenEdit { owner, email, name, lifetime, can_renew, note, rate_limit })
            }
            _ => Err(wrong.into_refusal()),
        }
    }
}

fn optional_name(typed: &str) -> Result<Option<Name>, String> {
    if typed.trim().is_empty() { Ok(None) } else { Name::parse(typed).map(Some) }
}

/// A new token that names no lifetime takes its kind's default.
fn first_lifetime(code: &str, kind: Kind, policy: &Policy) -> Result<Lifetime, String> {
    let default = if kind == Kind::Device { Lifetime::Never } else { Lifetime::default() };
    lifetime(if code.trim().is_empty() { default.code() } else { code }, kind, policy)
}

fn lifetime(code: &str, kind: Kind, policy: &Policy) -> Result<Lifetime, String> {
    let code = code.trim();
    let lifetime = Lifetime::parse(code).ok_or_else(|| {
        let codes = Lifetime::ALL.map(Lifetime::code).join(", ");
        format!("Choose one of {codes}; \u{201c}{}\u{201d} is none of them.", short(code))
    })?;
    policy.allows(kind, lifetime)?;
    Ok(lifetime)
}

/// Every name must be in the catalogue, grantable, and usable by the kind. An access token always has Read.
pub fn permissions(
    names: &[String],
    kind: Kind,
    catalogue: &[Permission],
) -> Result<BTreeSet<String>, String> {
    let mut set = BTreeSet::new();
    for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        let Some(permission) = catalogue.iter().find(|p| p.name == name) else {
            return Err(format!("There is no permission \u{201c}{}\u{201d}.", short(name)));
        };
        if permission.retired_at.is_some() {
            return Err(format!("{} can no longer be granted.", permission.label));
        }
        if kind == Kind::Device && !permission.for_devices {
            return Err(format!("{} is not usable by device tokens.", permission.label));
        }
        set.insert(name.to_owned());
    }
    if kind == Kind::Access {
        set.insert(READ.to_owned());
    }
    Ok(set)
}

fn rate_limit(typed: &str) -> Result<Option<i64>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    match typed.trim_end_matches("/m").parse::<i64>() {
        Ok(limit @ 1..=1_000_000) => Ok(Some(limit)),
        _ => Err("Write requests per minute, a whole number from 1 to 1000000.".into()),
    }
}

/// Enough of what was typed to recognise it in a message.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::permission::catalogue_at_first_start;

    fn raw() -> RawDraft {
        RawDraft {
            owner: "North plant integrator".into(),
            email: "ops@north.example".into(),
            permissions: vec!["devices.control".into()],
            ..RawDraft::default()
        }
    }

    fn parse(raw: &RawDraft) -> Result<TokenDraft, Refusal> {
        TokenDraft::parse(
            raw,
            Ok(Reach::Workgroup),
            &catalogue_at_first_start(),
            &Policy::default(),
        )
    }

    #[test]
    fn a_draft_takes_the_defaults_of_its_kind() {
        let draft = parse(&raw()).unwrap();
        assert_eq!((draft.lifetime, draft.name, draft.rate_limit), (Lifetime::Months1, None, None));
        assert!(draft.permissions.contains("read"), "every access token has Read");
        let device = RawDraft { device: "pump-1".into(), permissions: vec![], ..raw() };
        let draft = parse(&device).unwrap();
        assert_eq!((draft.kind, draft.lifetime), (Kind::Device, Lifetime::Never));
        assert!(draft.permissions.is_empty());
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let refusal = TokenDraft::parse(
            &RawDraft {
                owner: "a\nb".into(),
                email: "nobody".into(),
                name: "x".repeat(81),
                expires: "4m".into(),
                permissions: vec!["fly".into()],
                rate_limit: "0".into(),
                note: "\u{7}".into(),
                ..RawDraft::default()
            },
            Err(("device_group", "There is no device group \u{201c}x\u{201d}.".into())),
            &catalogue_at_first_start(),
            &Policy::default(),
        )
        .unwrap_err();
        let fields: Vec<_> = refusal.errors.iter().map(|error| error.field.as_str()).collect();
        let all = [
            "owner",
            "email",
            "name",
            "expires",
            "permissions",
            "note",
            "rate_limit",
            "device_group",
        ];
        assert_eq!(fields, all);
        assert!(refusal.message_for("permissions").unwrap().contains("fly"));
    }

    #[test]
    fn a_lifetime_obeys_the_policy_and_a_device_its_mark() {
        assert!(parse(&RawDraft { expires: "never".into(), ..raw() }).is_err());
        let tunnel = RawDraft { device: "p".into(), permissions: vec!["tunnel".into()], ..raw() };
        assert!(parse(&tunnel).unwrap_err().message_for("permissions").unwrap().contains("Tunnel"));
        assert_eq!(
            parse(&RawDraft { rate_limit: "90/m".into(), ..raw() }).unwrap().rate_limit,
            Some(90)
        );
    }
}
