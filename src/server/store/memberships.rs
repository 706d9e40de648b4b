//! Table `memberships`: who belongs to which workgroup, and what they hold there.

use super::{Lanes, Tx, from_json, on, put, statements, to_json};
use crate::domain::time::Time;
use crate::domain::user::User;
use crate::server::error::Result;
use std::collections::BTreeSet;

statements! {
    INSERT_OR_REPLACE = "insert into memberships
            (workgroup_id, user_id, owner, permissions, device_group_id, created_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (workgroup_id, user_id) do update
        set owner = excluded.owner, permissions = excluded.permissions, device_group_id = excluded.device_group_id,
            version = memberships.version + 1";
    FIND = "select owner, permissions, device_group_id, version
        from memberships where workgroup_id = $1 and user_id = $2";
    LIST = "select u.id, u.email, u.name, u.administrator, u.time_zone, u.disabled_at, u.last_signed_in_at, m.owner,
            m.permissions, m.device_group_id, g.name as group_name, m.created_at
        from memberships m join users u on u.id = m.user_id left join device_groups g on g.id = m.device_group_id
        where m.workgroup_id = $1";
    LIST_OWNERS = "select u.id, u.email, u.name, u.administrator, u.time_zone
        from memberships m join users u on u.id = m.user_id
        where m.workgroup_id = $1 and m.owner order by u.name, u.id";
    COUNT_OWNERS = "select count(*) from memberships where workgroup_id = $1 and owner";
    COUNT_OF_USER = "select count(*) from memberships where user_id = $1";
    DELETE = "delete from memberships where workgroup_id = $1 and user_id = $2";
}

/// What a member holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    pub owner: bool,
    /// Empty for owners, who hold every permission.
    pub permissions: BTreeSet<String>,
    pub device_group_id: Option<String>,
    /// Counts the changes; whoever changes it names the one they saw. Not written, but raised by each change.
    pub version: i64,
}

/// A member with their person.
#[derive(Clone, Debug)]
pub struct Listed {
    pub user: User,
    /// Since when they cannot sign in.
    pub disabled_at: Option<Time>,
    pub last_signed_in_at: Option<Time>,
    pub owner: bool,
    pub permissions: BTreeSet<String>,
    /// Id and name.
    pub group: Option<(String, String)>,
    pub joined_at: Time,
}

#[derive(sqlx::FromRow)]
struct Row {
    owner: bool,
    permissions: String,
    device_group_id: Option<String>,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    id: String,
    email: String,
    name: String,
    administrator: bool,
    time_zone: String,
}

impl PersonRow {
    fn into_user(self) -> User {
        let PersonRow { id, email, name, administrator, time_zone } = self;
        User { id, name, email, administrator, time_zone }
    }
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    person: PersonRow,
    disabled_at: Option<i64>,
    last_signed_in_at: Option<i64>,
    owner: bool,
    permissions: String,
    device_group_id: Option<String>,
    group_name: Option<String>,
    created_at: i64,
}

impl ListedRow {
    fn into_listed(self) -> Result<Listed> {
        Ok(Listed {
            user: self.person.into_user(),
            disabled_at: self.disabled_at.map(Time),
            last_signed_in_at: self.last_signed_in_at.map(Time),
            owner: self.owner,
            permissions: from_json(&self.permissions)?,
            group: self.device_group_id.zip(self.group_name),
            joined_at: Time(self.created_at),
        })
    }
}

pub async fn insert_or_replace(
    tx: &mut Tx,
    workgroup_id: &str,
    user_id: &str,
    membership: &Membership,
    now: Time,
) -> Result<()> {
    let permissions = to_json(&membership.permissions)?;
    put!(
        tx,
        INSERT_OR_REPLACE,
        workgroup_id,
        user_id,
        membership.owner,
        &permissions,
        membership.device_group_id.as_deref(),
        now.0
    );
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
    let Some(Row { owner, permissions, device_group_id, version }) = row else { return Ok(None) };
    let permissions = from_json(&permissions)?;
    Ok(Some(Membership { owner, permissions, device_group_id, version }))
}

/// Everybody in a workgroup, in no order.
pub async fn list(on: &mut impl Lanes, workgroup_id: &str) -> Result<Vec<Listed>> {
    let rows: Vec<ListedRow> =
        on!(on, c => sqlx::query_as(LIST).bind(workgroup_id).fetch_all(c).await)?;
    rows.into_iter().map(ListedRow::into_listed).collect()
}

/// The owners of a workgroup, by name.
pub async fn list_owners(on: &mut impl Lanes, workgroup_id: &str) -> Result<Vec<User>> {
    let rows: Vec<PersonRow> =
        on!(on, c => sqlx::query_as(LIST_OWNERS).bind(workgroup_id).fetch_all(c).await)?;
    Ok(rows.into_iter().map(PersonRow::into_user).collect())
}

pub async fn count_owners(on: &mut impl Lanes, workgroup_id: &str) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(COUNT_OWNERS).bind(workgroup_id).fetch_one(c).await)?)
}

/// In how many workgroups somebody is a member.
pub async fn count_of_user(on: &mut impl Lanes, user_id: &str) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(COUNT_OF_USER).bind(user_id).fetch_one(c).await)?)
}

pub async fn delete(tx: &mut Tx, workgroup_id: &str, user_id: &str) -> Result<()> {
    put!(tx, DELETE, workgroup_id, user_id);
    Ok(())
}
