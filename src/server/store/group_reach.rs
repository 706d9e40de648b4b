//! What device groups hold and what is bound to them: tables `devices`, `tokens` and `memberships` as a group sees them.

use super::tokens::{Row as TokenRow, columns, complete};
use super::{Lanes, on, statements};
use crate::domain::device::Device;
use crate::domain::device_groups::{BoundMember, HeldDevice};
use crate::domain::token::Token;
use crate::server::error::Result;
use std::collections::{BTreeMap, HashMap};

/// The devices that the group `$2` holds; `$3`, `$4`: name and id that the page begins at.
macro_rules! held {
    ($compare:literal, $order:literal) => {
        concat!(
            "select d.id, d.external_id, d.name, d.name_folded from devices d join device_groups g on g.id = $2
            where d.workgroup_id = $1 and g.workgroup_id = $1 and (
                (g.rule = 'in' and exists (
                    select 1 from device_group_members m where m.group_id = g.id and m.device_id = d.id))
                or (g.rule = 'not_in' and not exists (
                    select 1 from device_group_members m where m.group_id = g.id and m.device_id = d.id))
                or (g.rule = 'metadata' and exists (
                    select 1 from device_metadata v
                    where v.device_id = d.id and v.key = g.metadata_key and v.value = g.metadata_value)))
            and (d.name_folded, d.id) ",
            $compare,
            " ($3, $4) order by d.name_folded ",
            $order,
            ", d.id ",
            $order,
            " limit $5"
        )
    };
}

statements! {
    HELD_AFTER = held!(">", "asc");
    HELD_BEFORE = held!("<", "desc");
    PLACE = "select name_folded from devices where workgroup_id = $1 and id = $2";
    IDS = "select external_id, id from devices where workgroup_id = $1";
    DEVICES = "select id, external_id, name from devices where workgroup_id = $1 order by name, id";
    METADATA = "select v.device_id, v.key, v.value from device_metadata v join devices d on d.id = v.device_id
        where d.workgroup_id = $1";
    LISTED = "select d.external_id from device_group_members m join devices d on d.id = m.device_id
        where m.group_id = $1 order by d.external_id";
    KEYS = "select distinct v.key from device_metadata v join devices d on d.id = v.device_id
        where d.workgroup_id = $1 order by v.key limit $2";
    COUNT_KEY = "select count(*) from device_metadata v join devices d on d.id = v.device_id
        where d.workgroup_id = $1 and v.key = $2";
    COUNT_ENTRY = "select count(*) from device_metadata v join devices d on d.id = v.device_id
        where d.workgroup_id = $1 and v.key = $2 and v.value = $3";
    TOKENS = concat!("select ", columns!(), "
        where t.device_group_id = $1 and t.revoked_at is null order by t.sort_at, t.id limit $2");
    TOKEN_NAMES = "select t.id, t.owner, t.name from tokens t
        where t.device_group_id = $1 and t.revoked_at is null order by t.sort_at, t.id";
    MEMBERS = "select u.id, u.name from memberships m join users u on u.id = m.user_id
        where m.device_group_id = $1 order by u.name, u.id";
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    id: String,
    external_id: String,
    name: String,
}

/// Where a device of the workgroup stands among the others by name: a page begins behind or before it.
pub async fn find_place(
    on: &mut impl Lanes,
    workgroup_id: &str,
    device_id: &str,
) -> Result<Option<String>> {
    Ok(on!(on, c => sqlx::query_scalar(PLACE)
        .bind(workgroup_id)
        .bind(device_id)
        .fetch_optional(c).await)?)
}

/// The devices that a group holds, by name: behind the place and id of a device, or before it.
pub async fn list_held(
    on: &mut impl Lanes,
    workgroup_id: &str,
    group_id: &str,
    (place, id): (&str, &str),
    forward: bool,
    most: i64,
) -> Result<Vec<HeldDevice>> {
    let sql = if forward { HELD_AFTER } else { HELD_BEFORE };
    let mut rows: Vec<HeldRow> = on!(on, c => sqlx::query_as(sql)
        .bind(workgroup_id)
        .bind(group_id)
        .bind(place)
        .bind(id)
        .bind(most)
        .fetch_all(c).await)?;
    if !forward {
        rows.reverse();
    }
    let held = |HeldRow { id, external_id, name }| HeldDevice { id, external_id, name };
    Ok(rows.into_iter().map(held).collect())
}

/// External id to id, of every device of the workgroup: a list of thousands is looked up in it.
pub async fn list_ids(on: &mut impl Lanes, workgroup_id: &str) -> Result<HashMap<String, String>> {
    let pairs: Vec<(String, String)> =
        on!(on, c => sqlx::query_as(IDS).bind(workgroup_id).fetch_all(c).await)?;
    Ok(pairs.into_iter().collect())
}

/// Every device of the workgroup with its metadata, by name: what an edit is judged over.
pub async fn list_devices(on: &mut impl Lanes, workgroup_id: &str) -> Result<Vec<Device>> {
    let rows: Vec<HeldRow> =
        on!(on, c => sqlx::query_as(DEVICES).bind(workgroup_id).fetch_all(c).await)?;
    let entries: Vec<(String, String, String)> =
        on!(on, c => sqlx::query_as(METADATA).bind(workgroup_id).fetch_all(c).await)?;
    let mut metadata: HashMap<String, BTreeMap<String, String>> = HashMap::new();
    for (device, key, value) in entries {
        metadata.entry(device).or_default().insert(key, value);
    }
    let device = |HeldRow { id, external_id, name }| {
        let metadata = metadata.remove(&id).unwrap_or_default();
        Device { id, external_id, name, metadata }
    };
    Ok(rows.into_iter().map(device).collect())
}

/// The external ids that a group's rule lists.
pub async fn list_listed(on: &mut impl Lanes, group_id: &str) -> Result<Vec<String>> {
    Ok(on!(on, c => sqlx::query_scalar(LISTED).bind(group_id).fetch_all(c).await)?)
}

/// Metadata keys that some device has.
pub async fn list_keys(on: &mut impl Lanes, workgroup_id: &str, most: i64) -> Result<Vec<String>> {
    Ok(on!(on, c => sqlx::query_scalar(KEYS).bind(workgroup_id).bind(most).fetch_all(c).await)?)
}

/// How many devices have the key, and how many have it with this value.
pub async fn count_metadata(
    on: &mut impl Lanes,
    workgroup_id: &str,
    key: &str,
    value: &str,
) -> Result<(i64, i64)> {
    let with_key: i64 = on!(on, c => sqlx::query_scalar(COUNT_KEY)
        .bind(workgroup_id)
        .bind(key)
        .fetch_one(c).await)?;
    let with_value: i64 = on!(on, c => sqlx::query_scalar(COUNT_ENTRY)
        .bind(workgroup_id)
        .bind(key)
        .bind(value)
        .fetch_one(c).await)?;
    Ok((with_key, with_value))
}

/// Tokens bound to a group that are not revoked, those that end first.
pub async fn list_tokens(on: &mut impl Lanes, group_id: &str, most: i64) -> Result<Vec<Token>> {
    let rows: Vec<TokenRow> =
        on!(on, c => sqlx::query_as(TOKENS).bind(group_id).bind(most).fetch_all(c).await)?;
    complete(on, rows, None).await
}

/// Id, owner and name of every such token.
pub async fn list_token_names(
    on: &mut impl Lanes,
    group_id: &str,
) -> Result<Vec<(String, String, Option<String>)>> {
    Ok(on!(on, c => sqlx::query_as(TOKEN_NAMES).bind(group_id).fetch_all(c).await)?)
}

/// The members bound to a group, by name.
pub async fn list_members(on: &mut impl Lanes, group_id: &str) -> Result<Vec<BoundMember>> {
    let rows: Vec<(String, String)> =
        on!(on, c => sqlx::query_as(MEMBERS).bind(group_id).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, name)| BoundMember { id, name }).collect())
}
