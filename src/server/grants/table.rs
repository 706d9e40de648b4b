//! A hash table in shards, each behind its own lock: whoever looks something up never waits for more than the change of one entry.

use hashbrown::HashTable;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A table doubles when seven eighths of its places are taken: with so many, a million entries come to rest below that.
const SHARDS: usize = 80;

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
        // Within a table the low bits of a key choose the place, and the high ones tell places apart.
        let middle = (key >> 20) & u64::from(u32::MAX);
        &self.shards[((middle * SHARDS as u64) >> 32) as usize]
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Even keys without chance (splitmix64).
    fn key(number: u64) -> u64 {
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    #[test]
    fn a_million_entries_are_found_again_and_take_no_more_room_than_they_need() {
        const MANY: u64 = 1_000_000;
        let table = Table::<u64>::default();
        table.reserve(MANY as usize, |key| *key);
        for key in (0..MANY).map(key) {
            table.replace(key, key, |known| *known == key, |known| *known);
        }
        assert_eq!(table.len(), MANY as usize);
        let room: usize = table.shards.iter().map(|shard| read(shard).capacity()).sum();
        assert!(room < 1_200_000, "room for {room}");
        for number in (0..MANY).step_by(997) {
            let key = key(number);
            assert_eq!(table.find(key, |known| *known == key), Some(key));
            table.remove(key, |known| *known == key);
            assert_eq!(table.find(key, |known| *known == key), None);
        }
    }
}
