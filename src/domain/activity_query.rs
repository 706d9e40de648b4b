//! What can be asked of the record of a workgroup, and kept in an address.

use super::activity::Verb;
use super::time::{DAY, Time};
use super::token_list::percent_encode;
use serde::{Deserialize, Serialize};

/// Who acts on the command line, as an address names them: they have no id.
pub const COMMAND_LINE: &str = "command-line";

/// The sorts of things that the record of a workgroup is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    Token,
    Device,
    DeviceGroup,
    Member,
    Invitation,
    Workgroup,
    Import,
}

impl SubjectKind {
    pub const ALL: [SubjectKind; 7] = [
        SubjectKind::Token,
        SubjectKind::Device,
        SubjectKind::DeviceGroup,
        SubjectKind::Member,
        SubjectKind::Invitation,
        SubjectKind::Workgroup,
        SubjectKind::Import,
    ];

    /// As the store and addresses name it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            SubjectKind::Token => "token",
            SubjectKind::Device => "device",
            SubjectKind::DeviceGroup => "device_group",
            SubjectKind::Member => "member",
            SubjectKind::Invitation => "invitation",
            SubjectKind::Workgroup => "workgroup",
            SubjectKind::Import => "import",
        }
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            SubjectKind::Token => "Tokens",
            SubjectKind::Device => "Devices",
            SubjectKind::DeviceGroup => "Device groups",
            SubjectKind::Member => "Members",
            SubjectKind::Invitation => "Invitations",
            SubjectKind::Workgroup => "The workgroup",
            SubjectKind::Import => "Imports",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<SubjectKind> {
        SubjectKind::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What is asked for. Everything stands in the address, so that a view can be shared and the back button works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActivityQuery {
    /// Part of the name of what something was done to, or its id.
    pub subject: String,
    pub kind: Option<SubjectKind>,
    /// The id of a person or token, or [`COMMAND_LINE`].
    pub actor: Option<String>,
    pub verb: Option<Verb>,
    /// First and last day, `2027-02-21`, in the workgroup's zone.
    pub from: Option<String>,
    pub to: Option<String>,
    /// Only what was denied.
    pub denied: bool,
    /// The page of what is older than this place.
    pub after: Option<String>,
    /// The page of what is newer than this place.
    pub before: Option<String>,
}

impl ActivityQuery {
    /// Reads the fields of an address, already decoded; what cannot be read is as if it were not there.
    #[must_use]
    pub fn read(field: impl Fn(&str) -> Option<String>) -> ActivityQuery {
        let filled = |name: &str| {
            field(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let day = |name: &str| filled(name).filter(|text| day(text).is_some());
        let actor = filled("actor").filter(|text| is_id(text) || text == COMMAND_LINE);
        ActivityQuery {
            subject: filled("subject").unwrap_or_default(),
            kind: filled("kind").and_then(|code| SubjectKind::parse(&code)),
            actor,
            verb: filled("verb").and_then(|code| Verb::parse(&code)),
            from: day("from"),
            to: day("to"),
            denied: filled("denied").is_some_and(|text| text == "1"),
            after: filled("after"),
            before: filled("before"),
        }
    }

    /// The fields in the order in which addresses show them; what asks for nothing is left out.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("subject", self.subject.as_str()),
            ("kind", self.kind.map_or("", SubjectKind::code)),
            ("actor", self.actor.as_deref().unwrap_or_default()),
            ("verb", self.verb.map_or("", Verb::code)),
            ("from", self.from.as_deref().unwrap_or_default()),
            ("to", self.to.as_deref().unwrap_or_default()),
            ("denied", if self.denied { "1" } else { "" }),
            ("after", self.after.as_deref().unwrap_or_default()),
            ("before", self.before.as_deref().unwrap_or_default()),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// `?verb=token.revoked&denied=1`, ready to stand behind the path; empty if nothing is asked for.
    #[must_use]
    pub fn address(&self) -> String {
        let mut address = String::new();
        for (name, value) in self.fields() {
            address.push(if address.is_empty() { '?' } else { '&' });
            address.push_str(name);
            address.push('=');
            percent_encode(value, &mut address);
        }
        address
    }

    /// The same question from its first page on.
    #[must_use]
    pub fn first_page(&self) -> ActivityQuery {
        ActivityQuery { after: None, before: None, ..self.clone() }
    }

    /// Whether anything but the page narrows the record.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.first_page() != ActivityQuery::default()
    }

    /// The subject, where it is named by its id.
    #[must_use]
    pub fn subject_id(&self) -> Option<&str> {
        is_id(&self.subject).then_some(self.subject.as_str())
    }

    /// Part of the subject's name, where it is not named by its id.
    #[must_use]
    pub fn subject_text(&self) -> Option<&str> {
        (!self.subject.is_empty() && !is_id(&self.subject)).then_some(self.subject.as_str())
    }

    /// What narrows it, field by field in words, each with the same question without it.
    #[must_use]
    pub fn narrowings(&self) -> Vec<Narrowing> {
        let all = self.first_page();
        let mut list = Vec::new();
        let mut add = |what: &'static str, value: String, rest: ActivityQuery| {
            list.push(Narrowing { what, value, rest });
        };
        if !self.subject.is_empty() {
            let rest = ActivityQuery { subject: String::new(), ..all.clone() };
            add("Subject", self.subject.clone(), rest);
        }
        if let Some(kind) = self.kind {
            add("Kind", kind.label().to_owned(), ActivityQuery { kind: None, ..all.clone() });
        }
        if let Some(actor) = &self.actor {
            add("Who", actor.clone(), ActivityQuery { actor: None, ..all.clone() });
        }
        if let Some(verb) = self.verb {
            add("What", verb.title().to_owned(), ActivityQuery { verb: None, ..all.clone() });
        }
        if let Some(from) = self.from.as_deref().and_then(day) {
            add("From", from.date(), ActivityQuery { from: None, ..all.clone() });
        }
        if let Some(to) = self.to.as_deref().and_then(day) {
            add("To", to.date(), ActivityQuery { to: None, ..all.clone() });
        }
        if self.denied {
            add("Outcome", "Denied".to_owned(), ActivityQuery { denied: false, ..all.clone() });
        }
        list
    }
}

/// One thing that narrows the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narrowing {
    pub what: &'static str,
    pub value: String,
    /// The question without it.
    pub rest: ActivityQuery,
}

/// Midnight UTC of a day written as `2027-02-21`.
fn day(text: &str) -> Option<Time> {
    let time = Time::parse(&format!("{text}T00:00:00Z"))?;
    // Other spellings of a day would not come back as they were typed.
    (text.len() == 10 && time.0.rem_euclid(DAY) == 0).then_some(time)
}

/// A UUID, as all our ids are.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0192f0a1-0000-7000-8000-00000000000a";

    fn read(fields: &[(&str, &str)]) -> ActivityQuery {
        ActivityQuery::read(|name| {
            let found = fields.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_view_of_the_record_is_its_address() {
        let after = format!("17.{ID}");
        let cases = [
            (String::new(), vec![]),
            (
                "?subject=Pump%201%20%26%20%C3%BC&kind=device_group".into(),
                vec![("subject", "Pump 1 & ü"), ("kind", "device_group")],
            ),
            (
                "?actor=command-line&verb=token.revoked&denied=1".into(),
                vec![("actor", "command-line"), ("verb", "token.revoked"), ("denied", "1")],
            ),
            (format!("?actor={ID}"), vec![("actor", ID)]),
            (
                "?from=2026-11-01&to=2026-11-30".into(),
                vec![("from", "2026-11-01"), ("to", "2026-11-30")],
            ),
            (format!("?after={after}"), vec![("after", after.as_str())]),
        ];
        for (address, fields) in cases {
            let query = read(&fields);
            assert_eq!(query.address(), address);
            assert_eq!(query.fields(), fields);
        }
    }

    #[test]
    fn what_an_address_says_wrongly_is_not_asked() {
        let wrong = [
            ("subject", "  "),
            ("kind", "tokens"),
            ("actor", "Ada' or 1=1"),
            ("verb", "token.eaten"),
            ("from", "yesterday"),
            ("to", "2026-02-30"),
            ("denied", "yes"),
        ];
        assert_eq!(read(&wrong), ActivityQuery::default());
        for day in ["20261101", "2026-11-1", "2026-11-01T", "+002026-11-01"] {
            assert_eq!(read(&[("from", day)]).from, None, "{day}");
        }
    }

    #[test]
    fn a_subject_is_an_id_or_part_of_a_name() {
        let (by_id, by_name) = (read(&[("subject", ID)]), read(&[("subject", "pump")]));
        assert_eq!((by_id.subject_id(), by_id.subject_text()), (Some(ID), None));
        assert_eq!((by_name.subject_id(), by_name.subject_text()), (None, Some("pump")));
        assert_eq!(ActivityQuery::default().subject_text(), None);
    }

    #[test]
    fn each_narrowing_can_be_taken_away_alone() {
        let query = read(&[
            ("subject", "pump"),
            ("kind", "device"),
            ("actor", "command-line"),
            ("verb", "device.edited"),
            ("from", "2026-11-01"),
            ("to", "2026-11-30"),
            ("denied", "1"),
            ("after", "1.x"),
        ]);
        let narrowings = query.narrowings();
        let said: Vec<_> = narrowings.iter().map(|it| (it.what, it.value.as_str())).collect();
        let expected = [
            ("Subject", "pump"),
            ("Kind", "Devices"),
            ("Who", "command-line"),
            ("What", "Device edited"),
            ("From", "1 Nov 2026"),
            ("To", "30 Nov 2026"),
            ("Outcome", "Denied"),
        ];
        assert_eq!(said, expected);
        for narrowing in &narrowings {
            assert_eq!(narrowing.rest.narrowings().len(), 6, "{}", narrowing.what);
            assert_eq!(narrowing.rest.after, None);
        }
        assert!(query.is_narrowed());
        assert!(!read(&[("after", "1.x")]).is_narrowed());
    }

    #[test]
    fn every_kind_has_a_code_of_its_own() {
        for kind in SubjectKind::ALL {
            assert_eq!(SubjectKind::parse(kind.code()), Some(kind));
        }
        assert_eq!(SubjectKind::parse("user"), None);
    }
}
