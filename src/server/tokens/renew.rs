//! Renew: the holder of a live string gets its successor. Repeating the call gives the same one, so a lost answer loses nothing.

use super::issue::insert_string;
use super::reissue::shortening;
use super::settle::settle;
use super::sight;
use super::verify::Presented;
use crate::domain::activity::Verb;
use crate::domain::answers::IssuedToken;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Time;
use crate::domain::token::{MOST_LIVE_STRINGS, Origin, Token};
use crate::domain::token_string::TokenString;
use crate::server::activity::{Deed, Subject, record_by, values};
use crate::server::error::Result;
use crate::server::notices::happened;
use crate::server::secret::{self, Salt};
use crate::server::state::AppState;
use crate::server::store::{self, Tx};
use anyhow::{anyhow, ensure};

/// The live successor of the presented string `text`: the one it already has, or a new one.
pub async fn renew(
    state: &AppState,
    presented: &Presented,
    text: &str,
    address: &str,
) -> Result<IssuedToken> {
    may(presented)?;
    // Whatever is live and not legacy is well formed.
    let parent = TokenString::parse(text).map_err(|_| anyhow!("a live string is malformed"))?;
    let mut tx = state.db.begin().await?;
    let current = presented.again(&mut tx, state.now()).await?;
    may(&current)?;
    if let Some((number, string)) = existing(state, &mut tx, &current, &parent).await? {
        state.commit(tx).await?;
        return Ok(IssuedToken { token: current.token, number, string, notes: Vec::new() });
    }
    has_room(&current.token, state.now())?;
    let issued = add_successor(state, &mut tx, &current, &parent, address).await?;
    state.commit(tx).await?;
    Ok(issued)
}

/// Renewal is for tokens that may, and for strings that expire at all.
fn may(presented: &Presented) -> Result<()> {
    sight::is_not_legacy(&presented.token)?;
    let mine = presented.token.strings.iter().find(|string| string.number == presented.number);
    let detail = if mine.is_some_and(|string| string.expires_at.is_none()) {
        "This string does not expire, so there is nothing to renew."
    } else if presented.token.can_renew {
        return Ok(());
    } else {
        "Renewal is not turned on for this token. Ask the workgroup's owners for a new string."
    };
    Err(Refusal::new(Code::RenewalNotEnabled, detail).into())
}

/// The successor that lives already, derived again. A dead one is retired to make way for the next.
async fn existing(
    state: &AppState,
    tx: &mut Tx,
    current: &Presented,
    parent: &TokenString,
) -> Result<Option<(i64, TokenString)>> {
    let Some(successor) = store::strings::find_successor(tx, &current.string_id).await? else {
        return Ok(None);
    };
    let now = state.now();
    let lives = current.token.live_strings(now).any(|string| string.number == successor.number);
    if !lives {
        if successor.retired_at.is_none() {
            store::strings::mark_retired(tx, &current.token.id, successor.number, now).await?;
        }
        return Ok(None);
    }
    let salt = successor.salt.ok_or_else(|| anyhow!("a live successor has lost its salt"))?;
    let string = secret::successor(parent, &salt);
    ensure_same(&string, &successor.hash)?;
    Ok(Some((successor.number, string)))
}

/// A derived string that is not the stored one is a fault and is never shown.
fn ensure_same(string: &TokenString, hash: &[u8]) -> anyhow::Result<()> {
    use subtle::ConstantTimeEq;
    let same: bool = secret::hash(string).ct_eq(hash).into();
    ensure!(same, "the derivation of a successor no longer gives the stored string");
    Ok(())
}

fn has_room(token: &Token, now: Time) -> Result<()> {
    if token.live_strings(now).count() < MOST_LIVE_STRINGS {
        return Ok(());
    }
    let next = token.live_strings(now).filter_map(|string| string.ends_at()).min();
    Err(Refusal {
        retry_after: next.map(|at| at.0 - now.0),
        ..Refusal::new(
            Code::RenewedTooOften,
            format!(
                "This token already has {MOST_LIVE_STRINGS} live strings. Use one of them, retire older ones, or wait until one ends."
            ),
        )
    }
    .into())
}

async fn add_successor(
    state: &AppState,
    tx: &mut Tx,
    current: &Presented,
    parent: &TokenString,
    address: &str,
) -> Result<IssuedToken> {
    let salt: Salt = state.chance.bytes()?;
    let string = secret::successor(parent, &salt);
    let (lifetime, shortened) =
        current.workgroup.policy.clamp(current.token.kind, current.token.lifetime);
    let end = lifetime.end(state.now());
    let parent_row = Some((current.string_id.as_str(), &salt));
    let id = &current.token.id;
    let number = insert_string(state, tx, id, &string, Origin::Renew, end, parent_row).await?;
    let token = settle(tx, &current.workgroup, &current.token).await?;
    let deed = Deed {
        verb: Verb::TokenRenewed,
        subject: Subject::token(&token),
        before: values([("String", format!("#{}", current.number))]),
        after: values([("String", format!("#{number} {}", string.hint()))]),
        address: Some(address),
    };
    record_by(state, tx, &current.workgroup.id, &current.actor(), deed).await?;
    happened::note_renewal(state, tx, &current.workgroup, &token, number, address).await?;
    let notes = if shortened { vec![shortening(&token, lifetime.label())] } else { Vec::new() };
    Ok(IssuedToken { token, number, string, notes })
}
