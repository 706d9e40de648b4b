//! The list of tokens: a page of rows, the counts above it, and the twelve-month strip.

use crate::domain::rights::Seat;
use crate::domain::time::{DAY, Time};
use crate::domain::token::Token;
use crate::domain::token_list::{Counts, Cursor, DayCount, TokenList, TokenQuery};
use crate::domain::tombstone::StillUsed;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::token_lists::Ask;
use crate::server::store::{self, Lanes};
use crate::server::viewer::Visit;

/// Rows on a page of the browser.
const ROWS: i64 = 50;
/// The strip's length in days: every expiry that the longest lifetime can have falls into it.
const STRIP_DAYS: i64 = 366;
/// Removed strings that are named below the list, and for how long after their last call.
const REMOVED_SHOWN: i64 = 10;
const REMOVED_USED_FOR: i64 = 30 * DAY;
/// Days of use that a spark line shows.
pub(super) const SPARK_DAYS: i64 = 30;

pub async fn for_page(visit: &Visit, slug: &str, query: &TokenQuery) -> Result<TokenList> {
    let seat = visit.seat(slug).await?;
    list(&visit.state, &seat, query, ROWS).await
}

/// One page of what the seat sees, with everything that stands above it.
pub async fn list(
    state: &AppState,
    seat: &Seat,
    query: &TokenQuery,
    limit: i64,
) -> Result<TokenList> {
    seat.manages_access()?;
    let now = state.now();
    let mut reader = state.db.read().await?;
    let (items, previous, next) = page(&mut reader, seat, query, limit, now).await?;
    let counts = counts(&mut reader, seat, now).await?;
    let strip = strip(&mut reader, seat, now.day()).await?;
    let removed = removed(&mut reader, seat, now).await?;
    let catalogue = store::permissions::list(&mut reader).await?;
    let may_import = seat.rights.owner;
    Ok(TokenList { items, counts, strip, previous, next, catalogue, removed, may_import, now })
}

/// Tokens that are not revoked, as the rail shows.
pub async fn standing(state: &AppState, seat: &Seat) -> Result<i64> {
    let mut reader = state.db.read().await?;
    Ok(counts(&mut reader, seat, state.now()).await?.standing())
}

type Page = (Vec<Token>, Option<String>, Option<String>);

/// The rows and the cursors round them. One row more than wanted is asked for, to know whether there is another page.
async fn page(
    on: &mut impl Lanes,
    seat: &Seat,
    query: &TokenQuery,
    limit: i64,
    now: Time,
) -> Result<Page> {
    let ask = Ask {
        workgroup_id: &seat.workgroup.id,
        bound_to: seat.rights.group.as_ref().map(|group| group.id.as_str()),
        query,
        now,
        most: limit + 1,
        uses_from: Some(now.day() - SPARK_DAYS + 1),
    };
    let before = query.before.as_deref().and_then(Cursor::decode);
    let after = query.after.as_deref().and_then(Cursor::decode);
    let (from, forward) = match (&after, &before) {
        (None, Some(before)) => (Some(before), false),
        (after, _) => (after.as_ref(), true),
    };
    let mut items = store::token_lists::page(on, &ask, from, forward).await?;
    let more = i64::try_from(items.len()).unwrap_or(i64::MAX) > limit;
    if more {
        let surplus = if forward { items.len() - 1 } else { 0 };
        items.remove(surplus);
    }
    let edge = |token: Option<&Token>| token.map(|token| Cursor::of(token).encode());
    let previous = (if forward { from.is_some() } else { more }).then(|| edge(items.first()));
    let next = (if forward { more } else { true }).then(|| edge(items.last()));
    Ok((items, previous.flatten(), next.flatten()))
}

async fn counts(on: &mut impl Lanes, seat: &Seat, now: Time) -> Result<Counts> {
    match &seat.rights.group {
        None => store::expiry_days::counts(on, &seat.workgroup.id, now).await,
        Some(group) => {
            store::token_lists::counts_seen(on, &seat.workgroup.id, &group.id, now).await
        }
    }
}

/// Removed strings that were called lately. What a tombstone reached is not kept: who is bound to a group sees none.
async fn removed(on: &mut impl Lanes, seat: &Seat, now: Time) -> Result<StillUsed> {
    if seat.rights.group.is_some() {
        return Ok(StillUsed::default());
    }
    let (since, workgroup) = (now - REMOVED_USED_FOR, &seat.workgroup.id);
    let (strings, count) =
        store::tombstones::list_knocking(on, workgroup, since, REMOVED_SHOWN).await?;
    Ok(StillUsed { strings, count })
}

async fn strip(on: &mut impl Lanes, seat: &Seat, today: i64) -> Result<Vec<DayCount>> {
    let (workgroup, last) = (&seat.workgroup.id, today + STRIP_DAYS);
    match &seat.rights.group {
        None => store::expiry_days::strip(on, workgroup, today, last).await,
        Some(group) => store::token_lists::strip_seen(on, workgroup, &group.id, today, last).await,
    }
}
