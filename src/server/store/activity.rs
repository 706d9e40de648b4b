//! Table `activity`: the record of every change, written in the transaction of the change.

use super::{Lanes, Tx, from_json, on, statements, to_json};
use crate::domain::activity::{Activity, Actor, Values, Verb};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    INSERT = "insert into activity
            (id, workgroup_id, at, actor_kind, actor_id, actor_name, verb, subject_kind, subject_id, before_values,
             after_values, address)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    LIST_OF_SUBJECT = "select at, actor_name, verb, before_values, after_values, address
        from activity where subject_id = $1 order by at desc, id desc limit $2";
}

/// A row to be written.
pub struct NewActivity<'a> {
    pub id: String,
    pub workgroup_id: &'a str,
    pub at: Time,
    pub actor: &'a Actor,
    pub verb: Verb,
    pub subject_kind: &'static str,
    pub subject_id: &'a str,
    pub before: &'a Values,
    pub after: &'a Values,
    pub address: Option<&'a str>,
}

#[derive(sqlx::FromRow)]
struct Row {
    at: i64,
    actor_name: String,
    verb: String,
    before_values: String,
    after_values: String,
    address: Option<String>,
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
        .bind(&before)
        .bind(&after)
        .bind(row.address)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// What was done to one thing, newest first. A verb that this version does not know is left out.
pub async fn list_of_subject(on: &mut impl Lanes, id: &str, most: i64) -> Result<Vec<Activity>> {
    let rows: Vec<Row> =
        on!(on, c => sqlx::query_as(LIST_OF_SUBJECT).bind(id).bind(most).fetch_all(c).await)?;
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(verb) = Verb::parse(&row.verb) else { continue };
        list.push(Activity {
            at: Time(row.at),
            actor: row.actor_name,
            verb,
            before: from_json(&row.before_values)?,
            after: from_json(&row.after_values)?,
            address: row.address,
        });
    }
    Ok(list)
}
