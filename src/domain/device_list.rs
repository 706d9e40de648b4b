//! The pages of devices: what can be asked of the list (and kept in an address), and what each page is answered with.

use super::activity::Activity;
use super::answers::{May, PermissionChoice};
use super::device::Device;
use super::status::TokenStatus;
use super::time::Time;
use super::token::{Reach, Token};
use super::token_list::percent_encode;
use super::workgroup::Workgroup;
use serde::{Deserialize, Serialize};

/// A device as it is kept: with the count of its edits, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDevice {
    pub device: Device,
    /// An edit names the one it saw.
    pub version: i64,
    pub created_at: Time,
}

/// What is asked for. Everything stands in the address, so that a view can be shared and the back button works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceQuery {
    /// Part of an external id, name, metadata key or value.
    pub search: String,
    /// `key = value` as typed; a key alone finds every device that has it.
    pub metadata: String,
    /// The id of a device group.
    pub group: String,
    /// The page after this cursor.
    pub after: Option<String>,
    /// The page before this cursor.
    pub before: Option<String>,
}

impl DeviceQuery {
    /// Whether anything but the page narrows the list.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !(self.search.is_empty() && self.metadata.is_empty() && self.group.is_empty())
    }

    /// Reads the fields of an address, already decoded.
    #[must_use]
    pub fn read(field: impl Fn(&str) -> Option<String>) -> DeviceQuery {
        let filled = |name: &str| {
            field(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        DeviceQuery {
            search: filled("search").unwrap_or_default(),
            metadata: filled("metadata").unwrap_or_default(),
            group: filled("group").unwrap_or_default(),
            after: filled("after"),
            before: filled("before"),
        }
    }

    /// `?search=pump&group=…`, ready to stand behind the path; empty if nothing is asked for.
    #[must_use]
    pub fn address(&self) -> String {
        let fields = [
            ("search", self.search.as_str()),
            ("metadata", &self.metadata),
            ("group", &self.group),
            ("after", self.after.as_deref().unwrap_or_default()),
            ("before", self.before.as_deref().unwrap_or_default()),
        ];
        let mut address = String::new();
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            address.push(if address.is_empty() { '?' } else { '&' });
            address.push_str(name);
            address.push('=');
            percent_encode(value, &mut address);
        }
        address
    }

    /// The same question from its first page on.
    #[must_use]
    pub fn first_page(&self) -> DeviceQuery {
        DeviceQuery { after: None, before: None, ..self.clone() }
    }

    /// The metadata that is looked for: a key, and a value that is empty where any will do.
    #[must_use]
    pub fn entry(&self) -> (&str, &str) {
        let (key, value) = self.metadata.split_once('=').unwrap_or((&self.metadata, ""));
        (key.trim(), value.trim())
    }
}

/// A position between two rows: what the list is sorted by, of one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCursor {
    /// The name in lower case.
    pub name: String,
    pub id: String,
}

impl DeviceCursor {
    #[must_use]
    pub fn of(device: &Device) -> DeviceCursor {
        DeviceCursor { name: super::text::fold(&device.name), id: device.id.clone() }
    }

    #[must_use]
    pub fn encode(&self) -> String {
        format!("{}.{}", self.id, self.name)
    }

    #[must_use]
    pub fn decode(text: &str) -> Option<DeviceCursor> {
        let (id, name) = text.split_once('.')?;
        let plausible = id.len() == 36 && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        let clean = !name.is_empty() && !name.chars().any(char::is_control);
        (plausible && clean).then(|| DeviceCursor { name: name.to_owned(), id: id.to_owned() })
    }
}

/// A group by its name, for a choice or a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupName {
    pub id: String,
    pub name: String,
}

/// One page of the list with everything that stands round it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceList {
    /// By name.
    pub items: Vec<KeptDevice>,
    /// How many devices the person sees, whatever is searched for.
    pub total: i64,
    /// The groups that the person sees.
    pub groups: Vec<GroupName>,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub may: May,
}

/// The form of a new device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDevicePage {
    pub workgroup: Workgroup,
    /// What a device's token can hold, all of it ticked at first.
    pub permissions: Vec<PermissionChoice>,
    /// Makes a repeated post harmless.
    pub idempotency_key: String,
}

/// A device's page, its edit page and its dialog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevicePage {
    pub workgroup: Workgroup,
    pub kept: KeptDevice,
    pub may: May,
    /// Of the groups that the person sees, those that hold it.
    pub groups: Vec<GroupName>,
    /// Groups that list it and no other device stand in the way of removing it; told to whoever could remove it.
    pub alone_in: Vec<String>,
    /// Metadata keys that device groups go by, for whoever edits; who is bound does not change them.
    pub keys_of_groups: Vec<String>,
    /// How many tokens of its own it has that are not revoked, for whoever could remove it.
    pub standing: i64,
    /// `None` without Manage access.
    pub access: Option<DeviceAccess>,
    /// Newest first; nothing for whoever manages neither access nor devices.
    pub activity: Vec<Activity>,
    pub now: Time,
}

/// Who and what reaches a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceAccess {
    /// The device's own tokens in every state, as many as fit.
    pub own: Vec<TokenLine>,
    pub own_count: i64,
    /// Tokens that open it now, soonest expiry first: one page of them.
    pub reaching: Vec<TokenLine>,
    /// Cursor of the page after, if there is one.
    pub next: Option<String>,
    /// Members bound to a group that holds it, as many as fit.
    pub members: Vec<BoundMember>,
    pub member_count: i64,
}

/// A token in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLine {
    pub id: String,
    pub title: String,
    pub hint: String,
    pub status: TokenStatus,
    pub expires_at: Option<Time>,
    pub reach: Reach,
}

impl TokenLine {
    #[must_use]
    pub fn of(token: &Token, now: Time) -> TokenLine {
        TokenLine {
            id: token.id.clone(),
            title: token.title(),
            hint: token.hint().to_owned(),
            status: token.status(now),
            expires_at: token.expires_at,
            reach: token.reach.clone(),
        }
    }

    /// Why it reaches the device.
    #[must_use]
    pub fn why(&self) -> String {
        match &self.reach {
            Reach::Workgroup => "whole workgroup".to_owned(),
            Reach::Group { name, .. } => format!("through the device group {name}"),
            Reach::Device { .. } => "its own device token".to_owned(),
        }
    }
}

/// A member who sees a device because of the group that they are bound to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundMember {
    pub name: String,
    pub email: String,
    pub group: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn read(fields: &[(&str, &str)]) -> DeviceQuery {
        let fields: BTreeMap<_, _> = fields.iter().copied().collect();
        DeviceQuery::read(|name| fields.get(name).map(|value| (*value).to_owned()))
    }

    #[test]
    fn what_an_address_says_is_read_and_written_alike() {
        let query = read(&[("search", " pump & 1 "), ("metadata", "site = north"), ("after", "")]);
        assert_eq!(query.search, "pump & 1");
        assert_eq!(query.address(), "?search=pump%20%26%201&metadata=site%20%3D%20north");
        assert!(query.is_narrowed() && !read(&[("after", "x")]).is_narrowed());
        assert_eq!(read(&[]).address(), "");
    }

    #[test]
    fn metadata_is_asked_for_by_key_and_value_or_by_key() {
        let cases = [
            ("site = north", ("site", "north")),
            ("site=a=b", ("site", "a=b")),
            ("site", ("site", "")),
            ("", ("", "")),
            ("= north", ("", "north")),
        ];
        for (typed, entry) in cases {
            assert_eq!(read(&[("metadata", typed)]).entry(), entry, "{typed}");
        }
    }

    #[test]
    fn a_cursor_comes_back_whatever_the_name_holds() {
        let id = "01999999-9999-7999-8999-999999999999";
        let device = Device {
            id: id.into(),
            external_id: "p".into(),
            name: "Pümpe 1.5 · Süd".into(),
            metadata: BTreeMap::new(),
        };
        let cursor = DeviceCursor::of(&device);
        assert_eq!(cursor.name, "pümpe 1.5 · süd");
        assert_eq!(DeviceCursor::decode(&cursor.encode()), Some(cursor));
        for odd in ["", "x", "x.name", &format!("{id}."), &format!("{id}.a\u{0}"), id] {
            assert_eq!(DeviceCursor::decode(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn a_token_says_why_it_reaches_the_device() {
        let named = |name: &str| (name.to_owned(), name.to_owned());
        let (id, name) = named("North plant");
        let cases = [
            (Reach::Workgroup, "whole workgroup"),
            (Reach::Group { id, name }, "through the device group North plant"),
            (
                Reach::Device { id: "d".into(), external_id: "d".into(), name: "D".into() },
                "its own device token",
            ),
        ];
        for (reach, why) in cases {
            let line = TokenLine {
                id: "t".into(),
                title: "T".into(),
                hint: "lka_…9fK2".into(),
                status: TokenStatus::Active,
                expires_at: None,
                reach,
            };
            assert_eq!(line.why(), why);
        }
    }
}
