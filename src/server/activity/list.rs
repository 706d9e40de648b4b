//! The record of a workgroup, page by page, narrowed by who, what, to what and when.

use crate::domain::activity_list::{ActivityPage, ActivityRow, Place};
use crate::domain::activity_query::{ActivityQuery, COMMAND_LINE};
use crate::domain::time::Time;
use crate::domain::workgroup::Workgroup;
use crate::server::error::Result;
use crate::server::store::activity_lists::Ask;
use crate::server::store::{self, Lanes};
use crate::server::viewer::Visit;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Rows on a page of the browser.
const ROWS: i64 = 50;

pub async fn page(visit: &Visit, slug: &str, query: &ActivityQuery) -> Result<ActivityPage> {
    let seat = visit.seat(slug).await?;
    seat.reads_record()?;
    let mut reader = visit.state.db.read().await?;
    let part = look(&mut reader, &seat.workgroup, query, ROWS).await?;
    let actors = actors(&mut reader, &seat.workgroup.id, query).await?;
    let subject = match query.subject_id() {
        Some(id) => {
            store::activity_lists::find_subject_name(&mut reader, &seat.workgroup.id, id).await?
        }
        None => None,
    };
    Ok(ActivityPage {
        looked_back_to: part.older.as_ref().filter(|_| part.unfilled).map(|place| place.at),
        items: part.rows,
        newer: part.newer.map(|place| place.encode()),
        older: part.older.map(|place| place.encode()),
        actors,
        subject: subject.filter(|name| !name.is_empty()),
        may_export: seat.rights.owner,
        workgroup: seat.workgroup,
        now: visit.state.now(),
    })
}

/// A part of the record and the places round it.
pub(super) struct Part {
    /// Newest first.
    pub rows: Vec<ActivityRow>,
    pub newer: Option<Place>,
    pub older: Option<Place>,
    /// It was looked back as far as `older` without filling the part.
    pub unfilled: bool,
}

/// At most `most` rows, from the place that the question names.
pub(super) async fn look(
    on: &mut impl Lanes,
    workgroup: &Workgroup,
    query: &ActivityQuery,
    most: i64,
) -> Result<Part> {
    let (since, until) = seconds(query, &workgroup.time_zone);
    let ask = Ask { workgroup_id: &workgroup.id, query, since, until, most };
    let after = query.after.as_deref().and_then(Place::decode);
    let before = query.before.as_deref().and_then(Place::decode);
    let (from, back) = match (after, before) {
        (None, Some(before)) => (Some(before), false),
        (after, _) => (after, true),
    };
    let found = store::activity_lists::page(on, &ask, from.as_ref(), back).await?;
    let place = |row: Option<&ActivityRow>| {
        row.map(|row| Place { at: row.done.at, id: row.done.id.clone() })
    };
    let (first, last) = (place(found.rows.first()), place(found.rows.last()));
    let (newer, older) = match (from, back) {
        (None, _) => (None, found.goes_on),
        (from, true) => (first.or(from), found.goes_on),
        (from, false) => (found.goes_on, last.or(from)),
    };
    Ok(Part { rows: found.rows, newer, older, unfilled: back && found.unfilled })
}

/// The first and last second of the days that are asked for, by the calendar of the workgroup's zone.
fn seconds(query: &ActivityQuery, zone: &str) -> (Time, Time) {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let midnight = |date: Date| {
        date.to_zoned(zone.clone()).ok().map(|midnight| Time(midnight.timestamp().as_second()))
    };
    let date = |text: &Option<String>| text.as_deref()?.parse::<Date>().ok();
    let since = date(&query.from).and_then(midnight);
    let next = date(&query.to).and_then(|date| date.checked_add(1.day()).ok());
    let until = next.and_then(midnight).map(|next| next - 1);
    (since.unwrap_or(Time(i64::MIN)), until.unwrap_or(Time(i64::MAX)))
}

/// Who can be chosen: the people who occur, the command line if it does, and whoever is chosen now.
async fn actors(
    on: &mut impl Lanes,
    workgroup_id: &str,
    query: &ActivityQuery,
) -> Result<Vec<(String, String)>> {
    let mut actors = store::activity_lists::list_people(on, workgroup_id).await?;
    let command_line = store::activity_lists::find_actor_name(on, workgroup_id, "").await?;
    if let Some(name) = command_line {
        actors.push((COMMAND_LINE.to_owned(), name));
    }
    if let Some(chosen) = &query.actor
        && !actors.iter().any(|(id, _)| id == chosen)
        && let Some(name) = store::activity_lists::find_actor_name(on, workgroup_id, chosen).await?
    {
        actors.push((chosen.clone(), name));
    }
    Ok(actors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_workgroups_zone() {
        let days = |from: &str, to: &str, zone: &str| {
            let text = |day: &str| (!day.is_empty()).then(|| day.to_owned());
            let query = ActivityQuery { from: text(from), to: text(to), ..Default::default() };
            let (since, until) = seconds(&query, zone);
            (since.rfc3339(), until.rfc3339())
        };
        let cases = [
            ("2026-11-21", "2026-11-21", "UTC", "2026-11-21T00:00:00Z", "2026-11-21T23:59:59Z"),
            (
                "2026-11-21",
                "2026-11-22",
                "Europe/Berlin",
                "2026-11-20T23:00:00Z",
                "2026-11-22T22:59:59Z",
            ),
            // The day on which clocks go back has 25 hours.
            (
                "2026-10-25",
                "2026-10-25",
                "Europe/Berlin",
                "2026-10-24T22:00:00Z",
                "2026-10-25T22:59:59Z",
            ),
            ("2026-11-21", "2026-11-21", "nowhere", "2026-11-21T00:00:00Z", "2026-11-21T23:59:59Z"),
        ];
        for (from, to, zone, since, until) in cases {
            assert_eq!(days(from, to, zone), (since.to_owned(), until.to_owned()), "{zone}");
        }
        let all = seconds(&ActivityQuery::default(), "UTC");
        assert_eq!(all, (Time(i64::MIN), Time(i64::MAX)));
    }
}
