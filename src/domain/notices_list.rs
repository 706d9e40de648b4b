//! The letters of a workgroup as its notices page lists them: what is asked for, and what it is answered with.

use super::time::Time;
use super::token_list::percent_encode;
use super::workgroup::Workgroup;
use serde::{Deserialize, Serialize};

/// Which letters are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    #[default]
    All,
    /// Not sent yet, whether tried or not.
    Trying,
    /// Given up, and not sent again.
    Undelivered,
}

impl Show {
    pub const ALL: [Show; 3] = [Show::All, Show::Trying, Show::Undelivered];

    /// As addresses and the store name it; empty for all.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Show::All => "",
            Show::Trying => "trying",
            Show::Undelivered => "undelivered",
        }
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Show::All => "All",
            Show::Trying => "Trying",
            Show::Undelivered => "Undelivered",
        }
    }
}

/// What is asked for. Everything stands in the address, so that a view can be shared and the back button works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoticesQuery {
    pub show: Show,
    /// Part of the recipient, or of what a token that it is about is found by.
    pub search: String,
    /// More of what comes next.
    pub all_next: bool,
    /// The page of what is older than this place.
    pub after: Option<String>,
    /// The page of what is newer than this place.
    pub before: Option<String>,
}

impl NoticesQuery {
    /// Reads the fields of an address, already decoded; what cannot be read is as if it were not there.
    #[must_use]
    pub fn read(field: impl Fn(&str) -> Option<String>) -> NoticesQuery {
        let filled = |name: &str| {
            field(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let show = filled("show").unwrap_or_default();
        NoticesQuery {
            show: Show::ALL.into_iter().find(|it| it.code() == show).unwrap_or_default(),
            search: filled("search").unwrap_or_default(),
            all_next: filled("next").is_some_and(|text| text == "all"),
            after: filled("after"),
            before: filled("before"),
        }
    }

    /// `?show=undelivered&search=ops`, ready to stand behind the path; empty if nothing is asked for.
    #[must_use]
    pub fn address(&self) -> String {
        let fields = [
            ("show", self.show.code()),
            ("search", self.search.as_str()),
            ("next", if self.all_next { "all" } else { "" }),
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
    pub fn first_page(&self) -> NoticesQuery {
        NoticesQuery { after: None, before: None, ..self.clone() }
    }

    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.show != Show::All || !self.search.is_empty()
    }
}

/// How a letter was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Delivery {
    /// The carrier's answer, in its own words.
    Sent {
        at: Time,
        answer: String,
    },
    /// Not tried yet.
    Waiting {
        due: Time,
    },
    Trying {
        next: Time,
        attempts: i64,
        answer: String,
    },
    Undelivered {
        at: Time,
        attempts: i64,
        answer: String,
        /// Another letter was sent in its place.
        again: bool,
    },
}

/// A token that a letter is about and that still stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeToken {
    pub id: String,
    pub title: String,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRow {
    pub id: String,
    /// Its subject where that may be told, else what sort of letter it is.
    pub title: String,
    pub recipient: String,
    pub created_at: Time,
    /// `14 days before`, `At expiry`, or what else it is about.
    pub stage: String,
    pub delivery: Delivery,
    /// The one token that it is about.
    pub token: Option<NoticeToken>,
    pub can_send_again: bool,
    /// It can be opened: digests cannot, they tell of several workgroups.
    pub has_page: bool,
}

/// What comes next for a token's address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextRow {
    pub token: NoticeToken,
    pub recipient: String,
    pub at: Time,
    /// Days before the end; 0: the end itself.
    pub stage: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticesPage {
    pub workgroup: Workgroup,
    /// Newest first.
    pub items: Vec<NoticeRow>,
    /// Place of the page of newer rows, if there is one.
    pub newer: Option<String>,
    pub older: Option<String>,
    /// How many are not sent yet, and how many were given up.
    pub trying: i64,
    pub undelivered: i64,
    /// How many of those somebody should do something about, and the newest of them.
    pub open: i64,
    pub failed: Option<NoticeRow>,
    /// Soonest first.
    pub next: Vec<NextRow>,
    pub more_next: bool,
    /// `None`: none ran yet.
    pub last_sweep_at: Option<Time>,
    /// The host that takes the mail; `None`: it is written to the server's mail folder.
    pub mail_host: Option<String>,
    /// Where a test mail would go: to whoever asks.
    pub own_address: String,
    /// Where the workgroup's calendar is, if it has one.
    pub calendar: Option<String>,
    /// The server's time when it answered: what "now" is for everything above.
    pub now: Time,
}

/// `14 days before`, `1 day before`, `At expiry`.
#[must_use]
pub fn stage_words(stage: i64) -> String {
    match stage {
        0 => "At expiry".to_owned(),
        1 => "1 day before".to_owned(),
        days => format!("{days} days before"),
    }
}

/// What sort of letter it is, as a title and as a stage; by the store's name for it.
#[must_use]
pub fn kind_words(letter: &str) -> (&'static str, &'static str) {
    match letter {
        "expiry" => ("Notice of expiry", "Expiry"),
        "issued" => ("Token issued", "Issued"),
        "revoked" => ("Token revoked", "Revoked"),
        "renewed" => ("Token renewed from a new address", "Renewed"),
        "digest" => ("Daily digest", "Digest"),
        "invitation" => ("Invitation", "One-time link"),
        "reset" => ("Link for a new password", "One-time link"),
        "test" => ("Test mail", "Test"),
        _ => ("Letter", "Letter"),
    }
}

/// Whether pages of a workgroup may tell the subject of such a letter: not of one that holds a one-time code, nor of a
/// digest, which tells of several workgroups.
#[must_use]
pub fn tells_subject(letter: &str) -> bool {
    matches!(letter, "expiry" | "issued" | "revoked" | "renewed" | "test")
}

/// Letters to token owners: what they say can be looked up again. Invitations are sent again among the members.
#[must_use]
pub fn is_repeatable(letter: &str) -> bool {
    matches!(letter, "expiry" | "issued" | "revoked" | "renewed")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> NoticesQuery {
        NoticesQuery::read(|name| {
            let found = fields.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn a_view_of_the_notices_is_its_address() {
        let cases: [(&str, &[(&str, &str)]); 5] = [
            ("", &[]),
            ("?show=trying", &[("show", "trying")]),
            (
                "?show=undelivered&search=a%20%26%20b&next=all",
                &[("show", "undelivered"), ("search", " a & b "), ("next", "all")],
            ),
            ("?after=1.x", &[("after", "1.x")]),
            ("", &[("show", "sent"), ("search", "  "), ("next", "yes")]),
        ];
        for (address, fields) in cases {
            assert_eq!(read(fields).address(), address, "{fields:?}");
        }
    }

    #[test]
    fn a_page_and_more_of_what_comes_next_narrow_nothing() {
        for (fields, narrowed) in [
            (&[("after", "1.x")][..], false),
            (&[("next", "all")], false),
            (&[("show", "trying")], true),
            (&[("search", "ops")], true),
        ] {
            assert_eq!(read(fields).is_narrowed(), narrowed, "{fields:?}");
        }
    }

    #[test]
    fn codes_and_digests_keep_their_subject_to_themselves() {
        let cases = [
            ("expiry", true, true),
            ("issued", true, true),
            ("revoked", true, true),
            ("renewed", true, true),
            ("test", true, false),
            ("digest", false, false),
            ("invitation", false, false),
            ("reset", false, false),
            ("unheard of", false, false),
        ];
        for (letter, told, repeatable) in cases {
            assert_eq!(
                (tells_subject(letter), is_repeatable(letter)),
                (told, repeatable),
                "{letter}"
            );
        }
    }

    #[test]
    fn stages_are_said_in_words() {
        for (stage, words) in [(0, "At expiry"), (1, "1 day before"), (14, "14 days before")] {
            assert_eq!(stage_words(stage), words);
        }
    }
}
