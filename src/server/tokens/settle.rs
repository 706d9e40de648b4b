//! What follows from a change of a token's strings: its own dates, the counts of its workgroup, the text that is searched.

use crate::domain::notice::Stages;
use crate::domain::rights::Seat;
use crate::domain::text::fold;
use crate::domain::time::Time;
use crate::domain::token::Token;
use crate::domain::workgroup::Workgroup;
use crate::server::error::Result;
use crate::server::store::strings::NewString;
use crate::server::store::tokens::NewToken;
use crate::server::store::{self, Tx, changes::Subject};
use anyhow::Context;

/// Brings everything that is derived from a token's rows up to date after a change, and notes it. `before` is the token as it
/// was. Gives the token as it is now.
pub async fn settle(tx: &mut Tx, workgroup: &Workgroup, before: &Token) -> Result<Token> {
    let found = store::tokens::find(tx, &workgroup.id, &before.id).await?;
    let mut token = found.context("a token is gone in the middle of its own change")?;
    derive_dates(&mut token, &stages(tx, workgroup).await?);
    store::tokens::mark_turns(tx, &token, &search_text(&token)).await?;
    store::knocks::mark_forgotten(tx, &token.id).await?;
    count(tx, workgroup, Some(before), &token).await?;
    Ok(token)
}

/// Writes a token that was just made, with its only string, and everything that is derived from them; notes the change.
pub async fn settle_new(
    tx: &mut Tx,
    seat: &Seat,
    mut token: Token,
    string: &NewString<'_>,
) -> Result<Token> {
    token.strings = vec![string.unused()];
    derive_dates(&mut token, &stages(tx, &seat.workgroup).await?);
    let row = NewToken {
        token: &token,
        workgroup_id: &seat.workgroup.id,
        created_by: &seat.actor,
        search_text: &search_text(&token),
    };
    store::tokens::insert(tx, &row).await?;
    store::strings::insert(tx, string).await?;
    count(tx, &seat.workgroup, None, &token).await?;
    Ok(token)
}

/// Read here, not taken from a seat: an edit of the policy may have come between.
async fn stages(tx: &mut Tx, workgroup: &Workgroup) -> Result<Stages> {
    let found = store::workgroups::find_by_id(tx, &workgroup.id).await?;
    Ok(found.context("a token's workgroup is gone")?.policy.stages)
}

async fn count(
    tx: &mut Tx,
    workgroup: &Workgroup,
    before: Option<&Token>,
    token: &Token,
) -> Result<()> {
    store::expiry_days::mark_moved(tx, &workgroup.id, before, Some(token)).await?;
    store::changes::insert(tx, Subject::Token, &token.id).await
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
