//! Tables `devices` and `device_metadata`.

use super::{Lanes, Tx, on, statements};
use crate::domain::device::Device;
use crate::domain::time::Time;
use crate::server::error::Result;
use std::collections::BTreeMap;

statements! {
    FIND_BY_ID = "select id, external_id, name from devices where id = $1";
    FIND_BY_EXTERNAL_ID = "select id, external_id, name from devices where workgroup_id = $1 and external_id = $2";
    LIST = "select id, external_id, name from devices where workgroup_id = $1 order by name, id limit $2";
    METADATA_OF_DEVICE = "select device_id, key, value from device_metadata where device_id = $1";
    METADATA_OF_LIST = "select device_id, key, value from device_metadata where device_id in
        (select id from devices where workgroup_id = $1 order by name, id limit $2)";
    COUNT = "select count(*) from devices where workgroup_id = $1";
    INSERT = "insert into devices (id, workgroup_id, external_id, name, created_at) values ($1, $2, $3, $4, $5)";
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
    let entries: Vec<Entry> =
        on!(on, c => sqlx::query_as(METADATA_OF_DEVICE).bind(&row.id).fetch_all(c).await)?;
    let metadata = entries.into_iter().map(|(_, key, value)| (key, value)).collect();
    Ok(Some(row.into_device(metadata)))
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

/// Inserts the device with its metadata.
pub async fn insert(tx: &mut Tx, workgroup_id: &str, device: &Device, now: Time) -> Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(&device.id)
        .bind(workgroup_id)
        .bind(&device.external_id)
        .bind(&device.name)
        .bind(now.0)
        .execute(c).await.map(drop))?;
    for (key, value) in &device.metadata {
        on!(tx, c => sqlx::query(INSERT_METADATA)
            .bind(&device.id)
            .bind(key)
            .bind(value)
            .execute(c).await.map(drop))?;
    }
    Ok(())
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
