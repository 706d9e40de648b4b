//! A file comes in: it is read and checked whole, and kept as a preview. Nothing of it is made yet.

use super::check::{self, Checked};
use super::may;
use crate::domain::activity::Verb;
use crate::domain::import::{Import, ImportKind, ImportState, shortened};
use crate::domain::refusal::Code;
use crate::domain::rights::Seat;
use crate::server::activity::{Attempt, Subject, note_denial};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;

/// A file as it came.
#[derive(Clone, Debug)]
pub struct Upload {
    pub kind: ImportKind,
    /// Empty: it was typed in.
    pub file_name: String,
    pub bytes: Vec<u8>,
}

impl Upload {
    /// As pages and the record call it.
    #[must_use]
    pub fn name(&self) -> String {
        match shortened(&self.file_name) {
            name if name.is_empty() => "pasted rows".to_owned(),
            name => name,
        }
    }
}

/// Keeps the checked file as a preview. With one bad row nothing is kept, and every bad row is named.
pub async fn upload(
    state: &AppState,
    seat: &Seat,
    file: &Upload,
    address: Option<&str>,
) -> Result<Import> {
    let name = file.name();
    let subject = Subject::unmade("import", &name);
    let outcome = previewed(state, seat, file, address).await;
    note_denial(state, seat, Attempt { verb: Verb::ImportStarted, subject, address }, outcome).await
}

async fn previewed(
    state: &AppState,
    seat: &Seat,
    file: &Upload,
    address: Option<&str>,
) -> Result<Import> {
    let Checked { rows, bad, total } = check_only(state, seat, file).await?;
    if !bad.is_empty() {
        return Err(check::refusal(Code::InvalidInput, &bad, total).into());
    }
    let import = Import {
        id: state.new_id()?,
        kind: file.kind,
        file_name: file.name(),
        total,
        done: 0,
        state: ImportState::Previewed,
        problem: None,
        actor: seat.actor.label(),
        created_at: state.now(),
        finished_at: None,
    };
    let content = rows.to_json()?;
    let mut tx = state.db.begin().await?;
    store::imports::delete_previews_of(&mut tx, &seat.workgroup.id, &seat.actor).await?;
    store::imports::insert(&mut tx, &seat.workgroup.id, &import, &content, &seat.actor, address)
        .await?;
    state.commit(tx).await?;
    Ok(import)
}

/// The rows of a file and every row that cannot be imported; nothing is kept.
pub async fn check_only(state: &AppState, seat: &Seat, file: &Upload) -> Result<Checked> {
    may(seat, file.kind)?;
    let mut reader = state.db.read().await?;
    check::check(&mut reader, seat, file.kind, &file.bytes, state.now()).await
}
