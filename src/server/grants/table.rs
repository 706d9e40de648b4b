//! A hash table in shards, each behind its own lock: whoever looks something up never waits for more than the change of one entry.

use hashbrown::HashTable;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A power of two; the top bits of a key choose the shard.
const SHARDS: usize = 64;

type Shard<T> = RwLock<HashTable<T>>;

/// Values by a key of 64 even bits, which they know themselves; more than one may have the same.
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
        shard.find(key, is).cloned()
    }

    /// Makes room for so many altogether.
    pub fn reserve(&self, many: usize, key_of: impl Fn(&T) -> u64) {
        // Chance does not deal them out quite evenly.
        let each = many / SHARDS + many / SHARDS / 16;
        for shard in &self.shards {
            write(shard).reserve(each, &key_of);
        }
    }

    /// Puts a value where the one that `is` the same stood, or adds it. `key_of` gives the key of one that is there.
    pub fn replace(&self, key: u64, value: T, is: impl Fn(&T) -> bool, key_of: impl Fn(&T) -> u64) {
        let mut shard = write(self.shard(key));
        match shard.find_mut(key, is) {
            Some(entry) => *entry = value,
            None => {
                shard.insert_unique(key, value, key_of);
            }
        }
    }

    pub fn remove(&self, key: u64, is: impl Fn(&T) -> bool) {
        let mut shard = write(self.shard(key));
        if let Ok(entry) = shard.find_entry(key, is) {
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
