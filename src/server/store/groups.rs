//! Tables `device_groups` and `device_group_members`.

use super::{Lanes, on, statements};
use crate::domain::device::{DeviceGroup, GroupRule};
use crate::domain::text::fold;
use crate::server::error::Result;
use anyhow::Context;

statements! {
    FIND_BY_ID = "select id, name, rule, metadata_key, metadata_value from device_groups where id = $1";
    FIND_BY_NAME = "select id, name, rule, metadata_key, metadata_value
        from device_groups where workgroup_id = $1 and name_folded = $2";
    LIST_LISTED = "select device_id from device_group_members where group_id = $1 order by device_id";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    rule: String,
    metadata_key: Option<String>,
    metadata_value: Option<String>,
}

pub async fn find_by_id(on: &mut impl Lanes, id: &str) -> Result<Option<DeviceGroup>> {
    let row: Option<Row> =
        on!(on, c => sqlx::query_as(FIND_BY_ID).bind(id).fetch_optional(c).await)?;
    whole(on, row).await
}

/// Finds a group by its name, in whatever case it was typed.
pub async fn find_by_name(
    on: &mut impl Lanes,
    workgroup_id: &str,
    name: &str,
) -> Result<Option<DeviceGroup>> {
    let row: Option<Row> = on!(on, c => sqlx::query_as(FIND_BY_NAME)
        .bind(workgroup_id)
        .bind(fold(name.trim()))
        .fetch_optional(c).await)?;
    whole(on, row).await
}

/// The group with its rule. One that cannot be read is a fault: it must never widen what it bounds.
async fn whole(on: &mut impl Lanes, row: Option<Row>) -> Result<Option<DeviceGroup>> {
    let Some(row) = row else { return Ok(None) };
    let listed: Vec<String> =
        on!(on, c => sqlx::query_scalar(LIST_LISTED).bind(&row.id).fetch_all(c).await)?;
    let rule = match (row.rule.as_str(), row.metadata_key, row.metadata_value) {
        ("in", ..) => Some(GroupRule::In(listed.into_iter().collect())),
        ("not_in", ..) => Some(GroupRule::NotIn(listed.into_iter().collect())),
        ("metadata", Some(key), Some(value)) => Some(GroupRule::Metadata { key, value }),
        _ => None,
    };
    let rule = rule.with_context(|| format!("the device group {} has no readable rule", row.id))?;
    Ok(Some(DeviceGroup { id: row.id, name: row.name, rule }))
}
