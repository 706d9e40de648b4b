//! Table `activity`: the record of every change, written in the transaction of the change.

use super::{Lanes, Tx, from_json, on, statements, to_json};
use crate::domain::activity::{Activity, Actor, Values, Verb};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    INSERT = "insert into activity
            (id, workgroup_id, at, actor_kind, actor_id, actor_name, verb, subject_kind, subject_id, subject_name,
             before_values, after_values, address, denied)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    LIST_OF_SUBJECT = "select id, at, actor_name, verb, subject_kind, subject_id, subject_name, before_values,
            after_values, address, denied
        from activity where subject_id = $1 order by at desc, id desc limit $2";
    LIST_OF_SUBJECT_IN = "select id, at, actor_name, verb, subject_kind, subject_id, subject_name, before_values,
            after_values, address, denied
        from activity where subject_id = $1 and workgroup_id = $2 order by at desc, id desc limit $3";
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

#[derive(sqlx::FromRow)]
struct Row {
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
    on!(tx, c => sqlx::query(INSERT)
        .bind(&row.id)
        .bind(row.workgroup_id)
        .bind(row.at.0)
        .bind(kind)
        .bind(actor_id)
        .bind(row.actor.label())
        .bind(row.verb.code())
        .bind(row.subject_kind)
        .bind(row.subject_id)
        .bind(row.subject_name)
        .bind(&before)
        .bind(&after)
        .bind(row.address)
        .bind(row.denied)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// What was done to one thing, newest first. A verb that this version does not know is left out.
pub async fn list_of_subject(on: &mut impl Lanes, id: &str, most: i64) -> Result<Vec<Activity>> {
    let rows: Vec<Row> =
        on!(on, c => sqlx::query_as(LIST_OF_SUBJECT).bind(id).bind(most).fetch_all(c).await)?;
    Row::into_list(rows)
}

/// What was done to one thing in one workgroup, newest first: a person belongs to several, and none tells of another.
pub async fn list_of_subject_in(
    on: &mut impl Lanes,
    workgroup_id: &str,
    id: &str,
    most: i64,
) -> Result<Vec<Activity>> {
    let rows: Vec<Row> = on!(on, c => sqlx::query_as(LIST_OF_SUBJECT_IN)
        .bind(id)
        .bind(workgroup_id)
        .bind(most)
        .fetch_all(c).await)?;
    Row::into_list(rows)
}

impl Row {
    fn into_list(rows: Vec<Row>) -> Result<Vec<Activity>> {
        let mut list = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(verb) = Verb::parse(&row.verb) else { continue };
            list.push(Activity {
                id: row.id,
                at: Time(row.at),
                actor: row.actor_name,
                verb,
                subject_kind: row.subject_kind,
                subject_id: row.subject_id,
                subject: row.subject_name,
                before: from_json(&row.before_values)?,
                after: from_json(&row.after_values)?,
                address: row.address,
                denied: row.denied,
            });
        }
        Ok(list)
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
