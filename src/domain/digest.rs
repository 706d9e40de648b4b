//! The daily digest of a workgroup owner: when it is thought of, what in it is new, and whether it is sent at all.

use super::time::{DAY, Time};
use super::token::{Kind, Token};
use jiff::civil::{Date, time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// The hour of the reader's own day at which a digest goes out.
pub const HOUR_OF_DAY: i8 = 8;
/// While anything is expiring, a digest comes again after so many local dates though nothing in it is new.
pub const AGAIN_AFTER: i32 = 7;
/// A use within this time means that a string is in use; a call after the end, that somebody still knocks.
pub const LATELY: i64 = 7 * DAY;
/// How long a notice that could not be delivered stays in the digest.
pub const UNDELIVERED_FOR: i64 = 30 * DAY;

/// The reader's zone; UTC where the name is unknown.
#[must_use]
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The local date whose digest hour was the last to pass: what is sent at `now` is the digest of that date, however late.
#[must_use]
pub fn date_at(zone: &TimeZone, now: Time) -> Date {
    let today = local_date(zone, now);
    if moment(zone, today) <= now { today } else { today.saturating_sub(1.day()) }
}

/// The next digest hour, after `now`.
#[must_use]
pub fn next(zone: &TimeZone, now: Time) -> Time {
    moment(zone, date_at(zone, now).saturating_add(1.day()))
}

/// Eight in the morning of a date: the first of two where it comes twice, the next minute that exists where it never comes.
fn moment(zone: &TimeZone, date: Date) -> Time {
    let morning = date.to_datetime(time(HOUR_OF_DAY, 0, 0, 0));
    let offset = match zone.to_ambiguous_timestamp(morning).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset,
        AmbiguousOffset::Fold { before, .. } => before,
        AmbiguousOffset::Gap { after, .. } => {
            let short_of_it = after.to_timestamp(morning).unwrap_or(Timestamp::MAX);
            let end_of_gap = zone.following(short_of_it).next();
            return Time(end_of_gap.map_or(short_of_it, |it| it.timestamp()).as_second());
        }
    };
    offset.to_timestamp(morning).map_or(Time::END, |at| Time(at.as_second()))
}

fn local_date(zone: &TimeZone, at: Time) -> Date {
    let second = at.0.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    zone.to_datetime(Timestamp::from_second(second).unwrap_or_default()).date()
}

/// What there is to tell, in short.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidings {
    /// Something that the reader was not told before.
    pub new: bool,
    /// The same, among what could not be delivered.
    pub new_undelivered: bool,
    pub expiring: bool,
}

impl Tidings {
    /// Whether the digest of `date` is sent to a reader whose last one went out at `last`. Whoever turned it off is still told
    /// of what could not be delivered: that is a fault which nobody else can see.
    #[must_use]
    pub fn worth_sending(self, off: bool, zone: &TimeZone, date: Date, last: Option<Time>) -> bool {
        if off {
            return self.new_undelivered;
        }
        let since = last.map(|at| (date - local_date(zone, at)).get_days());
        self.new || (self.expiring && since.is_none_or(|days| days >= AGAIN_AFTER))
    }
}

impl Token {
    /// When its holder should have renewed it: once 70 % of the life of its newest string have passed, counting no string that was
    /// retired. `None`: nobody can renew it.
    #[must_use]
    pub fn renew_by(&self) -> Option<Time> {
        if !self.can_renew || self.kind == Kind::Legacy || self.revoked_at.is_some() {
            return None;
        }
        let standing = self.strings.iter().filter(|string| string.retired_at.is_none());
        let newest = standing.max_by_key(|string| string.number)?;
        newest.expires_at.map(|end| newest.issued_at + (end.0 - newest.issued_at.0) * 7 / 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lifetime::Lifetime;
    use crate::domain::token::{NumberedString, Origin, Reach};

    fn at(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn it_is_thought_of_at_eight_of_the_readers_own_day() {
        let cases = [
            // zone, now, the date whose digest it is, the next one
            ("UTC", "2026-11-21T10:00:00Z", "2026-11-21", "2026-11-22T08:00:00Z"),
            ("UTC", "2026-11-22T07:59:59Z", "2026-11-21", "2026-11-22T08:00:00Z"),
            ("UTC", "2026-11-22T08:00:00Z", "2026-11-22", "2026-11-23T08:00:00Z"),
            ("Europe/Berlin", "2026-11-22T07:00:00Z", "2026-11-22", "2026-11-23T07:00:00Z"),
            // The clocks go forward in the night of 28 March, and back in that of 25 October.
            ("Europe/Berlin", "2026-03-28T07:00:00Z", "2026-03-28", "2026-03-29T06:00:00Z"),
            ("Europe/Berlin", "2026-10-24T06:00:00Z", "2026-10-24", "2026-10-25T07:00:00Z"),
            ("Pacific/Kiritimati", "2026-11-21T18:00:00Z", "2026-11-22", "2026-11-22T18:00:00Z"),
            ("America/New_York", "2026-11-21T12:00:00Z", "2026-11-20", "2026-11-21T13:00:00Z"),
            ("Asia/Kathmandu", "2026-11-21T03:00:00Z", "2026-11-21", "2026-11-22T02:15:00Z"),
            ("No/Where", "2026-11-21T10:00:00Z", "2026-11-21", "2026-11-22T08:00:00Z"),
            // Samoa had no 30 December 2011: its minute is the first of the 31st, which has its own.
            ("Pacific/Apia", "2011-12-29T18:00:00Z", "2011-12-29", "2011-12-30T10:00:00Z"),
            ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30", "2011-12-30T18:00:00Z"),
        ];
        for (name, now, day, following) in cases {
            let zone = zone(name);
            assert_eq!(date_at(&zone, at(now)), date(day), "{name} {now}");
            assert_eq!(next(&zone, at(now)).rfc3339(), following, "{name} {now}");
        }
    }

    /// No zone skips eight in the morning nowadays, so one is made that does: at 07:30 it becomes 09:00.
    #[test]
    fn where_eight_never_comes_it_is_the_next_minute_that_exists() {
        let skips = TimeZone::posix("AAA0BBB-1:30,J60/7:30,J300/7:30").unwrap();
        assert_eq!(moment(&skips, date("2027-03-01")), at("2027-03-01T07:30:00Z"));
        assert_eq!(next(&skips, at("2027-02-28T08:00:00Z")), at("2027-03-01T07:30:00Z"));
        assert_eq!(next(&skips, at("2027-03-01T07:30:00Z")), at("2027-03-02T06:30:00Z"));
        let twice = TimeZone::posix("AAA0BBB-1,J60/2,J300/8:30").unwrap();
        assert_eq!(moment(&twice, date("2027-10-27")), at("2027-10-27T07:00:00Z"), "the first");
    }

    #[test]
    fn every_date_has_its_digest_once_whatever_the_zone() {
        for name in ["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"] {
            let zone = zone(name);
            let mut now = at("2026-01-01T00:00:00Z");
            for _ in 0..800 {
                let then = next(&zone, now);
                assert!(then > now && then <= now + 26 * 60 * 60, "{name} {}", now.rfc3339());
                assert_eq!(date_at(&zone, then), date_at(&zone, now).saturating_add(1.day()));
                now = then;
            }
        }
    }

    /// Number, days of life, whether it was retired.
    fn token(kind: Kind, can_renew: bool, strings: &[(i64, Option<i64>, bool)]) -> Token {
        let string = |&(number, life, retired): &(i64, Option<i64>, bool)| NumberedString {
            number,
            hint: "lka_…0000".into(),
            origin: Origin::Create,
            issued_at: Time(number * DAY),
            expires_at: life.map(|days| Time((number + days) * DAY)),
            retired_at: retired.then_some(Time(0)),
            last_used_at: None,
            last_used_from: None,
        };
        Token {
            id: "t".into(),
            kind,
            owner: "Plant".into(),
            name: None,
            email: "ops@example.com".into(),
            lifetime: Lifetime::Months1,
            can_renew,
            permissions: [].into(),
            scopes: vec![],
            reach: Reach::Workgroup,
            note: None,
            rate_limit: None,
            created_at: Time(0),
            created_by: "Ada".into(),
            revoked_at: None,
            revoked_by: None,
            version: 1,
            expires_at: None,
            expiring_at: None,
            strings: strings.iter().map(string).collect(),
            uses: vec![],
            knocks: None,
        }
    }

    #[test]
    fn a_token_is_to_be_renewed_by_seven_tenths_of_the_life_of_its_newest_string() {
        let cases = [
            (token(Kind::Access, true, &[(1, Some(10), false)]), Some(8)),
            (token(Kind::Device, true, &[(1, Some(10), false)]), Some(8)),
            (token(Kind::Access, true, &[(3, Some(10), false), (1, Some(90), false)]), Some(10)),
            (token(Kind::Access, true, &[(3, Some(10), true), (1, Some(90), false)]), Some(64)),
            (token(Kind::Access, true, &[(3, None, false), (1, Some(90), false)]), None),
            (token(Kind::Access, true, &[(1, Some(10), true)]), None),
            (token(Kind::Access, false, &[(1, Some(10), false)]), None),
            (token(Kind::Legacy, true, &[(1, Some(10), false)]), None),
            (
                Token {
                    revoked_at: Some(Time(0)),
                    ..token(Kind::Access, true, &[(1, Some(10), false)])
                },
                None,
            ),
        ];
        for (token, day) in cases {
            assert_eq!(token.renew_by(), day.map(|day| Time(day * DAY)), "{token:?}");
        }
    }

    #[test]
    fn it_is_sent_for_what_is_new_and_weekly_while_anything_expires() {
        let zone = zone("Europe/Berlin");
        let nothing = Tidings::default();
        let new = Tidings { new: true, ..nothing };
        let undelivered = Tidings { new: true, new_undelivered: true, ..nothing };
        let expiring = Tidings { expiring: true, ..nothing };
        // In Berlin it was the 15th already when this one went out.
        let last = Some(at("2026-11-14T23:30:00Z"));
        let cases = [
            (nothing, false, "2026-12-24", last, false),
            (nothing, false, "2026-11-22", None, false),
            (new, false, "2026-11-16", last, true),
            (expiring, false, "2026-11-21", last, false),
            (expiring, false, "2026-11-22", last, true),
            (expiring, false, "2026-12-24", last, true),
            (expiring, false, "2026-11-16", None, true),
            (new, true, "2026-11-16", last, false),
            (expiring, true, "2026-12-24", last, false),
            (undelivered, true, "2026-11-16", last, true),
            (undelivered, false, "2026-11-16", last, true),
        ];
        for (tidings, off, day, last, sent) in cases {
            let judged = tidings.worth_sending(off, &zone, date(day), last);
            assert_eq!(judged, sent, "{tidings:?} off: {off} {day} {last:?}");
        }
    }
}
