//! How long a letter is tried, and how long is waited in between.

use crate::domain::time::{DAY, HOUR, MINUTE, Time};
use crate::server::store::outbox::Owed;
use std::time::Duration;

/// After the first failure; doubled with each further one.
const FIRST_PAUSE: i64 = MINUTE;
const LONGEST_PAUSE: i64 = 4 * HOUR;
/// A letter that failed when it was owed for so long is given up,
const PATIENCE: i64 = 3 * DAY;
/// if it was tried so often: the server may have been off for days, and the first answer be "come again" (greylisting).
const FEWEST_TRIES: i64 = 8;
/// Where nobody takes letters, it is tried again after this long.
pub(super) const QUEUE_PAUSE: i64 = 5 * MINUTE;

/// When a letter that failed is tried again; `None`: it is given up. The last try is when patience ends, however long the
/// pause would be.
pub(super) fn next_try(owed: &Owed, now: Time, chance: u16) -> Option<Time> {
    let last = owed.created_at + PATIENCE;
    let next = now + pause(owed.attempts, chance);
    if now < last {
        return Some(next.min(last));
    }
    (owed.attempts < FEWEST_TRIES).then_some(next)
}

/// The same for a letter that was under way when the line failed: it waits no longer than the queue.
pub(super) fn next_line(owed: &Owed, now: Time, chance: u16) -> Option<Time> {
    next_try(owed, now, chance).map(|next| next.min(now + QUEUE_PAUSE))
}

/// Seconds until the next try: doubled each time, and up to a quarter more by chance, so that what failed together is not
/// tried together.
fn pause(attempts: i64, chance: u16) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or_default();
    let pause = (FIRST_PAUSE << doublings).min(LONGEST_PAUSE);
    pause + pause / 4 * i64::from(chance) / i64::from(u16::MAX)
}

/// How long the queue rests after so many rounds in a row that found no line: four seconds, doubled up to five minutes.
#[must_use]
pub fn rest(failures: u32) -> Duration {
    let seconds = 2_u64.saturating_pow(failures.saturating_add(1));
    Duration::from_secs(seconds.min(QUEUE_PAUSE.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owed(attempts: i64) -> Owed {
        Owed {
            id: "0199".into(),
            letter: "reset".into(),
            recipient: "ada@example.com".into(),
            payload: String::new(),
            created_at: Time(0),
            attempts,
            leased_until: Time(0),
        }
    }

    #[test]
    fn pauses_grow_to_four_hours_and_a_quarter() {
        let cases = [
            (1, 0, MINUTE),
            (1, u16::MAX, 75),
            (2, 0, 2 * MINUTE),
            (5, 0, 16 * MINUTE),
            (9, 0, 4 * HOUR),
            (400, u16::MAX, 5 * HOUR),
            (0, 0, MINUTE),
        ];
        for (attempts, chance, seconds) in cases {
            assert_eq!(pause(attempts, chance), seconds, "{attempts} {chance}");
        }
        assert!((1..30).all(|attempts| pause(attempts, 9000) <= pause(attempts + 1, 9000)));
    }

    #[test]
    fn a_letter_is_given_up_after_three_days_and_some_tries() {
        let days = |days: i64| Time(days * DAY);
        let cases = [
            (1, Time(0), Some(Time(MINUTE))),
            (30, days(2), Some(days(2) + 4 * HOUR)),
            (30, days(3) + -60, Some(days(3))),
            (30, days(3), None),
            (8, days(10), None),
            (7, days(10), Some(days(10) + 64 * MINUTE)),
            (1, days(10), Some(days(10) + MINUTE)),
        ];
        for (attempts, now, next) in cases {
            assert_eq!(next_try(&owed(attempts), now, 0), next, "{attempts} {now:?}");
        }
        assert_eq!(next_line(&owed(20), Time(0), 0), Some(Time(QUEUE_PAUSE)));
        assert_eq!(next_line(&owed(20), days(4), 0), None);
    }

    #[test]
    fn the_queue_rests_for_five_minutes_at_most() {
        let rests = [0, 1, 4, 7, 8, 90, u32::MAX].map(|failures| rest(failures).as_secs());
        assert_eq!(rests, [2, 4, 32, 256, 300, 300, 300]);
    }
}
