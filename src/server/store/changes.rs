//! Table `changes` and the counter in `installation`: how other processes learn what changed, in the order of the commits.

use super::{Lanes, Tx, on, put, statements};
use crate::domain::time::Time;
use crate::server::error::Result;

statements! {
    RAISE = "update installation set change_number = change_number + 1 where only_row = 1";
    INSERT = "insert into changes (number, subject_kind, subject_id)
        select change_number, cast($1 as text), cast($2 as text) from installation where only_row = 1";
    LIST_SINCE = "select number, subject_kind, subject_id from changes where number > $1 order by number limit $2";
    LAST = "select change_number from installation where only_row = 1";
    DELETE_OLD = "delete from changes where number <= (select min(number) from changes) + $2
        and number <= (select change_number from installation where only_row = 1) - $1";
    MARK_SEEN = "update installation set last_seen_at = $1 where only_row = 1";
    LAST_SEEN = "select last_seen_at from installation where only_row = 1";
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Token,
    Device,
    DeviceGroup,
    Workgroup,
    Catalogue,
}

impl Subject {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Subject::Token => "token",
            Subject::Device => "device",
            Subject::DeviceGroup => "device_group",
            Subject::Workgroup => "workgroup",
            Subject::Catalogue => "catalogue",
        }
    }
}

/// One change: its number (commit order, no gaps), what kind of thing, and its id.
pub type Change = (i64, String, String);

/// Notes a change in its own transaction. The counter's row stays locked until the commit.
pub async fn insert(tx: &mut Tx, subject: Subject, id: &str) -> Result<()> {
    put!(tx, RAISE);
    put!(tx, INSERT, subject.code(), id);
    tx.note();
    Ok(())
}

/// Forgets all but the last `kept` changes, at most `most` at once. Whoever has not read them by then reads everything anew.
pub async fn delete_old(tx: &mut Tx, kept: i64, most: i64) -> Result<()> {
    put!(tx, DELETE_OLD, kept, most);
    Ok(())
}

/// The number of the last change that was committed.
pub async fn last(on: &mut impl Lanes) -> Result<i64> {
    Ok(on!(on, c => sqlx::query_scalar(LAST).fetch_one(c).await)?)
}

/// The changes after `number`, oldest first, at most `most`.
pub async fn list_since(on: &mut impl Lanes, number: i64, most: i64) -> Result<Vec<Change>> {
    Ok(on!(on, c => sqlx::query_as(LIST_SINCE).bind(number).bind(most).fetch_all(c).await)?)
}

/// Stores the wall time at which this installation was last seen alive.
pub async fn mark_seen(tx: &mut Tx, now: Time) -> Result<()> {
    put!(tx, MARK_SEEN, now.0);
    Ok(())
}

pub async fn last_seen(on: &mut impl Lanes) -> Result<Time> {
    Ok(Time(on!(on, c => sqlx::query_scalar(LAST_SEEN).fetch_one(c).await)?))
}
