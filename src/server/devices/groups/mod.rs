//! Device groups: named subsets of a workgroup's devices. Making, editing and removing them, and what an edit would do.

mod create;
mod draft;
mod edit;
mod effect;
pub mod json;
pub mod list;
mod remove;
pub mod show;

pub use crate::domain::group_draft::{RawGroup, RawGroupEdit, RawRule};
pub use create::{NewGroup, create, create_once};
pub use draft::complaints;
pub use edit::{Consent, Edited, edit};
pub use remove::remove;

use super::{keeps_devices, manages_devices};
use crate::domain::activity::Verb;
use crate::domain::device_groups::{GroupFacts, RuleFacts};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::server::activity::{Attempt, Subject, note_denial};
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store::{self, Lanes};

/// A group with the external ids that its rule lists, as programs are answered.
#[derive(Clone, Debug)]
pub struct WholeGroup {
    pub facts: GroupFacts,
    /// `None`: they lie outside of what whoever asks can see.
    pub listed: Option<Vec<String>>,
}

/// Whether the seat does anything to device groups at all, before it is told what there is; a denial is recorded.
pub async fn permit(
    state: &AppState,
    seat: &Seat,
    verb: Verb,
    address: Option<&str>,
) -> Result<()> {
    let subject = Subject::unmade("device_group", "A device group");
    let attempt = Attempt { verb, subject, address };
    note_denial(state, seat, attempt, manages_devices(seat).map_err(Error::from)).await
}

/// The same for making or editing one, `seen` being the group that is edited: whoever is bound is told nothing of what lies
/// outside of theirs.
pub async fn permit_keeping(
    state: &AppState,
    seat: &Seat,
    verb: Verb,
    seen: Option<&WholeGroup>,
    address: Option<&str>,
) -> Result<()> {
    let subject = match seen {
        Some(group) => Subject::new("device_group", &group.facts.id, &group.facts.name),
        None => Subject::unmade("device_group", "A device group"),
    };
    let attempt = Attempt { verb, subject, address };
    note_denial(state, seat, attempt, keeps_devices(seat).map_err(Error::from)).await
}

/// The group, if somebody in this seat sees it: whoever is bound to a group sees that one alone.
async fn find(on: &mut impl Lanes, seat: &Seat, id: &str) -> Result<GroupFacts> {
    let hidden = seat.rights.group.as_ref().is_some_and(|own| own.id != id);
    let found = match hidden {
        true => None,
        false => store::group_facts::find(on, &seat.workgroup.id, id).await?,
    };
    found.ok_or_else(|| Refusal::not_found("device group").into())
}

async fn whole(on: &mut impl Lanes, seat: &Seat, facts: GroupFacts) -> Result<WholeGroup> {
    let listed = match (&facts.rule, &seat.rights.group) {
        (RuleFacts::Metadata { .. }, _) => Some(Vec::new()),
        // What is excepted lies outside of the group, and does not exist for whoever is bound to it.
        (RuleFacts::NotIn(_), Some(_)) => None,
        _ => Some(store::group_reach::list_listed(on, &facts.id).await?),
    };
    Ok(WholeGroup { facts, listed })
}
