//! Table `activity`: the record of every change, written in the transaction of the change.

use super::{Lanes, Tx, from_json, on, put, statements, to_json};
use crate::domain::activity::{Activity, Actor, Values, Verb};
use crate::domain::activity_list::Place;
use crate::domain::time::Time;
use crate::server::error::Result;

// `coalesce` tells SQLite that the workgroup is no way in: it would walk all of it for one subject.
statements! {
    INSERT = "insert into activity
            (id, workgroup_id, at, actor_kind, actor_id, actor_name, verb, subject_kind, subject_id, subject_name,
             before_values, after_values, address, denied)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    LIST_OF_SUBJECT = "select id, at, actor_name, verb, subject_kind, subject_id, subject_name, before_values,
            after_values, address, denied
        from activity where coalesce(workgroup_id, '') = $1 and subject_id = $2 order by at desc, id desc limit $3";
    LAST_DONE = "select id, at, actor_name, verb, subject_kind, subject_id, subject_name, before_values,
            after_values, address, denied
        from activity where coalesce(workgroup_id, '') = $1 and subject_id = $2 and denied is null
        order by at desc, id desc limit 1";
    LIST_OF_INSTALLATION = "select id, at, actor_name, verb, subject_kind, subject_id, subject_name, before_values,
            after_values, address, denied
        from activity where workgroup_id is null
            and ($1 = '' or (at, id) < (select a.at, a.id from activity a where a.id = $1))
        order by at desc, id desc limit $2";
    COUNT_OF_INSTALLATION = "select count(*) from activity where workgroup_id is null";
    DENIED_SINCE = "select count(*) from activity where workgroup_id = $1 and actor_id = $2 and at > $3
        and actor_kind = $4 and verb = $5 and subject_id = $6 and denied is not null";
}

/// A row to be written.
pub struct NewActivity<'a> {
    pub id: String,
    /// `None`: the installation as a whole.
    pub workgroup_id: Option<&'a str>,
    pub at: Time,
    pub actor: &'a Actor,
    pub verb: Verb,
    pub subject_kind: &'static str,
    pub subject_id: &'a str,
    pub subject_name: &'a str,
    pub before: &'a Values,
    pub after: &'a Values,
    pub address: Option<&'a str>,
    pub denied: Option<&'a str>,
}

/// A row as it is stored.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: String,
    at: i64,
    actor_name: String,
    verb: String,
    subject_kind: String,
    subject_id: String,
    subject_name: String,
    before_values: String,
    after_values: String,
    address: Option<String>,
    denied: Option<String>,
}

pub async fn insert(tx: &mut Tx, row: &NewActivity<'_>) -> Result<()> {
    let (before, after) = (to_json(row.before)?, to_json(row.after)?);
    let (kind, actor_id) = row.actor.key();
    put!(
        tx,
        INSERT,
        &row.id,
        row.workgroup_id,
        row.at.0,
        kind,
        actor_id,
        row.actor.label(),
        row.verb.code(),
        row.subject_kind,
        row.subject_id,
        row.subject_name,
        &before,
        &after,
        row.address,
        row.denied,
    );
    Ok(())
}

/// What was done to one thing of a workgroup, newest first, and what was denied. A verb that this version does not know is
/// left out. Ids of people are the same in every workgroup, so the workgroup is always named.
pub async fn list_of_subject(
    on: &mut impl Lanes,
    workgroup_id: &str,
    id: &str,
    most: i64,
) -> Result<Vec<Activity>> {
    let rows: Vec<Row> = on!(on, c => sqlx::query_as(LIST_OF_SUBJECT)
        .bind(workgroup_id)
        .bind(id)
        .bind(most)
        .fetch_all(c).await)?;
    rows.into_iter().filter_map(|row| row.into_activity().transpose()).collect()
}

/// What was done to one thing last; what was denied is not done.
pub async fn find_last_done(
    on: &mut impl Lanes,
    workgroup_id: &str,
    id: &str,
) -> Result<Option<Activity>> {
    let row: Option<Row> = on!(on, c => sqlx::query_as(LAST_DONE)
        .bind(workgroup_id)
        .bind(id)
        .fetch_optional(c).await)?;
    row.map_or(Ok(None), Row::into_activity)
}

/// What was done to the installation as a whole, newest first, before the row with this id; an empty id begins the list.
pub async fn list_of_installation(
    on: &mut impl Lanes,
    before: &str,
    most: i64,
) -> Result<Vec<Activity>> {
    let rows: Vec<Row> = on!(on, c => sqlx::query_as(LIST_OF_INSTALLATION)
        .bind(before)
        .bind(most)
        .fetch_all(c).await)?;
    rows.into_iter().filter_map(|row| row.into_activity().transpose()).collect()
}

pub async fn count_of_installation(on: &mut impl Lanes) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(COUNT_OF_INSTALLATION).fetch_one(c).await)?)
}

impl Row {
    pub(super) fn subject_name(&self) -> &str {
        &self.subject_name
    }

    pub(super) fn place(&self) -> Place {
        Place { at: Time(self.at), id: self.id.clone() }
    }

    /// `None`: a verb that this version does not know.
    pub(super) fn into_activity(self) -> Result<Option<Activity>> {
        let Some(verb) = Verb::parse(&self.verb) else { return Ok(None) };
        Ok(Some(Activity {
            id: self.id,
            at: Time(self.at),
            actor: self.actor_name,
            verb,
            subject_kind: self.subject_kind,
            subject_id: self.subject_id,
            subject: self.subject_name,
            before: from_json(&self.before_values)?,
            after: from_json(&self.after_values)?,
            address: self.address,
            denied: self.denied,
        }))
    }
}

/// Whether this was denied to the actor after `since`.
pub async fn denied_since(
    on: &mut impl Lanes,
    workgroup_id: &str,
    actor: &Actor,
    verb: Verb,
    subject_id: &str,
    since: Time,
) -> Result<bool> {
    let (kind, actor_id) = actor.key();
    let count: i64 = on!(on, c => sqlx::query_scalar(DENIED_SINCE)
        .bind(workgroup_id)
        .bind(actor_id)
        .bind(since.0)
        .bind(kind)
        .bind(verb.code())
        .bind(subject_id)
        .fetch_one(c).await)?;
    Ok(count > 0)
}
