//! The list of tokens: what can be asked of it (and kept in an address), and what it answers.

use super::permission::Permission;
use super::status::TokenStatus;
use super::time::Time;
use super::token::Token;
use super::tombstone::StillUsed;
use super::usage::counted;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What is asked for. Everything stands in the address, so that a view can be shared and the back button works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenQuery {
    /// Part of an owner, name, e-mail address or hint.
    pub search: String,
    pub status: Option<TokenStatus>,
    /// Show revoked tokens too.
    pub revoked: bool,
    /// Only tokens that were used after their end, revoked ones too.
    pub knocking: bool,
    /// Only tokens that stand and are not in use.
    #[serde(rename = "use")]
    pub unused: Option<Unused>,
    /// Only tokens that expire on this day (`2027-02-21`) or in this month (`2027-02`).
    pub expires: Option<String>,
    /// The page after this cursor.
    pub after: Option<String>,
    /// The page before this cursor.
    pub before: Option<String>,
}

impl TokenQuery {
    /// Whether anything but the page narrows the list.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !self.search.is_empty()
            || self.status.is_some()
            || self.knocking
            || self.unused.is_some()
            || self.expires.is_some()
    }

    /// Reads the fields of an address, already decoded; what cannot be read is as if it were not there.
    #[must_use]
    pub fn read(field: impl Fn(&str) -> Option<String>) -> TokenQuery {
        let filled = |name: &str| {
            field(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        let status = filled("status").and_then(|code| TokenStatus::parse(&code));
        let knocking = filled("knocking").is_some_and(|text| text == "1");
        let stands = !knocking && status != Some(TokenStatus::Revoked);
        TokenQuery {
            search: filled("search").unwrap_or_default(),
            status,
            revoked: filled("revoked").is_some_and(|text| text == "1"),
            knocking,
            unused: filled("use").and_then(|code| Unused::parse(&code)).filter(|_| stands),
            expires: filled("expires"),
            after: filled("after"),
            before: filled("before"),
        }
    }

    /// The fields in the order in which addresses show them; what asks for nothing is left out.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, Cow<'_, str>)> {
        let text = |text: Option<&String>| Cow::Owned(text.cloned().unwrap_or_default());
        let all = [
            ("search", Cow::Borrowed(self.search.as_str())),
            ("status", self.status.map_or("", TokenStatus::code).into()),
            ("revoked", if self.revoked { "1" } else { "" }.into()),
            ("knocking", if self.knocking { "1" } else { "" }.into()),
            ("use", self.unused.map_or(Cow::Borrowed(""), |unused| unused.code().into())),
            ("expires", text(self.expires.as_ref())),
            ("after", text(self.after.as_ref())),
            ("before", text(self.before.as_ref())),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// `?search=pump&status=expiring`, ready to stand behind the path; empty if nothing is asked for.
    #[must_use]
    pub fn address(&self) -> String {
        let mut address = String::new();
        for (name, value) in self.fields() {
            address.push(if address.is_empty() { '?' } else { '&' });
            address.push_str(name);
            address.push('=');
            percent_encode(&value, &mut address);
        }
        address
    }

    /// The same question from its first page on.
    #[must_use]
    pub fn first_page(&self) -> TokenQuery {
        TokenQuery { after: None, before: None, ..self.clone() }
    }

    /// The days (since 1970, both inclusive) that `expires` names; `None` if it names none.
    #[must_use]
    pub fn expiry_days(&self) -> Option<(i64, i64)> {
        let text = self.expires.as_deref()?;
        if let Some(day) = Time::parse(&format!("{text}T00:00:00Z")) {
            return Some((day.day(), day.day()));
        }
        let first = Time::parse(&format!("{text}-01T00:00:00Z"))?;
        let next = super::lifetime::Lifetime::Months1.end(first)?;
        Some((first.day(), next.day() - 1))
    }
}

/// Everything but the unreserved characters of RFC 3986 (section 2.3).
pub fn percent_encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push_str(&format!("%{byte:02X}"));
        }
    }
}

/// How long a token has not been used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Unused {
    Never,
    /// Its last use, or its making if it was never used, lies at least so many days back. At least 1.
    Days(i64),
}

impl Unused {
    /// What the list offers.
    pub const OFFERED: [Unused; 2] = [Unused::Never, Unused::Days(60)];

    #[must_use]
    pub fn code(self) -> String {
        match self {
            Unused::Never => "never".to_owned(),
            Unused::Days(days) => format!("unused{days}"),
        }
    }

    #[must_use]
    pub fn label(self) -> String {
        match self {
            Unused::Never => "Never used".to_owned(),
            Unused::Days(days) => format!("Unused for {}", counted(days, "day")),
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<Unused> {
        match code.strip_prefix("unused") {
            None => (code == "never").then_some(Unused::Never),
            Some(days) => {
                let digits = days.bytes().all(|byte| byte.is_ascii_digit());
                let days = days.parse().ok().filter(|days| digits && (1..=36_500).contains(days));
                days.map(Unused::Days)
            }
        }
    }
}

impl From<Unused> for String {
    fn from(unused: Unused) -> String {
        unused.code()
    }
}

impl TryFrom<String> for Unused {
    type Error = &'static str;

    fn try_from(code: String) -> Result<Unused, &'static str> {
        Unused::parse(&code).ok_or("no such time without use")
    }
}

/// How many tokens are in each state, over the whole workgroup, whatever is searched for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub active: i64,
    pub expiring: i64,
    pub expired: i64,
    pub revoked: i64,
    /// Of the active ones, those without an expiry.
    pub never: i64,
    /// Expired and revoked ones that were used after their end.
    pub knocking: i64,
}

impl Counts {
    /// What the list holds unless revoked tokens are shown.
    #[must_use]
    pub fn standing(&self) -> i64 {
        self.active + self.expiring + self.expired
    }

    #[must_use]
    pub fn of(&self, status: TokenStatus) -> i64 {
        match status {
            TokenStatus::Active => self.active,
            TokenStatus::Expiring => self.expiring,
            TokenStatus::Expired => self.expired,
            TokenStatus::Revoked => self.revoked,
        }
    }
}

/// How many tokens expire on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCount {
    /// Days since 1970.
    pub day: i64,
    pub tokens: i64,
}

/// One page of the list with everything that stands above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenList {
    /// Soonest expiry first, so that those which need attention come first; those that never expire last.
    pub items: Vec<Token>,
    pub counts: Counts,
    /// The twelve-month strip: expiries from today on, day by day; days without one are left out.
    pub strip: Vec<DayCount>,
    /// Cursor of the page before, if there is one.
    pub previous: Option<String>,
    pub next: Option<String>,
    /// How the permissions of the rows are called today.
    pub catalogue: Vec<Permission>,
    /// Strings that have left the system and are still used.
    pub removed: StillUsed,
    /// Only owners bring legacy tokens over.
    pub may_import: bool,
    /// The server's time when it answered: what "now" is for everything above.
    pub now: Time,
}

/// A position between two rows: the sort key of one, and its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub expires_at: Time,
    pub id: String,
}

impl Cursor {
    #[must_use]
    pub fn of(token: &Token) -> Cursor {
        Cursor { expires_at: token.expires_at.unwrap_or(Time::END), id: token.id.clone() }
    }

    #[must_use]
    pub fn encode(&self) -> String {
        format!("{}.{}", self.expires_at.0, self.id)
    }

    #[must_use]
    pub fn decode(text: &str) -> Option<Cursor> {
        let (second, id) = text.split_once('.')?;
        let sound = (1..=40).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let expires_at = Time(second.parse().ok()?);
        sound.then(|| Cursor { expires_at, id: id.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_filter_names_a_day_or_a_month() {
        let days = |text: &str| {
            TokenQuery { expires: Some(text.into()), ..TokenQuery::default() }.expiry_days()
        };
        assert_eq!(days("1970-01-02"), Some((1, 1)));
        assert_eq!(days("1970-02"), Some((31, 58)));
        assert_eq!(days("soon"), None);
    }

    #[test]
    fn a_view_of_the_list_is_its_address() {
        let cases = [
            ("", vec![]),
            (
                "?search=pump%201%20%26%20%C3%BC&status=expiring",
                vec![("search", "pump 1 & ü"), ("status", "expiring")],
            ),
            ("?knocking=1", vec![("knocking", "1")]),
            ("?use=never", vec![("use", "never")]),
            ("?status=active&use=unused60", vec![("status", "active"), ("use", "unused60")]),
            ("?revoked=1&expires=2027-02", vec![("revoked", "1"), ("expires", "2027-02")]),
            ("?after=17.a-b", vec![("after", "17.a-b")]),
            ("?before=17.a-b", vec![("before", "17.a-b")]),
        ];
        for (address, fields) in cases {
            let given = |name: &str| {
                fields
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, value)| (*value).to_owned())
            };
            let query = TokenQuery::read(given);
            assert_eq!(query.address(), address);
            let held = query.fields();
            let held: Vec<_> = held.iter().map(|(name, value)| (*name, value.as_ref())).collect();
            assert_eq!(held, fields);
        }
    }

    #[test]
    fn what_an_address_says_wrongly_is_not_asked() {
        let query = TokenQuery::read(|name| match name {
            "status" => Some("asleep".into()),
            "revoked" => Some("yes".into()),
            "search" => Some("  ".into()),
            "use" => Some("unused0".into()),
            _ => Some(String::new()),
        });
        assert_eq!(query, TokenQuery::default());
        for use_code in [
            "",
            "unused",
            "unused-3",
            "unused+3",
            "unused60d",
            "often",
            "unused99999999999999999999",
        ] {
            assert_eq!(Unused::parse(use_code), None, "{use_code}");
        }
        for other in ["knocking", "status"] {
            let query = TokenQuery::read(|name| match name {
                "use" => Some("never".into()),
                _ if name == other => Some(if other == "status" { "revoked" } else { "1" }.into()),
                _ => None,
            });
            assert_eq!(query.unused, None, "only of tokens that stand: {other}");
        }
        let deep = TokenQuery { after: Some("1.a".into()), revoked: true, ..TokenQuery::default() };
        assert_eq!(deep.first_page().address(), "?revoked=1");
    }

    #[test]
    fn a_cursor_goes_both_ways_and_refuses_what_it_did_not_make() {
        let cursor = Cursor { expires_at: Time(1_763_719_200), id: "0192-ab".into() };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        for text in ["", "1", "x.y", "1.", "1.a'b", "1.é"] {
            assert_eq!(Cursor::decode(text), None, "{text:?}");
        }
    }
}
