//! What a new token will be able to do, as one sentence, and the dates that follow from its lifetime. The same words on server and browser.

use super::answers::NewTokenPage;
use super::lifetime::Lifetime;
use super::notice::Stages;
use super::permission::{DEVICES_MANAGE, READ};
use super::time::{DAY, Time};
use super::token::Kind;
use super::token_draft::RawDraft;

/// How long an expired token stays in the list.
pub const REMOVED_AFTER: i64 = 28 * DAY;

/// A piece of the sentence; the strong ones are what was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub strong: bool,
}

/// The dates that follow from a lifetime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prospect {
    /// Days before the end, and when that is.
    pub notices: Vec<(i64, Time)>,
    pub expires: Time,
    pub leaves: Time,
}

/// `None`: it does not expire.
#[must_use]
pub fn prospect(lifetime: Lifetime, stages: &Stages, now: Time) -> Option<Prospect> {
    let expires = lifetime.end(now)?;
    let notices = stages.of_life(now, expires).map(|days| (days, expires - days * DAY)).collect();
    Some(Prospect { notices, expires, leaves: expires + REMOVED_AFTER })
}

/// The lifetime that the draft asks for; its kind's default if it names none.
#[must_use]
pub fn lifetime(draft: &RawDraft, kind: Kind) -> Lifetime {
    let default = if kind == Kind::Device { Lifetime::Never } else { Lifetime::default() };
    Lifetime::parse(&draft.expires).unwrap_or(default)
}

/// "**Plant integrator** will be able to **read and control** the **12 devices of North plant** until **21 Feb 2027**, …"
#[must_use]
pub fn of_draft(draft: &RawDraft, kind: Kind, page: &NewTokenPage) -> Vec<Piece> {
    let mut words = Words::default();
    let owner = draft.owner.trim();
    words.strong(if owner.is_empty() { "The token owner" } else { owner });
    words.may(draft, kind, page);
    words.until(draft, kind, page.now);
    words.0
}

#[derive(Default)]
struct Words(Vec<Piece>);

impl Words {
    fn plain(&mut self, text: impl Into<String>) {
        self.0.push(Piece { text: text.into(), strong: false });
    }

    fn strong(&mut self, text: impl Into<String>) {
        self.0.push(Piece { text: text.into(), strong: true });
    }

    /// What it may do, and with what.
    fn may(&mut self, draft: &RawDraft, kind: Kind, page: &NewTokenPage) {
        let chosen =
            page.permissions.iter().map(|choice| &choice.permission).filter(|permission| {
                let always = kind == Kind::Access && permission.name == READ;
                always || draft.permissions.contains(&permission.name)
            });
        let (verbs, others): (Vec<_>, Vec<_>) = chosen
            .map(|permission| verb(&permission.name, &permission.label))
            .partition(|(_, of_devices)| *of_devices);
        let verbs: Vec<_> = verbs.into_iter().map(|(verb, _)| verb).collect();
        let others: Vec<_> = others.into_iter().map(|(verb, _)| verb).collect();
        if verbs.is_empty() && others.is_empty() {
            self.plain(
                " will hold a token that may do nothing yet, because no permission is chosen, for ",
            );
            self.reach(draft, kind, page);
            return;
        }
        self.plain(" will be able to ");
        if verbs.is_empty() {
            self.strong(listed(&others));
            self.plain(" for ");
            self.reach(draft, kind, page);
            return;
        }
        self.strong(listed(&verbs));
        self.plain(" ");
        self.reach(draft, kind, page);
        if !others.is_empty() {
            self.plain(", and to ");
            self.strong(listed(&others));
            self.plain(",");
        }
    }

    fn reach(&mut self, draft: &RawDraft, kind: Kind, page: &NewTokenPage) {
        if kind == Kind::Device {
            let device = page.devices.iter().find(|it| it.external_id == draft.device);
            return self.strong(device.map_or("one device", |it| &it.name));
        }
        let group = page.groups.iter().find(|it| it.name == draft.device_group);
        let (count, whose) = match group {
            Some(group) => (group.devices, &group.name),
            None => (page.device_count, &page.workgroup.name),
        };
        self.plain("the ");
        match count {
            0 => {
                self.strong(format!("devices of {whose}"));
                self.plain(" (none so far)");
            }
            1 => self.strong(format!("one device of {whose}")),
            count => self.strong(format!("{count} devices of {whose}")),
        }
    }

    fn until(&mut self, draft: &RawDraft, kind: Kind, now: Time) {
        let Some(end) = lifetime(draft, kind).end(now) else {
            self.plain(" ");
            self.strong("until somebody revokes it");
            return self.plain(".");
        };
        self.plain(" until ");
        self.strong(end.date());
        self.plain(if draft.can_renew {
            ", and can renew this token itself."
        } else {
            ", and then needs it reissued: it cannot renew."
        });
    }
}

/// What a permission lets one do, and whether it is done to devices. The catalogue is data: an unknown name keeps its label.
pub(super) fn verb(name: &str, label: &str) -> (String, bool) {
    match name {
        READ => ("read".into(), true),
        "devices.control" => ("control".into(), true),
        DEVICES_MANAGE => ("manage".into(), true),
        "tunnel" => ("tunnel into".into(), true),
        "discovery" => ("discover new devices".into(), false),
        _ => (lower_first(label), false),
    }
}

fn lower_first(label: &str) -> String {
    let mut chars = label.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `First`, `Second` … `Last notice`, as a list of dates names them.
#[must_use]
pub fn ordinal(index: usize, of: usize) -> &'static str {
    const NAMES: [&str; 4] = ["First notice", "Second notice", "Third notice", "Fourth notice"];
    if of == 1 {
        "Notice"
    } else if index + 1 == of {
        "Last notice"
    } else {
        NAMES.get(index).copied().unwrap_or("Notice")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answers::PermissionChoice;
    use crate::domain::device::{DeviceChoice, GroupChoice};
    use crate::domain::permission::catalogue_at_first_start;
    use crate::domain::workgroup::{Policy, Workgroup};

    fn page() -> NewTokenPage {
        let offered = |permission| PermissionChoice { permission, barred: None };
        NewTokenPage {
            workgroup: Workgroup {
                id: "w".into(),
                slug: "harrow-valley".into(),
                name: "Harrow Valley".into(),
                time_zone: "UTC".into(),
                policy: Policy::default(),
            },
            draft: RawDraft::default(),
            replaces: None,
            like: None,
            permissions: catalogue_at_first_start().into_iter().map(offered).collect(),
            whole_workgroup: true,
            groups: [("North plant", 12), ("Attic", 1), ("Empty", 0)]
                .map(|(name, devices)| GroupChoice { name: name.into(), devices })
                .into(),
            devices: vec![DeviceChoice { external_id: "p1".into(), name: "Pump 1".into() }],
            typed_device: false,
            device_count: 214,
            idempotency_key: "k".into(),
            now: Time::parse("2026-11-21T10:00:00Z").unwrap(),
        }
    }

    fn draft(permissions: &[&str], group: &str, expires: &str, can_renew: bool) -> RawDraft {
        RawDraft {
            owner: " Plant integrator ".into(),
            expires: expires.into(),
            can_renew,
            permissions: permissions.iter().map(ToString::to_string).collect(),
            device_group: group.into(),
            ..RawDraft::default()
        }
    }

    fn said(draft: &RawDraft, kind: Kind) -> String {
        of_draft(draft, kind, &page()).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn the_sentence_says_who_what_where_and_until_when() {
        let cases = [
            (
                draft(&["devices.control"], "North plant", "3m", true),
                "Plant integrator will be able to read and control the 12 devices of North plant until 21 Feb 2027, and can renew this token itself.",
            ),
            (
                draft(&["discovery", "devices.manage", "tunnel", "access.manage"], "", "7d", false),
                "Plant integrator will be able to read, manage and tunnel into the 214 devices of Harrow Valley, and to discover new devices and manage access, until 28 Nov 2026, and then needs it reissued: it cannot renew.",
            ),
            (
                RawDraft { owner: "".into(), ..draft(&[], "Empty", "never", true) },
                "The token owner will be able to read the devices of Empty (none so far) until somebody revokes it.",
            ),
            (
                draft(&[], "Attic", "", true),
                "Plant integrator will be able to read the one device of Attic until 21 Dec 2026, and can renew this token itself.",
            ),
        ];
        for (draft, sentence) in cases {
            assert_eq!(said(&draft, Kind::Access), sentence);
        }
    }

    #[test]
    fn a_device_token_speaks_of_its_device() {
        let cases = [
            (
                draft(&["telemetry.send"], "", "", false),
                "Plant integrator will be able to send telemetry for one device until somebody revokes it.",
            ),
            (
                RawDraft { device: "p1".into(), ..draft(&[], "", "1y", true) },
                "Plant integrator will hold a token that may do nothing yet, because no permission is chosen, for Pump 1 until 21 Nov 2027, and can renew this token itself.",
            ),
        ];
        for (draft, sentence) in cases {
            assert_eq!(said(&draft, Kind::Device), sentence);
        }
    }

    #[test]
    fn hostile_text_stays_text() {
        let owner = RawDraft { owner: "<b>x</b>".into(), ..draft(&[], "", "", true) };
        assert_eq!(of_draft(&owner, Kind::Access, &page())[0].text, "<b>x</b>");
    }

    #[test]
    fn the_dates_leave_out_what_a_short_life_has_no_room_for() {
        let (stages, now) = (Stages::default(), page().now);
        let days = |lifetime| -> Vec<i64> {
            let prospect = prospect(lifetime, &stages, now);
            prospect.map(|it| it.notices.iter().map(|it| it.0).collect()).unwrap_or_default()
        };
        assert_eq!(days(Lifetime::Days7), [1]);
        assert_eq!(days(Lifetime::Days14), [7, 1]);
        assert_eq!(days(Lifetime::Months3), [14, 7, 1]);
        assert_eq!(prospect(Lifetime::Never, &stages, now), None);
        let three = prospect(Lifetime::Months3, &stages, now).unwrap();
        assert_eq!(
            (three.expires.date(), three.leaves.date()),
            ("21 Feb 2027".into(), "21 Mar 2027".into())
        );
        assert_eq!(
            (ordinal(0, 3), ordinal(2, 3), ordinal(0, 1)),
            ("First notice", "Last notice", "Notice")
        );
    }
}
