//! The record: one row for every change, in the change's own transaction.

use crate::domain::activity::{Actor, Values, Verb};
use crate::domain::rights::Seat;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx};

/// What was done, to what, from where.
pub struct Deed<'a> {
    pub verb: Verb,
    /// `token`, `device`, `device_group`, `member`, `workgroup`
    pub subject_kind: &'static str,
    pub subject_id: &'a str,
    pub before: Values,
    pub after: Values,
    /// The client's address; `None` on the command line.
    pub address: Option<&'a str>,
}

/// Records what somebody in a seat did.
pub async fn record(state: &AppState, tx: &mut Tx, seat: &Seat, deed: Deed<'_>) -> Result<()> {
    record_by(state, tx, &seat.workgroup.id, &seat.actor, deed).await
}

/// Records what an actor did who has no seat: the holder of a token string.
pub async fn record_by(
    state: &AppState,
    tx: &mut Tx,
    workgroup_id: &str,
    actor: &Actor,
    deed: Deed<'_>,
) -> Result<()> {
    let row = store::activity::NewActivity {
        id: state.new_id()?,
        workgroup_id,
        at: state.now(),
        actor,
        verb: deed.verb,
        subject_kind: deed.subject_kind,
        subject_id: deed.subject_id,
        before: &deed.before,
        after: &deed.after,
        address: deed.address,
    };
    store::activity::insert(tx, &row).await
}

/// Values from pairs of names and words.
pub fn values<const N: usize>(pairs: [(&str, String); N]) -> Values {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
