//! Tables `device_groups` and `device_group_members`.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::device::{DeviceGroup, GroupRule};
use crate::domain::text::fold;
use crate::domain::time::Time;
use crate::server::error::Result;
use anyhow::anyhow;
use std::collections::{BTreeMap, BTreeSet};

statements! {
    MARK_EDITED = "update device_groups set name = $3, name_folded = $4, rule = $5, metadata_key = $6,
            metadata_value = $7, version = version + 1
        where id = $1 and version = $2";
    DELETE = "delete from device_groups where id = $1";
    DELETE_MEMBER = "delete from device_group_members where group_id = $1 and device_id = $2";
    FIND_BY_ID = "select id, name, rule, metadata_key, metadata_value from device_groups where id = $1";
    FIND_BY_NAME = "select id, name, rule, metadata_key, metadata_value
        from device_groups where workgroup_id = $1 and name_folded = $2";
    LIST = "select id, name, rule, metadata_key, metadata_value
        from device_groups where workgroup_id = $1 order by name_folded";
    MEMBERS_OF_GROUP = "select device_id from device_group_members where group_id = $1";
    MEMBERS_OF_LIST = "select m.group_id, m.device_id
        from device_group_members m join device_groups g on g.id = m.group_id where g.workgroup_id = $1";
    INSERT = "insert into device_groups
            (id, workgroup_id, name, name_folded, rule, metadata_key, metadata_value, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    INSERT_MEMBER = "insert into device_group_members (group_id, device_id) values ($1, $2)";
    COUNT_IN = "select count(*) from devices d where d.workgroup_id = $1 and exists
        (select 1 from device_group_members m where m.group_id = $2 and m.device_id = d.id)";
    COUNT_NOT_IN = "select count(*) from devices d where d.workgroup_id = $1 and not exists
        (select 1 from device_group_members m where m.group_id = $2 and m.device_id = d.id)";
    COUNT_METADATA = "select count(*) from devices d where d.workgroup_id = $1 and exists
        (select 1 from device_metadata m where m.device_id = d.id and m.key = $2 and m.value = $3)";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    rule: String,
    metadata_key: Option<String>,
    metadata_value: Option<String>,
}

impl Row {
    fn into_group(self, devices: BTreeSet<String>) -> Result<DeviceGroup> {
        let rule = match (self.rule.as_str(), self.metadata_key, self.metadata_value) {
            ("in", None, None) => GroupRule::In(devices),
            ("not_in", None, None) => GroupRule::NotIn(devices),
            ("metadata", Some(key), Some(value)) => GroupRule::Metadata { key, value },
            // A rule that is not understood must not be taken for "all devices".
            (other, ..) => {
                return Err(anyhow!("device group {} has the rule {other}", self.id).into());
            }
        };
        Ok(DeviceGroup { id: self.id, name: self.name, rule })
    }
}

pub async fn find_by_id(on: &mut impl Lanes, id: &str) -> Result<Option<DeviceGroup>> {
    let row: Option<Row> =
        on!(on, c => sqlx::query_as(FIND_BY_ID).bind(id).fetch_optional(c).await)?;
    with_members(on, row).await
}

/// By name, whatever its case.
pub async fn find_by_name(
    on: &mut impl Lanes,
    workgroup_id: &str,
    name: &str,
) -> Result<Option<DeviceGroup>> {
    let folded = fold(name.trim());
    let row: Option<Row> = on!(on, c => sqlx::query_as(FIND_BY_NAME)
        .bind(workgroup_id)
        .bind(&folded)
        .fetch_optional(c).await)?;
    with_members(on, row).await
}

async fn with_members(on: &mut impl Lanes, row: Option<Row>) -> Result<Option<DeviceGroup>> {
    let Some(row) = row else { return Ok(None) };
    let devices: Vec<String> =
        on!(on, c => sqlx::query_scalar(MEMBERS_OF_GROUP).bind(&row.id).fetch_all(c).await)?;
    row.into_group(devices.into_iter().collect()).map(Some)
}

/// A workgroup's groups, by name.
pub async fn list(on: &mut impl Lanes, workgroup_id: &str) -> Result<Vec<DeviceGroup>> {
    let rows: Vec<Row> = on!(on, c => sqlx::query_as(LIST).bind(workgroup_id).fetch_all(c).await)?;
    let pairs: Vec<(String, String)> =
        on!(on, c => sqlx::query_as(MEMBERS_OF_LIST).bind(workgroup_id).fetch_all(c).await)?;
    let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (group, device) in pairs {
        members.entry(group).or_default().insert(device);
    }
    let group = |row: Row| {
        let devices = members.remove(&row.id).unwrap_or_default();
        row.into_group(devices)
    };
    rows.into_iter().map(group).collect()
}

/// How many of the workgroup's devices the group holds at present.
pub async fn count_devices(
    on: &mut impl Lanes,
    workgroup_id: &str,
    group: &DeviceGroup,
) -> Result<i64> {
    let sql = match &group.rule {
        GroupRule::In(_) => COUNT_IN,
        GroupRule::NotIn(_) => COUNT_NOT_IN,
        GroupRule::Metadata { key, value } => {
            return Ok(on!(on, c => sqlx::query_scalar(COUNT_METADATA)
                .bind(workgroup_id)
                .bind(key)
                .bind(value)
                .fetch_one(c).await)?);
        }
    };
    Ok(on!(on, c => sqlx::query_scalar(sql)
        .bind(workgroup_id)
        .bind(&group.id)
        .fetch_one(c).await)?)
}

/// How a rule stands in its columns: its name, key and value, and the devices that it lists.
type Columns<'a> = (&'static str, Option<&'a String>, Option<&'a String>, BTreeSet<&'a String>);

fn columns(rule: &GroupRule) -> Columns<'_> {
    match rule {
        GroupRule::In(devices) => ("in", None, None, devices.iter().collect()),
        GroupRule::NotIn(devices) => ("not_in", None, None, devices.iter().collect()),
        GroupRule::Metadata { key, value } => ("metadata", Some(key), Some(value), BTreeSet::new()),
    }
}

/// Inserts the group with the devices that its rule lists.
pub async fn insert(tx: &mut Tx, workgroup_id: &str, group: &DeviceGroup, now: Time) -> Result<()> {
    let (rule, key, value, devices) = columns(&group.rule);
    put!(
        tx,
        INSERT,
        &group.id,
        workgroup_id,
        &group.name,
        fold(&group.name),
        rule,
        key,
        value,
        now.0
    );
    for device in devices {
        insert_member(tx, &group.id, device).await?;
    }
    Ok(())
}

async fn insert_member(tx: &mut Tx, group: &str, device: &str) -> Result<()> {
    put!(tx, INSERT_MEMBER, group, device);
    Ok(())
}

/// Writes the group as it is to be over the one that was read at `version`; `false`: somebody was faster.
pub async fn mark_edited(
    tx: &mut Tx,
    before: &DeviceGroup,
    after: &DeviceGroup,
    version: i64,
) -> Result<bool> {
    let (rule, key, value, devices) = columns(&after.rule);
    let marked = on!(tx, c => sqlx::query(MARK_EDITED)
        .bind(&after.id)
        .bind(version)
        .bind(&after.name)
        .bind(fold(&after.name))
        .bind(rule)
        .bind(key)
        .bind(value)
        .execute(c).await.map(|done| done.rows_affected()))?;
    if marked == 0 {
        return Ok(false);
    }
    let (.., listed) = columns(&before.rule);
    for device in listed.difference(&devices) {
        put!(tx, DELETE_MEMBER, &after.id, *device);
    }
    for device in devices.difference(&listed) {
        insert_member(tx, &after.id, device).await?;
    }
    Ok(true)
}

/// Deletes a group that nothing refers to; the list of its devices goes with it.
pub async fn delete(tx: &mut Tx, id: &str) -> Result<()> {
    put!(tx, DELETE, id);
    Ok(())
}
