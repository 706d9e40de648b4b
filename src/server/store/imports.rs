//! Table `imports`: checked files and how far their import has come; and what of a file the store holds already.

use super::strings::hundred;
use super::{Lanes, Tx, on, put, statements};
use crate::domain::activity::Actor;
use crate::domain::import::{Import, ImportKind, ImportState};
use crate::domain::time::Time;
use crate::server::error::Result;
use crate::server::secret::Hash;
use anyhow::Context;
use std::collections::HashSet;

/// The columns of an import without its content.
macro_rules! columns {
    () => {
        "select id, kind, file_name, total, done, state, problem, actor_name, created_at, finished_at"
    };
}

statements! {
    FIND = concat!(columns!(), " from imports where workgroup_id = $1 and id = $2");
    FIND_RUNNING = concat!(columns!(), " from imports where workgroup_id = $1 and state = 'running' limit 1");
    FIND_STARTED = concat!(columns!(), ", workgroup_id, content, actor_kind, actor_id, address
        from imports where id = $1");
    FIND_WAITING = "select id from imports where state = 'running' order by created_at, id limit 1";
    FIND_CONTENT = "select content from imports where id = $1";
    FIND_DONE = "select done from imports where id = $1 and state = 'running'";
    INSERT = "insert into imports
            (id, workgroup_id, kind, file_name, content, total, done, state, actor_kind, actor_id, actor_name, address,
             created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    MARK_RUNNING = "update imports set state = 'running', actor_kind = $2, actor_id = $3, actor_name = $4, address = $5
        where id = $1 and state = 'previewed'";
    MARK_MADE = "update imports set done = $2 where id = $1";
    MARK_ENDED = "update imports set state = $2, problem = $3, finished_at = $4, content = '' where id = $1";
    DELETE = "delete from imports where id = $1 and state = 'previewed'";
    DELETE_PREVIEWS_OF = "delete from imports
        where workgroup_id = $1 and actor_kind = $2 and actor_id = $3 and state = 'previewed'";
    DELETE_OLD_PREVIEWS = "delete from imports where state = 'previewed' and created_at <= $1";
    LIST_TAKEN_IDS = concat!(
        "select external_id from devices where external_id in (", hundred!(), ") and workgroup_id = $101");
    LIST_TAKEN_HASHES = concat!("select hash from token_strings where hash in (", hundred!(), ")");
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    kind: String,
    file_name: String,
    total: i64,
    done: i64,
    state: String,
    problem: Option<String>,
    actor_name: String,
    created_at: i64,
    finished_at: Option<i64>,
}

impl Row {
    fn into_import(self) -> anyhow::Result<Import> {
        Ok(Import {
            id: self.id,
            kind: ImportKind::parse(&self.kind).context("an import has an unknown kind")?,
            file_name: self.file_name,
            total: self.total,
            done: self.done,
            state: ImportState::parse(&self.state).context("an import has an unknown state")?,
            problem: self.problem,
            actor: self.actor_name,
            created_at: Time(self.created_at),
            finished_at: self.finished_at.map(Time),
        })
    }
}

#[derive(sqlx::FromRow)]
struct StartedRow {
    #[sqlx(flatten)]
    row: Row,
    workgroup_id: String,
    content: String,
    actor_kind: String,
    actor_id: String,
    address: Option<String>,
}

/// An import as whoever makes it needs it.
pub struct Started {
    pub import: Import,
    pub workgroup_id: String,
    pub content: String,
    /// Kind, id and name.
    pub actor: (String, String, String),
    pub address: Option<String>,
}

pub async fn find(on: &mut impl Lanes, workgroup_id: &str, id: &str) -> Result<Option<Import>> {
    let row: Option<Row> =
        on!(on, c => sqlx::query_as(FIND).bind(workgroup_id).bind(id).fetch_optional(c).await)?;
    Ok(row.map(Row::into_import).transpose()?)
}

/// The import of this workgroup that runs.
pub async fn find_running(on: &mut impl Lanes, workgroup_id: &str) -> Result<Option<Import>> {
    let row: Option<Row> =
        on!(on, c => sqlx::query_as(FIND_RUNNING).bind(workgroup_id).fetch_optional(c).await)?;
    Ok(row.map(Row::into_import).transpose()?)
}

/// The import with its rows, whichever workgroup it belongs to.
pub async fn find_started(on: &mut impl Lanes, id: &str) -> Result<Option<Started>> {
    let row: Option<StartedRow> =
        on!(on, c => sqlx::query_as(FIND_STARTED).bind(id).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(None) };
    let import = row.row.into_import()?;
    Ok(Some(Started {
        actor: (row.actor_kind, row.actor_id, import.actor.clone()),
        import,
        workgroup_id: row.workgroup_id,
        content: row.content,
        address: row.address,
    }))
}

/// The id of the running import that was uploaded first, of any workgroup.
pub async fn find_waiting(on: &mut impl Lanes) -> Result<Option<String>> {
    Ok(on!(on, c => sqlx::query_scalar(FIND_WAITING).fetch_optional(c).await)?)
}

pub async fn find_content(on: &mut impl Lanes, id: &str) -> Result<Option<String>> {
    Ok(on!(on, c => sqlx::query_scalar(FIND_CONTENT).bind(id).fetch_optional(c).await)?)
}

/// How many rows were made, if it runs still.
pub async fn find_done(on: &mut impl Lanes, id: &str) -> Result<Option<i64>> {
    Ok(on!(on, c => sqlx::query_scalar(FIND_DONE).bind(id).fetch_optional(c).await)?)
}

/// `content` is the JSON of its rows.
pub async fn insert(
    tx: &mut Tx,
    workgroup_id: &str,
    import: &Import,
    content: &str,
    actor: &Actor,
    address: Option<&str>,
) -> Result<()> {
    let (kind, actor_id) = actor.key();
    put!(
        tx,
        INSERT,
        &import.id,
        workgroup_id,
        import.kind.code(),
        &import.file_name,
        content,
        import.total,
        import.done,
        import.state.code(),
        kind,
        actor_id,
        &import.actor,
        address,
        import.created_at.0
    );
    Ok(())
}

/// From now on it is the import of whoever started it.
pub async fn mark_running(
    tx: &mut Tx,
    id: &str,
    actor: &Actor,
    address: Option<&str>,
) -> Result<()> {
    let (kind, actor_id) = actor.key();
    put!(tx, MARK_RUNNING, id, kind, actor_id, actor.label(), address);
    Ok(())
}

pub async fn mark_made(tx: &mut Tx, id: &str, done: i64) -> Result<()> {
    put!(tx, MARK_MADE, id, done);
    Ok(())
}

/// Its content goes.
pub async fn mark_ended(
    tx: &mut Tx,
    id: &str,
    how: ImportState,
    problem: Option<&str>,
    at: Time,
) -> Result<()> {
    put!(tx, MARK_ENDED, id, how.code(), problem, at.0);
    Ok(())
}

/// Only a preview goes.
pub async fn delete(tx: &mut Tx, id: &str) -> Result<()> {
    put!(tx, DELETE, id);
    Ok(())
}

/// The previews that this actor has in the workgroup: a new one takes their place.
pub async fn delete_previews_of(tx: &mut Tx, workgroup_id: &str, actor: &Actor) -> Result<()> {
    let (kind, actor_id) = actor.key();
    put!(tx, DELETE_PREVIEWS_OF, workgroup_id, kind, actor_id);
    Ok(())
}

/// Forgets previews made at `until` or before; says how many.
pub async fn delete_old_previews(tx: &mut Tx, until: Time) -> Result<u64> {
    Ok(on!(tx, c => sqlx::query(DELETE_OLD_PREVIEWS)
        .bind(until.0)
        .execute(c).await.map(|done| done.rows_affected()))?)
}

/// Those of these external ids that a device of the workgroup has.
pub async fn list_taken_ids(
    on: &mut impl Lanes,
    workgroup_id: &str,
    ids: &[&str],
) -> Result<HashSet<String>> {
    let mut taken = HashSet::new();
    for part in ids.chunks(super::strings::AT_ONCE) {
        let found: Vec<String> = on!(on, c => filled_up(part)
            .fold(sqlx::query_scalar(LIST_TAKEN_IDS), |query, id| query.bind(*id))
            .bind(workgroup_id)
            .fetch_all(c).await)?;
        taken.extend(found);
    }
    Ok(taken)
}

/// Those of these hashes that a string of any workgroup has.
pub async fn list_taken_hashes(on: &mut impl Lanes, hashes: &[Hash]) -> Result<HashSet<Hash>> {
    let mut taken = HashSet::new();
    for part in hashes.chunks(super::strings::AT_ONCE) {
        let found: Vec<Vec<u8>> = on!(on, c => filled_up(part)
            .fold(sqlx::query_scalar(LIST_TAKEN_HASHES), |query, hash| query.bind(&hash[..]))
            .fetch_all(c).await)?;
        taken.extend(found.into_iter().filter_map(|hash| Hash::try_from(hash).ok()));
    }
    Ok(taken)
}

/// A statement's text is constant: a shorter list is filled up with its last value.
fn filled_up<T>(part: &[T]) -> impl Iterator<Item = &T> {
    part.iter().chain(part.last().into_iter().cycle()).take(super::strings::AT_ONCE)
}
