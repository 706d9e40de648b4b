//! The notices of a workgroup: what was sent, page by page, what could not be, and what comes next.

use super::calendar;
use crate::domain::activity_list::Place;
use crate::domain::notice::{self, Told, zone_of};
use crate::domain::notices_list::{NextRow, NoticeRow, NoticeToken, NoticesPage, NoticesQuery};
use crate::domain::time::Time;
use crate::domain::workgroup::Workgroup;
use crate::server::error::Result;
use crate::server::store::{self, Lanes};
use crate::server::viewer::Visit;
use std::collections::BTreeMap;

/// Letters on a page.
const ROWS: i64 = 50;
/// Of what comes next: at first, and with more.
const NEXT: usize = 20;
const MORE_NEXT: usize = 200;
/// Tokens that are looked through for what comes next.
const LOOKED_THROUGH: i64 = 300;

pub async fn page(visit: &Visit, slug: &str, query: &NoticesQuery) -> Result<NoticesPage> {
    let seat = visit.seat(slug).await?;
    seat.reads_notices()?;
    let (state, now) = (&visit.state, visit.state.now());
    let calendar = calendar::address(state, &seat).await?;
    let mut reader = state.db.read().await?;
    let (items, newer, older) = letters(&mut reader, &seat.workgroup.id, query).await?;
    let (trying, undelivered) =
        store::notice_lists::counts(&mut reader, &seat.workgroup.id).await?;
    let (open, failed) = store::notice_lists::open(&mut reader, &seat.workgroup.id).await?;
    let most = if query.all_next { MORE_NEXT } else { NEXT };
    let (next, more_next) = next(&mut reader, &seat.workgroup, most, now).await?;
    let installation = store::installation::find(&mut reader).await?;
    Ok(NoticesPage {
        items,
        newer: newer.map(|place| place.encode()),
        older: older.map(|place| place.encode()),
        trying,
        undelivered,
        open,
        failed,
        next,
        more_next,
        last_sweep_at: Some(installation.last_sweep_at).filter(|at| at.0 > 0),
        mail_host: state.config.smtp.as_ref().map(|server| server.url.host.clone()),
        own_address: visit.person()?.email.clone(),
        calendar,
        workgroup: seat.workgroup,
        now,
    })
}

type Part = (Vec<NoticeRow>, Option<Place>, Option<Place>);

/// The letters that are asked for, and the places of the pages beside them.
async fn letters(on: &mut impl Lanes, workgroup_id: &str, query: &NoticesQuery) -> Result<Part> {
    let after = query.after.as_deref().and_then(Place::decode);
    let before = query.before.as_deref().and_then(Place::decode);
    let (from, back) = match (after, before) {
        (None, Some(before)) => (Some(before), false),
        (after, _) => (after, true),
    };
    let asked = (from.as_ref(), back);
    let (rows, more) = store::notice_lists::page(on, workgroup_id, query, asked, ROWS).await?;
    let place =
        |row: Option<&NoticeRow>| row.map(|row| Place { at: row.created_at, id: row.id.clone() });
    let (first, last) = (place(rows.first()), place(rows.last()));
    let (newer, older) = match (from, back) {
        (None, _) => (None, last.filter(|_| more)),
        (from, true) => (first.or(from), last.filter(|_| more)),
        (from, false) => (first.filter(|_| more), last.or(from)),
    };
    Ok((rows, newer, older))
}

/// What each token's address is told next, soonest first, and whether there is more.
async fn next(
    on: &mut impl Lanes,
    workgroup: &Workgroup,
    most: usize,
    now: Time,
) -> Result<(Vec<NextRow>, bool)> {
    let tokens = store::notice_lists::list_next(on, &workgroup.id, LOOKED_THROUGH).await?;
    let ids: Vec<_> = tokens.iter().map(|token| token.id.clone()).collect();
    let mut told: BTreeMap<(String, String), Vec<Told>> = BTreeMap::new();
    for row in store::looks::list_told(on, &ids).await? {
        told.entry((row.token_id.clone(), row.address.clone())).or_default().push(row.told());
    }
    let zone = zone_of(&workgroup.time_zone);
    let mut next = Vec::new();
    for token in tokens {
        let known = told.remove(&(token.id.clone(), token.email.clone())).unwrap_or_default();
        let coming = notice::next_notices(&token, &workgroup.policy, &zone, &known, now);
        if let Some((at, stage)) = coming.first().copied() {
            let title = token.title();
            let recipient = token.email.clone();
            let token = NoticeToken { id: token.id, title };
            next.push(NextRow { token, recipient, at, stage });
        }
    }
    next.sort_by(|a, b| (a.at, &a.token.title).cmp(&(b.at, &b.token.title)));
    let more = next.len() > most;
    next.truncate(most);
    Ok((next, more))
}
