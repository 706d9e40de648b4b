//! What the daily counts of a token say: thirty days in a row, sums, and figures in groups. No drawing.

use super::time::Time;
use super::token::{DayUse, NumberedString, Token};

/// The days that counts are shown for, today included.
pub const DAYS: i64 = 30;

/// The calls of one UTC day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Days since 1970.
    pub day: i64,
    pub allowed: i64,
    pub refused: i64,
}

impl Day {
    #[must_use]
    pub fn calls(self) -> i64 {
        self.allowed + self.refused
    }
}

/// The last thirty days, oldest first and none left out, counting the strings that `of` picks.
#[must_use]
pub fn thirty_days(uses: &[DayUse], today: i64, of: impl Fn(i64) -> bool) -> Vec<Day> {
    let day_of = |day: i64| {
        let on_day = uses.iter().filter(|used| used.day == day && of(used.number));
        on_day.fold(Day { day, ..Day::default() }, |sum, used| Day {
            allowed: sum.allowed + used.allowed,
            refused: sum.refused + used.refused,
            ..sum
        })
    };
    (today - DAYS + 1..=today).map(day_of).collect()
}

/// `1 204`: groups of three, held together by narrow spaces that do not break.
#[must_use]
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { "\u{2212}".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// `1 token`, `3 tokens`.
#[must_use]
pub fn counted(number: i64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

impl NumberedString {
    #[must_use]
    pub fn used_since(&self, since: Time) -> bool {
        self.last_used_at.is_some_and(|at| at >= since)
    }
}

impl Token {
    /// Calls with one string yesterday and today: what the last day of use shows, as counts are kept by UTC day.
    #[must_use]
    pub fn calls_since_yesterday(&self, number: i64, now: Time) -> i64 {
        let recent = |used: &&DayUse| used.number == number && used.day >= now.day() - 1;
        self.uses.iter().filter(recent).map(|used| used.allowed + used.refused).sum()
    }

    /// Refused calls from the day of its end on.
    #[must_use]
    pub fn refused_since(&self, end: Time) -> i64 {
        self.uses.iter().filter(|used| used.day >= end.day()).map(|used| used.refused).sum()
    }

    /// Used on at least five of the last seven days.
    #[must_use]
    pub fn in_daily_use(&self, now: Time) -> bool {
        let days = thirty_days(&self.uses, now.day(), |_| true);
        days.iter().rev().take(7).filter(|day| day.calls() > 0).count() >= 5
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_days_stand_in_a_row_whatever_was_counted() {
        let used = |day, number, allowed, refused| DayUse { day, number, allowed, refused };
        let uses = [used(70, 1, 9, 9), used(71, 1, 5, 0), used(100, 1, 2, 1), used(100, 2, 4, 0)];
        let days = thirty_days(&uses, 100, |_| true);
        assert_eq!(days.len(), 30);
        assert_eq!(days[0], Day { day: 71, allowed: 5, refused: 0 });
        assert_eq!(days[1], Day { day: 72, allowed: 0, refused: 0 });
        assert_eq!(days[29], Day { day: 100, allowed: 6, refused: 1 });
        assert_eq!(thirty_days(&uses, 100, |number| number == 2)[29].calls(), 4);
    }

    #[test]
    fn figures_stand_in_groups_of_three() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1_204, "1\u{202f}204"),
            (1_000_000, "1\u{202f}000\u{202f}000"),
            (-1_204, "\u{2212}1\u{202f}204"),
        ];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(counted(1, "call"), "1 call");
        assert_eq!(counted(0, "call"), "0 calls");
    }
}
