//! The one verdict on a string and on a token: the same function refuses a call and colours the badge on the page.

use super::time::{DAY, Time};
use super::token::{NumberedString, Token};
use serde::{Deserialize, Serialize};

/// How long a token that has ended, or a string, can still be seen.
pub const REMOVED_AFTER: i64 = 28 * DAY;
/// The same for a revoked token that would never have expired.
pub const ENDLESS_REMOVED_AFTER: i64 = 365 * DAY;

/// The state of one string; the first that fits, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StringState {
    /// Its token is revoked.
    Revoked,
    /// Retired before its expiry.
    Superseded,
    /// Dead at its expiry, to the second.
    Expired,
    Live,
}

/// What a list shows of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenStatus {
    Active,
    /// Inside the first notice stage that applies to it.
    Expiring,
    Expired,
    Revoked,
}

impl TokenStatus {
    pub const ALL: [TokenStatus; 4] =
        [TokenStatus::Active, TokenStatus::Expiring, TokenStatus::Expired, TokenStatus::Revoked];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            TokenStatus::Active => "active",
            TokenStatus::Expiring => "expiring",
            TokenStatus::Expired => "expired",
            TokenStatus::Revoked => "revoked",
        }
    }

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            TokenStatus::Active => "Active",
            TokenStatus::Expiring => "Expiring",
            TokenStatus::Expired => "Expired",
            TokenStatus::Revoked => "Revoked",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<TokenStatus> {
        TokenStatus::ALL.into_iter().find(|status| status.code() == code)
    }
}

impl StringState {
    /// The verdict at `now` on a string with these dates, its token revoked at `revoked_at` or not.
    #[must_use]
    pub fn of(
        expires_at: Option<Time>,
        retired_at: Option<Time>,
        revoked_at: Option<Time>,
        now: Time,
    ) -> StringState {
        let retired_early = |at: Time| expires_at.is_none_or(|expiry| at < expiry);
        if revoked_at.is_some() {
            StringState::Revoked
        } else if retired_at.is_some_and(|at| at <= now && retired_early(at)) {
            StringState::Superseded
        } else if expires_at.is_some_and(|expiry| expiry <= now) {
            StringState::Expired
        } else {
            StringState::Live
        }
    }

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            StringState::Revoked => "revoked",
            StringState::Superseded => "superseded",
            StringState::Expired => "expired",
            StringState::Live => "live",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<StringState> {
        [StringState::Revoked, StringState::Superseded, StringState::Expired, StringState::Live]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

impl NumberedString {
    /// The verdict on this string at `now`, given when its token was revoked, if it was.
    #[must_use]
    pub fn state(&self, revoked_at: Option<Time>, now: Time) -> StringState {
        StringState::of(self.expires_at, self.retired_at, revoked_at, now)
    }

    /// When it stopped working: by itself or with its token, whichever came first. `None`: it works for ever.
    #[must_use]
    pub fn stopped_at(&self, revoked_at: Option<Time>) -> Option<Time> {
        self.ends_at().into_iter().chain(revoked_at).min()
    }

    /// When it stops working by itself: at its expiry, or earlier if it is set to be retired. `None`: never.
    #[must_use]
    pub fn ends_at(&self) -> Option<Time> {
        match (self.expires_at, self.retired_at) {
            (Some(expiry), Some(retired)) => Some(expiry.min(retired)),
            (expiry, retired) => expiry.or(retired),
        }
    }
}

impl Token {
    #[must_use]
    pub fn status(&self, now: Time) -> TokenStatus {
        if self.revoked_at.is_some() {
            TokenStatus::Revoked
        } else if self.expires_at.is_some_and(|at| at <= now) {
            TokenStatus::Expired
        } else if self.expiring_at.is_some_and(|at| at <= now) {
            TokenStatus::Expiring
        } else {
            TokenStatus::Active
        }
    }

    /// When it leaves the system: four weeks after its end, the later of revocation and last expiry; a year after its
    /// revocation if it never expires. `None`: not by the clock.
    #[must_use]
    pub fn remove_at(&self) -> Option<Time> {
        match (self.revoked_at, self.expires_at) {
            (None, None) => None,
            (None, Some(end)) => Some(end + REMOVED_AFTER),
            (Some(revoked), Some(end)) => Some(revoked.max(end) + REMOVED_AFTER),
            (Some(revoked), None) => Some(revoked + ENDLESS_REMOVED_AFTER),
        }
    }

    /// Its strings that are live at `now`, newest first.
    pub fn live_strings(&self, now: Time) -> impl Iterator<Item = &NumberedString> {
        self.strings.iter().filter(move |s| s.state(self.revoked_at, now) == StringState::Live)
    }

    /// The string that its own end hangs on: the one that lasts longest among those that are not retired. It stays as long
    /// as the token does.
    #[must_use]
    pub fn deciding_string(&self) -> Option<&NumberedString> {
        let lasts_until = |string: &&NumberedString| {
            // One that never expires stands behind every other one.
            (string.expires_at.is_none(), string.expires_at.map_or(0, |at| at.0))
        };
        self.strings.iter().filter(|string| string.retired_at.is_none()).max_by_key(lasts_until)
    }

    /// Strings that have been dead for four weeks at `now` and go, though the token itself stays.
    pub fn strings_to_remove(&self, now: Time) -> impl Iterator<Item = &NumberedString> {
        let kept = self.deciding_string().or(self.newest()).map(|string| string.number);
        self.strings.iter().filter(move |string| {
            let dead = string.state(self.revoked_at, now) != StringState::Live;
            let stopped = string.stopped_at(self.revoked_at);
            // By its own end: strings of a revoked token leave with it unless they were dead long before.
            let long = string.ends_at().is_some_and(|end| end + REMOVED_AFTER <= now);
            dead && stopped.is_some() && long && Some(string.number) != kept
        })
    }

    /// Whether it has left the system at `now`; never while one of its strings lives, whatever its dates say.
    #[must_use]
    pub fn is_to_be_removed(&self, now: Time) -> bool {
        self.remove_at().is_some_and(|at| at <= now) && self.live_strings(now).next().is_none()
    }

    /// When its own end passed, by `now`: revocation or the last expiry, whichever came first.
    #[must_use]
    pub fn ended_at(&self, now: Time) -> Option<Time> {
        self.revoked_at.into_iter().chain(self.expires_at).filter(|end| *end <= now).min()
    }

    /// Used after its end: somebody is broken now.
    #[must_use]
    pub fn still_knocking(&self, now: Time) -> bool {
        let ended = match self.status(now) {
            TokenStatus::Revoked => self.revoked_at,
            TokenStatus::Expired => self.expires_at,
            _ => None,
        };
        ended.is_some_and(|end| {
            self.knocks.is_some() || self.last_used_at().is_some_and(|used| used >= end)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(expires: Option<i64>, retired: Option<i64>) -> NumberedString {
        NumberedString {
            number: 1,
            hint: "lka_…0000".into(),
            origin: super::super::token::Origin::Create,
            issued_at: Time(0),
            expires_at: expires.map(Time),
            retired_at: retired.map(Time),
            last_used_at: None,
            last_used_from: None,
        }
    }

    #[test]
    fn the_first_state_that_fits_is_the_verdict() {
        use StringState::*;
        let cases = [
            // expires, retired, revoked, now
            (Some(100), None, None, 99, Live),
            (Some(100), None, None, 100, Expired),
            (Some(100), Some(50), None, 49, Live),
            (Some(100), Some(50), None, 50, Superseded),
            (Some(100), Some(50), None, 100, Superseded),
            (Some(100), Some(100), None, 100, Expired),
            (Some(100), Some(150), None, 200, Expired),
            (None, Some(50), None, 50, Superseded),
            (None, None, None, i64::MAX, Live),
            (Some(100), Some(50), Some(10), 0, Revoked),
            (Some(100), None, Some(150), 200, Revoked),
        ];
        for (expires, retired, revoked, now, state) in cases {
            let got = string(expires, retired).state(revoked.map(Time), Time(now));
            assert_eq!(
                got, state,
                "expires {expires:?}, retired {retired:?}, revoked {revoked:?}, now {now}"
            );
        }
    }

    #[test]
    fn a_string_ends_at_the_earlier_of_expiry_and_retirement() {
        assert_eq!(string(Some(100), Some(50)).ends_at(), Some(Time(50)));
        assert_eq!(string(Some(100), None).ends_at(), Some(Time(100)));
        assert_eq!(string(None, Some(50)).ends_at(), Some(Time(50)));
        assert_eq!(string(None, None).ends_at(), None);
    }

    /// Days from the day 100 on which it is asked; strings are expiry and retirement, oldest first.
    fn token(strings: &[(Option<i64>, Option<i64>)], revoked: Option<i64>) -> Token {
        let days = |at: Option<i64>| at.map(|at| at * DAY);
        let numbered = (1..).zip(strings).map(|(number, (expires, retired))| NumberedString {
            number,
            ..string(days(*expires), days(*retired))
        });
        let mut newest_first: Vec<_> = numbered.collect();
        newest_first.reverse();
        let mut token = super::super::life::tests::token(newest_first);
        token.expires_at = token.deciding_string().and_then(|it| it.expires_at);
        token.revoked_at = days(revoked).map(Time);
        token
    }

    #[test]
    fn strings_go_four_weeks_after_their_end_but_never_the_one_that_the_token_hangs_on() {
        type Strings<'a> = &'a [(Option<i64>, Option<i64>)];
        let cases: [(Strings, Option<i64>, &[i64]); 10] = [
            (&[(Some(72), None), (Some(200), None)], None, &[1]),
            (&[(Some(73), None), (Some(200), None)], None, &[]),
            (&[(Some(200), Some(72)), (Some(200), None)], None, &[1]),
            (&[(Some(200), Some(73)), (Some(200), None)], None, &[]),
            // An older one that outlives the newer.
            (&[(Some(200), None), (Some(50), None)], None, &[2]),
            (&[(None, None), (Some(50), None)], None, &[2]),
            // Its own end is long past: it goes with the token.
            (&[(Some(30), None), (Some(60), None)], None, &[1]),
            (&[(Some(60), None)], Some(10), &[]),
            (&[(Some(60), None), (Some(300), None)], Some(99), &[1]),
            // A retirement that lies ahead.
            (&[(Some(300), Some(101)), (Some(400), None)], None, &[]),
        ];
        for (strings, revoked, gone) in cases {
            let token = token(strings, revoked);
            let numbers: Vec<_> =
                token.strings_to_remove(Time(100 * DAY)).map(|it| it.number).collect();
            assert_eq!(numbers, gone, "{strings:?}, revoked {revoked:?}");
        }
    }

    #[test]
    fn a_token_goes_four_weeks_after_its_end_and_never_while_a_string_lives() {
        let cases = [
            (Some(72), None, true, Some(72)),
            (Some(73), None, false, Some(73)),
            (Some(101), None, false, None),
            (None, None, false, None),
            (Some(10), Some(72), true, Some(10)),
            (Some(73), Some(10), false, Some(10)),
            (Some(200), Some(10), false, Some(10)),
            (None, Some(-265), true, Some(-265)),
            (None, Some(-264), false, Some(-264)),
        ];
        for (expires, revoked, goes, ended) in cases {
            let token = token(&[(expires, None)], revoked);
            let now = Time(100 * DAY);
            let what = format!("expires {expires:?}, revoked {revoked:?}");
            assert_eq!(token.is_to_be_removed(now), goes, "{what}");
            assert_eq!(token.ended_at(now), ended.map(|at| Time(at * DAY)), "{what}");
        }
        let mut odd = token(&[(Some(200), None)], None);
        odd.expires_at = Some(Time(1));
        assert!(!odd.is_to_be_removed(Time(100 * DAY)), "whatever its dates say");
    }
}
