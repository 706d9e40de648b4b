//! Where everything on the twelve-month strip stands, in per cent of its width and in pixels of its height. No markup.

use crate::domain::lifetime::Lifetime;
use crate::domain::time::Time;
use crate::domain::token_list::DayCount;
use crate::domain::usage::counted;

/// The days that the strip shows.
pub const SPAN: i64 = 365;
/// The height of the ground line.
pub const GROUND: i64 = 68;
/// No pile is drawn higher; the number on it says how many there are.
const HIGHEST: i64 = 8;

#[derive(Clone, Debug, PartialEq)]
pub struct Month {
    /// `2027-02`
    pub code: String,
    /// `Feb`, with the year in January; nothing where it would not fit.
    pub label: String,
    /// Says how many tokens expire on which days.
    pub name: String,
    pub x: f64,
    pub width: f64,
}

/// The tokens of a day or a week, stacked.
#[derive(Clone, Debug, PartialEq)]
pub struct Pile {
    /// The day, or the month where a week has several days: what a click filters by.
    pub code: String,
    pub name: String,
    pub x: f64,
    pub tokens: i64,
    /// Inside the notice window.
    pub soon: bool,
}

impl Pile {
    /// The upper edge of each mark, from the ground up.
    fn marks(&self) -> impl Iterator<Item = f64> + use<> {
        (0..self.tokens.min(HIGHEST)).map(|at| (GROUND - 7 * at) as f64 - 7.5)
    }

    /// All its marks as one drawing round its middle: a year of full piles is too many elements otherwise.
    #[must_use]
    pub fn path(&self) -> String {
        // 7 wide, 6.5 high, the corners rounded by 1.5.
        let mark = "h4a1.5 1.5 0 0 1 1.5 1.5v3.5a1.5 1.5 0 0 1-1.5 1.5h-4a1.5 1.5 0 0 1-1.5-1.5v-3.5a1.5 1.5 0 0 1 1.5-1.5z";
        self.marks().map(|top| format!("M-2 {top}{mark}")).collect()
    }

    /// Where the number stands, from 3 on.
    #[must_use]
    pub fn number_at(&self) -> Option<f64> {
        (self.tokens >= 3).then(|| (GROUND - 7 * self.tokens.min(HIGHEST)) as f64 - 4.5)
    }
}

/// `2027-02-21`
fn day_code(day: i64) -> String {
    Time::of_day(day).rfc3339()[..10].to_owned()
}

fn month_code(day: i64) -> String {
    Time::of_day(day).rfc3339()[..7].to_owned()
}

fn percent(days: f64) -> f64 {
    days * 100.0 / SPAN as f64
}

/// The months that begin on the strip.
#[must_use]
pub fn months(strip: &[DayCount], today: i64) -> Vec<Month> {
    let this = Time::parse(&format!("{}-01T00:00:00Z", month_code(today)));
    let starts = std::iter::successors(this, |first| Lifetime::Months1.end(*first)).skip(1);
    let starts: Vec<_> = starts.take_while(|first| first.day() < today + SPAN).collect();
    let ends = starts.iter().skip(1).map(|next| next.day()).chain([today + SPAN]);
    starts.iter().zip(ends).map(|(first, end)| month(strip, today, *first, end)).collect()
}

fn month(strip: &[DayCount], today: i64, first: Time, end: i64) -> Month {
    let (x, width) = (percent((first.day() - today) as f64), percent((end - first.day()) as f64));
    let code = month_code(first.day());
    let label = match code.strip_suffix("-01") {
        Some(year) => format!("{} {year}", first.month()),
        None => first.month(),
    };
    // The first would run into "Today", the last over the edge.
    let fits = x > 5.0 && width > if label.len() > 3 { 6.0 } else { 3.0 };
    let inside = |count: &&DayCount| (first.day()..end).contains(&count.day);
    let total: i64 = strip.iter().filter(inside).map(|count| count.tokens).sum();
    let name = format!("{} {}: {}", first.month(), &code[..4], expiring(total));
    Month { label: if fits { label } else { String::new() }, code, name, x, width }
}

fn expiring(tokens: i64) -> String {
    match tokens {
        0 => "no token expires".to_owned(),
        1 => "1 token expires".to_owned(),
        many => format!("{} expire", counted(many, "token")),
    }
}

/// One pile a day.
#[must_use]
pub fn days(strip: &[DayCount], today: i64, window: i64) -> Vec<Pile> {
    let shown = strip.iter().filter(|count| (today..today + SPAN).contains(&count.day));
    let pile = |count: &DayCount| Pile {
        code: day_code(count.day),
        name: format!("{}: {}", Time::of_day(count.day).date(), expiring(count.tokens)),
        x: percent((count.day - today) as f64 + 0.5),
        tokens: count.tokens,
        soon: count.day <= today + window,
    };
    shown.map(pile).collect()
}

/// One pile a week, counted from today: days would be too thin on a phone.
#[must_use]
pub fn weeks(strip: &[DayCount], today: i64, window: i64) -> Vec<Pile> {
    let shown: Vec<_> =
        strip.iter().filter(|count| (today..today + SPAN).contains(&count.day)).collect();
    let weeks = shown.chunk_by(|one, next| (one.day - today) / 7 == (next.day - today) / 7);
    let pile = |week: &[&DayCount]| {
        let (first, last) = (week.first()?.day, week.last()?.day);
        let tokens = week.iter().map(|count| count.tokens).sum();
        let code = if first == last { day_code(first) } else { month_code(first) };
        let when = if first == last {
            Time::of_day(first).date()
        } else {
            format!("{} to {}", Time::of_day(first).date(), Time::of_day(last).date())
        };
        Some(Pile {
            code,
            name: format!("{when}: {}", expiring(tokens)),
            x: percent(((first - today) / 7) as f64 * 7.0 + 3.5),
            tokens,
            soon: first <= today + window,
        })
    };
    weeks.filter_map(pile).collect()
}

/// How wide the notice window is.
#[must_use]
pub fn window_width(window: i64) -> f64 {
    percent(window as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(counts: &[(i64, i64)]) -> Vec<DayCount> {
        counts.iter().map(|(day, tokens)| DayCount { day: *day, tokens: *tokens }).collect()
    }

    fn today() -> i64 {
        Time::parse("2026-11-21T10:00:00Z").unwrap().day()
    }

    #[test]
    fn months_begin_after_today_and_say_what_they_hold() {
        let months = months(&strip(&[(today() + 92, 8), (today() + 93, 1)]), today());
        assert_eq!(months.len(), 12);
        assert_eq!((months[0].code.as_str(), months[0].label.as_str()), ("2026-12", ""));
        assert_eq!(months[1].label, "Jan 2027");
        assert_eq!(months[2].name, "Feb 2027: 9 tokens expire");
        assert_eq!(months[11].name, "Nov 2027: no token expires");
        let end = months[11].x + months[11].width;
        assert!((end - 100.0).abs() < 1e-9, "the last month ends with the strip: {end}");
    }

    #[test]
    fn days_pile_up_and_are_numbered_from_three() {
        let counts = [(-1, 4), (2, 1), (92, 12), (365, 1)].map(|(ahead, n)| (today() + ahead, n));
        let piles = days(&strip(&counts), today(), 14);
        assert_eq!(piles.len(), 2, "yesterday and the day after the strip are not on it");
        assert_eq!((piles[0].code.as_str(), piles[0].soon), ("2026-11-23", true));
        assert_eq!(
            (piles[0].marks().collect::<Vec<_>>(), piles[0].number_at()),
            (vec![60.5], None)
        );
        assert_eq!(piles[1].name, "21 Feb 2027: 12 tokens expire");
        assert_eq!((piles[1].marks().count(), piles[1].number_at()), (8, Some(7.5)));
        assert!(piles[0].path().starts_with("M-2 60.5h4"));
        assert_eq!(piles[1].path().matches('z').count(), 8);
    }

    #[test]
    fn a_week_filters_by_its_day_or_by_its_month() {
        let counts = [(2, 1), (4, 2), (9, 1)].map(|(ahead, n)| (today() + ahead, n));
        let piles = weeks(&strip(&counts), today(), 14);
        let seen: Vec<_> = piles.iter().map(|p| (p.code.as_str(), p.tokens)).collect();
        assert_eq!(seen, [("2026-11", 3), ("2026-11-30", 1)]);
        assert_eq!(piles[0].name, "23 Nov 2026 to 25 Nov 2026: 3 tokens expire");
    }
}
