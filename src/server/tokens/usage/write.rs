//! Writing what was counted: batch after batch, each a short transaction, so that whoever else waits to write has a turn.

use super::book::Taken;
use super::count::{Count, Refusals};
use crate::domain::refusal::Code;
use crate::domain::time::Time;
use crate::domain::token::{DayUse, Knocks};
use crate::domain::token_usage::is_knock;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::in_use::InUse;
use crate::server::store::strings::LastUse;
use crate::server::store::{self, Tx};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;
use tokio::time::Instant;

/// Tokens in one transaction, and how long it may keep other writers waiting: whichever comes first ends a batch.
const MOST_AT_ONCE: usize = 200;
const NO_LONGER_THAN: Duration = Duration::from_millis(30);
/// Tokens whose rows are written together.
const STEP: usize = 40;

/// Writes everything that was counted. A batch that fails is kept for the next time with all that comes behind it; what was
/// written before it is not written again.
pub async fn flush(state: &AppState) -> Result<()> {
    let mut left = state.usage.take();
    while !left.uses.is_empty() || !left.knocks.is_empty() {
        match batch(state, &left).await {
            Ok((uses, knocks)) => {
                left.uses.truncate(left.uses.len() - uses);
                left.knocks.truncate(left.knocks.len() - knocks);
            }
            Err(error) => {
                state.usage.restore(left);
                return Err(error);
            }
        }
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Writes the last of them in one transaction; gives how many tokens and how many removed strings that were.
async fn batch(state: &AppState, left: &Taken) -> Result<(usize, usize)> {
    let mut tx = state.db.begin().await?;
    let (began, mut uses, mut knocks) = (Instant::now(), 0, 0);
    for step in left.uses.rchunks(STEP) {
        write(state, &mut tx, step).await?;
        uses += step.len();
        if uses >= MOST_AT_ONCE || began.elapsed() >= NO_LONGER_THAN {
            break;
        }
    }
    if uses == left.uses.len() {
        for (hash, more) in left.knocks.iter().rev().take(MOST_AT_ONCE) {
            store::tombstones::mark_knocked(&mut tx, hash, more).await?;
            knocks += 1;
            if began.elapsed() >= NO_LONGER_THAN {
                break;
            }
        }
    }
    state.commit(tx).await?;
    state.metrics.usage_written(uses + knocks);
    Ok((uses, knocks))
}

/// One step: what is known of some tokens, table by table. Those that were removed since are left out.
async fn write(state: &AppState, tx: &mut Tx, step: &[(Box<str>, Count)]) -> Result<()> {
    let ids: Vec<&str> = step.iter().map(|(id, _)| id.as_ref()).collect();
    let stand = store::in_use::list(tx, &ids).await?;
    let stand: HashMap<&str, &InUse> = stand.iter().map(|it| (it.id.as_str(), it)).collect();
    let counts: Vec<(&InUse, &Count)> =
        step.iter().filter_map(|(id, count)| Some((*stand.get(id.as_ref())?, count))).collect();
    store::uses::insert_or_add(tx, &of_each(&counts, days)).await?;
    store::strings::mark_used(tx, &of_each(&counts, last)).await?;
    store::in_use::mark_used_day(tx, &of_each(&counts, latest_day)).await?;
    store::token_addresses::insert_or_touch(tx, &of_each(&counts, from)).await?;
    store::asks::insert_or_add(tx, &of_each(&counts, asks)).await?;
    refuse(tx, &counts).await?;
    let knocks: Vec<(&str, Knocks)> = counts
        .iter()
        .filter(|(it, _)| it.has_ended(state.now()))
        .filter_map(|(it, count)| Some((it.id.as_str(), knocks(count)?)))
        .collect();
    let knocks: Vec<_> = knocks.iter().map(|(id, knocks)| (*id, knocks)).collect();
    store::knocks::mark(tx, &knocks).await
}

/// The rows of all tokens in one list.
fn of_each<'a, T, R: IntoIterator<Item = T>>(
    counts: &[(&'a InUse, &'a Count)],
    rows: impl Fn(&'a InUse, &'a Count) -> R,
) -> Vec<T> {
    counts.iter().flat_map(|(it, count)| rows(it, count)).collect()
}

fn days<'a>(it: &'a InUse, count: &'a Count) -> Vec<(&'a str, DayUse)> {
    count.days.iter().map(|used| (it.id.as_str(), *used)).collect()
}

fn last<'a>(it: &'a InUse, count: &'a Count) -> Vec<LastUse<'a>> {
    let last = count.last.iter().map(|last| LastUse {
        token_id: &it.id,
        number: last.number,
        at: last.at,
        from: &last.from,
    });
    last.collect()
}

fn latest_day<'a>(it: &'a InUse, count: &'a Count) -> Option<(&'a str, i64)> {
    count.days.iter().map(|used| (it.id.as_str(), used.day)).max()
}

fn from<'a>(it: &'a InUse, count: &'a Count) -> Vec<(&'a str, &'a str, Time)> {
    count.from.iter().map(|from| (it.id.as_str(), from.address.as_str(), from.last_at)).collect()
}

fn asks<'a>(it: &'a InUse, count: &'a Count) -> Vec<store::asks::Row<'a>> {
    let asks = count.asks.iter().map(|ask| store::asks::Row {
        token_id: &it.id,
        subject: ask.subject,
        name: &ask.name,
        calls: ask.calls,
        last_day: ask.last_day,
    });
    asks.collect()
}

type RefusalKey<'a> = (&'a str, i64, i64, &'static str, &'a str);

async fn refuse(tx: &mut Tx, counts: &[(&InUse, &Count)]) -> Result<()> {
    if counts.iter().all(|(_, count)| count.refusals.is_empty()) {
        return Ok(());
    }
    let known = store::permissions::list(tx).await?;
    let is_known = |name: &str| known.iter().any(|permission| permission.name == name);
    let mut sums: BTreeMap<RefusalKey<'_>, (Code, i64)> = BTreeMap::new();
    for (it, count) in counts {
        for refusals in &count.refusals {
            let about = missing(it, refusals, is_known);
            let key =
                (it.id.as_str(), refusals.number, refusals.day, refusals.code.as_str(), about);
            sums.entry(key).or_insert((refusals.code, 0)).1 += refusals.calls;
        }
    }
    let rows: Vec<_> = sums
        .into_iter()
        .map(|((token_id, number, day, _, about), (code, calls))| store::refusals::Row {
            token_id,
            number,
            day,
            code,
            about,
            calls,
        })
        .collect();
    store::refusals::insert_or_add(tx, &rows).await
}

/// The first permission that was asked for and that the token does not hold; empty if there is none that the catalogue knows:
/// what a caller makes up must not fill the table.
fn missing<'a>(it: &InUse, refusals: &'a Refusals, is_known: impl Fn(&str) -> bool) -> &'a str {
    let lacks = |name: &&str| !it.permissions.contains(*name) && is_known(name);
    refusals.asked.iter().map(AsRef::as_ref).find(lacks).unwrap_or_default()
}

/// Calls with strings of it that had ended; `None`: there was none.
fn knocks(count: &Count) -> Option<Knocks> {
    let ended = count.refusals.iter().filter(|it| is_knock(it.code));
    let calls: i64 = ended.map(|it| it.calls).sum();
    let last = count.last.iter().max_by_key(|last| last.at).filter(|_| calls > 0)?;
    Some(Knocks { calls, last_at: last.at, last_from: last.from.clone() })
}
