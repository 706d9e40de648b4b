//! The book of uses in memory. Each token has its shard, so that calls with different ones seldom wait for each other.

use super::count::{Count, Use, to_the_minute};
use crate::domain::time::Time;
use crate::domain::token::Knocks;
use crate::server::secret::Hash;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// An id ends in a random hexadecimal digit, a hash begins with a random byte: either spreads evenly over so many.
const SHARDS: usize = 16;

/// What was counted since it was last written.
#[derive(Debug, Default)]
pub struct UsageBook([Mutex<Shard>; SHARDS]);

#[derive(Debug, Default)]
struct Shard {
    /// By the id of the token.
    uses: HashMap<Box<str>, Count>,
    /// Of strings that are gone, by their hash.
    knocks: HashMap<Hash, Knocks>,
}

/// What was taken out of the book to be written.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub uses: Vec<(Box<str>, Count)>,
    pub knocks: Vec<(Hash, Knocks)>,
}

impl UsageBook {
    /// Counts one use of a string, allowed or refused. On the path of every call: nothing is allocated for a token, an address
    /// and a question that are known.
    pub fn count(&self, one: &Use<'_>) {
        let mut shard = self.of_token(one.token_id);
        if let Some(count) = shard.uses.get_mut(one.token_id) {
            count.add(one);
            return;
        }
        let mut count = Count::default();
        count.add(one);
        shard.uses.insert(Box::from(one.token_id), count);
    }

    /// Counts one call with a string that has left the system.
    pub fn knock(&self, hash: &Hash, now: Time, address: &str) {
        let one = Knocks { calls: 1, last_at: to_the_minute(now), last_from: address.to_owned() };
        add(&mut self.of_hash(hash).knocks, *hash, one);
    }

    pub(super) fn take(&self) -> Taken {
        let mut taken = Taken::default();
        for shard in &self.0 {
            let shard = std::mem::take(&mut *lock(shard));
            taken.uses.extend(shard.uses);
            taken.knocks.extend(shard.knocks);
        }
        taken
    }

    /// Puts back what could not be written.
    pub(super) fn restore(&self, taken: Taken) {
        for (id, old) in taken.uses {
            self.of_token(&id).uses.entry(id).or_default().merge(old);
        }
        for (hash, old) in taken.knocks {
            add(&mut self.of_hash(&hash).knocks, hash, old);
        }
    }

    fn of_token(&self, id: &str) -> MutexGuard<'_, Shard> {
        let digit = id.chars().next_back().and_then(|last| last.to_digit(16)).unwrap_or_default();
        lock(&self.0[digit as usize % SHARDS])
    }

    fn of_hash(&self, hash: &Hash) -> MutexGuard<'_, Shard> {
        lock(&self.0[usize::from(hash[0]) % SHARDS])
    }
}

fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

fn add(knocks: &mut HashMap<Hash, Knocks>, hash: Hash, more: Knocks) {
    let known = knocks.entry(hash).or_insert_with(|| Knocks { calls: 0, ..more.clone() });
    known.calls += more.calls;
    if known.last_at <= more.last_at {
        (known.last_at, known.last_from) = (more.last_at, more.last_from);
    }
}
