//! The digest: what each workgroup owner should know once a day, and whether there is anything to say.

mod gather;
mod lines;

pub(super) use gather::{Gathered, gather};

use super::{Letter, owe};
use crate::domain::digest::{date_at, next, zone};
use crate::domain::time::{DAY, Time};
use crate::domain::user::Email;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::digests::Reader;
use crate::server::store::{self, Tx};
use anyhow::anyhow;

/// Readers of one round; the others are due in the next.
const AT_ONCE: i64 = 500;
/// What was told is remembered for so long: longer than anything stays in a digest.
const REMEMBERED_FOR: i64 = 400 * DAY;

/// Owes the digests that are due; says how many. One reader's fault stops no other.
///
/// # Errors
/// When the database cannot say who is due, or the first reader's fault.
pub async fn run(state: &AppState) -> Result<u32> {
    let due = {
        let mut reader = state.db.read().await?;
        store::digests::list_due(&mut reader, state.now(), AT_ONCE).await?
    };
    let (mut owed, mut fault) = (0, None);
    for user_id in due {
        match consider(state, &user_id).await {
            Ok(true) => owed += 1,
            Ok(false) => {}
            Err(error) => fault = fault.or(Some(error)),
        }
    }
    fault.map_or(Ok(owed), Err)
}

/// Owes one reader's digest if there is something to say, and notes when it is thought of next.
async fn consider(state: &AppState, user_id: &str) -> Result<bool> {
    let now = state.now();
    let mut on = state.db.read().await?;
    let Some(seen) = store::digests::find(&mut on, user_id).await? else { return Ok(false) };
    let zone = zone(&seen.time_zone);
    let date = date_at(&zone, now);
    // Read before anything is locked. Whoever was never thought of begins with the next date: nothing of theirs is late.
    let worth = seen.next_at > Time(0) && {
        let gathered = gather(&mut on, &seen, now).await?;
        gathered.tidings.worth_sending(seen.off, &zone, date, seen.sent_at)
    };
    drop(on);
    let mut tx = state.db.begin().await?;
    let current = store::digests::find(&mut tx, user_id).await?;
    // Another server was first, or the reader has moved to another zone meanwhile.
    let same = |it: &Reader| it.next_at == seen.next_at && it.time_zone == seen.time_zone;
    if !current.is_some_and(|it| same(&it)) {
        return Ok(false);
    }
    let owed = worth && owe_once(state, &mut tx, &seen, &date.to_string()).await?;
    store::digests::mark_next(&mut tx, user_id, next(&zone, now)).await?;
    state.commit(tx).await?;
    Ok(owed)
}

/// `false` when the date has its digest already: somebody who moves west lives through it twice.
async fn owe_once(state: &AppState, tx: &mut Tx, reader: &Reader, day: &str) -> Result<bool> {
    let letter = Letter::Digest { user_id: reader.id.clone(), day: day.to_owned() };
    if store::digests::is_owed(tx, &format!("digest:{}:{day}", reader.id)).await? {
        return Ok(false);
    }
    let recipient = Email::parse(&reader.email).map_err(|why| anyhow!(why))?;
    owe(state, tx, &letter, None, &recipient).await?;
    Ok(true)
}

/// A digest was sent: what it told is known to its reader. To be called for each, also for one that told nothing new.
pub async fn mark_told(tx: &mut Tx, user_id: &str, items: &[String], now: Time) -> Result<()> {
    store::digests::mark_sent(tx, user_id, now).await?;
    for item in items {
        store::digests::insert_told(tx, user_id, item, now).await?;
    }
    store::digests::delete_told(tx, user_id, now - REMEMBERED_FOR).await
}
