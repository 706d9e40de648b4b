//! Uses of strings: counted in memory on the path of a request, written together every few seconds and at the end.

use crate::domain::time::{MINUTE, Time};
use crate::domain::token::DayUse;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

/// Addresses that are remembered of one string between two writings.
const ADDRESSES_AT_ONCE: usize = 16;

/// What was counted since it was last written.
#[derive(Debug, Default)]
pub struct UsageBook(Mutex<HashMap<Key, Count>>);

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
    pub fn count(&self, token_id: &str, number: i64, now: Time, address: &str, allowed: bool) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = book.entry((token_id.to_owned(), number, now.day())).or_default();
        count.allowed += i64::from(allowed);
        count.refused += i64::from(!allowed);
        count.last_at = now - now.0.rem_euclid(MINUTE);
        address.clone_into(&mut count.last_from);
        if allowed && !count.from.contains(address) && count.from.len() < ADDRESSES_AT_ONCE {
            count.from.insert(address.to_owned());
        }
    }

    fn take(&self) -> HashMap<Key, Count> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts back what could not be written.
    fn restore(&self, counts: HashMap<Key, Count>) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, old) in counts {
            let count = book.entry(key).or_default();
            count.allowed += old.allowed;
            count.refused += old.refused;
            count.from.extend(old.from);
            if count.last_at < old.last_at {
                (count.last_at, count.last_from) = (old.last_at, old.last_from);
            }
        }
    }
}

/// Writes everything that was counted, in one transaction; if that fails it is kept for the next time.
pub async fn flush(state: &AppState) -> Result<()> {
    let counts = state.usage.take();
    if counts.is_empty() {
        return Ok(());
    }
    let written = write(state, &counts).await;
    if written.is_err() {
        state.usage.restore(counts);
    }
    written
}

async fn write(state: &AppState, counts: &HashMap<Key, Count>) -> Result<()> {
    let mut tx = state.db.begin().await?;
    for ((token_id, number, day), count) in counts {
        // A token can have been removed since.
        if store::tokens::find_anywhere(&mut tx, token_id).await?.is_none() {
            continue;
        }
        let day_use =
            DayUse { day: *day, number: *number, allowed: count.allowed, refused: count.refused };
        store::uses::insert_or_add(&mut tx, token_id, day_use).await?;
        store::strings::mark_used(&mut tx, token_id, *number, count.last_at, &count.last_from)
            .await?;
        for address in &count.from {
            store::token_addresses::insert_or_touch(&mut tx, token_id, address, state.now())
                .await?;
        }
    }
    tx.commit().await
}
