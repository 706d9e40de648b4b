//! Metadata of a device: keys and values, how they are typed, and which of them whoever is bound to a group may not touch.

use super::device::DeviceGroup;
use super::refusal::{Code, Refusal};
use super::text::{Line, Name};
use std::collections::{BTreeMap, BTreeSet};

pub type Metadata = BTreeMap<String, String>;

/// A device has at most this many entries.
const MOST: usize = 50;

/// One entry, of a device or of a group's rule: a key of 1 to 80 characters, a value of 1 to 200.
pub fn parse_entry((key, value): &(String, String)) -> Result<(String, String), String> {
    let key = Name::parse(key).map_err(|why| format!("The key: {why}"))?;
    let value = Line::<200>::parse(value).map_err(|why| format!("The value of “{key}”: {why}"))?;
    let key = key.into_string();
    // Such a key could be typed nowhere: a line is split at its first equals sign.
    if key.contains('=') {
        return Err(format!("The key “{key}” must not contain an equals sign."));
    }
    Ok((key, value.into_string()))
}

/// All entries of a device. Only the first thing that is wrong is said: the field is one.
pub fn parse(pairs: &[(String, String)]) -> Result<Metadata, String> {
    if pairs.len() > MOST {
        return Err(format!("At most {MOST} entries; these are {}.", pairs.len()));
    }
    let mut metadata = Metadata::new();
    for pair in pairs {
        let (key, value) = parse_entry(pair)?;
        if metadata.contains_key(&key) {
            return Err(format!("“{key}” stands there twice."));
        }
        metadata.insert(key, value);
    }
    Ok(metadata)
}

/// One `key = value` a line, split at the first equals sign; empty lines are skipped. What has no value is refused by
/// [`parse`], which is given it without one.
#[must_use]
pub fn read_lines(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let pair = |line: &str| {
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        (key.trim().to_owned(), value.trim().to_owned())
    };
    lines.map(pair).collect()
}

/// As a text area shows it and [`read_lines`] reads it.
#[must_use]
pub fn as_lines(metadata: &Metadata) -> String {
    let lines: Vec<_> = metadata.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    lines.join("\n")
}

/// The keys whose value differs, or that only one side has.
#[must_use]
pub fn changed_keys<'a>(before: &'a Metadata, after: &'a Metadata) -> BTreeSet<&'a str> {
    let keys = before.keys().chain(after.keys());
    keys.filter(|key| before.get(*key) != after.get(*key)).map(String::as_str).collect()
}

/// A key that a group goes by decides which devices the group holds: whoever is bound to a group would move devices into
/// their own reach, or out of somebody else's.
pub fn may_change(
    bound_to: Option<&DeviceGroup>,
    before: &Metadata,
    after: &Metadata,
    keys_of_groups: &BTreeSet<String>,
) -> Result<(), Refusal> {
    let Some(group) = bound_to else { return Ok(()) };
    let barred: Vec<_> = changed_keys(before, after)
        .into_iter()
        .filter(|key| keys_of_groups.contains(*key))
        .map(|key| format!("“{key}”"))
        .collect();
    if barred.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        Code::InsufficientPermissions,
        format!(
            "You are bound to the device group {}, and a device group goes by the metadata key {}: only members of the \
             whole workgroup change it. Nothing was saved; leave it as it was, or ask one of them.",
            group.name,
            barred.join(", ")
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::device::GroupRule;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    fn metadata(entries: &[(&str, &str)]) -> Metadata {
        pairs(entries).into_iter().collect()
    }

    #[test]
    fn metadata_is_trimmed_and_every_entry_whole() {
        let parsed = parse(&pairs(&[(" site ", " north "), ("line", "7")])).unwrap();
        assert_eq!(parsed.get("site").map(String::as_str), Some("north"));
        for refused in [
            [("", "north")],
            [("site", "")],
            [("si\nte", "north")],
            [("site", "a\u{7}")],
            [("a=b", "c")],
        ] {
            assert!(parse(&pairs(&refused)).is_err(), "{refused:?}");
        }
        assert!(parse(&pairs(&[("site", "north"), ("site ", "south")])).is_err());
        assert!(parse(&pairs(&[("site", &"x".repeat(200))])).is_ok());
        assert!(parse(&pairs(&[("site", &"x".repeat(201))])).is_err());
        let many: Vec<_> = (0..51).map(|i| (format!("k{i}"), "v".to_owned())).collect();
        assert!(parse(&many).is_err() && parse(&many[..50]).is_ok());
    }

    #[test]
    fn what_is_typed_line_by_line_is_what_is_shown_line_by_line() {
        let typed = "site = north\r\n\n  formula=a=b \nlonely\n= nothing";
        let expected =
            pairs(&[("site", "north"), ("formula", "a=b"), ("lonely", ""), ("", "nothing")]);
        assert_eq!(read_lines(typed), expected);
        let both = metadata(&[("site", "north"), ("formula", "a=b")]);
        assert_eq!(as_lines(&both), "formula = a=b\nsite = north");
        assert_eq!(parse(&read_lines(&as_lines(&both))).unwrap(), both);
    }

    #[test]
    fn whoever_is_bound_never_changes_a_key_that_a_group_goes_by() {
        let group = DeviceGroup {
            id: "g".into(),
            name: "North".into(),
            rule: GroupRule::In(BTreeSet::new()),
        };
        let keys = BTreeSet::from(["site".to_owned()]);
        let before = metadata(&[("site", "north"), ("line", "7")]);
        // after, allowed when bound
        let cases = [
            (vec![("site", "north"), ("line", "7")], true),
            (vec![("site", "north"), ("line", "8")], true),
            (vec![("site", "north")], true),
            (vec![("site", "north"), ("line", "7"), ("note", "x")], true),
            (vec![("site", "south"), ("line", "7")], false),
            (vec![("site", "North"), ("line", "7")], false),
            (vec![("line", "7")], false),
            (vec![], false),
        ];
        for (after, allowed) in cases {
            let after = metadata(&after);
            let bound = may_change(Some(&group), &before, &after, &keys);
            assert_eq!(bound.is_ok(), allowed, "{after:?}");
            if let Err(refusal) = bound {
                assert_eq!(refusal.code, Code::InsufficientPermissions);
                assert!(refusal.detail.contains("“site”") && refusal.detail.contains("North"));
            }
            assert!(may_change(None, &before, &after, &keys).is_ok());
        }
        let added = may_change(Some(&group), &metadata(&[]), &before, &keys);
        assert!(added.is_err(), "a key is not brought in either");
        assert!(may_change(Some(&group), &before, &metadata(&[]), &BTreeSet::new()).is_ok());
    }
}
