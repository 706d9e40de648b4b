//! Table `workgroups`.

use super::{Lanes, Tx, contains, from_json, on, put, statements, to_json};
use crate::domain::lifetime::Lifetime;
use crate::domain::text::fold;
use crate::domain::time::Time;
use crate::domain::workgroup::{Policy, Workgroup};
use crate::server::error::Result;

statements! {
    FIND_BY_SLUG = "select id, slug, name, time_zone, longest_lifetime, non_expiring, notice_stages, notice_hour
        from workgroups where slug = $1";
    FIND_BY_ID = "select id, slug, name, time_zone, longest_lifetime, non_expiring, notice_stages, notice_hour
        from workgroups where id = $1";
    LIST_OF_USER = "select w.id, w.slug, w.name, w.time_zone, w.longest_lifetime, w.non_expiring, w.notice_stages,
            w.notice_hour
        from workgroups w join memberships m on m.workgroup_id = w.id
        where m.user_id = $1 order by w.name, w.id";
    LIST_OWNED = "select w.id, w.slug, w.name, w.time_zone, w.longest_lifetime, w.non_expiring, w.notice_stages,
            w.notice_hour
        from workgroups w join memberships m on m.workgroup_id = w.id
        where m.user_id = $1 and m.owner order by w.name, w.id";
    INSERT = "insert into workgroups
            (id, slug, name, time_zone, longest_lifetime, non_expiring, notice_stages, notice_hour, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    SLUG_TAKEN = "select count(*) from workgroups where slug = $1";
    COUNT = "select count(*) from workgroups";
    FIND_VERSION = "select version from workgroups where id = $1";
    LIST = "select w.id, w.slug, w.name, w.time_zone, w.created_at,
            (select count(*) from memberships m where m.workgroup_id = w.id) as members,
            cast((select coalesce(sum(e.tokens), 0) from expiry_days e
                where e.workgroup_id = w.id and e.turn in ('ends', 'never')) as bigint) as tokens
        from workgroups w
        where ($1 = '' or (lower(w.name), w.id) > (select lower(a.name), a.id from workgroups a where a.id = $1))
            and ($2 = '' or lower(w.name) like $2 escape '\\' or w.name like $3 escape '\\'
                or w.slug like $2 escape '\\')
        order by lower(w.name), w.id limit $4";
    MARK_EDITED = "update workgroups set name = $3, time_zone = $4, longest_lifetime = $5, non_expiring = $6,
            notice_stages = $7, notice_hour = $8, version = version + 1
        where id = $1 and version = $2";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    slug: String,
    name: String,
    time_zone: String,
    longest_lifetime: String,
    non_expiring: bool,
    notice_stages: String,
    notice_hour: i64,
}

impl Row {
    fn into_workgroup(self) -> Result<Workgroup> {
        Ok(Workgroup {
            id: self.id,
            slug: self.slug,
            name: self.name,
            time_zone: self.time_zone,
            policy: Policy {
                longest: Lifetime::parse(&self.longest_lifetime).unwrap_or(Lifetime::Years1),
                non_expiring: self.non_expiring,
                stages: from_json(&self.notice_stages)?,
                notice_hour: self.notice_hour,
            },
        })
    }
}

pub async fn find_by_slug(on: &mut impl Lanes, slug: &str) -> Result<Option<Workgroup>> {
    let row: Option<Row> =
        on!(on, c => sqlx::query_as(FIND_BY_SLUG).bind(slug).fetch_optional(c).await)?;
    row.map(Row::into_workgroup).transpose()
}

pub async fn find_by_id(on: &mut impl Lanes, id: &str) -> Result<Option<Workgroup>> {
    let row: Option<Row> =
        on!(on, c => sqlx::query_as(FIND_BY_ID).bind(id).fetch_optional(c).await)?;
    row.map(Row::into_workgroup).transpose()
}

/// The workgroups that a user is a member of, by name.
pub async fn list_of_user(on: &mut impl Lanes, user_id: &str) -> Result<Vec<Workgroup>> {
    let rows: Vec<Row> =
        on!(on, c => sqlx::query_as(LIST_OF_USER).bind(user_id).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_workgroup).collect()
}

/// The workgroups that a user owns, by name.
pub async fn list_owned(on: &mut impl Lanes, user_id: &str) -> Result<Vec<Workgroup>> {
    let rows: Vec<Row> = on!(on, c => sqlx::query_as(LIST_OWNED).bind(user_id).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_workgroup).collect()
}

pub async fn slug_taken(on: &mut impl Lanes, slug: &str) -> Result<bool> {
    let count: i64 = on!(on, c => sqlx::query_scalar(SLUG_TAKEN).bind(slug).fetch_one(c).await)?;
    Ok(count > 0)
}

pub async fn insert(tx: &mut Tx, workgroup: &Workgroup, now: Time) -> Result<()> {
    let stages = to_json(&workgroup.policy.stages)?;
    put!(
        tx,
        INSERT,
        &workgroup.id,
        &workgroup.slug,
        &workgroup.name,
        &workgroup.time_zone,
        workgroup.policy.longest.code(),
        workgroup.policy.non_expiring,
        &stages,
        workgroup.policy.notice_hour,
        now.0
    );
    Ok(())
}

pub async fn count(on: &mut impl Lanes) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(COUNT).fetch_one(c).await)?)
}

/// How often it was edited, as an edit names it.
pub async fn find_version(on: &mut impl Lanes, id: &str) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(FIND_VERSION).bind(id).fetch_one(c).await)?)
}

/// A workgroup with what administrators are shown of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ListedWorkgroup {
    pub id: String,
    pub slug: String,
    pub name: String,
    pub time_zone: String,
    pub created_at: i64,
    pub members: i64,
    pub tokens: i64,
}

/// Workgroups by name, after the one with this id; an empty id begins the list, an empty search finds all.
pub async fn list(
    on: &mut impl Lanes,
    after: &str,
    search: &str,
    most: i64,
) -> Result<Vec<ListedWorkgroup>> {
    let search = search.trim();
    let (folded, typed) = if search.is_empty() {
        (String::new(), String::new())
    } else {
        (contains(&fold(search)), contains(search))
    };
    Ok(on!(on, c => sqlx::query_as(LIST)
        .bind(after)
        .bind(&folded)
        .bind(&typed)
        .bind(most)
        .fetch_all(c).await)?)
}

/// Writes name and policy, if nobody else did since `version`; otherwise `false`.
pub async fn mark_edited(tx: &mut Tx, workgroup: &Workgroup, version: i64) -> Result<bool> {
    let stages = to_json(&workgroup.policy.stages)?;
    let count = on!(tx, c => sqlx::query(MARK_EDITED)
        .bind(&workgroup.id)
        .bind(version)
        .bind(&workgroup.name)
        .bind(&workgroup.time_zone)
        .bind(workgroup.policy.longest.code())
        .bind(workgroup.policy.non_expiring)
        .bind(&stages)
        .bind(workgroup.policy.notice_hour)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(count == 1)
}
