//! What an edit of a device group opens and closes: which devices come in and go out, and for whom. Pure; edits count at once.

use super::device::{Device, DeviceChoice, DeviceGroup};
use super::usage::{counted, grouped};
use serde::{Deserialize, Serialize};

/// At most this many things are named; of the rest there is a count.
pub const NAMED: usize = 20;

/// Which devices an edit moves, all of them, in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shift<'a> {
    pub comes: Vec<&'a Device>,
    pub goes: Vec<&'a Device>,
    /// How many devices the group holds afterwards.
    pub holds: usize,
}

/// Judges every device of the workgroup by the one rule, before and after.
#[must_use]
pub fn shift<'a>(devices: &'a [Device], before: &DeviceGroup, after: &DeviceGroup) -> Shift<'a> {
    let mut shift = Shift::default();
    for device in devices {
        match (before.contains(device), after.contains(device)) {
            (false, true) => shift.comes.push(device),
            (true, false) => shift.goes.push(device),
            _ => {}
        }
        shift.holds += usize::from(after.contains(device));
    }
    shift
}

/// The first of many, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Few<T> {
    pub first: Vec<T>,
    pub total: i64,
}

impl<T> Few<T> {
    /// Takes the first [`NAMED`].
    pub fn of(all: impl ExactSizeIterator<Item = T>) -> Few<T> {
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        Few { first: all.take(NAMED).collect(), total }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// How many are not named.
    #[must_use]
    pub fn more(&self) -> i64 {
        self.total - i64::try_from(self.first.len()).unwrap_or(0)
    }
}

/// What whoever edits a group is shown before it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupEffect {
    pub comes: Few<DeviceChoice>,
    pub goes: Few<DeviceChoice>,
    /// How many devices the group holds afterwards.
    pub holds: i64,
    /// The tokens bound to the group that are not revoked, by title.
    pub tokens: Few<String>,
    /// The members bound to the group, by name.
    pub members: Few<String>,
    /// Tells this effect from any other: what is saved must be what was shown.
    pub seen: String,
}

impl GroupEffect {
    /// Whether no device comes in or goes out.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.comes.is_empty() && self.goes.is_empty()
    }

    /// `gains Pump 7 and 2 more, loses Pump 1`: the same for everybody who is bound to the group.
    #[must_use]
    pub fn for_each(&self) -> String {
        let part = |verb: &str, devices: &Few<DeviceChoice>| {
            let first = devices.first.first()?;
            let more = devices.total - 1;
            let rest =
                if more > 0 { format!(" and {} more", grouped(more)) } else { String::new() };
            Some(format!("{verb} {}{rest}", first.name))
        };
        let parts = [part("gains", &self.comes), part("loses", &self.goes)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// For whom it is, and that it counts at once.
    #[must_use]
    pub fn concerns(&self) -> String {
        let (tokens, members) = (self.tokens.total, self.members.total);
        let who = match (tokens, members) {
            (0, 0) => {
                return "No token and no member is bound to this group, so nothing opens or closes for anybody now."
                    .to_owned();
            }
            (_, 0) => counted(tokens, "token"),
            (0, _) => counted(members, "member"),
            _ => format!("{} and {}", counted(tokens, "token"), counted(members, "member")),
        };
        let verb = if tokens + members == 1 { "is" } else { "are" };
        format!("{who} {verb} bound to this group. For each of them this counts at once.")
    }

    /// Everything in plain sentences, for a terminal.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let devices = |devices: &Few<DeviceChoice>, verb: &str| {
            let names: Vec<_> = devices.first.iter().map(|it| it.external_id.as_str()).collect();
            let more = devices.more();
            let rest =
                if more > 0 { format!(" and {} more", grouped(more)) } else { String::new() };
            (!devices.is_empty()).then(|| format!("{verb}: {}{rest}.", names.join(", ")))
        };
        let each = self.for_each();
        let who = self.tokens.first.iter().chain(&self.members.first);
        let mut all: Vec<_> = who.map(|who| format!("{who} {each}.")).collect();
        let more = self.tokens.more() + self.members.more();
        if more > 0 {
            all.push(format!("{} more: the same.", grouped(more)));
        }
        all.insert(0, self.concerns());
        let moved = [devices(&self.comes, "Comes in"), devices(&self.goes, "Goes out")];
        moved.into_iter().flatten().chain(all).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::device::GroupRule;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Six devices: d0 … d5; even ones stand at the north site.
    fn devices() -> Vec<Device> {
        let site = |number: u8| if number.is_multiple_of(2) { "north" } else { "south" };
        let device = |number: u8| Device {
            id: format!("d{number}"),
            external_id: format!("pump-{number}"),
            name: format!("Pump {number}"),
            metadata: [("site".to_owned(), site(number).to_owned())].into(),
        };
        (0..6).map(device).collect()
    }

    fn group(rule: GroupRule) -> DeviceGroup {
        DeviceGroup { id: "g".into(), name: "North".into(), rule }
    }

    fn ids(numbers: &[u8]) -> BTreeSet<String> {
        numbers.iter().map(|number| format!("d{number}")).collect()
    }

    fn at(site: &str) -> GroupRule {
        GroupRule::Metadata { key: "site".into(), value: site.into() }
    }

    fn held(devices: &[Device], rule: &GroupRule) -> BTreeSet<String> {
        let group = group(rule.clone());
        devices.iter().filter(|it| group.contains(it)).map(|it| it.id.clone()).collect()
    }

    fn moved(devices: &[&Device]) -> BTreeSet<String> {
        devices.iter().map(|device| device.id.clone()).collect()
    }

    /// Before, after, what comes, what goes, how many it holds.
    type Case = (GroupRule, GroupRule, &'static [u8], &'static [u8], usize);

    #[test]
    fn an_edit_moves_what_one_rule_holds_and_the_other_does_not() {
        use GroupRule::{In, NotIn};
        let cases: [Case; 8] = [
            (In(ids(&[0])), In(ids(&[0])), &[], &[], 1),
            (In(ids(&[0, 1])), In(ids(&[1, 2])), &[2], &[0], 2),
            (In(ids(&[0])), NotIn(ids(&[0])), &[1, 2, 3, 4, 5], &[0], 5),
            (In(ids(&[0, 2, 4])), at("north"), &[], &[], 3),
            (at("north"), at("south"), &[1, 3, 5], &[0, 2, 4], 3),
            (NotIn(ids(&[])), In(ids(&[5])), &[], &[0, 1, 2, 3, 4], 1),
            (NotIn(ids(&[1])), NotIn(ids(&[])), &[1], &[], 6),
            (at("north"), at("nowhere"), &[], &[0, 2, 4], 0),
        ];
        let devices = devices();
        for (before, after, comes, goes, holds) in cases {
            let said = format!("{before:?} to {after:?}");
            let shift = shift(&devices, &group(before), &group(after));
            assert_eq!(moved(&shift.comes), ids(comes), "{said}");
            assert_eq!(moved(&shift.goes), ids(goes), "{said}");
            assert_eq!(shift.holds, holds, "{said}");
        }
    }

    fn rule() -> impl Strategy<Value = GroupRule> {
        let some = || {
            proptest::collection::btree_set(0u8..8, 0..8).prop_map(|numbers| {
                numbers.into_iter().map(|number| format!("d{number}")).collect::<BTreeSet<_>>()
            })
        };
        prop_oneof![
            some().prop_map(GroupRule::In),
            some().prop_map(GroupRule::NotIn),
            prop_oneof![Just("north"), Just("south"), Just("west")].prop_map(at),
        ]
    }

    proptest! {
        #[test]
        fn the_effect_put_upon_the_old_set_gives_the_new_set(before in rule(), after in rule()) {
            let devices = devices();
            let old = held(&devices, &before);
            let new = held(&devices, &after);
            let shift = shift(&devices, &group(before), &group(after));
            let (comes, goes) = (moved(&shift.comes), moved(&shift.goes));
            prop_assert!(comes.is_disjoint(&old) && goes.is_subset(&old));
            let kept: BTreeSet<_> = old.difference(&goes).cloned().collect();
            let applied: BTreeSet<_> = kept.union(&comes).cloned().collect();
            prop_assert_eq!(shift.holds, new.len());
            prop_assert_eq!(applied, new);
        }
    }

    fn effect(comes: &[&str], goes: &[&str], tokens: &[&str], members: &[&str]) -> GroupEffect {
        let devices = |names: &[&str]| {
            let all: Vec<_> = names
                .iter()
                .map(|name| DeviceChoice {
                    external_id: name.to_lowercase().replace(' ', "-"),
                    name: (*name).to_owned(),
                })
                .collect();
            Few::of(all.into_iter())
        };
        let names = |names: &[&str]| {
            Few::of(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>().into_iter())
        };
        GroupEffect {
            comes: devices(comes),
            goes: devices(goes),
            holds: 1,
            tokens: names(tokens),
            members: names(members),
            seen: String::new(),
        }
    }

    #[test]
    fn an_effect_is_said_by_name() {
        let north = "North plant integrator · staging";
        let whole = effect(&["Pump 7", "Pump 8", "Pump 9"], &["Pump 1"], &[north], &["Ben"]);
        assert_eq!(whole.for_each(), "gains Pump 7 and 2 more, loses Pump 1");
        assert_eq!(
            whole.sentences(),
            [
                "Comes in: pump-7, pump-8, pump-9.",
                "Goes out: pump-1.",
                "1 token and 1 member are bound to this group. For each of them this counts at once.",
                "North plant integrator · staging gains Pump 7 and 2 more, loses Pump 1.",
                "Ben gains Pump 7 and 2 more, loses Pump 1.",
            ]
        );
        assert_eq!(effect(&["Pump 7"], &[], &[], &[]).for_each(), "gains Pump 7");
        assert_eq!(effect(&[], &["Pump 7"], &[], &[]).for_each(), "loses Pump 7");
        assert!(effect(&[], &["A"], &[], &[]).concerns().contains("for anybody"));
        assert!(effect(&[], &["A"], &["T"], &[]).concerns().starts_with("1 token is bound"));
        assert!(effect(&[], &[], &["T"], &[]).is_nothing());
    }

    #[test]
    fn twenty_are_named_and_the_rest_counted() {
        let names: Vec<_> = (1..=23).map(|number| format!("Pump {number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let many = effect(&names, &[], &names, &[]);
        assert_eq!((many.comes.first.len(), many.comes.total, many.comes.more()), (20, 23, 3));
        assert_eq!(many.for_each(), "gains Pump 1 and 22 more");
        assert!(many.sentences()[0].ends_with("pump-20 and 3 more."));
        assert_eq!(many.sentences().last().map(String::as_str), Some("3 more: the same."));
    }
}
