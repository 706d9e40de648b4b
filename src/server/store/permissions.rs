//! Table `permissions`: the catalogue.

use super::{Lanes, Tx, on, statements};
use crate::domain::permission::Permission;
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    LIST = "select name, label, description, section, for_devices, powerful, retired_at
        from permissions order by position, name";
    INSERT = "insert into permissions (name, position, label, description, section, for_devices, powerful, retired_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
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
    on!(tx, c => sqlx::query(INSERT)
        .bind(&permission.name)
        .bind(position)
        .bind(&permission.label)
        .bind(&permission.description)
        .bind(&permission.section)
        .bind(permission.for_devices)
        .bind(permission.powerful)
        .bind(permission.retired_at.map(|at| at.0))
        .execute(c).await.map(drop))?;
    Ok(())
}
