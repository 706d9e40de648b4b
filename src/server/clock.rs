//! The one place that asks what time it is. Everybody else is given the answer.

use crate::domain::time::{DAY, Time};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's clock, and when it was first asked for.
    System { started: Instant },
    /// Stands still until it is moved: for tests and the demonstration.
    ByHand { wall: Arc<AtomicI64>, uptime: Arc<AtomicI64>, awake: Arc<AtomicI64> },
}

impl Clock {
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else is given")]
    pub fn system() -> Clock {
        Clock::System { started: Instant::now() }
    }

    #[must_use]
    pub fn by_hand(start: Time) -> Clock {
        Clock::ByHand {
            wall: Arc::new(AtomicI64::new(start.0)),
            uptime: Arc::default(),
            awake: Arc::default(),
        }
    }

    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else is given")]
    pub fn now(&self) -> Time {
        match self {
            Clock::System { .. } => Time(jiff::Timestamp::now().as_second()),
            Clock::ByHand { wall, .. } => Time(wall.load(Ordering::SeqCst)),
        }
    }

    /// Seconds since this clock was made, by a clock that nobody sets (monotonic; it may stand still while the machine sleeps).
    #[must_use]
    pub fn uptime(&self) -> i64 {
        match self {
            Clock::System { started } => {
                i64::try_from(started.elapsed().as_secs()).unwrap_or(i64::MAX)
            }
            Clock::ByHand { uptime, .. } => uptime.load(Ordering::SeqCst),
        }
    }

    /// Milliseconds by a clock that nobody sets and that goes on while the machine sleeps (`CLOCK_BOOTTIME`, clock_gettime(2)).
    #[must_use]
    pub fn awake(&self) -> i64 {
        match self {
            Clock::System { .. } => {
                let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
                now.tv_sec * 1000 + now.tv_nsec / 1_000_000
            }
            Clock::ByHand { awake, .. } => awake.load(Ordering::SeqCst),
        }
    }

    /// Lets a clock by hand sleep for so many milliseconds: nothing is polled meanwhile, and wall time stands.
    pub fn sleep(&self, milliseconds: i64) {
        if let Clock::ByHand { awake, .. } = self {
            awake.fetch_add(milliseconds, Ordering::SeqCst);
        }
    }

    /// Lets time pass on a clock by hand; the system's clock is left alone.
    pub fn advance(&self, seconds: i64) {
        if let Clock::ByHand { wall, uptime, .. } = self {
            wall.fetch_add(seconds, Ordering::SeqCst);
            uptime.fetch_add(seconds, Ordering::SeqCst);
        }
    }

    /// Sets a clock by hand forward or back by so much, without any time passing.
    pub fn leap(&self, seconds: i64) {
        if let Clock::ByHand { wall, .. } = self {
            wall.fetch_add(seconds, Ordering::SeqCst);
        }
    }

    pub fn pass_days(&self, days: i64) {
        self.advance(days * DAY);
    }
}
