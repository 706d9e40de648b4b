//! The making: batch after batch, each a transaction that also says how far it came. Stopped in the middle, by a restart too,
//! it goes on where the last batch ended.

use super::check::Rows;
use crate::domain::activity::{Actor, Values, Verb};
use crate::domain::import::{Import, ImportState};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Rights, Seat};
use crate::server::activity::{self, Deed, Subject};
use crate::server::devices::register::{self, DeviceDraft};
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store::{self, Tx};
use crate::server::tokens;
use anyhow::Context;
use std::time::Duration;
use tokio::time::Instant;

/// Rows in one transaction, and how long it may keep other writers waiting: whichever comes first ends a batch.
const MOST_AT_ONCE: usize = 100;
const NO_LONGER_THAN: Duration = Duration::from_millis(30);

/// An import that is being made, with its rows in memory.
#[derive(Debug)]
pub struct Run {
    import: Import,
    rows: Rows,
    /// Whoever started it. Their right to was judged then: here nothing is asked of it.
    seat: Seat,
    address: Option<String>,
}

/// The running import that waits longest, if there is one.
pub async fn take_up(state: &AppState) -> Result<Option<Run>> {
    let mut reader = state.db.read().await?;
    let Some(id) = store::imports::find_waiting(&mut reader).await? else { return Ok(None) };
    open(state, &id).await.map(Some)
}

/// This import, which was started.
pub async fn open(state: &AppState, id: &str) -> Result<Run> {
    let mut reader = state.db.read().await?;
    let started = store::imports::find_started(&mut reader, id).await?;
    let started = started.context("a running import is gone")?;
    let workgroup = store::workgroups::find_by_id(&mut reader, &started.workgroup_id).await?;
    let workgroup = workgroup.context("an import belongs to no workgroup")?;
    let (kind, id, name) = started.actor;
    let actor = match kind.as_str() {
        "person" => Actor::Person { id, name },
        _ => Actor::CommandLine,
    };
    // Emptied when another process has just made the last row: its first batch here finds nothing to do.
    let rows = match started.content.as_str() {
        "" => Rows::Devices(Vec::new()),
        content => Rows::from_json(started.import.kind, content)?,
    };
    let seat = Seat { workgroup, actor, rights: Rights::default() };
    Ok(Run { import: started.import, rows, seat, address: started.address })
}

/// Makes the rest of it and says how it ended.
pub async fn to_the_end(state: &AppState, id: &str) -> Result<Import> {
    let run = open(state, id).await?;
    while run.batch(state).await? {}
    let mut reader = state.db.read().await?;
    let ended = store::imports::find(&mut reader, &run.seat.workgroup.id, id).await?;
    Ok(ended.context("an import is gone in the middle")?)
}

impl Run {
    /// Makes the next rows. `false`: it has ended, here or in another process.
    pub async fn batch(&self, state: &AppState) -> Result<bool> {
        let mut tx = state.db.begin().await?;
        let Some(before) = store::imports::find_done(&mut tx, &self.import.id).await? else {
            return Ok(false);
        };
        let (done, problem) = self.rows_from(state, &mut tx, before).await?;
        store::imports::mark_made(&mut tx, &self.import.id, done).await?;
        let ended = problem.is_some() || done >= self.rows.count();
        if ended {
            self.end(state, &mut tx, done, problem).await?;
        }
        state.commit(tx).await?;
        Ok(!ended)
    }

    /// How many are made now, and the sentence if a row cannot be.
    async fn rows_from(
        &self,
        state: &AppState,
        tx: &mut Tx,
        before: i64,
    ) -> Result<(i64, Option<String>)> {
        let began = Instant::now();
        let mut done = before;
        for _ in 0..MOST_AT_ONCE {
            let at = usize::try_from(done).unwrap_or(usize::MAX);
            match self.row(state, tx, at).await {
                Ok(false) => break,
                Ok(true) => done += 1,
                Err(Error::Refused(refusal)) => {
                    return Ok((done, Some(self.stopped(at, done, &refusal))));
                }
                Err(fault) => return Err(fault),
            }
            if began.elapsed() >= NO_LONGER_THAN {
                break;
            }
        }
        Ok((done, None))
    }

    /// Makes one row; what is refused is refused before anything of it is written. `false`: there is no such row.
    async fn row(&self, state: &AppState, tx: &mut Tx, at: usize) -> Result<bool> {
        let (seat, address) = (&self.seat, self.address.as_deref());
        match &self.rows {
            Rows::Devices(rows) => {
                let Some(row) = rows.get(at) else { return Ok(false) };
                let draft = DeviceDraft::parse(&row.raw())?;
                register::insert(state, tx, seat, draft, address).await?;
            }
            Rows::LegacyTokens(rows) => {
                let Some(row) = rows.get(at) else { return Ok(false) };
                tokens::import::import(state, tx, seat, &row.token, address).await?;
            }
        }
        Ok(true)
    }

    fn stopped(&self, at: usize, done: i64, why: &Refusal) -> String {
        let (line, what) = self.rows.called(at);
        let why = why.errors.first().map_or(why.detail.as_str(), |error| error.message.as_str());
        let rest = self.rows.count() - done;
        let made = self.import.kind.made(done);
        format!(
            "It stopped at line {line}, “{what}”: {why} {made} before; {rest} from this line on were not."
        )
    }

    /// The file's content is not kept longer than it is needed.
    async fn end(
        &self,
        state: &AppState,
        tx: &mut Tx,
        done: i64,
        problem: Option<String>,
    ) -> Result<()> {
        let how = if problem.is_some() { ImportState::Stopped } else { ImportState::Done };
        let mut after = activity::values([("Made", self.import.kind.count(done))]);
        if let Some(problem) = &problem {
            after.insert("Stopped".to_owned(), problem.clone());
        }
        let id = &self.import.id;
        store::imports::mark_ended(tx, id, how, problem.as_deref(), state.now()).await?;
        let deed = Deed {
            verb: Verb::ImportEnded,
            subject: Subject::new("import", id, &self.import.file_name),
            before: Values::new(),
            after,
            address: self.address.as_deref(),
        };
        activity::record(state, tx, &self.seat, deed).await
    }
}
