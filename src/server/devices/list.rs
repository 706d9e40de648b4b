//! The list of devices: a page of what the seat sees.

use crate::domain::device_list::{DeviceCursor, DeviceList, DeviceQuery, GroupName, KeptDevice};
use crate::domain::rights::Seat;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::device_lists::Ask;
use crate::server::store::{self, Lanes};
use crate::server::viewer::Visit;

/// Rows on a page of the browser.
const ROWS: i64 = 50;

/// Every member may look; a bound one sees the devices of their group alone.
pub async fn for_page(visit: &Visit, slug: &str, query: &DeviceQuery) -> Result<DeviceList> {
    let seat = visit.seat(slug).await?;
    list(&visit.state, &seat, query, ROWS).await
}

/// One page of what the seat sees, of at most a hundred rows.
pub async fn list(
    state: &AppState,
    seat: &Seat,
    query: &DeviceQuery,
    limit: i64,
) -> Result<DeviceList> {
    let mut reader = state.db.read().await?;
    let bound_to = seat.rights.group.as_ref();
    // Another group than their own does not exist for whoever is bound.
    let own = bound_to.is_none_or(|group| group.id == query.group);
    let group = if own { query.group.clone() } else { String::new() };
    let query = DeviceQuery { group, ..query.clone() };
    let (items, previous, next) = page(&mut reader, seat, &query, limit).await?;
    let groups = match bound_to {
        None => store::device_lists::group_names(&mut reader, &seat.workgroup.id).await?,
        Some(own) => vec![GroupName { id: own.id.clone(), name: own.name.clone() }],
    };
    let bound_to = bound_to.map(|group| group.id.as_str());
    let total = store::device_lists::count_seen(&mut reader, &seat.workgroup.id, bound_to).await?;
    Ok(DeviceList { items, total, groups, previous, next, may: seat.may() })
}

type Page = (Vec<KeptDevice>, Option<String>, Option<String>);

/// The rows and the cursors round them. One row more than wanted is asked for, to know whether there is another page.
async fn page(on: &mut impl Lanes, seat: &Seat, query: &DeviceQuery, limit: i64) -> Result<Page> {
    let ask = Ask {
        workgroup_id: &seat.workgroup.id,
        bound_to: seat.rights.group.as_ref().map(|group| group.id.as_str()),
        query,
        most: limit + 1,
    };
    let before = query.before.as_deref().and_then(DeviceCursor::decode);
    let after = query.after.as_deref().and_then(DeviceCursor::decode);
    let (from, forward) = match (&after, &before) {
        (None, Some(before)) => (Some(before), false),
        (after, _) => (after.as_ref(), true),
    };
    let mut items = store::device_lists::page(on, &ask, from, forward).await?;
    let more = i64::try_from(items.len()).unwrap_or(i64::MAX) > limit;
    if more {
        let surplus = if forward { items.len() - 1 } else { 0 };
        items.remove(surplus);
    }
    let edge = |kept: Option<&KeptDevice>| kept.map(|it| DeviceCursor::of(&it.device).encode());
    let previous = (if forward { from.is_some() } else { more }).then(|| edge(items.first()));
    let next = (if forward { more } else { true }).then(|| edge(items.last()));
    Ok((items, previous.flatten(), next.flatten()))
}
