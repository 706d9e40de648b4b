//! Pages of table `devices`: keyset, in both directions, over what a principal sees; and what reaches a device.

use super::strings::hundred;
use super::tokens::{Row as TokenRow, columns, complete};
use super::{Lanes, contains, on, statements};
use crate::domain::device::Device;
use crate::domain::device_list::{BoundMember, DeviceCursor, DeviceQuery, GroupName, KeptDevice};
use crate::domain::metadata::Metadata;
use crate::domain::text::fold;
use crate::domain::time::Time;
use crate::domain::token::Token;
use crate::domain::token_list::Cursor;
use crate::server::error::Result;
use std::collections::BTreeMap;

/// Whether the group `b` holds the device whose id is given: `DeviceGroup::contains` once more, where a page must stay full.
macro_rules! holds {
    ($device:literal) => {
        concat!(
            "((b.rule = 'in' and exists (
                select 1 from device_group_members m where m.group_id = b.id and m.device_id = ",
            $device,
            ")) or (b.rule = 'not_in' and not exists (
                select 1 from device_group_members m where m.group_id = b.id and m.device_id = ",
            $device,
            ")) or (b.rule = 'metadata' and exists (
                select 1 from device_metadata v
                where v.device_id = ",
            $device,
            " and v.key = b.metadata_key and v.value = b.metadata_value)))"
        )
    };
}
pub(super) use holds;

/// Devices in the group whose id is this parameter; an empty one is no group, and every device is in it.
macro_rules! inside {
    ($group:literal) => {
        concat!(
            "(",
            $group,
            " = '' or exists (select 1 from device_groups b where b.id = ",
            $group,
            " and b.workgroup_id = $1 and ",
            holds!("d.id"),
            "))"
        )
    };
}

/// `$2`: the group that the principal is bound to; `$3`: the group that is asked for; `$4`, `$5`: metadata; `$6`: the
/// search pattern, empty for none; `$7`, `$8`: the cursor; `$9`: how many rows.
macro_rules! page {
    ($compare:literal, $order:literal) => {
        concat!(
            "select d.id, d.external_id, d.name, d.version, d.created_at from devices d where d.workgroup_id = $1 and ",
            inside!("$2"),
            " and ",
            inside!("$3"),
            " and ($4 = '' or exists (select 1 from device_metadata f
                where f.device_id = d.id and f.key = $4 and ($5 = '' or f.value = $5)))
            and ($6 = '' or d.search_text like $6 escape '\\')
            and (d.name_folded, d.id) ",
            $compare,
            " ($7, $8) order by d.name_folded ",
            $order,
            ", d.id ",
            $order,
            " limit $9"
        )
    };
}

statements! {
    PAGE_FIRST = page!(">=", "asc");
    PAGE_AFTER = page!(">", "asc");
    PAGE_BEFORE = page!("<", "desc");
    COUNT_SEEN = concat!("select count(*) from devices d where d.workgroup_id = $1 and ", inside!("$2"));
    METADATA_OF_PAGE = concat!(
        "select device_id, key, value from device_metadata where device_id in (", hundred!(), ")");
    GROUPS_HOLDING = concat!("select b.id, b.name from device_groups b where b.workgroup_id = $1 and ", holds!("$2"), "
        order by b.name_folded");
    GROUP_NAMES = "select id, name from device_groups where workgroup_id = $1 order by name_folded";
    REACHING = concat!("select ", columns!(), "
        where t.workgroup_id = $1 and t.revoked_at is null and (t.sort_at, t.id) > ($4, $5) and t.kind <> 'legacy'
            and (t.device_id = $2
                or exists (select 1 from device_groups b where b.id = t.device_group_id and ", holds!("$2"), ")
                or (t.kind = 'access' and t.device_group_id is null))
            and ($3 = '' or t.device_id = $2 or t.device_group_id = $3)
        order by t.sort_at, t.id limit $6");
    MEMBERS = concat!("select u.name, u.email, b.name as group_name
        from memberships s join device_groups b on b.id = s.device_group_id join users u on u.id = s.user_id
        where s.workgroup_id = $1 and ($3 = '' or b.id = $3) and ", holds!("$2"), "
        order by u.name, u.id limit $4");
    COUNT_MEMBERS = concat!("select count(*) from memberships s join device_groups b on b.id = s.device_group_id
        where s.workgroup_id = $1 and ($3 = '' or b.id = $3) and ", holds!("$2"));
}

/// What is asked of a page. At most a hundred rows stand on one.
pub struct Ask<'a> {
    pub workgroup_id: &'a str,
    /// The group that the principal is bound to.
    pub bound_to: Option<&'a str>,
    pub query: &'a DeviceQuery,
    pub most: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: String,
    external_id: String,
    name: String,
    version: i64,
    created_at: i64,
}

impl Row {
    pub(super) fn into_kept(self, metadata: Metadata) -> KeptDevice {
        let Row { id, external_id, name, version, created_at } = self;
        let device = Device { id, external_id, name, metadata };
        KeptDevice { device, version, created_at: Time(created_at) }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

/// The rows after (`forward`) or before a cursor, in the order of the list.
pub async fn page(
    on: &mut impl Lanes,
    ask: &Ask<'_>,
    from: Option<&DeviceCursor>,
    forward: bool,
) -> Result<Vec<KeptDevice>> {
    let sql = match (from, forward) {
        (None, _) => PAGE_FIRST,
        (Some(_), true) => PAGE_AFTER,
        (Some(_), false) => PAGE_BEFORE,
    };
    let (name, id) = from.map_or(("", ""), |cursor| (cursor.name.as_str(), cursor.id.as_str()));
    let (key, value) = ask.query.entry();
    let search = ask.query.search.trim();
    let search = if search.is_empty() { String::new() } else { contains(&fold(search)) };
    let mut rows: Vec<Row> = on!(on, c => sqlx::query_as(sql)
        .bind(ask.workgroup_id)
        .bind(ask.bound_to.unwrap_or_default())
        .bind(&ask.query.group)
        .bind(key)
        .bind(value)
        .bind(&search)
        .bind(name)
        .bind(id)
        .bind(ask.most)
        .fetch_all(c).await)?;
    if !forward {
        rows.reverse();
    }
    with_metadata(on, rows).await
}

async fn with_metadata(on: &mut impl Lanes, rows: Vec<Row>) -> Result<Vec<KeptDevice>> {
    let mut metadata: BTreeMap<String, Metadata> = BTreeMap::new();
    for part in rows.chunks(super::strings::AT_ONCE) {
        let Some(last) = part.last() else { continue };
        let padded = part.iter().chain(std::iter::repeat(last)).take(super::strings::AT_ONCE);
        let entries: Vec<(String, String, String)> = on!(on, c => padded
            .fold(sqlx::query_as(METADATA_OF_PAGE), |query, row| query.bind(&row.id))
            .fetch_all(c).await)?;
        for (device, key, value) in entries {
            metadata.entry(device).or_default().insert(key, value);
        }
    }
    let kept = |row: Row| {
        let own = metadata.remove(&row.id).unwrap_or_default();
        row.into_kept(own)
    };
    Ok(rows.into_iter().map(kept).collect())
}

/// How many devices a principal sees.
pub async fn count_seen(
    on: &mut impl Lanes,
    workgroup_id: &str,
    bound_to: Option<&str>,
) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(COUNT_SEEN)
        .bind(workgroup_id)
        .bind(bound_to.unwrap_or_default())
        .fetch_one(c).await)?)
}

/// The groups that hold the device at present, by name.
pub async fn groups_holding(
    on: &mut impl Lanes,
    workgroup_id: &str,
    device_id: &str,
) -> Result<Vec<GroupName>> {
    let rows: Vec<(String, String)> = on!(on, c => sqlx::query_as(GROUPS_HOLDING)
        .bind(workgroup_id)
        .bind(device_id)
        .fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, name)| GroupName { id, name }).collect())
}

/// A workgroup's groups, by name.
pub async fn group_names(on: &mut impl Lanes, workgroup_id: &str) -> Result<Vec<GroupName>> {
    let rows: Vec<(String, String)> =
        on!(on, c => sqlx::query_as(GROUP_NAMES).bind(workgroup_id).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, name)| GroupName { id, name }).collect())
}

/// A device, and from where it is looked at.
pub struct Seen<'a> {
    pub workgroup_id: &'a str,
    pub device_id: &'a str,
    /// The group that the principal is bound to.
    pub bound_to: Option<&'a str>,
}

/// The tokens that open the device at `now` and that the principal sees, soonest expiry first.
pub async fn reaching(
    on: &mut impl Lanes,
    seen: &Seen<'_>,
    now: Time,
    after: Option<&Cursor>,
    most: i64,
) -> Result<Vec<Token>> {
    // One bound for both: what has ended by now lies before every page.
    let first = (now.0 + 1, "");
    let (second, id) = after.map_or(first, |it| first.max((it.expires_at.0, it.id.as_str())));
    let rows: Vec<TokenRow> = on!(on, c => sqlx::query_as(REACHING)
        .bind(seen.workgroup_id)
        .bind(seen.device_id)
        .bind(seen.bound_to.unwrap_or_default())
        .bind(second)
        .bind(id)
        .bind(most)
        .fetch_all(c).await)?;
    complete(on, rows, None).await
}

/// The members who are bound to a group that holds the device, by name, at most `most`; and how many there are.
pub async fn bound_members(
    on: &mut impl Lanes,
    seen: &Seen<'_>,
    most: i64,
) -> Result<(Vec<BoundMember>, i64)> {
    let bound_to = seen.bound_to.unwrap_or_default();
    let rows: Vec<(String, String, String)> = on!(on, c => sqlx::query_as(MEMBERS)
        .bind(seen.workgroup_id)
        .bind(seen.device_id)
        .bind(bound_to)
        .bind(most)
        .fetch_all(c).await)?;
    let count: i64 = on!(on, c => sqlx::query_scalar(COUNT_MEMBERS)
        .bind(seen.workgroup_id)
        .bind(seen.device_id)
        .bind(bound_to)
        .fetch_one(c).await)?;
    let member = |(name, email, group)| BoundMember { name, email, group };
    Ok((rows.into_iter().map(member).collect(), count))
}
