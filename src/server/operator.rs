//! Who asks at the command line: whoever runs the program on the installation's own machine, with every right.

use super::error::Result;
use super::state::AppState;
use super::{store, tokens};
use crate::domain::activity::Actor;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rights::{Administrator, Rights, Seat};

/// The command line's seat in the workgroup with this slug.
pub async fn seat(state: &AppState, slug: &str) -> Result<Seat> {
    let mut reader = state.db.read().await?;
    let found = store::workgroups::find_by_slug(&mut reader, slug.trim()).await?;
    let workgroup = found.ok_or_else(|| {
        Refusal::new(Code::NotFound, format!("There is no workgroup with the slug “{slug}”."))
    })?;
    Ok(Seat { workgroup, actor: Actor::CommandLine, rights: Rights::owner() })
}

/// The command line as the one who runs the installation.
#[must_use]
pub fn administrator() -> Administrator {
    Administrator { actor: Actor::CommandLine, address: None }
}

/// The command line's seat in the workgroup that a token belongs to.
pub async fn seat_of_token(state: &AppState, id: &str) -> Result<Seat> {
    let slug = tokens::show::workgroup_of(state, id).await?;
    seat(state, &slug).await
}
