//! What follows from a change of a token's strings: its own dates, the counts of its workgroup, the text that is searched.

use crate::domain::notice::Stages;
use crate::domain::text::fold;
use crate::domain::time::Time;
use crate::domain::token::Token;
use crate::domain::workgroup::Workgroup;
use crate::server::error::Result;
use crate::server::store::{self, Tx, changes::Subject};
use anyhow::Context;

/// Brings everything that is derived from a token's rows up to date and notes the change. `before` is the token as it was,
/// `None` if it was just made. Gives the token as it is now.
pub async fn settle(
    tx: &mut Tx,
    workgroup: &Workgroup,
    id: &str,
    before: Option<&Token>,
) -> Result<Token> {
    let found = store::tokens::find(tx, &workgroup.id, id).await?;
    let mut token = found.context("a token is gone in the middle of its own change")?;
    // Read here, not taken from the seat: an edit of the policy may have come between.
    let stages = store::workgroups::find_by_id(tx, &workgroup.id).await?;
    let stages = stages.context("a token's workgroup is gone")?.policy.stages;
    derive_dates(&mut token, &stages);
    store::tokens::mark_turns(tx, &token, &search_text(&token)).await?;
    store::knocks::mark_forgotten(tx, id).await?;
    store::expiry_days::mark_moved(tx, &workgroup.id, before, Some(&token)).await?;
    store::changes::insert(tx, Subject::Token, id).await?;
    Ok(token)
}

/// Brings what follows from the notice stages up to date in a whole workgroup, after they have changed: two passes over
/// its rows inside the database, which reads no token and writes nothing but dates.
pub async fn settle_stages(tx: &mut Tx, workgroup: &Workgroup, now: Time) -> Result<()> {
    store::tokens::mark_stages(tx, &workgroup.id, &workgroup.policy.stages, now).await?;
    store::expiry_days::insert_nears_anew(tx, &workgroup.id).await
}

/// `expires_at` is the latest expiry among the strings that are not retired, none if one never expires.
fn derive_dates(token: &mut Token, stages: &Stages) {
    let Some(last) = token.deciding_string() else { return };
    let (end, issued_at) = (last.expires_at, last.issued_at);
    token.expires_at = end;
    token.expiring_at = end.map(|end| stages.expiring_at(issued_at, end));
}

fn search_text(token: &Token) -> String {
    let hints = token.strings.iter().map(|string| string.hint.as_str());
    let fields = [token.owner.as_str(), token.name.as_deref().unwrap_or_default(), &token.email];
    fold(&fields.into_iter().chain(hints).collect::<Vec<_>>().join("\n"))
}
