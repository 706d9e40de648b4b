//! Table `memberships`: who belongs to which workgroup, and what they hold there.

use super::{Lanes, Tx, from_json, on, statements, to_json};
use crate::domain::time::Time;
use crate::domain::user::User;
use crate::server::error::Result;
use std::collections::BTreeSet;

statements! {
    INSERT_OR_REPLACE = "insert into memberships
            (workgroup_id, user_id, owner, permissions, device_group_id, created_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (workgroup_id, user_id) do update
        set owner = excluded.owner, permissions = excluded.permissions, device_group_id = excluded.device_group_id";
    FIND = "select owner, permissions, device_group_id
        from memberships where workgroup_id = $1 and user_id = $2";
    LIST_OWNERS = "select u.id, u.email, u.name, u.administrator, u.time_zone
        from memberships m join users u on u.id = m.user_id
        where m.workgroup_id = $1 and m.owner order by u.name, u.id";
    COUNT_OWNERS = "select count(*) from memberships where workgroup_id = $1 and owner";
}

/// What a member holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    pub owner: bool,
    /// Empty for owners, who hold every permission.
    pub permissions: BTreeSet<String>,
    pub device_group_id: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    owner: bool,
    permissions: String,
    device_group_id: Option<String>,
}

#[derive(sqlx::FromRow)]
struct OwnerRow {
    id: String,
    email: String,
    name: String,
    administrator: bool,
    time_zone: String,
}

pub async fn insert_or_replace(
    tx: &mut Tx,
    workgroup_id: &str,
    user_id: &str,
    membership: &Membership,
    now: Time,
) -> Result<()> {
    let permissions = to_json(&membership.permissions)?;
    on!(tx, c => sqlx::query(INSERT_OR_REPLACE)
        .bind(workgroup_id)
        .bind(user_id)
        .bind(membership.owner)
        .bind(&permissions)
        .bind(membership.device_group_id.as_deref())
        .bind(now.0)
        .execute(c).await.map(drop))?;
    Ok(())
}

pub async fn find(
    on: &mut impl Lanes,
    workgroup_id: &str,
    user_id: &str,
) -> Result<Option<Membership>> {
    let row: Option<Row> = on!(on, c => sqlx::query_as(FIND)
        .bind(workgroup_id)
        .bind(user_id)
        .fetch_optional(c).await)?;
    let Some(Row { owner, permissions, device_group_id }) = row else { return Ok(None) };
    Ok(Some(Membership { owner, permissions: from_json(&permissions)?, device_group_id }))
}

/// The owners of a workgroup, by name.
pub async fn list_owners(on: &mut impl Lanes, workgroup_id: &str) -> Result<Vec<User>> {
    let rows: Vec<OwnerRow> =
        on!(on, c => sqlx::query_as(LIST_OWNERS).bind(workgroup_id).fetch_all(c).await)?;
    let user = |OwnerRow { id, email, name, administrator, time_zone }| User {
        id,
        name,
        email,
        administrator,
        time_zone,
    };
    Ok(rows.into_iter().map(user).collect())
}

pub async fn count_owners(on: &mut impl Lanes, workgroup_id: &str) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(COUNT_OWNERS).bind(workgroup_id).fetch_one(c).await)?)
}
