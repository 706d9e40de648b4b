//! How much life a token or a string has left, in words and as a share: what badges, bars and cells say.

use super::notice::Stages;
use super::status::{StringState, TokenStatus};
use super::time::{Time, span};
use super::token::{NumberedString, Token};

/// The bar beside the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// Nothing to show: it was ended by hand.
    None,
    /// It does not expire.
    Endless,
    /// Per cent of its life that are left, 0 to 100.
    Left(u8),
}

/// A state with what a person wants to know beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// Which icon and colour the state has.
    pub tone: TokenStatus,
    /// `Expiring`, `Active`, `Retired` …
    pub word: &'static str,
    /// `in 2 days`, `3 months left`, `does not expire`, `9 days ago`.
    pub rest: String,
    pub bar: Bar,
    /// The point in time that `rest` speaks of.
    pub at: Option<Time>,
}

impl Token {
    #[must_use]
    pub fn life(&self, now: Time) -> Life {
        let tone = self.status(now);
        let at = if tone == TokenStatus::Revoked { self.revoked_at } else { self.expires_at };
        let last = self.strings.iter().find(|string| string.expires_at == self.expires_at);
        let bar = match (tone, at) {
            (TokenStatus::Revoked, _) => Bar::None,
            (_, None) => Bar::Endless,
            (_, Some(end)) => {
                Bar::Left(left(last.map_or(self.created_at, |string| string.issued_at), end, now))
            }
        };
        Life { tone, word: tone.label(), rest: rest(tone, at, now), bar, at }
    }
}

impl NumberedString {
    /// The life of one string of `token`; `stages` are those of its workgroup.
    #[must_use]
    pub fn life(&self, token: &Token, stages: &Stages, now: Time) -> Life {
        let state = self.state(token.revoked_at, now);
        let ends = self.ends_at();
        let (tone, word, at) = match state {
            StringState::Revoked => (TokenStatus::Revoked, "Revoked", token.revoked_at),
            StringState::Superseded => (TokenStatus::Revoked, "Retired", self.retired_at),
            StringState::Expired if token.status(now) == TokenStatus::Expired => {
                (TokenStatus::Expired, "Expired", ends)
            }
            // An old string that ended while its token lives on is nothing to look at.
            StringState::Expired => (TokenStatus::Revoked, "Expired", ends),
            StringState::Live => {
                let soon = ends.is_some_and(|end| stages.expiring_at(self.issued_at, end) <= now);
                match (soon, self.retired_at) {
                    (true, Some(_)) => (TokenStatus::Expiring, "Ends", ends),
                    (true, None) => (TokenStatus::Expiring, "Expiring", ends),
                    (false, _) => (TokenStatus::Active, "Live", ends),
                }
            }
        };
        let bar = match (state, ends) {
            (StringState::Revoked | StringState::Superseded, _) => Bar::None,
            (_, None) => Bar::Endless,
            (_, Some(end)) => Bar::Left(left(self.issued_at, end, now)),
        };
        Life { tone, word, rest: rest(tone, at, now), bar, at }
    }
}

impl NumberedString {
    /// When it stopped or will stop, its token's revocation included. `None`: never.
    #[must_use]
    pub fn life_ended_at(&self, token: &Token) -> Option<Time> {
        match (token.revoked_at, self.ends_at()) {
            (Some(revoked), Some(end)) => Some(revoked.min(end)),
            (revoked, end) => revoked.or(end),
        }
    }
}

fn rest(tone: TokenStatus, at: Option<Time>, now: Time) -> String {
    match (tone, at) {
        (TokenStatus::Active, Some(end)) => format!("{} left", span(end.0 - now.0)),
        (_, Some(at)) => at.relative(now),
        (_, None) => "does not expire".to_owned(),
    }
}

/// Per cent of the life from `start` to `end` that are left, rounded up: what lives never shows nothing.
fn left(start: Time, end: Time, now: Time) -> u8 {
    let (whole, rest) = ((end.0 - start.0).max(1), (end.0 - now.0).max(0));
    let share = rest.saturating_mul(100).saturating_add(whole - 1) / whole;
    u8::try_from(share.min(100)).unwrap_or(100)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::lifetime::Lifetime;
    use crate::domain::time::DAY;
    use crate::domain::token::{Kind, Origin, Reach};

    /// Noon, so many days from the day on which these tests happen.
    pub fn day(days: i64) -> Time {
        Time(20_000 * DAY + DAY / 2 + days * DAY)
    }

    pub fn string(number: i64, issued: i64, expires: Option<i64>) -> NumberedString {
        NumberedString {
            number,
            hint: format!("lka_…000{number}"),
            origin: Origin::Create,
            issued_at: day(issued),
            expires_at: expires.map(day),
            retired_at: None,
            last_used_at: None,
            last_used_from: None,
        }
    }

    /// An access token with these strings, newest first.
    pub fn token(strings: Vec<NumberedString>) -> Token {
        let first = &strings[0];
        let (issued, expires_at) = (first.issued_at, first.expires_at);
        Token {
            id: "t".into(),
            kind: Kind::Access,
            owner: "Plant integrator".into(),
            name: None,
            email: "ops@north.example".into(),
            lifetime: Lifetime::Months3,
            can_renew: true,
            permissions: ["read".to_owned()].into(),
            scopes: vec![],
            reach: Reach::Workgroup,
            note: None,
            rate_limit: None,
            created_at: issued,
            created_by: "Ines Okafor".into(),
            revoked_at: None,
            revoked_by: None,
            version: 1,
            expires_at,
            expiring_at: expires_at.map(|end| Stages::default().expiring_at(issued, end)),
            knocks: None,
            strings,
            uses: vec![],
        }
    }

    #[test]
    fn a_token_says_what_is_left_of_it() {
        let cases = [
            // issued, expires, revoked: days from now
            (-45, Some(92), None, "Active", "3 months left", Bar::Left(68)),
            (-1, None, None, "Active", "does not expire", Bar::Endless),
            (-28, Some(2), None, "Expiring", "in 2 days", Bar::Left(7)),
            (-33, Some(-3), None, "Expired", "3 days ago", Bar::Left(0)),
            (-33, Some(-3), Some(-9), "Revoked", "9 days ago", Bar::None),
        ];
        for (issued, expires, revoked, word, rest, bar) in cases {
            let mut token = token(vec![string(1, issued, expires)]);
            token.revoked_at = revoked.map(day);
            let life = token.life(day(0));
            assert_eq!((life.word, life.rest.as_str(), life.bar), (word, rest, bar));
        }
    }

    #[test]
    fn a_string_says_how_it_ended_or_will() {
        let stages = Stages::default();
        let newest = string(3, -10, Some(80));
        let cases = [
            (string(1, -10, Some(80)), None, TokenStatus::Active, "Live", "2 months left"),
            (string(1, -85, Some(5)), None, TokenStatus::Expiring, "Expiring", "in 5 days"),
            (string(1, -30, Some(60)), Some(1), TokenStatus::Expiring, "Ends", "in 24 hours"),
            (string(1, -30, Some(60)), Some(-2), TokenStatus::Revoked, "Retired", "2 days ago"),
            (string(1, -60, Some(-5)), None, TokenStatus::Revoked, "Expired", "5 days ago"),
            (string(1, -60, None), None, TokenStatus::Active, "Live", "does not expire"),
        ];
        for (mut older, retired, tone, word, rest) in cases {
            older.retired_at = retired.map(day);
            let token = token(vec![newest.clone(), older.clone()]);
            let life = older.life(&token, &stages, day(0));
            assert_eq!((life.tone, life.word, life.rest.as_str()), (tone, word, rest));
        }
    }

    #[test]
    fn what_lives_never_shows_an_empty_bar() {
        assert_eq!(left(Time(0), Time(365 * DAY), Time(365 * DAY - 1)), 1);
        assert_eq!(left(Time(0), Time(100), Time(100)), 0);
        assert_eq!(left(Time(0), Time(100), Time(-5)), 100);
        assert_eq!(left(Time(5), Time(5), Time(9)), 0);
    }
}
