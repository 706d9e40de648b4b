//! A hash table in shards, each behind its own lock: whoever looks something up never waits for more than the change of one entry.

use hashbrown::HashTable;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A power of two; the top bits of a key choose the shard.
const SHARDS: usize = 64;

type Shard<T> = RwLock<HashTable<(u64, T)>>;

/// Values by a key of 64 even bits; more than one value may have the same key.
#[derive(Debug)]
pub struct Table<T> {
    shards: Box<[Shard<T>]>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table { shards: (0..SHARDS).map(|_| RwLock::default()).collect() }
    }
}

impl<T: Clone> Table<T> {
    fn shard(&self, key: u64) -> &Shard<T> {
        &self.shards[(key >> 58) as usize]
    }

    /// The value with this key that `is` the one.
    pub fn find(&self, key: u64, is: impl Fn(&T) -> bool) -> Option<T> {
        let shard = read(self.shard(key));
        shard.find(key, |(known, value)| *known == key && is(value)).map(|(_, value)| value.clone())
    }

    /// Puts a value where the one that `is` the same stood, or adds it.
    pub fn replace(&self, key: u64, value: T, is: impl Fn(&T) -> bool) {
        let mut shard = write(self.shard(key));
        match shard.find_mut(key, |(known, old)| *known == key && is(old)) {
            Some(entry) => entry.1 = value,
            None => {
                shard.insert_unique(key, (key, value), |(key, _)| *key);
            }
        }
    }

    pub fn remove(&self, key: u64, is: impl Fn(&T) -> bool) {
        let mut shard = write(self.shard(key));
        if let Ok(entry) = shard.find_entry(key, |(known, value)| *known == key && is(value)) {
            entry.remove();
        }
    }

    pub fn clear(&self) {
        for shard in &self.shards {
            *write(shard) = HashTable::new();
        }
    }

    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| read(shard).len()).sum()
    }
}

fn read<T>(shard: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    shard.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(shard: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    shard.write().unwrap_or_else(PoisonError::into_inner)
}
