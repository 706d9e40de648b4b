//! The list of device groups: a page of those that the seat sees, by name.

use super::{WholeGroup, whole};
use crate::domain::device_groups::{GroupFacts, GroupList, GroupQuery};
use crate::domain::rights::Seat;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::group_facts::Ask;
use crate::server::store::{self, Lanes};
use crate::server::viewer::Visit;

/// Rows on a page of the browser.
pub(super) const ROWS: i64 = 50;

pub async fn for_page(visit: &Visit, slug: &str, query: &GroupQuery) -> Result<GroupList> {
    let (state, seat) = (&visit.state, visit.seat(slug).await?);
    let mut reader = state.db.read().await?;
    let Page { items, previous, next } = page(&mut reader, &seat, query, ROWS).await?;
    let may = seat.may();
    let total = match may.bound {
        true => 1,
        false => store::group_facts::count(&mut reader, &seat.workgroup.id).await?,
    };
    Ok(GroupList {
        items,
        previous,
        next,
        total,
        devices: store::devices::count(&mut reader, &seat.workgroup.id).await?,
        may_edit: may.manage_devices && !may.bound,
        bound: may.bound,
    })
}

/// The groups behind the query's cursor with what they list, and the cursor of the page after.
pub async fn list(
    state: &AppState,
    seat: &Seat,
    query: &GroupQuery,
    limit: i64,
) -> Result<(Vec<WholeGroup>, Option<String>)> {
    let mut reader = state.db.read().await?;
    let page = page(&mut reader, seat, query, limit).await?;
    let mut groups = Vec::with_capacity(page.items.len());
    for facts in page.items {
        groups.push(whole(&mut reader, seat, facts).await?);
    }
    Ok((groups, page.next))
}

struct Page {
    items: Vec<GroupFacts>,
    previous: Option<String>,
    next: Option<String>,
}

/// The rows and the cursors round them. One row more than wanted is asked for, to know whether there is another page.
async fn page(on: &mut impl Lanes, seat: &Seat, query: &GroupQuery, limit: i64) -> Result<Page> {
    let ask = Ask {
        workgroup_id: &seat.workgroup.id,
        bound_to: seat.rights.group.as_ref().map(|group| group.id.as_str()),
        search: &query.search,
        most: limit + 1,
    };
    let (from, forward) = match (&query.after, &query.before) {
        (None, Some(before)) => (before.as_str(), false),
        (after, _) => (after.as_deref().unwrap_or_default(), true),
    };
    let mut rows = store::group_facts::list_page(on, &ask, from, forward).await?;
    let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > limit;
    if more {
        rows.remove(if forward { rows.len() - 1 } else { 0 });
    }
    let first = rows.first().map(|(cursor, _)| cursor.clone());
    let last = rows.last().map(|(cursor, _)| cursor.clone());
    let previous = first.filter(|_| if forward { !from.is_empty() } else { more });
    let next = last.filter(|_| !forward || more);
    Ok(Page { items: rows.into_iter().map(|(_, facts)| facts).collect(), previous, next })
}
