//! What a workgroup's calendar tells: the ends of its tokens, one an entry.

use super::time::{DAY, Time};
use super::token::Kind;
use super::workgroup::Workgroup;

/// How far back a calendar reaches: as long as an expired token stays.
pub const BACK: i64 = 28 * DAY;
/// How far ahead: two years, which no lifetime exceeds but by hand.
pub const AHEAD: i64 = 731 * DAY;
/// Entries at most, the soonest first.
pub const MOST_ENTRIES: i64 = 5_000;

/// A workgroup's calendar at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    pub workgroup: Workgroup,
    /// Soonest first.
    pub ends: Vec<TokenEnd>,
    pub now: Time,
}

/// The end of a token, which is the end of the string that lasts longest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenEnd {
    pub token_id: String,
    /// Owner, and name if there is one: `Plant integrator · staging`.
    pub title: String,
    pub at: Time,
    pub hint: String,
    /// When that string was made.
    pub since: Time,
    /// How often the token was changed.
    pub version: i64,
    pub kind: Kind,
    pub can_renew: bool,
}

impl TokenEnd {
    /// `Plant integrator · staging expires`.
    #[must_use]
    pub fn summary(&self) -> String {
        format!("{} expires", self.title)
    }

    /// What ends, and what can be done about it.
    #[must_use]
    pub fn description(&self, now: Time) -> String {
        let TokenEnd { hint, title, .. } = self;
        let ends = if self.at <= now { "ended" } else { "ends" };
        let help = match (self.kind, self.can_renew) {
            (Kind::Legacy, _) => {
                "It came from another system and cannot be renewed: replace it by a new token."
            }
            (_, true) if self.at > now => "Whoever holds it can renew it with one HTTP call.",
            (_, true) => "It can be reissued on its page.",
            (_, false) => "It cannot be renewed: reissue it on its page, or let it end.",
        };
        format!("String {hint} of {title} {ends} on {}. {help}", self.at.exact())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_says_what_ends_and_what_can_be_done() {
        let now = Time::parse("2026-11-21T10:00:00Z").unwrap();
        let end = |kind, can_renew, days| TokenEnd {
            token_id: "t".into(),
            title: "Plant integrator · staging".into(),
            at: now + days * DAY,
            hint: "lka_…9fK2".into(),
            since: now,
            version: 1,
            kind,
            can_renew,
        };
        let cases = [
            (Kind::Access, true, 1, "ends on 22 Nov 2026, 10:00 UTC. Whoever holds it can renew"),
            (Kind::Access, true, -1, "ended on 20 Nov 2026, 10:00 UTC. It can be reissued"),
            (
                Kind::Device,
                false,
                1,
                "ends on 22 Nov 2026, 10:00 UTC. It cannot be renewed: reissue",
            ),
            (
                Kind::Legacy,
                false,
                0,
                "ended on 21 Nov 2026, 10:00 UTC. It came from another system",
            ),
        ];
        for (kind, can_renew, days, said) in cases {
            let end = end(kind, can_renew, days);
            assert_eq!(end.summary(), "Plant integrator · staging expires");
            let words = end.description(now);
            let start = format!("String lka_…9fK2 of Plant integrator · staging {said}");
            assert!(words.starts_with(&start), "{words}");
        }
    }
}
