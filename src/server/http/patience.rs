//! How long a client may take over the head of its request: one alarm a connection. The timer that hyper would use otherwise is set
//! and taken down again with every request.

use hyper::rt::{Sleep, Timer};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// Of one connection: until when a head that is awaited must be there; `None`: a request is under way.
#[derive(Clone, Debug)]
pub struct Patience {
    until: Arc<Mutex<Option<Instant>>>,
    time: Duration,
}

impl Patience {
    /// Whoever has just connected has so much time, and as much again before each further request.
    pub fn new(time: Duration) -> Patience {
        Patience { until: Arc::new(Mutex::new(Some(now() + time))), time }
    }

    /// The head is there.
    pub fn rest(&self) {
        *self.until() = None;
    }

    /// Ends when the client's time is over.
    pub async fn over(&self) {
        loop {
            // Of what begins to be awaited meanwhile the end lies behind this alarm.
            let alarm = self.until().unwrap_or_else(|| now() + self.time);
            tokio::time::sleep_until(alarm.into()).await;
            if self.until().is_some_and(|until| until <= now()) {
                return;
            }
        }
    }

    fn until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn now() -> Instant {
    tokio::time::Instant::now().into()
}

impl Timer for Patience {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        *self.until() = Some(deadline);
        Box::pin(Wait(self.clone()))
    }

    fn now(&self) -> Instant {
        now()
    }
}

/// What hyper holds while it awaits a head. It never ends: [`Patience::over`] ends the whole connection.
struct Wait(Patience);

impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

impl Sleep for Wait {}

impl Drop for Wait {
    fn drop(&mut self) {
        self.0.rest();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_head_must_be_there_in_time_and_a_request_may_take_longer() {
        let time = Duration::from_millis(20);
        let begun = now();
        Patience::new(time).over().await;
        assert!(now() - begun >= time, "whoever connects has so much time");

        let patience = Patience::new(time);
        patience.rest();
        let longer = tokio::time::timeout(10 * time, patience.over()).await;
        assert!(longer.is_err(), "a request was under way");

        let waits = patience.sleep(time);
        let begun = now();
        patience.over().await;
        assert!(now() - begun >= time, "the next head never came");
        drop(waits);
        assert!(tokio::time::timeout(10 * time, patience.over()).await.is_err(), "it came");
    }
}
