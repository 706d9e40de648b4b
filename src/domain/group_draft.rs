//! What is asked of a device group: as it stands in a form, a body or a command, before it is checked.

use super::device::GroupRule;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// At most this many ids are written out, in a refusal and in the record.
const NAMED: usize = 5;
const RECORDED: usize = 20;

/// A group as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawGroup {
    pub name: String,
    pub rule: RawRule,
}

/// What an edit names; the rest stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawGroupEdit {
    /// The version that whoever edits has seen.
    pub version: i64,
    pub name: Option<String>,
    pub rule: Option<RawRule>,
}

/// Which devices a group is to hold; devices by their external ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RawRule {
    In(Vec<String>),
    NotIn(Vec<String>),
    Metadata { key: String, value: String },
}

impl RawRule {
    /// A rule as the store has it, with the external ids of the devices that it lists.
    #[must_use]
    pub fn of(rule: &GroupRule, listed: Vec<String>) -> RawRule {
        match rule {
            GroupRule::In(_) => RawRule::In(listed),
            GroupRule::NotIn(_) => RawRule::NotIn(listed),
            GroupRule::Metadata { key, value } => {
                RawRule::Metadata { key: key.clone(), value: value.clone() }
            }
        }
    }

    /// The rule of a form, whose every field is sent whatever was chosen; `None`: nothing that we know was chosen.
    #[must_use]
    pub fn of_form(chosen: &str, devices: &str, key: &str, value: &str) -> Option<RawRule> {
        match chosen {
            "in" => Some(RawRule::In(external_ids(devices))),
            "not_in" => Some(RawRule::NotIn(external_ids(devices))),
            "metadata" => Some(RawRule::Metadata { key: key.into(), value: value.into() }),
            _ => None,
        }
    }

    /// Its name in forms and bodies, and the field that a refusal names.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            RawRule::In(_) => "in",
            RawRule::NotIn(_) => "not_in",
            RawRule::Metadata { .. } => "metadata",
        }
    }

    /// The listed ids as a text area holds them.
    #[must_use]
    pub fn lines(&self) -> String {
        match self {
            RawRule::In(ids) | RawRule::NotIn(ids) => ids.join("\n"),
            RawRule::Metadata { .. } => String::new(),
        }
    }

    /// In words that are never long, as the record keeps them.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            RawRule::In(ids) => format!("in {}", some_of(ids)),
            RawRule::NotIn(ids) if ids.is_empty() => "every device".to_owned(),
            RawRule::NotIn(ids) => format!("all but {}", some_of(ids)),
            RawRule::Metadata { key, value } => format!("{key} = {value}"),
        }
    }
}

/// External ids from a text, one a line; empty lines and repetitions are left out.
#[must_use]
pub fn external_ids(text: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let ids = text.lines().map(str::trim).filter(|id| !id.is_empty());
    ids.filter(|id| seen.insert(*id)).map(str::to_owned).collect()
}

/// What is said of ids that no device has.
#[must_use]
pub fn no_such(unknown: &[&str]) -> String {
    let named: Vec<_> = unknown
        .iter()
        .take(NAMED)
        .map(|id| id.chars().filter(|c| !c.is_control()).take(40).collect::<String>())
        .map(|id| format!("\u{201c}{id}\u{201d}"))
        .collect();
    let more = unknown.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("There is no device {}{rest}.", named.join(", "))
}

fn some_of(ids: &[String]) -> String {
    let named: Vec<_> = ids.iter().take(RECORDED).map(|id| id.trim()).collect();
    let more = ids.len().saturating_sub(RECORDED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", named.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_devices_are_named_but_not_without_end() {
        assert_eq!(no_such(&["a"]), "There is no device “a”.");
        let many = ["a", "b", "c", "d", "e", "f", "g"];
        assert_eq!(no_such(&many), "There is no device “a”, “b”, “c”, “d”, “e” and 2 more.");
        assert_eq!(no_such(&["a\u{1b}[31mb"]), "There is no device “a[31mb”.");
    }

    #[test]
    fn a_rule_is_said_in_words() {
        let ids = || vec!["p1".to_owned(), "p2".to_owned()];
        let by_metadata = RawRule::Metadata { key: "site".into(), value: "north".into() };
        let cases = [
            (RawRule::In(ids()), "in", "in p1, p2"),
            (RawRule::NotIn(ids()), "not_in", "all but p1, p2"),
            (RawRule::NotIn(vec![]), "not_in", "every device"),
            (by_metadata, "metadata", "site = north"),
        ];
        for (rule, code, words) in cases {
            assert_eq!((rule.code(), rule.in_words().as_str()), (code, words));
        }
        let many = RawRule::In((1..=22).map(|number| format!("p{number}")).collect());
        assert!(many.in_words().ends_with("p20 and 2 more"));
    }

    #[test]
    fn a_text_area_holds_one_id_a_line() {
        let text = " pump-1\r\n\r\n pump-2\t\npump-1\n";
        assert_eq!(external_ids(text), ["pump-1", "pump-2"]);
        assert_eq!(external_ids("pump-1, pump-2"), ["pump-1, pump-2"]);
        assert_eq!(RawRule::NotIn(external_ids(text)).lines(), "pump-1\npump-2");
    }

    #[test]
    fn a_form_sends_every_field_and_one_choice_counts() {
        let form = |chosen| RawRule::of_form(chosen, "a\nb", "site", "north");
        assert_eq!(form("in"), Some(RawRule::In(vec!["a".into(), "b".into()])));
        assert_eq!(form("not_in"), Some(RawRule::NotIn(vec!["a".into(), "b".into()])));
        let by_metadata = RawRule::Metadata { key: "site".into(), value: "north".into() };
        assert_eq!(form("metadata"), Some(by_metadata));
        assert_eq!(form(""), None);
        assert_eq!(form("all"), None);
    }
}
