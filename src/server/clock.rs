//! The one place that asks what time it is. Everybody else is given the answer.

use crate::domain::time::{DAY, Time};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

#[derive(Clone, Debug)]
pub enum Clock {
    System,
    /// Stands still until it is moved: for tests and the demonstration.
    ByHand(Arc<AtomicI64>),
}

impl Clock {
    #[must_use]
    pub fn by_hand(start: Time) -> Clock {
        Clock::ByHand(Arc::new(AtomicI64::new(start.0)))
    }

    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else is given")]
    pub fn now(&self) -> Time {
        match self {
            Clock::System => Time(jiff::Timestamp::now().as_second()),
            Clock::ByHand(second) => Time(second.load(Ordering::SeqCst)),
        }
    }

    /// Moves a clock by hand; the system's clock is left alone.
    pub fn advance(&self, seconds: i64) {
        if let Clock::ByHand(second) = self {
            second.fetch_add(seconds, Ordering::SeqCst);
        }
    }

    pub fn pass_days(&self, days: i64) {
        self.advance(days * DAY);
    }
}
