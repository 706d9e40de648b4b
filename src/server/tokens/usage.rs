//! Uses of strings: counted in memory on the path of a request, written together every few seconds and at the end.

use crate::domain::refusal::Code;
use crate::domain::time::{MINUTE, Time};
use crate::domain::token::{DayUse, Knocks};
use crate::server::error::Result;
use crate::server::secret::Hash;
use crate::server::state::AppState;
use crate::server::store;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

/// Addresses that are remembered of one string between two writings.
const ADDRESSES_AT_ONCE: usize = 16;

/// What was counted since it was last written.
#[derive(Debug, Default)]
pub struct UsageBook(Mutex<Book>);

#[derive(Debug, Default)]
struct Book {
    uses: HashMap<Key, Count>,
    /// Of strings that are gone, by their hash.
    knocks: HashMap<Hash, Knocks>,
}

impl Book {
    fn is_empty(&self) -> bool {
        self.uses.is_empty() && self.knocks.is_empty()
    }
}

/// One call with a string that is known, allowed or refused.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    pub token_id: &'a str,
    /// The string's number.
    pub number: i64,
    pub at: Time,
    /// The client's true address.
    pub from: &'a str,
    /// Why it was refused; `None`: it was allowed.
    pub refused: Option<Code>,
    /// What was asked for.
    pub permissions: &'a [&'a str],
    /// The external id of the device that was named.
    pub device: Option<&'a str>,
}

/// Token, number of the string, day.
type Key = (String, i64, i64);

#[derive(Clone, Debug, Default)]
struct Count {
    allowed: i64,
    refused: i64,
    last_at: Time,
    last_from: String,
    /// Where the allowed ones came from, the first few.
    from: BTreeSet<String>,
}

impl UsageBook {
    /// Counts one use of a string, allowed or refused.
    pub fn count(&self, one: &Use<'_>) {
        let allowed = one.refused.is_none();
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (one.token_id.to_owned(), one.number, one.at.day());
        let count = book.uses.entry(key).or_default();
        count.allowed += i64::from(allowed);
        count.refused += i64::from(!allowed);
        count.last_at = to_the_minute(one.at);
        one.from.clone_into(&mut count.last_from);
        if allowed && !count.from.contains(one.from) && count.from.len() < ADDRESSES_AT_ONCE {
            count.from.insert(one.from.to_owned());
        }
    }

    /// Counts one call with a string that has left the system.
    pub fn knock(&self, hash: &Hash, now: Time, address: &str) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        add(&mut book.knocks, *hash, knock(1, to_the_minute(now), address));
    }

    fn take(&self) -> Book {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts back what could not be written.
    fn restore(&self, taken: Book) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, old) in taken.uses {
            let count = book.uses.entry(key).or_default();
            count.allowed += old.allowed;
            count.refused += old.refused;
            count.from.extend(old.from);
            if count.last_at < old.last_at {
                (count.last_at, count.last_from) = (old.last_at, old.last_from);
            }
        }
        for (hash, old) in taken.knocks {
            add(&mut book.knocks, hash, old);
        }
    }
}

fn to_the_minute(now: Time) -> Time {
    now - now.0.rem_euclid(MINUTE)
}

fn knock(calls: i64, last_at: Time, from: &str) -> Knocks {
    Knocks { calls, last_at, last_from: from.to_owned() }
}

fn add(knocks: &mut HashMap<Hash, Knocks>, hash: Hash, more: Knocks) {
    let known = knocks.entry(hash).or_insert_with(|| knock(0, more.last_at, ""));
    known.calls += more.calls;
    if known.last_at <= more.last_at {
        (known.last_at, known.last_from) = (more.last_at, more.last_from);
    }
}

/// Writes everything that was counted, in one transaction; if that fails it is kept for the next time.
pub async fn flush(state: &AppState) -> Result<()> {
    let book = state.usage.take();
    if book.is_empty() {
        return Ok(());
    }
    let written = write(state, &book).await;
    if written.is_err() {
        state.usage.restore(book);
    }
    written
}

async fn write(state: &AppState, book: &Book) -> Result<()> {
    let mut tx = state.db.begin().await?;
    for ((token_id, number, day), count) in &book.uses {
        // A token can have been removed since.
        let found = store::tokens::find_anywhere(&mut tx, token_id).await?;
        let Some((_, token)) = found else { continue };
        let day_use =
            DayUse { day: *day, number: *number, allowed: count.allowed, refused: count.refused };
        store::uses::insert_or_add(&mut tx, token_id, day_use).await?;
        store::strings::mark_used(&mut tx, token_id, *number, count.last_at, &count.last_from)
            .await?;
        if count.refused > 0 && token.ended_at(state.now()).is_some() {
            let knocks = knock(count.refused, count.last_at, &count.last_from);
            store::knocks::mark(&mut tx, token_id, &knocks).await?;
        }
        for address in &count.from {
            store::token_addresses::insert_or_touch(&mut tx, token_id, address, state.now())
                .await?;
        }
    }
    for (hash, knocks) in &book.knocks {
        store::tombstones::mark_knocked(&mut tx, hash, knocks).await?;
    }
    state.commit(tx).await
}
