//! When a token's end comes near enough to say so: the notice stages, and which of them a string's life has room for.

pub mod due;
pub mod plan;

pub use due::{End, Rules, at_hour, zone_of};
pub use plan::{Due, Look, Told, look, next_look, next_notices};

use super::time::{DAY, Time};
use serde::{Deserialize, Serialize};

/// The widest stage that a workgroup can choose, with two days for zones and hours: what ends later is looked at when it
/// comes this near, whatever the stages are then.
pub const LOOKED_AHEAD: i64 = (90 + 2) * DAY;

/// Days before expiry at which a token owner is mailed, widest first. A workgroup may change them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stages(Vec<i64>);

impl Default for Stages {
    fn default() -> Stages {
        Stages(vec![14, 7, 1])
    }
}

impl Stages {
    /// One to five different stages of 1 to 90 days; they are kept widest first.
    #[must_use]
    pub fn parse(days: &[i64]) -> Option<Stages> {
        let mut days = days.to_vec();
        days.sort_unstable_by(|a, b| b.cmp(a));
        days.dedup();
        let whole = (1..=5).contains(&days.len()) && days.iter().all(|day| (1..=90).contains(day));
        whole.then_some(Stages(days))
    }

    #[must_use]
    pub fn days(&self) -> &[i64] {
        &self.0
    }

    /// `14, 7, 1`.
    #[must_use]
    pub fn words(&self) -> String {
        let days: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        days.join(", ")
    }

    /// The stages that apply to a string living from `issued_at` to `expires_at`: one longer than half of its life is left out.
    pub fn of_life(&self, issued_at: Time, expires_at: Time) -> impl Iterator<Item = i64> + '_ {
        let life = expires_at.0 - issued_at.0;
        self.0.iter().copied().filter(move |days| days * DAY * 2 <= life)
    }

    /// When a token is shown as *Expiring*: inside the first stage that applies; at its very end if none does.
    #[must_use]
    pub fn expiring_at(&self, issued_at: Time, expires_at: Time) -> Time {
        let first = self.of_life(issued_at, expires_at).next();
        expires_at - first.unwrap_or(0) * DAY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_longer_than_half_of_the_life_is_left_out() {
        let stages = Stages::default();
        let cases: [(i64, &[i64]); 5] =
            [(7, &[1]), (14, &[7, 1]), (28, &[14, 7, 1]), (365, &[14, 7, 1]), (1, &[])];
        for (life, applies) in cases {
            let (issued, ends) = (Time(0), Time(life * DAY));
            assert_eq!(stages.of_life(issued, ends).collect::<Vec<_>>(), applies, "{life} days");
        }
        assert_eq!(stages.expiring_at(Time(0), Time(7 * DAY)), Time(6 * DAY));
        assert_eq!(stages.expiring_at(Time(0), Time(DAY)), Time(DAY));
    }

    #[test]
    fn stages_are_kept_widest_first_and_checked() {
        assert_eq!(Stages::parse(&[1, 30, 7, 7]).unwrap().days(), [30, 7, 1]);
        assert_eq!(Stages::parse(&[]), None);
        assert_eq!(Stages::parse(&[0]), None);
        assert_eq!(Stages::parse(&[91]), None);
    }
}
