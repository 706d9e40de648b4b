//! From when on renewing is best: late enough to use most of a life, early enough that nobody is mailed.

use super::time::{DAY, Time};

/// An early notice goes out on its calendar day, up to a day before its stage is reached to the second; whoever looks once
/// a day comes before that.
const AHEAD_OF_NOTICE: i64 = 2 * DAY;

/// Two thirds of a life from `issued_at` to `ends_at`, and never later than two days before the first notice, whose stage
/// begins at `expiring_at`: what renews then is told nothing.
#[must_use]
pub fn best_from(issued_at: Time, ends_at: Time, expiring_at: Time) -> Time {
    let used = issued_at + (ends_at.0 - issued_at.0) / 3 * 2;
    used.min(expiring_at - AHEAD_OF_NOTICE).max(issued_at)
}

#[cfg(test)]
mod tests {
    use super::super::notice::Stages;
    use super::*;

    #[test]
    fn renewing_is_best_at_two_thirds_of_a_life_and_before_the_first_notice() {
        let stages = Stages::default();
        for (life, day) in [(365, 243), (90, 60), (60, 40), (30, 14), (14, 5), (7, 4), (1, 0)] {
            let (issued, ends) = (Time(1_000 * DAY), Time((1_000 + life) * DAY));
            let from = best_from(issued, ends, stages.expiring_at(issued, ends));
            assert_eq!((from.0 - issued.0) / DAY, day, "{life} days");
        }
        assert_eq!(best_from(Time(9), Time(9), Time(9)), Time(9), "never before it was issued");
    }
}
