//! Editing the permission catalogue: what a new entry must be like, and what becomes of entries that are in use.

use super::permission::{ACCESS_MANAGE, DEVICES_MANAGE, Permission, READ, TOKENS_INTROSPECT};
use super::refusal::{FieldErrors, Refusal};
use super::text::{Line, Name};
use super::usage::counted;
use serde::{Deserialize, Serialize};

/// Longest name of a permission, in characters.
const LONGEST: usize = 60;

/// The permissions that the program itself asks for: they can be worded anew, nothing else.
const OWN: [&str; 4] = [READ, ACCESS_MANAGE, DEVICES_MANAGE, TOKENS_INTROSPECT];

/// An entry as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawPermission {
    pub name: String,
    pub label: String,
    pub description: String,
    pub section: String,
    pub for_devices: bool,
    pub powerful: bool,
}

impl RawPermission {
    /// The form filled in from an entry.
    #[must_use]
    pub fn like(permission: &Permission) -> RawPermission {
        RawPermission {
            name: permission.name.clone(),
            label: permission.label.clone(),
            description: permission.description.clone(),
            section: permission.section.clone(),
            for_devices: permission.for_devices,
            powerful: permission.powerful,
        }
    }

    /// A new entry, everything that is wrong said at once.
    pub fn parse(&self) -> Result<Permission, Refusal> {
        let mut wrong = FieldErrors::default();
        let name = wrong.take("name", parse_name(&self.name));
        let rest = self.rest(&mut wrong, name.as_deref().unwrap_or_default());
        match (name, rest) {
            (Some(name), Some(rest)) => Ok(Permission { name, ..rest }),
            _ => Err(wrong.into_refusal()),
        }
    }

    /// An entry after an edit; its name never changes, and it stays retired or not.
    pub fn parse_edit(&self, now: &Permission) -> Result<Permission, Refusal> {
        let mut wrong = FieldErrors::default();
        let rest = self.rest(&mut wrong, &now.name);
        let rest = rest.ok_or_else(|| wrong.into_refusal())?;
        Ok(Permission { name: now.name.clone(), retired_at: now.retired_at, ..rest })
    }

    fn rest(&self, wrong: &mut FieldErrors, name: &str) -> Option<Permission> {
        let label = wrong.take("label", Name::parse(&self.label));
        let description = wrong.take("description", Line::<200>::parse(&self.description));
        let section = wrong.take("section", Line::<40>::parse(&self.section));
        if self.for_devices && self.powerful {
            let why = "What devices can use is never powerful: choose one of the two, or neither.";
            wrong.add("for_devices", why);
        } else if self.for_devices && OWN.contains(&name) {
            let why = format!("Latchkey itself asks for {name}; device tokens cannot use it.");
            wrong.add("for_devices", why);
        }
        let (label, description, section) = (label?, description?, section?);
        wrong.is_empty().then(|| Permission {
            name: String::new(),
            label: label.into_string(),
            description: description.into_string(),
            section: section.into_string(),
            for_devices: self.for_devices,
            powerful: self.powerful,
            retired_at: None,
        })
    }
}

/// `[a-z][a-z0-9._-]*`, at most 60 characters: it stands in headers, addresses and configuration files.
fn parse_name(typed: &str) -> Result<String, String> {
    let name = typed.trim();
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    let goes_on = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    if begins && name.chars().all(goes_on) && name.len() <= LONGEST {
        return Ok(name.to_owned());
    }
    Err(format!(
        "Write a small letter, then small letters, digits, dots, hyphens or underscores: at most {LONGEST}."
    ))
}

/// Who holds a permission, whatever the state of the token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holders {
    pub tokens: i64,
    /// Members who were given it; owners hold it without that.
    pub members: i64,
    pub invitations: i64,
}

impl Holders {
    #[must_use]
    pub fn none(self) -> bool {
        self.tokens + self.members + self.invitations == 0
    }

    /// `3 tokens, 1 member`; invitations only where there are some.
    #[must_use]
    pub fn words(self) -> String {
        let mut words = vec![counted(self.tokens, "token"), counted(self.members, "member")];
        if self.invitations > 0 {
            words.push(counted(self.invitations, "invitation"));
        }
        words.join(", ")
    }
}

impl Permission {
    /// Whether the program itself asks for it.
    #[must_use]
    pub fn is_own(&self) -> bool {
        OWN.contains(&self.name.as_str())
    }

    /// Whether it can be kept from being granted anew.
    pub fn may_retire(&self) -> Result<(), Refusal> {
        if self.is_own() {
            let name = &self.name;
            let detail =
                format!("Latchkey itself asks for {name}: it can be worded anew, not retired.");
            return Err(Refusal::conflict(detail));
        }
        match self.retired_at {
            Some(_) => Err(Refusal::conflict(format!("{} is retired already.", self.label))),
            None => Ok(()),
        }
    }

    /// Whether it can go: only what nobody holds.
    pub fn may_delete(&self, holders: Holders) -> Result<(), Refusal> {
        if self.is_own() {
            let name = &self.name;
            let detail =
                format!("Latchkey itself asks for {name}: it can be worded anew, not deleted.");
            return Err(Refusal::conflict(detail));
        }
        if holders.none() {
            return Ok(());
        }
        Err(Refusal::conflict(format!(
            "{} is still held by {}. Retire it instead: it stays where it is, and nobody is given it anew.",
            self.label,
            holders.words()
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::super::permission::catalogue_at_first_start;
    use super::super::time::Time;
    use super::*;

    fn raw(name: &str) -> RawPermission {
        RawPermission {
            name: name.into(),
            label: "Open valves".into(),
            description: "Open and close valves.".into(),
            section: "Devices".into(),
            ..RawPermission::default()
        }
    }

    #[test]
    fn a_name_is_plain() {
        for name in ["v", "valves.open", "a1._-", &"a".repeat(60)] {
            assert_eq!(raw(&format!(" {name} ")).parse().unwrap().name, name);
        }
        for name in ["", "1a", ".a", "Valves", "a b", "a/b", "ä", "a\"", &"a".repeat(61)] {
            assert!(raw(name).parse().unwrap_err().message_for("name").is_some(), "{name:?}");
        }
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let wrong = RawPermission { for_devices: true, powerful: true, ..RawPermission::default() };
        let refusal = wrong.parse().unwrap_err();
        let fields: Vec<_> = refusal.errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["name", "label", "description", "section", "for_devices"]);
    }

    #[test]
    fn an_edit_keeps_name_and_retirement() {
        let now = Permission { retired_at: Some(Time(7)), ..raw("valves.open").parse().unwrap() };
        let edit = RawPermission { label: "Valves".into(), powerful: true, ..raw("other") };
        let after = edit.parse_edit(&now).unwrap();
        assert_eq!((after.name.as_str(), after.retired_at), ("valves.open", Some(Time(7))));
        assert_eq!((after.label.as_str(), after.powerful), ("Valves", true));
    }

    #[test]
    fn the_programs_own_are_worded_anew_and_nothing_else() {
        for permission in catalogue_at_first_start() {
            let own = OWN.contains(&permission.name.as_str());
            assert_eq!(permission.may_retire().is_err(), own, "{}", permission.name);
            assert_eq!(permission.may_delete(Holders::default()).is_err(), own);
            let edit = RawPermission {
                for_devices: true,
                powerful: false,
                ..RawPermission::like(&permission)
            };
            assert_eq!(edit.parse_edit(&permission).is_err(), own, "{}", permission.name);
            let worded = RawPermission { label: "Anew".into(), ..RawPermission::like(&permission) };
            assert_eq!(worded.parse_edit(&permission).unwrap().label, "Anew");
        }
    }

    #[test]
    fn what_somebody_holds_is_not_deleted() {
        let permission = raw("valves.open").parse().unwrap();
        let cases = [
            (Holders { tokens: 1, ..Holders::default() }, "1 token, 0 members"),
            (Holders { members: 2, ..Holders::default() }, "0 tokens, 2 members"),
            (Holders { invitations: 1, ..Holders::default() }, "1 invitation"),
        ];
        for (holders, words) in cases {
            let refusal = permission.may_delete(holders).unwrap_err();
            assert!(refusal.detail.contains(words), "{refusal}");
        }
        assert!(permission.may_delete(Holders::default()).is_ok());
        let retired = Permission { retired_at: Some(Time(1)), ..permission };
        assert!(retired.may_retire().is_err() && retired.may_delete(Holders::default()).is_ok());
    }
}
