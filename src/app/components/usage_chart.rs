//! The calls of the last thirty days as stacked bars: those with the newest string, those still made with older ones, and the refused.

use super::tooltip::tooltip;
use crate::domain::time::Time;
use crate::domain::token::Token;
use crate::domain::usage::{Day, counted, grouped, thirty_days};
use leptos::prelude::*;

/// The height of the ground line, and the room above it.
const GROUND: f64 = 96.0;
const ROOM: f64 = 84.0;

/// The two layers of the chart.
struct Layers {
    newest: i64,
    /// The older strings in words: `#2`, or `Older strings` if several were used.
    older: Option<String>,
    days: Vec<(Day, Day)>,
}

fn layers(token: &Token, now: Time) -> Layers {
    let newest = token.newest().map_or(0, |string| string.number);
    let of_newest = thirty_days(&token.uses, now.day(), |number| number == newest);
    let of_older = thirty_days(&token.uses, now.day(), |number| number != newest);
    let mut used: Vec<_> =
        token.uses.iter().map(|used| used.number).filter(|n| *n != newest).collect();
    used.dedup();
    let older = match used.as_slice() {
        [] => None,
        [only] => Some(format!("#{only}")),
        [first, rest @ ..] if rest.iter().all(|number| number == first) => {
            Some(format!("#{first}"))
        }
        _ => Some("Older strings".to_owned()),
    };
    Layers { newest, older, days: of_newest.into_iter().zip(of_older).collect() }
}

/// The least of 1, 2 and 5 times a power of ten that is not below `peak`, even so that half of it is whole.
fn scale(peak: i64) -> i64 {
    let mut step = 1;
    loop {
        for times in [2, 4, 10] {
            if step * times >= peak {
                return step * times;
            }
        }
        step *= 10;
    }
}

fn refusals((one, other): &(Day, Day)) -> i64 {
    one.refused + other.refused
}

#[component]
pub fn UsageChart(token: Token, now: Time) -> impl IntoView {
    let Layers { newest, older, days } = layers(&token, now);
    let calls = |(one, other): &(Day, Day)| one.calls() + other.calls();
    let total: i64 = days.iter().map(calls).sum();
    let top = scale(days.iter().map(calls).max().unwrap_or(0).max(2));
    let refused: i64 = days.iter().map(refusals).sum();
    let some_refused = refused > 0;
    let summary = format!(
        "{} in the last 30 days, {} of them refused, at most {} on one day",
        counted(total, "call"),
        grouped(refused),
        grouped(days.iter().map(calls).max().unwrap_or(0)),
    );
    view! {
        <section aria-labelledby="usage" class="mt-10">
            <div class="flex items-baseline justify-between gap-4 border-b border-line pb-2">
                <h2 id="usage" class="font-semibold">
                    "Usage, last 30 days"
                </h2>
                <Legend newest=newest older=older refused=some_refused />
            </div>
            <div class="mt-4 flex gap-3">
                <Bars days=days top=top summary=summary newest=newest />
                <Axis top=top />
            </div>
            <p class="mt-2 text-sm text-ink-3 tabular-nums">
                {counted(total, "call")} ", " {grouped(refused)} " refused"
            </p>
        </section>
    }
}

#[component]
fn Legend(newest: i64, older: Option<String>, refused: bool) -> impl IntoView {
    let entry = |fill: &'static str, label: String| {
        view! {
            <span class="inline-flex items-center gap-1.5">
                <svg width="8" height="8" aria-hidden="true">
                    <rect width="8" height="8" rx="2" class=fill></rect>
                </svg>
                {label}
            </span>
        }
    };
    view! {
        <p class="inline-flex gap-4 text-sm text-ink-3 tabular-nums">
            {entry("fill-accent", format!("#{newest}"))}
            {older.map(|older| entry("fill-revoked-mark", older))}
            {refused.then(|| entry("fill-expired-mark", "refused".to_owned()))}
        </p>
    }
}

#[component]
fn Bars(days: Vec<(Day, Day)>, top: i64, summary: String, newest: i64) -> impl IntoView {
    let first = days.first().map(|(day, _)| day.day);
    let middle = days.get(14).map(|(day, _)| day.day);
    let used = |(_, (one, other)): &(usize, (Day, Day))| one.calls() + other.calls() > 0;
    let bars = days.into_iter().enumerate().filter(used);
    let bars = bars.map(|(at, (one, other))| stacked(at, one, other, top, newest));
    view! {
        <svg
            class="block min-w-0 flex-1 overflow-visible"
            width="100%"
            height="120"
            role="img"
            aria-label=summary
        >
            <line x1="0" x2="100%" y1="54" y2="54" class="stroke-line"></line>
            <line x1="0" x2="100%" y1="12" y2="12" class="stroke-line"></line>
            {bars.collect_view()}
            <line x1="0" x2="100%" y1="96.5" y2="96.5" class="stroke-line-2"></line>
            <text x="0" y="114" class="fill-ink-3 text-xs">
                {first.map(day_and_month)}
            </text>
            <text x="48%" y="114" text-anchor="middle" class="fill-ink-3 text-xs">
                {middle.map(day_and_month)}
            </text>
            <text x="100%" y="114" text-anchor="end" class="fill-ink text-xs font-medium">
                "Today"
            </text>
        </svg>
    }
}

/// The calls of one day, from the ground up.
fn stacked(at: usize, one: Day, other: Day, top: i64, newest: i64) -> impl IntoView {
    let x = format!("{:.2}%", at as f64 * 100.0 / 30.0 + 0.9);
    let mut edge = GROUND;
    let layers = [
        (one.allowed, "fill-accent"),
        (other.allowed, "fill-revoked-mark"),
        (one.refused + other.refused, "fill-expired-mark"),
    ];
    let layers = layers.map(|(calls, fill)| {
        let high = calls as f64 / top as f64 * ROOM;
        edge -= high;
        // A hair of paper between a layer and what lies on it.
        bar(x.clone(), edge, (high - 1.0).max(high / 2.0), fill)
    });
    view! {
        <g>
            {tooltip(of_day(one, other, newest))}
            {layers.into_iter().collect_view()}
        </g>
    }
}

/// One layer of a day; nothing if it has no height.
fn bar(x: String, y: f64, height: f64, fill: &'static str) -> impl IntoView {
    (height > 0.0).then(|| {
        view! {
            <rect
                x=x
                y=format!("{y:.1}")
                width="1.5%"
                height=format!("{height:.1}")
                class=fill
            ></rect>
        }
    })
}

/// What the pointer reads on a bar.
fn of_day(one: Day, other: Day, newest: i64) -> String {
    let mut text = format!("{}: ", Time::of_day(one.day).date());
    text.push_str(&format!("{} with #{newest}", grouped(one.calls())));
    if other.calls() > 0 {
        text.push_str(&format!(", {} with older strings", grouped(other.calls())));
    }
    let refused = one.refused + other.refused;
    if refused > 0 {
        text.push_str(&format!("; {} refused", grouped(refused)));
    }
    text
}

/// `23 Oct`
fn day_and_month(day: i64) -> String {
    let date = Time::of_day(day).date();
    date.rsplit_once(' ').map_or(date.clone(), |(short, _)| short.to_owned())
}

/// The figures at the right: half and whole.
#[component]
fn Axis(top: i64) -> impl IntoView {
    let figure = |y, number| {
        view! {
            <text x="42" y=y text-anchor="end" class="fill-ink-3 text-xs tabular-nums">
                {grouped(number)}
            </text>
        }
    };
    view! {
        <svg class="shrink-0" width="42" height="120" aria-hidden="true">
            {figure("58", top / 2)}
            {figure("16", top)}
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_a_round_figure_with_a_whole_half() {
        for (peak, top) in
            [(1, 2), (3, 4), (4, 4), (5, 10), (11, 20), (1_700, 2_000), (2_001, 4_000)]
        {
            assert_eq!(scale(peak), top, "{peak}");
        }
    }

    #[test]
    fn an_axis_day_has_no_year() {
        assert_eq!(day_and_month(0), "1 Jan");
    }
}
