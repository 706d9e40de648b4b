//! Table `permissions`: the catalogue.

use super::{Lanes, Tx, from_json, on, put, statements};
use crate::domain::catalogue::Holders;
use crate::domain::permission::Permission;
use crate::domain::time::Time;
use crate::server::error::Result;
use std::collections::BTreeMap;

statements! {
    LIST = "select name, label, description, section, for_devices, powerful, retired_at
        from permissions order by position, name";
    INSERT = "insert into permissions (name, position, label, description, section, for_devices, powerful, retired_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    LIST_VERSIONS = "select name, version from permissions";
    LAST_POSITION = "select coalesce(max(position), 0) as position from permissions";
    LIST_OF_TOKENS = "select permissions, count(*) from tokens group by permissions";
    LIST_OF_MEMBERS = "select permissions, count(*) from memberships group by permissions";
    LIST_OF_INVITATIONS = "select permissions, count(*) from invitations group by permissions";
    MARK_EDITED = "update permissions set label = $3, description = $4, section = $5, for_devices = $6, powerful = $7,
            version = version + 1
        where name = $1 and version = $2";
    MARK_RETIRED = "update permissions set retired_at = $2, version = version + 1 where name = $1";
    DELETE = "delete from permissions where name = $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    name: String,
    label: String,
    description: String,
    section: String,
    for_devices: bool,
    powerful: bool,
    retired_at: Option<i64>,
}

/// The whole catalogue, in the order in which forms show it.
pub async fn list(on: &mut impl Lanes) -> Result<Vec<Permission>> {
    let rows: Vec<Row> = on!(on, c => sqlx::query_as(LIST).fetch_all(c).await)?;
    let permission = |row: Row| Permission {
        name: row.name,
        label: row.label,
        description: row.description,
        section: row.section,
        for_devices: row.for_devices,
        powerful: row.powerful,
        retired_at: row.retired_at.map(Time),
    };
    Ok(rows.into_iter().map(permission).collect())
}

pub async fn insert(tx: &mut Tx, permission: &Permission, position: i64) -> Result<()> {
    put!(
        tx,
        INSERT,
        &permission.name,
        position,
        &permission.label,
        &permission.description,
        &permission.section,
        permission.for_devices,
        permission.powerful,
        permission.retired_at.map(|at| at.0)
    );
    Ok(())
}

/// How often each was edited, by name.
pub async fn list_versions(on: &mut impl Lanes) -> Result<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> = on!(on, c => sqlx::query_as(LIST_VERSIONS).fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// The place of the last entry.
pub async fn last_position(on: &mut impl Lanes) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(LAST_POSITION).fetch_one(c).await)?)
}

/// Who holds what, by name. Each table is read once: many rows hold few different sets.
pub async fn list_holders(on: &mut impl Lanes) -> Result<BTreeMap<String, Holders>> {
    type Add = fn(&mut Holders, i64);
    let tables: [(&'static str, Add); 3] = [
        (LIST_OF_TOKENS, |holders, count| holders.tokens += count),
        (LIST_OF_MEMBERS, |holders, count| holders.members += count),
        (LIST_OF_INVITATIONS, |holders, count| holders.invitations += count),
    ];
    let mut all: BTreeMap<String, Holders> = BTreeMap::new();
    for (sql, add) in tables {
        let sets: Vec<(String, i64)> = on!(on, c => sqlx::query_as(sql).fetch_all(c).await)?;
        for (names, count) in sets {
            for name in from_json::<Vec<String>>(&names)? {
                add(all.entry(name).or_default(), count);
            }
        }
    }
    Ok(all)
}

/// Writes everything but name, place and retirement, if nobody else did since `version`; otherwise `false`.
pub async fn mark_edited(tx: &mut Tx, permission: &Permission, version: i64) -> Result<bool> {
    let count = on!(tx, c => sqlx::query(MARK_EDITED)
        .bind(&permission.name)
        .bind(version)
        .bind(&permission.label)
        .bind(&permission.description)
        .bind(&permission.section)
        .bind(permission.for_devices)
        .bind(permission.powerful)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(count == 1)
}

/// Since when it is not granted anew; `None`: it is.
pub async fn mark_retired(tx: &mut Tx, name: &str, at: Option<Time>) -> Result<()> {
    put!(tx, MARK_RETIRED, name, at.map(|at| at.0));
    Ok(())
}

pub async fn delete(tx: &mut Tx, name: &str) -> Result<()> {
    put!(tx, DELETE, name);
    Ok(())
}
