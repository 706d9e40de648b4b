//! Thirty days of calls as thirty strokes, scaled to their own peak; what was refused stands on top in red.

use crate::domain::usage::{Day, counted};
use leptos::prelude::*;

const TALLEST: f64 = 14.0;
/// The least that a day with a call shows.
const SHORTEST: f64 = 1.5;

/// The outlines of the allowed and of the refused calls.
fn strokes(days: &[Day]) -> (String, String) {
    let peak = days.iter().map(|day| day.calls()).max().unwrap_or(0).max(1) as f64;
    let (mut allowed, mut refused) = (String::new(), String::new());
    for (at, day) in days.iter().enumerate().filter(|(_, day)| day.calls() > 0) {
        let x = at as f64 * 3.0 + 1.5;
        let whole = (day.calls() as f64 / peak * TALLEST).max(SHORTEST);
        let good = whole * day.allowed as f64 / day.calls() as f64;
        if day.allowed > 0 {
            allowed.push_str(&format!("M{x} 16v-{good:.1}"));
        }
        if day.refused > 0 {
            refused.push_str(&format!("M{x} {:.1}v-{:.1}", 16.0 - good, whole - good));
        }
    }
    (allowed, refused)
}

/// What the drawing shows, in words.
fn words(days: &[Day]) -> String {
    let calls: i64 = days.iter().map(|day| day.calls()).sum();
    let refused: i64 = days.iter().map(|day| day.refused).sum();
    match (calls, refused) {
        (0, _) => "No calls in the last 30 days".to_owned(),
        (_, 0) => format!("{} in the last 30 days", counted(calls, "call")),
        _ => format!("{} in the last 30 days, {refused} of them refused", counted(calls, "call")),
    }
}

#[component]
pub fn SparkLine(days: Vec<Day>) -> impl IntoView {
    let (allowed, refused) = strokes(&days);
    let line = |path: String, class| {
        (!path.is_empty()).then(|| view! { <path d=path class=class stroke-width="1.75"></path> })
    };
    view! {
        <svg class="shrink-0" width="90" height="16" role="img" aria-label=words(&days)>
            <line x1="0" x2="90" y1="15.5" y2="15.5" class="stroke-line-2"></line>
            {line(allowed, "stroke-revoked-mark")}
            {line(refused, "stroke-expired-mark")}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_drawn_to_the_scale_of_the_peak_and_never_vanishes() {
        let day = |allowed, refused| Day { day: 0, allowed, refused };
        let days = [day(0, 0), day(100, 0), day(1, 0), day(25, 25), day(0, 100)];
        let (allowed, refused) = strokes(&days);
        assert_eq!(allowed, "M4.5 16v-14.0M7.5 16v-1.5M10.5 16v-3.5");
        assert_eq!(refused, "M10.5 12.5v-3.5M13.5 16.0v-14.0");
        assert_eq!(words(&days), "251 calls in the last 30 days, 125 of them refused");
        assert_eq!(words(&[]), "No calls in the last 30 days");
    }
}
