//! Trying route policies: what a token of some kind, with some permissions, would be answered.

use super::show::stored;
use crate::domain::demand::DeviceAsked;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rights::Seat;
use crate::domain::routes::{self, RawTrial, RoutePolicies, Verdict};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store;

/// Against the policies as they stand, or against a text that nobody has kept yet. Changes nothing.
pub async fn run(
    state: &AppState,
    seat: &Seat,
    raw: &RawTrial,
    text: Option<&str>,
) -> Result<Verdict> {
    seat.reads_routes()?;
    let trial = raw.parse()?;
    let mut reader = state.db.read().await?;
    let policies = match text {
        Some(text) => {
            let catalogue = store::permissions::list(&mut reader).await?;
            RoutePolicies::parse(text, &catalogue).map_err(|wrong| routes::refusal(&wrong))?
        }
        None => {
            let written = store::routes::find(&mut reader, &seat.workgroup.id).await?;
            if written.text.is_none() {
                return Err(none_yet().into());
            }
            stored(&written)?
        }
    };
    let (mut verdict, device) = trial.judge(&policies);
    if let (None, DeviceAsked::Named(id)) = (verdict.code, &device) {
        let workgroup = &seat.workgroup.id;
        let found = store::devices::find_by_external_id(&mut reader, workgroup, id).await?;
        if found.is_none() {
            verdict.code = Some(Code::NotFound);
            verdict.why =
                format!("The path names the device {id}, and there is no such device here.");
        }
    }
    Ok(verdict)
}

fn none_yet() -> Refusal {
    Refusal::new(
        Code::NotFound,
        "This workgroup has no route policies yet, so there is nothing to try. Set some first, or send them along.",
    )
}
