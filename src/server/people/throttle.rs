//! Password guesses are slowed: refused when one address asks too often, made to wait when one account is asked for too
//! often. An account is never refused, so that nobody can lock its owner out.

use crate::domain::refusal::{Code, Refusal};
use crate::server::secret::{Hash, sha256};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use std::hash::Hash as Key;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Ten at once, then one every six seconds.
const PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
/// What every further guess at one account waits.
const PAUSE: Duration = Duration::from_secs(2);
/// After this many guesses, what has recovered is forgotten: memory holds these and the last minute's.
const FORGET_EVERY: usize = 1024;

type Limiter<K, C> = RateLimiter<K, DashMapStateStore<K>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Counts in memory, by a clock that never goes back: a step of wall time neither locks nor opens anything.
#[derive(Debug)]
pub struct Throttle<C: Clock = DefaultClock> {
    clock: C,
    networks: Limiter<String, C>,
    accounts: Limiter<Hash, C>,
    guesses: AtomicUsize,
}

impl Default for Throttle {
    fn default() -> Throttle {
        Throttle::by(DefaultClock::default())
    }
}

impl<C: Clock + Clone> Throttle<C> {
    fn by(clock: C) -> Throttle<C> {
        Throttle {
            networks: limiter(&clock),
            accounts: limiter(&clock),
            guesses: AtomicUsize::new(0),
            clock,
        }
    }

    /// Counts one guess from `address` at the account of `email` as it was typed, which need not exist: how long to wait
    /// before the password is looked at, or the refusal.
    pub fn admit(&self, address: &str, email: &str) -> Result<Duration, Refusal> {
        if self.guesses.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.networks.retain_recent();
            self.accounts.retain_recent();
        }
        if let Err(not_yet) = self.networks.check_key(&network(address)) {
            let wait = not_yet.wait_time_from(self.clock.now());
            return Err(too_often(wait));
        }
        let account = sha256(email.trim().to_lowercase().as_bytes());
        let calm = self.accounts.check_key(&account).is_ok();
        Ok(if calm { Duration::ZERO } else { PAUSE })
    }
}

fn limiter<K: Key + Eq + Clone, C: Clock + Clone>(clock: &C) -> Limiter<K, C> {
    RateLimiter::new(Quota::per_minute(PER_MINUTE), DashMapStateStore::default(), clock.clone())
}

fn too_often(wait: Duration) -> Refusal {
    let seconds = i64::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(60).max(1);
    let detail = format!(
        "Too many attempts from your address. Try again in {seconds} second{}.",
        if seconds == 1 { "" } else { "s" }
    );
    Refusal { retry_after: Some(seconds), ..Refusal::new(Code::RateLimited, detail) }
}

/// What one sender can draw addresses from: the address itself, or the /64 network of an IPv6 address.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let upper = address.to_bits() & !u128::from(u64::MAX);
            Ipv6Addr::from_bits(upper).to_string()
        }
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    fn throttle() -> (Throttle<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Throttle::by(clock.clone()), clock)
    }

    #[test]
    fn an_address_is_refused_after_ten_and_let_in_again_after_six_seconds() {
        let (throttle, clock) = throttle();
        for guess in 0..10 {
            assert!(throttle.admit("192.0.2.1", &format!("{guess}@example.com")).is_ok());
        }
        let refusal = throttle.admit("192.0.2.1", "a@example.com").unwrap_err();
        assert_eq!((refusal.code, refusal.retry_after), (Code::RateLimited, Some(6)));
        assert!(
            throttle.admit("192.0.2.2", "a@example.com").is_ok(),
            "another address is not concerned"
        );
        clock.advance(Duration::from_secs(6));
        assert!(throttle.admit("192.0.2.1", "a@example.com").is_ok());
        assert!(throttle.admit("192.0.2.1", "a@example.com").is_err());
    }

    #[test]
    fn an_account_is_slowed_and_never_refused() {
        let (throttle, clock) = throttle();
        let waits: Vec<_> = (0..50)
            .map(|guess| throttle.admit(&format!("192.0.2.{guess}"), " Ada@Example.com").unwrap())
            .collect();
        assert!(waits[..10].iter().all(Duration::is_zero), "{waits:?}");
        assert!(waits[10..].iter().all(|wait| *wait == PAUSE), "{waits:?}");
        assert_eq!(throttle.admit("198.51.100.1", "ada@example.com").unwrap(), PAUSE);
        assert_eq!(throttle.admit("198.51.100.2", "eve@example.com").unwrap(), Duration::ZERO);
        clock.advance(Duration::from_secs(60));
        assert_eq!(throttle.admit("198.51.100.3", "ada@example.com").unwrap(), Duration::ZERO);
    }

    #[test]
    fn one_sender_has_one_network_however_many_addresses() {
        let cases = [
            ("192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::", "2001:db8:1:2::"),
            ("unknown", "unknown"),
        ];
        for (address, expected) in cases {
            assert_eq!(network(address), expected, "{address}");
        }
    }

    #[test]
    fn what_has_recovered_is_forgotten() {
        let (throttle, clock) = throttle();
        for guess in 0..5 * FORGET_EVERY {
            throttle
                .admit(&format!("10.0.{}.{}", guess / 256, guess % 256), &guess.to_string())
                .unwrap();
            clock.advance(Duration::from_millis(100));
        }
        assert!(throttle.networks.len() <= 2 * FORGET_EVERY, "{}", throttle.networks.len());
        assert!(throttle.accounts.len() <= 2 * FORGET_EVERY, "{}", throttle.accounts.len());
    }
}
