//! Points in time as whole unix seconds, and how they are said. Never the present: that is given by the caller.

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 60 * MINUTE;
/// A day is 24 hours; calendar months and years are the business of [`super::lifetime`].
pub const DAY: i64 = 24 * HOUR;

/// Unix seconds, UTC.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// 31 December 9999, 23:59:59 UTC: stands behind every date where a token that never expires must be sorted.
    pub const END: Time = Time(253_402_300_799);

    /// The UTC day that this second belongs to, as days since 1 January 1970.
    #[must_use]
    pub fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// Midnight UTC at which `day` (days since 1970) begins.
    #[must_use]
    pub fn of_day(day: i64) -> Time {
        Time(day * DAY)
    }

    /// Reads RFC 3339 (`2027-02-21T10:00:00Z`, any offset); fractions of a second are cut off.
    #[must_use]
    pub fn parse(text: &str) -> Option<Time> {
        text.parse::<Timestamp>().ok().map(|at| Time(at.as_second()))
    }

    /// RFC 3339 in UTC: `2027-02-21T10:00:00Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        self.timestamp().to_string()
    }

    /// `21 Feb 2027`.
    #[must_use]
    pub fn date(self) -> String {
        self.civil().strftime("%-d %b %Y").to_string()
    }

    /// `21 Feb 2027, 10:00 UTC`.
    #[must_use]
    pub fn exact(self) -> String {
        self.civil().strftime("%-d %b %Y, %H:%M UTC").to_string()
    }

    /// `21 Feb 2027, 11:00 CET`: the reading in a zone (an IANA name). A zone that is not known is UTC.
    #[must_use]
    pub fn exact_in(self, zone: &str) -> String {
        self.said_in(zone, "%-d %b %Y, %H:%M")
    }

    /// `21 Feb, 11:00 CET`, with the year where it is not the one of `now`.
    #[must_use]
    pub fn short_in(self, zone: &str, now: Time) -> String {
        let (day, today) = (self.zoned(zone), now.zoned(zone));
        let this_year = day.year() == today.year();
        self.said_in(zone, if this_year { "%-d %b, %H:%M" } else { "%-d %b %Y, %H:%M" })
    }

    /// `21 February`, with the year where it is not the one of `now`.
    #[must_use]
    pub fn day_in(self, zone: &str, now: Time) -> String {
        let (day, today) = (self.zoned(zone), now.zoned(zone));
        let form = if day.year() == today.year() { "%-d %B" } else { "%-d %B %Y" };
        day.strftime(form).to_string()
    }

    /// The reading and its zone: `CET`, or `UTC-03` where a zone is known by its number alone.
    fn said_in(self, zone: &str, form: &str) -> String {
        let at = self.zoned(zone);
        let zone = at.strftime("%Z").to_string();
        let utc = if zone.starts_with(['+', '-']) { "UTC" } else { "" };
        format!("{} {utc}{zone}", at.strftime(form))
    }

    /// The reading in a zone; UTC where it is not known.
    fn zoned(self, zone: &str) -> jiff::Zoned {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        self.timestamp().to_zoned(zone)
    }

    /// `Feb`, for the axis of the twelve-month strip.
    #[must_use]
    pub fn month(self) -> String {
        self.civil().strftime("%b").to_string()
    }

    /// How far this lies from `now` in words: `in 12 days`, `3 days ago`, `just now`.
    #[must_use]
    pub fn relative(self, now: Time) -> String {
        let apart = self.0 - now.0;
        if apart.abs() < MINUTE {
            return if apart > 0 { "in under a minute".into() } else { "just now".into() };
        }
        let span = span(apart.abs());
        if apart > 0 { format!("in {span}") } else { format!("{span} ago") }
    }

    /// The calendar reading in UTC; seconds that no calendar can write are clamped to the last one.
    pub(super) fn civil(self) -> civil::DateTime {
        self.timestamp().to_zoned(TimeZone::UTC).datetime()
    }

    fn timestamp(self) -> Timestamp {
        let second = self.0.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        Timestamp::from_second(second).unwrap_or_default()
    }
}

impl Add<i64> for Time {
    type Output = Time;
    fn add(self, seconds: i64) -> Time {
        Time(self.0.saturating_add(seconds))
    }
}

impl Sub<i64> for Time {
    type Output = Time;
    fn sub(self, seconds: i64) -> Time {
        Time(self.0.saturating_sub(seconds))
    }
}

/// A length in the unit a person would say: `2 minutes`, `26 hours`, `12 days`, `3 months`, `2 years`.
#[must_use]
pub fn span(seconds: i64) -> String {
    let (count, unit) = match seconds {
        s if s < 60 * MINUTE => (s / MINUTE, "minute"),
        s if s < 2 * DAY => (s / HOUR, "hour"),
        s if s < 60 * DAY => (s / DAY, "day"),
        s if s < 730 * DAY => (s / (30 * DAY + 10 * HOUR), "month"),
        s => (s / (365 * DAY), "year"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_relative_first_and_exactly_beside_it() {
        let now = Time::parse("2026-11-21T10:00:00Z").unwrap();
        let cases = [
            (0, "just now"),
            (30, "in under a minute"),
            (-59, "just now"),
            (-4 * MINUTE, "4 minutes ago"),
            (HOUR, "in 1 hour"),
            (-26 * HOUR, "26 hours ago"),
            (12 * DAY, "in 12 days"),
            (92 * DAY, "in 3 months"),
            (800 * DAY, "in 2 years"),
        ];
        for (seconds, words) in cases {
            assert_eq!((now + seconds).relative(now), words, "{seconds} s from now");
        }
        assert_eq!((now + 12 * DAY).exact(), "3 Dec 2026, 10:00 UTC");
        assert_eq!(now.date(), "21 Nov 2026");
    }

    #[test]
    fn a_date_is_said_with_its_zone() {
        let (now, summer) = ("2026-11-21T10:00:00Z", "2027-06-30T22:30:00Z");
        let (now, summer) = (Time::parse(now).unwrap(), Time::parse(summer).unwrap());
        let cases = [
            ("UTC", "21 Nov 2026, 10:00 UTC", "30 Jun 2027, 22:30 UTC", "30 June 2027"),
            ("Europe/Berlin", "21 Nov 2026, 11:00 CET", "1 Jul 2027, 00:30 CEST", "1 July 2027"),
            (
                "America/Sao_Paulo",
                "21 Nov 2026, 07:00 UTC-03",
                "30 Jun 2027, 19:30 UTC-03",
                "30 June 2027",
            ),
            ("Nowhere/At all", "21 Nov 2026, 10:00 UTC", "30 Jun 2027, 22:30 UTC", "30 June 2027"),
        ];
        for (zone, here, there, day) in cases {
            assert_eq!((now.exact_in(zone), summer.exact_in(zone)), (here.into(), there.into()));
            assert_eq!(summer.day_in(zone, now), day, "{zone}");
            assert_eq!(summer.short_in(zone, now), there, "{zone}");
        }
        assert_eq!(now.short_in("Europe/Berlin", now), "21 Nov, 11:00 CET");
        assert_eq!(now.day_in("Europe/Berlin", now), "21 November");
    }

    #[test]
    fn rfc_3339_goes_both_ways_and_knows_offsets() {
        let at = Time::parse("2027-02-21T12:00:00+02:00").unwrap();
        assert_eq!(at.rfc3339(), "2027-02-21T10:00:00Z");
        assert_eq!(Time::parse(&at.rfc3339()), Some(at));
        assert_eq!(Time::parse("2027-02-21"), None);
        assert_eq!(Time::END.rfc3339(), "9999-12-30T22:00:00Z", "clamped, never wrapped");
    }

    #[test]
    fn days_before_1970_are_counted_downwards() {
        assert_eq!(Time(-1).day(), -1);
        assert_eq!(Time(DAY).day(), 1);
        assert_eq!(Time::of_day(1), Time(DAY));
    }
}
