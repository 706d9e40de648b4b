//! What is wrong with the installation or a workgroup's mail at this moment, told at the top of every page.

use super::time::{MINUTE, Time};
use serde::{Deserialize, Serialize};

/// A sweep that ended longer ago is late.
pub const SWEEP_PATIENCE: i64 = 10 * MINUTE;

/// Something is wrong now, and there is a next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// Letters of this workgroup that were given up and that nobody has dealt with.
    Undelivered { count: i64 },
    /// When the last sweep ended; `None`: there was never one.
    SweepLate { last: Option<Time> },
    /// No mail leaves at all.
    MailPaused { why: String },
    /// The time on the wall is not believed, by that same clock since then.
    ClockDoubted { why: String, since: Time },
}

/// What the installation knows of itself, as far as an alarm comes from it.
#[derive(Clone, Debug, Default)]
pub struct Signs {
    /// When the last sweep ended; 0: never.
    pub last_sweep_at: Time,
    pub mail_alarm: Option<String>,
    pub clock_doubted_at: Option<Time>,
    pub clock_doubt: Option<String>,
}

impl Signs {
    /// The alarms of the whole installation. `uptime`: for how long this server has been up; a fresh start is not late. While
    /// the clock is doubted no sweep runs, so that none is missed.
    #[must_use]
    pub fn alarms(self, now: Time, uptime: i64) -> Vec<Alarm> {
        let late = uptime > SWEEP_PATIENCE && now.0 - self.last_sweep_at.0 > SWEEP_PATIENCE;
        let last = Some(self.last_sweep_at).filter(|at| at.0 != 0);
        let doubted = self
            .clock_doubted_at
            .map(|since| Alarm::ClockDoubted { why: self.clock_doubt.unwrap_or_default(), since });
        let late = (late && doubted.is_none()).then_some(Alarm::SweepLate { last });
        let paused = self.mail_alarm.map(|why| Alarm::MailPaused { why });
        [doubted, late, paused].into_iter().flatten().collect()
    }
}

/// How many letters of the workgroup could not be delivered, as the rail shows beside *Notices*.
#[must_use]
pub fn undelivered(alarms: &[Alarm]) -> Option<i64> {
    alarms.iter().find_map(|alarm| match alarm {
        Alarm::Undelivered { count } => Some(*count),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_795_255_200);

    #[test]
    fn a_sweep_is_late_after_ten_minutes_of_a_server_that_was_up_as_long() {
        let late = |last: i64| [Alarm::SweepLate { last: (last != 0).then_some(Time(last)) }];
        let cases = [
            (NOW.0 - 601, 601, true),
            (NOW.0 - 600, 601, false),
            (NOW.0 - 86_400, 600, false),
            (0, 601, true),
            (0, 600, false),
            (NOW.0 + 86_400, 601, false),
        ];
        for (last, uptime, is_late) in cases {
            let signs = Signs { last_sweep_at: Time(last), ..Signs::default() };
            let expected = if is_late { late(last).to_vec() } else { Vec::new() };
            assert_eq!(signs.alarms(NOW, uptime), expected, "{last}, up for {uptime} s");
        }
    }

    #[test]
    fn no_sweep_is_missed_while_the_clock_is_doubted() {
        let signs = Signs {
            mail_alarm: Some("535 no".into()),
            clock_doubted_at: Some(NOW),
            clock_doubt: Some("It leapt.".into()),
            ..Signs::default()
        };
        let doubted = Alarm::ClockDoubted { why: "It leapt.".into(), since: NOW };
        let paused = Alarm::MailPaused { why: "535 no".into() };
        assert_eq!(signs.alarms(NOW, 86_400), [doubted, paused]);
    }

    #[test]
    fn the_rail_counts_what_was_not_delivered() {
        let alarms = [Alarm::SweepLate { last: None }, Alarm::Undelivered { count: 3 }];
        assert_eq!(undelivered(&alarms), Some(3));
        assert_eq!(undelivered(&alarms[..1]), None);
    }
}
