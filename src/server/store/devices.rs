//! Tables `devices` and `device_metadata`.

use super::device_lists::Row as KeptRow;
use super::{Lanes, Tx, on, put, statements};
use crate::domain::device::Device;
use crate::domain::device_list::KeptDevice;
use crate::domain::metadata::{self, Metadata};
use crate::domain::text::fold;
use crate::domain::time::Time;
use crate::server::error::Result;
use std::collections::{BTreeMap, BTreeSet};

statements! {
    FIND_BY_ID = "select id, external_id, name from devices where id = $1";
    FIND_BY_EXTERNAL_ID = "select id, external_id, name from devices where workgroup_id = $1 and external_id = $2";
    LIST = "select id, external_id, name from devices where workgroup_id = $1 order by name, id limit $2";
    METADATA_OF_DEVICE = "select device_id, key, value from device_metadata where device_id = $1";
    METADATA_OF_LIST = "select device_id, key, value from device_metadata where device_id in
        (select id from devices where workgroup_id = $1 order by name, id limit $2)";
    COUNT = "select count(*) from devices where workgroup_id = $1";
    FIND_KEPT = "select id, external_id, name, version, created_at from devices where workgroup_id = $1 and id = $2";
    FIND_KEPT_BY_EXTERNAL_ID = "select id, external_id, name, version, created_at
        from devices where workgroup_id = $1 and external_id = $2";
    INSERT = "insert into devices (id, workgroup_id, external_id, name, created_at, name_folded, search_text)
        values ($1, $2, $3, $4, $5, $6, $7)";
    MARK_EDITED = "update devices set name = $3, name_folded = $4, search_text = $5, version = version + 1
        where id = $1 and version = $2";
    DELETE_METADATA = "delete from device_metadata where device_id = $1";
    DELETE = "delete from devices where id = $1";
    KEYS_OF_GROUPS = "select distinct metadata_key from device_groups
        where workgroup_id = $1 and metadata_key is not null";
    ALONE_IN = "select g.name from device_groups g join device_group_members m on m.group_id = g.id
        where m.device_id = $1 and g.rule = 'in'
            and not exists (select 1 from device_group_members o where o.group_id = g.id and o.device_id <> $1)
        order by g.name_folded";
    LIST_UNFOLDED = "select id, external_id, name from devices where name_folded = '' order by id limit 200";
    MARK_FOLDED = "update devices set name_folded = $2, search_text = $3 where id = $1";
    INSERT_METADATA = "insert into device_metadata (device_id, key, value) values ($1, $2, $3)";
    CONTACT = "select u.email from users u
            left join memberships m on m.user_id = u.id and m.workgroup_id = $1
        where u.id = $2 or m.owner order by u.id = $2 desc, m.created_at, u.id limit 1";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    external_id: String,
    name: String,
}

impl Row {
    fn into_device(self, metadata: BTreeMap<String, String>) -> Device {
        Device { id: self.id, external_id: self.external_id, name: self.name, metadata }
    }
}

/// A device's id, and one key and value of it.
type Entry = (String, String, String);

pub async fn find_by_id(on: &mut impl Lanes, id: &str) -> Result<Option<Device>> {
    let row = on!(on, c => sqlx::query_as(FIND_BY_ID).bind(id).fetch_optional(c).await)?;
    with_metadata(on, row).await
}

pub async fn find_by_external_id(
    on: &mut impl Lanes,
    workgroup_id: &str,
    external_id: &str,
) -> Result<Option<Device>> {
    let row = on!(on, c => sqlx::query_as(FIND_BY_EXTERNAL_ID)
        .bind(workgroup_id)
        .bind(external_id)
        .fetch_optional(c).await)?;
    with_metadata(on, row).await
}

async fn with_metadata(on: &mut impl Lanes, row: Option<Row>) -> Result<Option<Device>> {
    let Some(row) = row else { return Ok(None) };
    let metadata = metadata_of(on, &row.id).await?;
    Ok(Some(row.into_device(metadata)))
}

async fn metadata_of(on: &mut impl Lanes, id: &str) -> Result<Metadata> {
    let entries: Vec<Entry> =
        on!(on, c => sqlx::query_as(METADATA_OF_DEVICE).bind(id).fetch_all(c).await)?;
    Ok(entries.into_iter().map(|(_, key, value)| (key, value)).collect())
}

/// By its own id, if it is one of this workgroup.
pub async fn find_kept(
    on: &mut impl Lanes,
    workgroup_id: &str,
    id: &str,
) -> Result<Option<KeptDevice>> {
    kept(on, FIND_KEPT, workgroup_id, id).await
}

pub async fn find_kept_by_external_id(
    on: &mut impl Lanes,
    workgroup_id: &str,
    external_id: &str,
) -> Result<Option<KeptDevice>> {
    kept(on, FIND_KEPT_BY_EXTERNAL_ID, workgroup_id, external_id).await
}

async fn kept(
    on: &mut impl Lanes,
    sql: &'static str,
    workgroup_id: &str,
    id: &str,
) -> Result<Option<KeptDevice>> {
    let row: Option<KeptRow> =
        on!(on, c => sqlx::query_as(sql).bind(workgroup_id).bind(id).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(None) };
    let metadata = metadata_of(on, row.id()).await?;
    Ok(Some(row.into_kept(metadata)))
}

/// A workgroup's devices by name, at most `most`.
pub async fn list(on: &mut impl Lanes, workgroup_id: &str, most: i64) -> Result<Vec<Device>> {
    let rows: Vec<Row> =
        on!(on, c => sqlx::query_as(LIST).bind(workgroup_id).bind(most).fetch_all(c).await)?;
    let entries: Vec<Entry> = on!(on, c => sqlx::query_as(METADATA_OF_LIST)
        .bind(workgroup_id)
        .bind(most)
        .fetch_all(c).await)?;
    let mut metadata: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (device, key, value) in entries {
        metadata.entry(device).or_default().insert(key, value);
    }
    let devices = rows.into_iter().map(|row| {
        let own = metadata.remove(&row.id).unwrap_or_default();
        row.into_device(own)
    });
    Ok(devices.collect())
}

pub async fn count(on: &mut impl Lanes, workgroup_id: &str) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(COUNT).bind(workgroup_id).fetch_one(c).await)?)
}

/// What the search compares: external id, name and metadata, one a line.
fn search_text(device: &Device) -> String {
    let lines = metadata::as_lines(&device.metadata);
    fold(&format!("{}\n{}\n{lines}", device.external_id, device.name))
}

/// Inserts the device with its metadata.
pub async fn insert(tx: &mut Tx, workgroup_id: &str, device: &Device, now: Time) -> Result<()> {
    put!(
        tx,
        INSERT,
        &device.id,
        workgroup_id,
        &device.external_id,
        &device.name,
        now.0,
        fold(&device.name),
        search_text(device)
    );
    insert_metadata(tx, device).await
}

async fn insert_metadata(tx: &mut Tx, device: &Device) -> Result<()> {
    for (key, value) in &device.metadata {
        put!(tx, INSERT_METADATA, &device.id, key, value);
    }
    Ok(())
}

/// Writes name and metadata, if nobody else did since `version`; otherwise `false`.
pub async fn mark_edited(tx: &mut Tx, device: &Device, version: i64) -> Result<bool> {
    let count = on!(tx, c => sqlx::query(MARK_EDITED)
        .bind(&device.id)
        .bind(version)
        .bind(&device.name)
        .bind(fold(&device.name))
        .bind(search_text(device))
        .execute(c).await.map(|done| done.rows_affected()))?;
    if count != 1 {
        return Ok(false);
    }
    put!(tx, DELETE_METADATA, &device.id);
    insert_metadata(tx, device).await?;
    Ok(true)
}

/// Removes the device, its metadata and its places in groups. Its tokens were parted from it before.
pub async fn delete(tx: &mut Tx, id: &str) -> Result<()> {
    put!(tx, DELETE, id);
    Ok(())
}

/// The metadata keys that groups of the workgroup go by.
pub async fn keys_of_groups(on: &mut impl Lanes, workgroup_id: &str) -> Result<BTreeSet<String>> {
    let keys: Vec<String> =
        on!(on, c => sqlx::query_scalar(KEYS_OF_GROUPS).bind(workgroup_id).fetch_all(c).await)?;
    Ok(keys.into_iter().collect())
}

/// The names of the groups that list this device and no other.
pub async fn alone_in(on: &mut impl Lanes, id: &str) -> Result<Vec<String>> {
    Ok(on!(on, c => sqlx::query_scalar(ALONE_IN).bind(id).fetch_all(c).await)?)
}

/// Fills what older rows lack because SQL's own lower() knows ASCII alone; says how many rows it filled, 0 once all are.
pub async fn mark_folded(tx: &mut Tx) -> Result<usize> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_UNFOLDED).fetch_all(c).await)?;
    let count = rows.len();
    for row in rows {
        let metadata = metadata_of(tx, &row.id).await?;
        let device = row.into_device(metadata);
        put!(tx, MARK_FOLDED, &device.id, fold(&device.name), search_text(&device));
    }
    Ok(count)
}

/// Whom to write to about a new device's token: the user who registers it, else the workgroup's first owner.
pub async fn find_contact(
    on: &mut impl Lanes,
    workgroup_id: &str,
    user_id: Option<&str>,
) -> Result<Option<String>> {
    let user_id = user_id.unwrap_or_default();
    Ok(on!(on, c => sqlx::query_scalar(CONTACT)
        .bind(workgroup_id)
        .bind(user_id)
        .fetch_optional(c).await)?)
}
