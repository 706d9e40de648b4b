//! What the verify index keeps, read as it needs it: tokens with their strings, tombstones, workgroups, devices and groups; whole,
//! or the ones that changed.

use super::groups;
use super::strings::{AT_ONCE, hundred};
use super::{Lane, Lanes, devices, on, statements};
use crate::domain::device::{Device, DeviceGroup};
use crate::domain::metadata::Metadata;
use crate::server::error::Result;
use anyhow::Context;
use std::collections::HashMap;

macro_rules! columns {
    () => {
        "select t.id, t.workgroup_id, t.kind, t.owner, t.permissions, t.scopes, t.device_group_id,
            coalesce(d.external_id, t.former_external_id) as external_id,
            t.rate_limit, t.revoked_at, s.number, s.hash, s.expires_at, s.retired_at"
    };
}

macro_rules! graves {
    () => {
        "select hash, token_id, workgroup_id, kind, number, why, expires_at, removed_at from tombstones"
    };
}

macro_rules! after {
    () => {
        concat!(
            columns!(),
            "
        from (select id, workgroup_id, kind, owner, permissions, scopes, device_group_id, device_id, former_external_id,
                rate_limit, revoked_at
            from tokens where id > $1 and id <= $2 order by id limit $3) t
        join token_strings s on s.token_id = t.id left join devices d on d.id = t.device_id"
        )
    };
}

macro_rules! members {
    () => {
        "id, workgroup_id, kind, owner, permissions, scopes, device_group_id, external_id, rate_limit, revoked_at, number"
    };
}

/// The strings of many tokens in one JSON text: a million rows one by one take five times as long. Each engine has its own words for
/// it, so these two are not among the statements that both understand.
const LIST_AFTER_SQLITE: &str = concat!(
    "select json_group_array(json_array(",
    members!(),
    ", hex(hash), expires_at, retired_at) order by id, number)
        from (",
    after!(),
    ")"
);
const LIST_AFTER_POSTGRES: &str = concat!(
    "select coalesce(json_agg(json_build_array(",
    members!(),
    ", encode(hash, 'hex'), expires_at, retired_at)
            order by id, number), '[]')::text
        from (",
    after!(),
    ") t"
);

statements! {
    LIST_OF = concat!(columns!(), "
        from tokens t join token_strings s on s.token_id = t.id left join devices d on d.id = t.device_id
        where t.id in (", hundred!(), ") order by t.id, s.number");
    GRAVES_AFTER = concat!(graves!(), " where hash > $1 order by hash limit $2");
    GRAVES_OF = concat!(graves!(), " where token_id in (", hundred!(), ")");
    WORKGROUPS = "select id, slug, routes, routes_family from workgroups";
    DEVICES = "select workgroup_id, id, external_id, name from devices";
    METADATA = "select device_id, key, value from device_metadata";
    DEVICE_HOME = "select workgroup_id from devices where id = $1";
    GROUPS = "select workgroup_id, id from device_groups";
    GROUP_HOME = "select workgroup_id from device_groups where id = $1";
    COUNT_TOKENS = "select count(*) from tokens";
    COUNT_STRINGS = "select count(*) from token_strings";
    COUNT_GRAVES = "select count(*) from tombstones";
    MIDDLE = "select id from tokens order by id limit 1 offset (select count(*) / 2 from tokens)";
}

/// One string with its token: id, workgroup, kind, owner, permissions, scopes, group, the device's external id, limit, revocation;
/// number, hash, expiry, retirement. A tuple, read by position: there may be a million.
pub type Row = Columns<Vec<u8>>;

/// The same with the hash in hexadecimal digits.
type Packed = Columns<String>;

type Columns<H> = (
    String,
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<i64>,
    i64,
    H,
    Option<i64>,
    Option<i64>,
);

/// A tombstone: hash, token, workgroup, kind, number, why, expiry, removal.
pub type GraveRow = (Vec<u8>, String, String, String, i64, String, Option<i64>, i64);

/// The strings of the next `most` tokens behind an id, up to and with another one, by token and number.
pub async fn list_after(
    on: &mut impl Lanes,
    (after, until): (&str, &str),
    most: i64,
) -> Result<Vec<Row>> {
    let text: String = match on.lane().await? {
        Lane::Sqlite(c) => {
            let asked = sqlx::query_scalar(LIST_AFTER_SQLITE);
            asked.bind(after).bind(until).bind(most).fetch_one(c).await?
        }
        Lane::Postgres(c) => {
            let asked = sqlx::query_scalar(LIST_AFTER_POSTGRES);
            asked.bind(after).bind(until).bind(most).fetch_one(c).await?
        }
    };
    let rows: Vec<Packed> = serde_json::from_str(&text).context("strings as JSON")?;
    rows.into_iter().map(unpacked).collect()
}

fn unpacked(row: Packed) -> Result<Row> {
    let (a, b, c, d, e, f, g, h, i, j, k, hash, m, n) = row;
    let hash = from_hex(hash.as_bytes()).context("a hash is not hexadecimal")?;
    Ok((a, b, c, d, e, f, g, h, i, j, k, hash, m, n))
}

/// Bytes of a text in hexadecimal digits.
fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let byte = |pair: &[u8]| {
        let [high, low] = pair else { return None };
        u8::try_from(digit(high)? << 4 | digit(low)?).ok()
    };
    text.chunks(2).map(byte).collect()
}

/// How many tokens there are, and how many strings, removed ones included.
pub async fn count(on: &mut impl Lanes) -> Result<(usize, usize)> {
    let mut found = [0; 3];
    for (count, sql) in found.iter_mut().zip([COUNT_TOKENS, COUNT_STRINGS, COUNT_GRAVES]) {
        let rows: i64 = on!(on, c => sqlx::query_scalar(sql).fetch_one(c).await)?;
        *count = usize::try_from(rows).unwrap_or_default();
    }
    let [tokens, strings, graves] = found;
    Ok((tokens, strings + graves))
}

/// The id in the middle of all tokens, for whoever reads them in two halves.
pub async fn find_middle(on: &mut impl Lanes) -> Result<Option<String>> {
    Ok(on!(on, c => sqlx::query_scalar(MIDDLE).fetch_optional(c).await)?)
}

/// The strings of these tokens; of those that are gone there are none.
pub async fn list_of(on: &mut impl Lanes, ids: &[String]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for part in ids.chunks(AT_ONCE) {
        let Some(last) = part.last() else { continue };
        let padded = part.iter().chain(std::iter::repeat(last)).take(AT_ONCE);
        let found: Vec<Row> = on!(on, c => padded
            .fold(sqlx::query_as(LIST_OF), |query, id| query.bind(id))
            .fetch_all(c).await)?;
        rows.extend(found);
    }
    Ok(rows)
}

pub async fn list_graves_after(
    on: &mut impl Lanes,
    after: &[u8],
    most: i64,
) -> Result<Vec<GraveRow>> {
    Ok(on!(on, c => sqlx::query_as(GRAVES_AFTER).bind(after).bind(most).fetch_all(c).await)?)
}

pub async fn list_graves_of(on: &mut impl Lanes, ids: &[String]) -> Result<Vec<GraveRow>> {
    let mut rows = Vec::new();
    for part in ids.chunks(AT_ONCE) {
        let Some(last) = part.last() else { continue };
        let padded = part.iter().chain(std::iter::repeat(last)).take(AT_ONCE);
        let found: Vec<GraveRow> = on!(on, c => padded
            .fold(sqlx::query_as(GRAVES_OF), |query, id| query.bind(id))
            .fetch_all(c).await)?;
        rows.extend(found);
    }
    Ok(rows)
}

/// A workgroup: id, slug, the text of its route policies and the family of headers that goes with it.
pub type HomeRow = (String, String, Option<String>, Option<String>);

pub async fn list_workgroups(on: &mut impl Lanes) -> Result<Vec<HomeRow>> {
    Ok(on!(on, c => sqlx::query_as(WORKGROUPS).fetch_all(c).await)?)
}

/// Every device, each with the workgroup that it is in.
pub async fn list_devices(on: &mut impl Lanes) -> Result<Vec<(String, Device)>> {
    let rows: Vec<(String, String, String, String)> =
        on!(on, c => sqlx::query_as(DEVICES).fetch_all(c).await)?;
    let entries: Vec<(String, String, String)> =
        on!(on, c => sqlx::query_as(METADATA).fetch_all(c).await)?;
    let mut metadata: HashMap<String, Metadata> = HashMap::new();
    for (device, key, value) in entries {
        metadata.entry(device).or_default().insert(key, value);
    }
    let device = |(workgroup, id, external_id, name): (String, String, String, String)| {
        let metadata = metadata.remove(&id).unwrap_or_default();
        (workgroup, Device { id, external_id, name, metadata })
    };
    Ok(rows.into_iter().map(device).collect())
}

/// A device with its workgroup; `None`: it is gone.
pub async fn find_device(on: &mut impl Lanes, id: &str) -> Result<Option<(String, Device)>> {
    let home: Option<String> =
        on!(on, c => sqlx::query_scalar(DEVICE_HOME).bind(id).fetch_optional(c).await)?;
    let device = devices::find_by_id(on, id).await?;
    Ok(home.zip(device))
}

/// Every device group with its workgroup.
pub async fn list_groups(on: &mut impl Lanes) -> Result<Vec<(String, DeviceGroup)>> {
    let rows: Vec<(String, String)> = on!(on, c => sqlx::query_as(GROUPS).fetch_all(c).await)?;
    let mut found = Vec::with_capacity(rows.len());
    for (home, id) in rows {
        found.extend(groups::find_by_id(on, &id).await?.map(|group| (home, group)));
    }
    Ok(found)
}

/// A device group with its workgroup; `None`: it is gone.
pub async fn find_group(on: &mut impl Lanes, id: &str) -> Result<Option<(String, DeviceGroup)>> {
    let home: Option<String> =
        on!(on, c => sqlx::query_scalar(GROUP_HOME).bind(id).fetch_optional(c).await)?;
    let group = groups::find_by_id(on, id).await?;
    Ok(home.zip(group))
}
