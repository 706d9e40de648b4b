//! Legacy tokens of the demonstration: strings of another system, known by their hash alone.

use super::plan::Plan;
use super::story::Life;
use crate::domain::legacy_row::{HexHash, LegacyRow};
use crate::domain::rights::Seat;
use crate::domain::text::{Name, Owner};
use crate::domain::user::Email;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::tokens;
use anyhow::anyhow;

/// Imports the token of a plan. What its string was, nobody knows: its hash is of random bytes.
pub async fn import(
    past: &AppState,
    seat: &Seat,
    plan: &Plan,
    address: Option<&str>,
) -> Result<Life> {
    let row = row(past, plan)?;
    let mut tx = past.db.begin().await?;
    let token = tokens::import::import(past, &mut tx, seat, &row, address).await?;
    past.commit(tx).await?;
    Ok(Life { token_id: token.id, strings: Vec::new(), used: plan.used, lagging: None })
}

fn row(past: &AppState, plan: &Plan) -> anyhow::Result<LegacyRow> {
    let odd = |why: String| anyhow!("a legacy token of the plan cannot be imported: {why}");
    let name = Some(plan.name).filter(|name| !name.is_empty());
    Ok(LegacyRow {
        owner: Owner::parse(plan.owner).map_err(odd)?,
        email: Email::parse(plan.email).map_err(odd)?,
        name: name.map(Name::parse).transpose().map_err(odd)?,
        sha256: HexHash::of(&past.chance.bytes::<32>()?),
        expires_at: plan.lifetime.end(past.now()),
        scopes: super::build::owned(plan.scopes),
    })
}
