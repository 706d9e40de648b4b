//! A preview is confirmed, or thrown away. Confirmed, it waits for the scheduler, which is woken.

use super::check::{self, Rows};
use super::find;
use crate::domain::activity::{Values, Verb};
use crate::domain::import::{Import, ImportState};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rights::Seat;
use crate::server::activity::{self, Attempt, Deed, Subject, note_denial};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx};
use anyhow::Context;

/// Starts a previewed import. `false` if it was started before: a repeated post does nothing.
pub async fn start(state: &AppState, seat: &Seat, id: &str, address: Option<&str>) -> Result<bool> {
    let subject = Subject::new("import", id, "");
    let outcome = started(state, seat, id, address).await;
    note_denial(state, seat, Attempt { verb: Verb::ImportStarted, subject, address }, outcome).await
}

async fn started(state: &AppState, seat: &Seat, id: &str, address: Option<&str>) -> Result<bool> {
    still_possible(state, seat, id).await?;
    let mut tx = state.db.begin().await?;
    let import = find(&mut tx, seat, id).await?;
    if import.state != ImportState::Previewed {
        return Ok(false);
    }
    if let Some(other) = store::imports::find_running(&mut tx, &seat.workgroup.id).await? {
        return Err(Refusal::conflict(format!(
            "Another import of this workgroup is running: {}, {} of {}. This one is kept; start it once the other has ended.",
            other.file_name, other.done, other.total
        ))
        .into());
    }
    store::imports::mark_running(&mut tx, id, &seat.actor, address).await?;
    record(state, &mut tx, seat, &import, address).await?;
    state.commit(tx).await?;
    state.imports_waiting.notify_one();
    Ok(true)
}

/// What has come to be since the file was checked is said now, while nothing is made, and not in the middle.
async fn still_possible(state: &AppState, seat: &Seat, id: &str) -> Result<()> {
    let mut reader = state.db.read().await?;
    let import = find(&mut reader, seat, id).await?;
    if import.state != ImportState::Previewed {
        return Ok(());
    }
    let content = store::imports::find_content(&mut reader, id).await?;
    let content = content.context("an import is gone while it is looked at")?;
    let rows = Rows::from_json(import.kind, &content)?;
    let bad = rows.taken(&mut reader, seat).await?.into_list();
    if bad.is_empty() {
        Ok(())
    } else {
        Err(check::refusal(Code::Conflict, &bad, import.total).into())
    }
}

async fn record(
    state: &AppState,
    tx: &mut Tx,
    seat: &Seat,
    import: &Import,
    address: Option<&str>,
) -> Result<()> {
    let deed = Deed {
        verb: Verb::ImportStarted,
        subject: Subject::new("import", &import.id, &import.file_name),
        before: Values::new(),
        after: activity::values([("To be made", import.kind.count(import.total))]),
        address,
    };
    activity::record(state, tx, seat, deed).await
}

/// Throws a preview away. One that was started is past that.
pub async fn discard(
    state: &AppState,
    seat: &Seat,
    id: &str,
    address: Option<&str>,
) -> Result<Import> {
    let subject = Subject::new("import", id, "");
    let outcome = discarded(state, seat, id).await;
    note_denial(state, seat, Attempt { verb: Verb::ImportEnded, subject, address }, outcome).await
}

async fn discarded(state: &AppState, seat: &Seat, id: &str) -> Result<Import> {
    let mut tx = state.db.begin().await?;
    let import = find(&mut tx, seat, id).await?;
    if import.state != ImportState::Previewed {
        return Err(Refusal::conflict(
            "This import was started meanwhile, so it can no longer be thrown away.",
        )
        .into());
    }
    store::imports::delete(&mut tx, id).await?;
    state.commit(tx).await?;
    Ok(import)
}
