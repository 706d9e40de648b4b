//! Legacy tokens of the demonstration: strings of another system, known by their hash alone.

use super::plan::Plan;
use super::story::Life;
use crate::domain::activity::{Values, Verb};
use crate::domain::rights::Seat;
use crate::domain::token::{Kind, Origin, Reach};
use crate::server::activity::{Deed, Subject, record, values};
use crate::server::error::Result;
use crate::server::secret::sha256;
use crate::server::state::AppState;
use crate::server::store;
use crate::server::tokens::settle::settle;
use std::collections::BTreeSet;

/// Writes the rows that an import leaves. What the string was, nobody knows: its hash is of random bytes.
pub async fn import(
    past: &AppState,
    seat: &Seat,
    plan: &Plan,
    address: Option<&str>,
) -> Result<Life> {
    let (id, now) = (past.new_id()?, past.now());
    let scopes = super::build::owned(plan.scopes);
    let hash = sha256(&past.chance.bytes::<32>()?);
    let mut tx = past.db.begin().await?;
    let token = store::tokens::NewToken {
        id: &id,
        workgroup_id: &seat.workgroup.id,
        kind: Kind::Legacy,
        owner: plan.owner,
        name: Some(plan.name).filter(|name| !name.is_empty()),
        email: plan.email,
        lifetime: plan.lifetime,
        can_renew: false,
        permissions: &BTreeSet::new(),
        scopes: &scopes,
        reach: &Reach::Workgroup,
        note: None,
        rate_limit: None,
        created_at: now,
        created_by: &seat.actor,
    };
    store::tokens::insert(&mut tx, &token).await?;
    let string = store::strings::NewString {
        id: &past.new_id()?,
        token_id: &id,
        number: store::tokens::mark_newest(&mut tx, &id).await?,
        hash: &hash,
        hint: &format!("…{:02x}{:02x}", hash[0], hash[1]),
        origin: Origin::Import,
        issued_at: now,
        expires_at: plan.lifetime.end(now),
        parent: None,
    };
    store::strings::insert(&mut tx, &string).await?;
    let token = settle(&mut tx, &seat.workgroup, &id, None).await?;
    let deed = Deed {
        verb: Verb::TokenImported,
        subject: Subject::token(&token),
        before: Values::new(),
        after: values([("Imported", scopes.join(", ")), ("Token owner", plan.owner.to_owned())]),
        address,
    };
    record(past, &mut tx, seat, deed).await?;
    tx.commit().await?;
    Ok(Life { token_id: id, strings: Vec::new(), used: plan.used, lagging: None })
}
