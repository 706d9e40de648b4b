//! What Latchkey said a moment ago: for one second at most, bounded in number, and without a single token string in it.

use super::{Caller, Demand};
use crate::problem::Problem;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;

/// How long an answer counts from the moment in which its question was sent: so long may a revoked token still be let through.
pub const FRESH: Duration = Duration::from_secs(1);
/// Answers in each of the two halves; a flood of different strings costs more questions, never more memory.
const MOST: usize = 10_000;

/// A string and what was asked about it.
pub type Key = [u8; 32];
pub type Verdict = Result<Arc<Caller>, Problem>;

/// One question, however many calls wait for its answer.
pub type Shared = Arc<OnceCell<Answer>>;

#[derive(Debug)]
pub struct Answer {
    pub verdict: Verdict,
    /// Whoever calls from now on has to ask again.
    pub stale_at: Instant,
}

/// None of the parts but the last can hold a zero byte: no two questions have the same key.
pub fn key(string: &str, demand: &Demand, device: Option<&str>) -> Key {
    let mut hash = Sha256::new();
    for part in [string, demand.kind, demand.permission] {
        hash.update(part);
        hash.update([0]);
    }
    hash.update([u8::from(device.is_some())]);
    hash.update(device.unwrap_or_default());
    hash.finalize().into()
}

/// Two halves, of which the older one is dropped whole: nothing has to be searched for what may go.
#[derive(Debug)]
pub struct Cache(Mutex<Halves>);

#[derive(Debug)]
struct Halves {
    young: HashMap<Key, Shared>,
    old: HashMap<Key, Shared>,
    turned_at: Instant,
}

impl Cache {
    pub fn new(now: Instant) -> Cache {
        Cache(Mutex::new(Halves { young: HashMap::new(), old: HashMap::new(), turned_at: now }))
    }

    /// The question that is under way, or whose answer is still fresh; else a new one, which whoever waits first will ask.
    pub fn question(&self, key: Key, now: Instant) -> Shared {
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if halves.young.len() >= MOST || now.duration_since(halves.turned_at) >= FRESH {
            halves.old = mem::take(&mut halves.young);
            halves.turned_at = now;
        }
        let serves = |shared: &&Shared| shared.get().is_none_or(|answer| now < answer.stale_at);
        let found = halves.young.get(&key).or_else(|| halves.old.get(&key)).filter(serves);
        if let Some(found) = found {
            return Arc::clone(found);
        }
        let shared = Shared::default();
        halves.young.insert(key, Arc::clone(&shared));
        shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEMAND: Demand = Demand { kind: "access", permission: "read", device: None };

    fn answer(shared: &Shared, stale_at: Instant) {
        let verdict = Err(Problem::not_found("thing"));
        shared.set(Answer { verdict, stale_at }).unwrap();
    }

    #[test]
    fn a_question_is_another_one_by_each_of_its_parts() {
        let other = [
            key("b", &DEMAND, None),
            key("a", &Demand { kind: "device", ..DEMAND }, None),
            key("a", &Demand { permission: "tunnel", ..DEMAND }, None),
            key("a", &DEMAND, Some("")),
            key("a", &DEMAND, Some("pump-1")),
        ];
        assert!(!other.contains(&key("a", &DEMAND, None)));
        assert_ne!(other[3], other[4]);
    }

    #[test]
    fn a_question_is_shared_until_its_answer_is_stale() {
        let now = Instant::now();
        let cache = Cache::new(now);
        let first = cache.question([0; 32], now);
        assert!(Arc::ptr_eq(&first, &cache.question([0; 32], now)), "it is under way");
        assert!(!Arc::ptr_eq(&first, &cache.question([1; 32], now)));
        answer(&first, now + FRESH);
        let later = now + Duration::from_millis(999);
        assert!(Arc::ptr_eq(&first, &cache.question([0; 32], later)));
        let second = cache.question([0; 32], now + FRESH);
        assert!(!Arc::ptr_eq(&first, &second), "a second is over");
        // A token that ends within the second, and a Latchkey that could not be asked.
        answer(&second, now + FRESH + Duration::from_millis(10));
        let third = cache.question([0; 32], now + FRESH + Duration::from_millis(10));
        assert!(!Arc::ptr_eq(&second, &third));
    }

    #[test]
    fn a_flood_of_strings_fills_no_memory() {
        let now = Instant::now();
        let cache = Cache::new(now);
        for number in 0..5 * MOST {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&number.to_be_bytes());
            answer(&cache.question(key, now), now + FRESH);
        }
        let halves = cache.0.lock().unwrap();
        assert!(halves.young.len() + halves.old.len() <= 2 * MOST);
    }
}
