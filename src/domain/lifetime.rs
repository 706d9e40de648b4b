//! How long a string lives: seven fixed choices and "does not expire". Days are 24 hours; months and years are calendar ones.

use super::time::{DAY, Time};
use jiff::{Span, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The lifetime of a token's future strings, shortest first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Lifetime {
    #[serde(rename = "7d")]
    Days7,
    #[serde(rename = "14d")]
    Days14,
    #[default]
    #[serde(rename = "1m")]
    Months1,
    #[serde(rename = "2m")]
    Months2,
    #[serde(rename = "3m")]
    Months3,
    #[serde(rename = "6m")]
    Months6,
    #[serde(rename = "1y")]
    Years1,
    #[serde(rename = "never")]
    Never,
}

impl Lifetime {
    pub const ALL: [Lifetime; 8] = [
        Lifetime::Days7,
        Lifetime::Days14,
        Lifetime::Months1,
        Lifetime::Months2,
        Lifetime::Months3,
        Lifetime::Months6,
        Lifetime::Years1,
        Lifetime::Never,
    ];

    /// The name in forms, commands and JSON: `7d` … `1y`, `never`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Lifetime::Days7 => "7d",
            Lifetime::Days14 => "14d",
            Lifetime::Months1 => "1m",
            Lifetime::Months2 => "2m",
            Lifetime::Months3 => "3m",
            Lifetime::Months6 => "6m",
            Lifetime::Years1 => "1y",
            Lifetime::Never => "never",
        }
    }

    /// The label on the page.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Lifetime::Days7 => "7 days",
            Lifetime::Days14 => "14 days",
            Lifetime::Months1 => "1 month",
            Lifetime::Months2 => "2 months",
            Lifetime::Months3 => "3 months",
            Lifetime::Months6 => "6 months",
            Lifetime::Years1 => "1 year",
            Lifetime::Never => "Does not expire",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<Lifetime> {
        Lifetime::ALL.into_iter().find(|lifetime| lifetime.code() == code)
    }

    #[must_use]
    pub fn expires(self) -> bool {
        self != Lifetime::Never
    }

    /// When a string issued at `from` ends; `None` if it does not expire.
    ///
    /// Calendar months in UTC, clamped to the month's end: 31 January + 1 month = 28 or 29 February.
    #[must_use]
    pub fn end(self, from: Time) -> Option<Time> {
        let months = match self {
            Lifetime::Days7 => return Some(from + 7 * DAY),
            Lifetime::Days14 => return Some(from + 14 * DAY),
            Lifetime::Never => return None,
            Lifetime::Months1 => 1,
            Lifetime::Months2 => 2,
            Lifetime::Months3 => 3,
            Lifetime::Months6 => 6,
            Lifetime::Years1 => 12,
        };
        let end = from.civil().checked_add(Span::new().months(months)).ok()?;
        let end = end.to_zoned(TimeZone::UTC).ok()?;
        Some(Time(end.timestamp().as_second()))
    }
}

impl fmt::Display for Lifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn end(lifetime: Lifetime, from: &str) -> String {
        lifetime.end(Time::parse(from).unwrap()).unwrap().rfc3339()
    }

    #[test]
    fn month_ends_clamp() {
        let cases = [
            (Lifetime::Months1, "2027-01-31T10:00:00Z", "2027-02-28T10:00:00Z"),
            (Lifetime::Months1, "2028-01-31T10:00:00Z", "2028-02-29T10:00:00Z"),
            (Lifetime::Months3, "2026-11-30T23:59:59Z", "2027-02-28T23:59:59Z"),
            (Lifetime::Months6, "2026-08-31T00:00:00Z", "2027-02-28T00:00:00Z"),
            (Lifetime::Years1, "2028-02-29T12:00:00Z", "2029-02-28T12:00:00Z"),
            (Lifetime::Days7, "2028-02-26T12:00:00Z", "2028-03-04T12:00:00Z"),
            (Lifetime::Days14, "2026-12-25T00:00:01Z", "2027-01-08T00:00:01Z"),
            (Lifetime::Months2, "2037-12-31T01:02:03Z", "2038-02-28T01:02:03Z"),
        ];
        for (lifetime, from, to) in cases {
            assert_eq!(end(lifetime, from), to, "{lifetime} from {from}");
        }
        assert_eq!(Lifetime::Never.end(Time(0)), None);
    }

    #[test]
    fn codes_and_labels_go_both_ways() {
        for lifetime in Lifetime::ALL {
            assert_eq!(Lifetime::parse(lifetime.code()), Some(lifetime));
        }
        assert_eq!(Lifetime::parse("4m"), None);
        assert_eq!(Lifetime::default().label(), "1 month");
    }

    /// Days in `month` (1 to 12) of `year`, by the rule of the Gregorian calendar.
    fn days_in(year: i16, month: i8) -> i8 {
        match month {
            4 | 6 | 9 | 11 => 30,
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            _ => 31,
        }
    }

    /// Every lifetime from every day of thirty years, against the calendar counted by hand.
    #[test]
    fn thirty_years_of_start_days_end_where_the_calendar_says() {
        let first = Time::parse("2026-01-01T00:00:00Z").unwrap();
        for day in 0..30 * 365 + 8 {
            let from = first + day * DAY + (day * 7919) % DAY;
            let start = from.civil();
            for (lifetime, months) in [
                (Lifetime::Months1, 1),
                (Lifetime::Months2, 2),
                (Lifetime::Months3, 3),
                (Lifetime::Months6, 6),
                (Lifetime::Years1, 12),
            ] {
                let end = lifetime.end(from).unwrap().civil();
                let month0 = i16::from(start.month()) - 1 + months;
                let (year, month) = (start.year() + month0 / 12, (month0 % 12 + 1) as i8);
                assert_eq!((end.year(), end.month()), (year, month), "{lifetime} from {start}");
                assert_eq!(end.day(), start.day().min(days_in(year, month)));
                assert_eq!(end.time(), start.time());
            }
            assert_eq!(Lifetime::Days7.end(from), Some(from + 7 * 86_400));
            assert_eq!(Lifetime::Days14.end(from), Some(from + 14 * 86_400));
        }
    }

    proptest! {
        #[test]
        fn a_longer_choice_never_ends_earlier(second in 1_767_225_600_i64..2_713_996_800) {
            let ends: Vec<_> = Lifetime::ALL.iter().filter_map(|l| l.end(Time(second))).collect();
            prop_assert!(ends.is_sorted());
            prop_assert!(ends.iter().all(|end| end.0 > second));
        }
    }
}
