//! Table `workgroups`.

use super::{Lanes, Tx, from_json, on, statements, to_json};
use crate::domain::lifetime::Lifetime;
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
    INSERT = "insert into workgroups
            (id, slug, name, time_zone, longest_lifetime, non_expiring, notice_stages, notice_hour, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    SLUG_TAKEN = "select count(*) from workgroups where slug = $1";
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

pub async fn slug_taken(on: &mut impl Lanes, slug: &str) -> Result<bool> {
    let count: i64 = on!(on, c => sqlx::query_scalar(SLUG_TAKEN).bind(slug).fetch_one(c).await)?;
    Ok(count > 0)
}

pub async fn insert(tx: &mut Tx, workgroup: &Workgroup, now: Time) -> Result<()> {
    let stages = to_json(&workgroup.policy.stages)?;
    on!(tx, c => sqlx::query(INSERT)
        .bind(&workgroup.id)
        .bind(&workgroup.slug)
        .bind(&workgroup.name)
        .bind(&workgroup.time_zone)
        .bind(workgroup.policy.longest.code())
        .bind(workgroup.policy.non_expiring)
        .bind(&stages)
        .bind(workgroup.policy.notice_hour)
        .bind(now.0)
        .execute(c).await.map(drop))?;
    Ok(())
}
