//! What of a token ends, and when each of its stages falls due: by the local calendar at the notice hour, the last one and the
//! end itself to the second.

use super::Stages;
use crate::domain::time::{DAY, Time};
use crate::domain::token::{NumberedString, Token};
use crate::domain::workgroup::{Policy, Workgroup};
use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp};

/// A string that was used since then is in use.
const IN_USE: i64 = 7 * DAY;

/// What a workgroup has chosen, its zone found once.
#[derive(Clone, Debug)]
pub struct Rules<'a> {
    pub stages: &'a Stages,
    /// 0 to 23.
    pub hour: i64,
    pub zone: TimeZone,
}

impl<'a> Rules<'a> {
    #[must_use]
    pub fn of(workgroup: &'a Workgroup) -> Rules<'a> {
        Rules::new(&workgroup.policy, zone_of(&workgroup.time_zone))
    }

    #[must_use]
    pub fn new(policy: &'a Policy, zone: TimeZone) -> Rules<'a> {
        Rules { stages: &policy.stages, hour: policy.notice_hour, zone }
    }

    /// The first notice hour after `now`.
    #[must_use]
    pub fn next_hour(&self, now: Time) -> Time {
        let today = date(now, &self.zone);
        let hour_of = |days: i64| at_hour(&self.zone, later(today, days), self.hour);
        // Where a zone skips a whole day, two dates share an hour.
        (0..4).map(hour_of).find(|at| *at > now).unwrap_or(now + DAY)
    }
}

/// The zone of that IANA name; UTC where it is not known, as in a browser, which carries no calendar of zones.
#[must_use]
pub fn zone_of(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The local date at `at`.
#[must_use]
pub fn date(at: Time, zone: &TimeZone) -> Date {
    let second = at.0.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    Timestamp::from_second(second).unwrap_or_default().to_zoned(zone.clone()).date()
}

fn later(date: Date, days: i64) -> Date {
    date.saturating_add(Span::new().days(days))
}

/// The whole hour of a local day; where the clocks leave it out, the next minute that exists.
#[must_use]
pub fn at_hour(zone: &TimeZone, day: Date, hour: i64) -> Time {
    let local = day.at(i8::try_from(hour.clamp(0, 23)).unwrap_or_default(), 0, 0, 0);
    let meant = zone.to_ambiguous_timestamp(local);
    let found = match meant.offset() {
        AmbiguousOffset::Gap { .. } => {
            let before = meant.earlier().unwrap_or_default();
            zone.following(before).next().map(|change| change.timestamp())
        }
        _ => None,
    };
    let at = found.or_else(|| meant.compatible().ok()).unwrap_or(Timestamp::MAX);
    Time(at.as_second())
}

/// What ends, and whom it concerns.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    pub string: &'a NumberedString,
    pub at: Time,
    /// The token ends with it. Otherwise this one string does, beside one that outlives it.
    pub whole: bool,
    /// Somebody would notice: always so for a token's own end.
    pub in_use: bool,
}

impl Token {
    /// Whatever of it ends, at whatever time; nothing of a revoked token.
    #[must_use]
    pub fn ends(&self, now: Time) -> Vec<End<'_>> {
        if self.revoked_at.is_some() {
            return Vec::new();
        }
        let last = self.deciding_string();
        let own = last.and_then(|string| {
            string.expires_at.map(|at| End { string, at, whole: true, in_use: true })
        });
        // What had ended before it was brought here did not end here.
        let own = own.filter(|end| end.at > end.string.issued_at);
        let number = last.map(|last| last.number);
        let others = self.live_strings(now).filter(|string| Some(string.number) != number);
        own.into_iter().chain(others.filter_map(|string| self.end_of(string, now))).collect()
    }

    /// The end of one string beside another that outlives it.
    ///
    /// It counts as in use when it was used in the last seven days and nothing shows that its holder has moved: it was used
    /// after what outlives it was made, or that was never used. A token that renews on schedule makes no mail.
    fn end_of<'a>(&'a self, string: &'a NumberedString, now: Time) -> Option<End<'a>> {
        let at = string.ends_at()?;
        let outlives = |other: &&NumberedString| other.ends_at().is_none_or(|end| end > at);
        let newer: Vec<_> = self.live_strings(now).filter(outlives).collect();
        let since = newer.iter().map(|other| other.issued_at).min()?;
        let moved = newer.iter().any(|other| other.last_used_at.is_some());
        let in_use = string.used_since(now - IN_USE)
            && (!moved || string.last_used_at.is_some_and(|used| used > since));
        Some(End { string, at, whole: false, in_use })
    }
}

impl End<'_> {
    /// Each stage with the moment at which it falls due, widest first; 0 is the end itself, which is not told of one string
    /// among others.
    #[must_use]
    pub fn stages(&self, rules: &Rules<'_>) -> Vec<(i64, Time)> {
        let days: Vec<_> = rules.stages.of_life(self.string.issued_at, self.at).collect();
        let last = days.last().copied();
        let due = |days: i64| {
            if Some(days) == last {
                return self.at - days * DAY;
            }
            at_hour(&rules.zone, later(date(self.at, &rules.zone), -days), rules.hour)
        };
        let early = days.iter().map(|days| (*days, due(*days)));
        early.chain(self.whole.then_some((0, self.at))).collect()
    }

    /// Told when it falls due instead of at the notice hour: the last stage before the end, and the end.
    #[must_use]
    pub fn urgent(&self, stage: i64, rules: &Rules<'_>) -> bool {
        let last = rules.stages.of_life(self.string.issued_at, self.at).last();
        stage == 0 || Some(stage) == last
    }
}

#[cfg(test)]
mod tests;
