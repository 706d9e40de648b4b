//! Pages of table `tokens`: keyset, in both directions, over everything that a list can be narrowed by.

use super::device_lists::holds;
use super::tokens::{Row, columns, complete};
use super::{Lanes, contains, on, statements};
use crate::domain::status::TokenStatus;
use crate::domain::text::fold;
use crate::domain::time::Time;
use crate::domain::token::Token;
use crate::domain::token_list::{Counts, Cursor, DayCount, TokenQuery, Unused};
use crate::server::error::Result;

/// Tokens that a principal bound to the group `$2` sees: those of the identical group, and device tokens of its devices.
/// An empty `$2` is a principal that is not bound.
macro_rules! seen {
    () => {
        concat!(
            "($2 = '' or t.device_group_id = $2 or exists (
            select 1 from devices x join device_groups b on b.id = $2
            where x.id = t.device_id and ",
            holds!("x.id"),
            "))"
        )
    };
}
pub(super) use seen;

/// `$3`, `$4`: the cursor; `$5`, `$6`: bounds of the expiry; `$7`, `$8`: bounds of the first notice; `$9`: the search
/// pattern, empty for none; `$10`: how many rows.
macro_rules! page {
    ($scope:literal, $compare:literal, $order:literal) => {
        page!("t.sort_at", $scope, $compare, $order)
    };
    ($sort:literal, $scope:literal, $compare:literal, $order:literal) => {
        concat!(
            "select ",
            columns!(),
            " where t.workgroup_id = $1 ",
            $scope,
            " and ",
            seen!(),
            " and (",
            $sort,
            ", t.id) ",
            $compare,
            " ($3, $4) and ",
            $sort,
            " >= $5 and ",
            $sort,
            " <= $6
            and coalesce(t.expiring_at, 253402300799) >= $7 and coalesce(t.expiring_at, 253402300799) <= $8
            and ($9 = '' or t.search_text like $9 escape '\\')
            order by ",
            $sort,
            " ",
            $order,
            ", t.id ",
            $order,
            " limit $10"
        )
    };
}

statements! {
    STANDING_AFTER = page!("and t.revoked_at is null", ">", "asc");
    STANDING_BEFORE = page!("and t.revoked_at is null", "<", "desc");
    REVOKED_AFTER = page!("and t.revoked_at is not null", ">", "asc");
    REVOKED_BEFORE = page!("and t.revoked_at is not null", "<", "desc");
    ALL_AFTER = page!("", ">", "asc");
    ALL_BEFORE = page!("", "<", "desc");
    // `coalesce` tells the engine to come in by those few that were called after their end, not by the order.
    KNOCKING_AFTER = page!("coalesce(t.sort_at, 0)", "and t.knocked_at is not null", ">", "asc");
    KNOCKING_BEFORE = page!("coalesce(t.sort_at, 0)", "and t.knocked_at is not null", "<", "desc");
    // Told by the index alone. `$11`: the last day of use, or of making, that is long enough ago.
    NEVER_AFTER = page!("and t.revoked_at is null and t.used_day is null", ">", "asc");
    NEVER_BEFORE = page!("and t.revoked_at is null and t.used_day is null", "<", "desc");
    UNUSED_AFTER = page!("and t.revoked_at is null and coalesce(t.used_day, t.created_at / 86400) <= $11", ">", "asc");
    UNUSED_BEFORE = page!("and t.revoked_at is null and coalesce(t.used_day, t.created_at / 86400) <= $11", "<", "desc");
    COUNT_SEEN = concat!("select
            cast(coalesce(sum(case when t.revoked_at is not null then 1 else 0 end), 0) as bigint) as revoked,
            cast(coalesce(sum(case when t.revoked_at is null and t.sort_at <= $3 then 1 else 0 end), 0) as bigint)
                as expired,
            cast(coalesce(sum(case when t.revoked_at is null and t.sort_at > $3 and t.expiring_at <= $3
                then 1 else 0 end), 0) as bigint) as expiring,
            cast(coalesce(sum(case when t.revoked_at is null and t.sort_at > $3
                and (t.expiring_at is null or t.expiring_at > $3) then 1 else 0 end), 0) as bigint) as active,
            cast(coalesce(sum(case when t.revoked_at is null and t.expires_at is null then 1 else 0 end), 0) as bigint)
                as never
        from tokens t where t.workgroup_id = $1 and ", seen!());
    STRIP_SEEN = concat!("select t.sort_at / 86400 as day, count(*) as tokens
        from tokens t where t.workgroup_id = $1 and ", seen!(), "
        and t.revoked_at is null and t.sort_at >= $3 and t.sort_at <= $4
        group by t.sort_at / 86400 order by day");
}

/// What is asked of a page: where it begins and what narrows it.
pub struct Ask<'a> {
    pub workgroup_id: &'a str,
    /// The group that the principal is bound to.
    pub bound_to: Option<&'a str>,
    pub query: &'a TokenQuery,
    pub now: Time,
    pub most: i64,
    /// The first day whose uses are wanted.
    pub uses_from: Option<i64>,
}

/// The rows after (`forward`) or before a cursor, in the order of the list.
pub async fn page(
    on: &mut impl Lanes,
    ask: &Ask<'_>,
    from: Option<&Cursor>,
    forward: bool,
) -> Result<Vec<Token>> {
    let query = ask.query;
    let (after, before) = statements(query);
    let sql = if forward { after } else { before };
    let edge = if forward { Time(i64::MIN) } else { Time(i64::MAX) };
    let (second, id) = from.map_or((edge, ""), |cursor| (cursor.expires_at, cursor.id.as_str()));
    let (ends, nears) = bounds(query, ask.now);
    let search = if query.search.trim().is_empty() {
        String::new()
    } else {
        contains(&fold(query.search.trim()))
    };
    let last_day = match query.unused {
        Some(Unused::Days(days)) if !query.knocking => Some(ask.now.day() - days),
        _ => None,
    };
    let mut rows: Vec<Row> = on!(on, c => {
        let asked = sqlx::query_as(sql)
            .bind(ask.workgroup_id)
            .bind(ask.bound_to.unwrap_or_default())
            .bind(second.0)
            .bind(id)
            .bind(ends.0)
            .bind(ends.1)
            .bind(nears.0)
            .bind(nears.1)
            .bind(&search)
            .bind(ask.most);
        let asked = match last_day {
            Some(day) => asked.bind(day),
            None => asked,
        };
        asked.fetch_all(c).await
    })?;
    if !forward {
        rows.reverse();
    }
    complete(on, rows, ask.uses_from).await
}

/// The statements that read on and back.
fn statements(query: &TokenQuery) -> (&'static str, &'static str) {
    match (query.status, query.unused, query.revoked) {
        _ if query.knocking => (KNOCKING_AFTER, KNOCKING_BEFORE),
        (_, Some(Unused::Never), _) => (NEVER_AFTER, NEVER_BEFORE),
        (_, Some(Unused::Days(_)), _) => (UNUSED_AFTER, UNUSED_BEFORE),
        (Some(TokenStatus::Revoked), ..) => (REVOKED_AFTER, REVOKED_BEFORE),
        (None, None, true) => (ALL_AFTER, ALL_BEFORE),
        _ => (STANDING_AFTER, STANDING_BEFORE),
    }
}

/// The seconds between which expiry and first notice of the wanted tokens lie, both included.
fn bounds(query: &TokenQuery, now: Time) -> ((i64, i64), (i64, i64)) {
    let (mut ends, mut nears) = ((i64::MIN, i64::MAX), (i64::MIN, i64::MAX));
    match query.status {
        Some(TokenStatus::Active) => (ends.0, nears.0) = (now.0 + 1, now.0 + 1),
        Some(TokenStatus::Expiring) => (ends.0, nears.1) = (now.0 + 1, now.0),
        Some(TokenStatus::Expired) => ends.1 = now.0,
        Some(TokenStatus::Revoked) | None => {}
    }
    if let Some((first, last)) = query.expiry_days() {
        ends.0 = ends.0.max(Time::of_day(first).0);
        ends.1 = ends.1.min(Time::of_day(last + 1).0 - 1);
    }
    (ends, nears)
}

#[derive(sqlx::FromRow)]
struct CountRow {
    active: i64,
    expiring: i64,
    expired: i64,
    revoked: i64,
    never: i64,
}

/// The counts of what a principal bound to a group sees: few enough to be counted.
pub async fn counts_seen(
    on: &mut impl Lanes,
    workgroup_id: &str,
    group_id: &str,
    now: Time,
) -> Result<Counts> {
    let row: CountRow = on!(on, c => sqlx::query_as(COUNT_SEEN)
        .bind(workgroup_id)
        .bind(group_id)
        .bind(now.0)
        .fetch_one(c).await)?;
    Ok(Counts {
        active: row.active,
        expiring: row.expiring,
        expired: row.expired,
        revoked: row.revoked,
        never: row.never,
        knocking: super::knocks::count(on, workgroup_id, Some(group_id)).await?,
    })
}

/// The strip of what a principal bound to a group sees.
pub async fn strip_seen(
    on: &mut impl Lanes,
    workgroup_id: &str,
    group_id: &str,
    from: i64,
    to: i64,
) -> Result<Vec<DayCount>> {
    let rows: Vec<(i64, i64)> = on!(on, c => sqlx::query_as(STRIP_SEEN)
        .bind(workgroup_id)
        .bind(group_id)
        .bind(Time::of_day(from).0)
        .bind(Time::of_day(to + 1).0 - 1)
        .fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(day, tokens)| DayCount { day, tokens }).collect())
}
