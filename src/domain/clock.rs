//! Whether the time on the wall can be believed: held against a clock that nobody sets, and against when this
//! installation was last alive. Pure; who asks keeps the [`Watch`].

use super::time::{DAY, HOUR, Time, span};
use serde::{Deserialize, Serialize};

/// So far may wall time run ahead of the time that passed, between two looks, before it is doubted.
const LEAP: i64 = HOUR;
/// So long may an installation have been off before its clock is doubted at its start.
const LONG_OFF: i64 = 30 * DAY;
/// So much uptime has to agree with the wall before it is believed again.
const AGREEMENT: i64 = DAY;

/// What waits while the clock is not believed, and what ends the waiting: behind the reason, wherever that is told.
pub const WAITING: &str = "Until the clock has agreed with the time that passes for 24 hours, or an administrator \
                           confirms it, nothing is removed and nobody is mailed that a token expires.";

/// Why the time on the wall is not believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockDoubt {
    /// By that same clock.
    pub since: Time,
    /// A sentence.
    pub why: String,
}

/// What the administration shows while the clock is not believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockPage {
    pub doubt: ClockDoubt,
    /// Tokens that would leave the system by this clock.
    pub to_remove: i64,
    /// Tokens that have come near their end by this clock, or whose notices are to be thought of anew.
    pub to_look_at: i64,
    pub now: Time,
}

/// What a look at the clock has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// As it was before: believed, or not.
    Unchanged,
    /// Not to be believed from now on, with the sentence why.
    Doubt(String),
    /// To be believed again.
    Agreed,
}

/// What one process has seen of the clock. Uptime is in seconds, from any beginning.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    last: Option<(Time, i64)>,
    /// The uptime since which wall and uptime go together.
    agrees_since: i64,
    /// The uptime at which this process first knew of the doubt.
    doubted_since: Option<i64>,
}

impl Watch {
    /// Looks at the clock. `last_seen`: when the installation was last alive, 0 for never; `doubted`: whether the clock is
    /// in doubt already.
    pub fn look(&mut self, now: Time, uptime: i64, last_seen: Time, doubted: bool) -> Finding {
        let last = self.last.replace((now, uptime));
        let found = match last {
            None => off_for_long(last_seen, now),
            Some((then, at)) => apart(then, now, uptime - at, doubted),
        };
        if last.is_none() || found.is_some() {
            self.agrees_since = uptime;
        }
        if let Some(why) = found {
            self.doubted_since = Some(uptime);
            return Finding::Doubt(why);
        }
        if !doubted {
            self.doubted_since = None;
            return Finding::Unchanged;
        }
        let since = self.agrees_since.max(*self.doubted_since.get_or_insert(uptime));
        if uptime - since < AGREEMENT {
            return Finding::Unchanged;
        }
        self.doubted_since = None;
        Finding::Agreed
    }
}

fn off_for_long(last_seen: Time, now: Time) -> Option<String> {
    let off = now.0 - last_seen.0;
    (last_seen.0 != 0 && off > LONG_OFF).then(|| {
        format!(
            "When this server started on {}, it had last been alive on {}, {} before.",
            now.exact(),
            last_seen.exact(),
            span(off)
        )
    })
}

/// A set-back is nothing by itself: nothing falls due by it. In doubt it shows that the clock has not come to rest.
fn apart(then: Time, now: Time, passed: i64, doubted: bool) -> Option<String> {
    let ahead = now.0 - then.0 - passed;
    if ahead > LEAP {
        return Some(format!(
            "The clock went from {} to {} while {}: it was set, or the machine slept.",
            then.exact(),
            now.exact(),
            if passed < 60 {
                "less than a minute passed".to_owned()
            } else {
                format!("{} passed", span(passed))
            },
        ));
    }
    (doubted && ahead < -LEAP)
        .then(|| format!("The clock was set back from {} to {}.", then.exact(), now.exact()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks as (wall, uptime) passed before each, and what each finds.
    type Case<'a> = (&'a [(i64, i64)], &'a [&'a str]);

    const START: Time = Time(1_795_255_200);
    const YEARS: i64 = 3_652 * DAY;

    /// What each look finds: seconds by the wall, seconds that passed, whether it is doubted before.
    fn looks(steps: &[(i64, i64)]) -> Vec<&'static str> {
        let (mut watch, mut wall, mut uptime, mut doubted) = (Watch::default(), START, 7, false);
        assert_eq!(watch.look(wall, uptime, START, doubted), Finding::Unchanged);
        let step = |(by, passed): &(i64, i64)| {
            (wall, uptime) = (wall + *by, uptime + passed);
            match watch.look(wall, uptime, START, doubted) {
                Finding::Unchanged => "",
                Finding::Doubt(_) => {
                    doubted = true;
                    "doubt"
                }
                Finding::Agreed => {
                    doubted = false;
                    "agreed"
                }
            }
        };
        steps.iter().map(step).collect()
    }

    #[test]
    fn a_clock_that_runs_ahead_is_doubted_until_a_day_agrees() {
        let minute = (60, 60);
        let hours = |hours: i64| (hours * HOUR, hours * HOUR);
        let cases: [Case<'_>; 9] = [
            (&[minute, (60 + HOUR, 60), minute], &["", "", ""]),
            (&[minute, (61 + HOUR, 60), minute], &["", "doubt", ""]),
            (&[(2 * HOUR, 0), hours(23), hours(1)], &["doubt", "", "agreed"]),
            (&[(2 * HOUR, 0), hours(24), hours(24)], &["doubt", "agreed", ""]),
            // A second leap, forth or back, begins the day anew.
            (
                &[(2 * HOUR, 0), hours(23), (2 * HOUR, 0), hours(23), hours(1)],
                &["doubt", "", "doubt", "", "agreed"],
            ),
            (
                &[(YEARS, 0), hours(1), (-YEARS, 0), hours(23), hours(1)],
                &["doubt", "", "doubt", "", "agreed"],
            ),
            // A set-back alone is nothing, and neither is a day that passes unobserved.
            (&[(-YEARS, 0), minute, (-DAY, 60)], &["", "", ""]),
            (&[hours(240), minute], &["", ""]),
            // Ahead by a little each time: the clock is only slow to be looked at.
            (&[(HOUR, 60), (HOUR, 60)], &["", ""]),
        ];
        for (steps, found) in cases {
            assert_eq!(looks(steps), found, "{steps:?}");
        }
    }

    #[test]
    fn a_start_long_after_the_last_life_is_doubted() {
        let cases = [(0, 400, false), (1, 30, false), (1, 31, true), (1, -400, false)];
        for (seen, off, doubted) in cases {
            let last_seen = if seen == 0 { Time(0) } else { START };
            let found = Watch::default().look(START + off * DAY, 0, last_seen, false);
            assert_eq!(matches!(found, Finding::Doubt(_)), doubted, "{off} days, seen {seen}");
        }
    }

    #[test]
    fn a_process_that_starts_in_doubt_waits_a_whole_day_of_its_own() {
        let mut watch = Watch::default();
        let mut look = |hours: i64| watch.look(START + hours * HOUR, hours * HOUR, START, true);
        assert_eq!(look(100), Finding::Unchanged);
        assert_eq!(look(123), Finding::Unchanged);
        assert_eq!(look(124), Finding::Agreed);
    }

    #[test]
    fn a_process_whose_clock_was_right_all_along_waits_a_day_from_the_doubt_of_another() {
        let mut watch = Watch::default();
        let mut look =
            |hours: i64, doubted| watch.look(START + hours * HOUR, hours * HOUR, START, doubted);
        assert_eq!(look(0, false), Finding::Unchanged);
        assert_eq!(look(100, true), Finding::Unchanged);
        assert_eq!(look(123, true), Finding::Unchanged);
        assert_eq!(look(124, true), Finding::Agreed);
    }

    #[test]
    fn the_reason_is_a_sentence() {
        let mut watch = Watch::default();
        let said = |finding| match finding {
            Finding::Doubt(why) => why,
            other => format!("{other:?}"),
        };
        assert_eq!(
            said(watch.look(START, 0, START - 40 * DAY, false)),
            "When this server started on 21 Nov 2026, 10:00 UTC, it had last been alive on 12 Oct 2026, 10:00 UTC, \
             40 days before."
        );
        assert_eq!(
            said(watch.look(START + 2 * HOUR, 30, START, true)),
            "The clock went from 21 Nov 2026, 10:00 UTC to 21 Nov 2026, 12:00 UTC while less than a minute passed: \
             it was set, or the machine slept."
        );
        assert_eq!(
            said(watch.look(START, 60, START, true)),
            "The clock was set back from 21 Nov 2026, 12:00 UTC to 21 Nov 2026, 10:00 UTC."
        );
    }
}
