//! Lists of table `users` as administrators see them, and the marks that only administrators set.

use super::{Lanes, Tx, contains, on, put, statements};
use crate::domain::text::fold;
use crate::domain::time::Time;
use crate::domain::user::User;
use crate::server::error::Result;

statements! {
    LIST = "select u.id, u.email, u.name, u.administrator, u.time_zone, u.disabled_at, u.last_signed_in_at, u.created_at
        from users u
        where ($1 = '' or (lower(u.name), u.id) > (select lower(a.name), a.id from users a where a.id = $1))
            and ($2 = '' or lower(u.name) like $2 escape '\\' or u.name like $3 escape '\\'
                or u.email_folded like $2 escape '\\')
        order by lower(u.name), u.id limit $4";
    LIST_WORKGROUPS = "select w.name, m.owner
        from memberships m join workgroups w on w.id = m.workgroup_id
        where m.user_id = $1 order by w.name, w.id";
    LIST_LAST_OWNED = "select w.name from workgroups w
        where exists (select 1 from memberships m where m.workgroup_id = w.id and m.user_id = $1 and m.owner)
            and not exists (select 1 from memberships m join users u on u.id = m.user_id
                where m.workgroup_id = w.id and m.owner and m.user_id <> $1 and u.disabled_at is null)
        order by w.name, w.id";
    COUNT_OTHER_ADMINISTRATORS = "select count(*) from users
        where administrator and disabled_at is null and id <> $1";
    MARK_DISABLED = "update users set disabled_at = $2 where id = $1";
    MARK_ENABLED = "update users set disabled_at = null where id = $1";
    MARK_ADMINISTRATOR = "update users set administrator = $2 where id = $1";
}

/// A user with what administrators are shown of them.
#[derive(Clone, Debug)]
pub struct ListedUser {
    pub user: User,
    pub disabled_at: Option<Time>,
    pub last_signed_in_at: Option<Time>,
    pub created_at: Time,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    email: String,
    name: String,
    administrator: bool,
    time_zone: String,
    disabled_at: Option<i64>,
    last_signed_in_at: Option<i64>,
    created_at: i64,
}

impl Row {
    fn into_listed(self) -> ListedUser {
        let Row { id, email, name, administrator, time_zone, .. } = self;
        ListedUser {
            user: User { id, name, email, administrator, time_zone },
            disabled_at: self.disabled_at.map(Time),
            last_signed_in_at: self.last_signed_in_at.map(Time),
            created_at: Time(self.created_at),
        }
    }
}

/// Users by name, after the one with this id; an empty id begins the list, an empty search finds everybody.
pub async fn list(
    on: &mut impl Lanes,
    after: &str,
    search: &str,
    most: i64,
) -> Result<Vec<ListedUser>> {
    let search = search.trim();
    let (folded, typed) = if search.is_empty() {
        (String::new(), String::new())
    } else {
        (contains(&fold(search)), contains(search))
    };
    let rows: Vec<Row> = on!(on, c => sqlx::query_as(LIST)
        .bind(after)
        .bind(&folded)
        .bind(&typed)
        .bind(most)
        .fetch_all(c).await)?;
    Ok(rows.into_iter().map(Row::into_listed).collect())
}

/// The names of a user's workgroups, and whether they own them.
pub async fn list_workgroups(on: &mut impl Lanes, user_id: &str) -> Result<Vec<(String, bool)>> {
    Ok(on!(on, c => sqlx::query_as(LIST_WORKGROUPS).bind(user_id).fetch_all(c).await)?)
}

/// The workgroups that would be left without an owner who can sign in.
pub async fn list_last_owned(on: &mut impl Lanes, user_id: &str) -> Result<Vec<String>> {
    Ok(on!(on, c => sqlx::query_scalar(LIST_LAST_OWNED).bind(user_id).fetch_all(c).await)?)
}

/// Administrators who can sign in, but for this one.
pub async fn count_other_administrators(on: &mut impl Lanes, user_id: &str) -> Result<i64> {
    Ok(
        on!(on, c => sqlx::query_scalar(COUNT_OTHER_ADMINISTRATORS).bind(user_id).fetch_one(c).await)?,
    )
}

pub async fn mark_disabled(tx: &mut Tx, id: &str, at: Time) -> Result<()> {
    put!(tx, MARK_DISABLED, id, at.0);
    Ok(())
}

pub async fn mark_enabled(tx: &mut Tx, id: &str) -> Result<()> {
    put!(tx, MARK_ENABLED, id);
    Ok(())
}

pub async fn mark_administrator(tx: &mut Tx, id: &str, administrator: bool) -> Result<()> {
    put!(tx, MARK_ADMINISTRATOR, id, administrator);
    Ok(())
}
