//! What ends for one address: the notices that the letter claimed, as far as they are still true. What is not is claimed no more.

use super::facts::Facts;
use super::{Written, recipient};
use crate::domain::notice::{End, Rules, Told};
use crate::domain::time::Time;
use crate::domain::token::{Kind, NumberedString, Token};
use crate::server::error::Result;
use crate::server::mail::letters::{Ending, Expiry, Newer};
use crate::server::state::AppState;
use crate::server::store::looks::{self, Claim};
use crate::server::store::outbox::Owed;
use crate::server::store::{self, Tx};
use std::collections::BTreeMap;

pub(super) async fn letter(
    state: &AppState,
    tx: &mut Tx,
    owed: &Owed,
    workgroup_id: &str,
) -> Result<Option<Written>> {
    let claims = looks::list_claims(tx, &owed.id).await?;
    let Some(mut facts) = Facts::read(state, tx, workgroup_id).await? else { return Ok(None) };
    let tokens = tokens(tx, &claims).await?;
    let told = told(tx, &tokens, &owed.recipient).await?;
    let mut endings = Vec::new();
    for claim in claims {
        let token = tokens.get(&claim.token_id).filter(|token| token.email == owed.recipient);
        let end =
            token.and_then(|token| Some((token, standing(token, &claim, &told, state.now())?)));
        match end {
            Some((token, end)) => {
                let may = facts.opens(tx, token).await?;
                endings.push(ending(&facts, token, &end, claim.stage, may));
            }
            None => looks::delete_claim(tx, &claim, &owed.recipient).await?,
        }
    }
    if endings.is_empty() {
        return Ok(None);
    }
    endings.sort_by(|a, b| (a.ends_at, &a.owner, &a.name).cmp(&(b.ends_at, &b.owner, &b.name)));
    let (to, contacts) = (recipient(owed)?, facts.contacts(tx).await?);
    let text =
        Expiry { to: &to, sheet: facts.sheet(state), endings: &endings, contacts: &contacts };
    Ok(Some(Written::open(text.letter()?)))
}

async fn tokens(tx: &mut Tx, claims: &[Claim]) -> Result<BTreeMap<String, Token>> {
    let mut tokens = BTreeMap::new();
    for claim in claims {
        if !tokens.contains_key(&claim.token_id)
            && let Some((_, token)) = store::tokens::find_anywhere(tx, &claim.token_id).await?
        {
            tokens.insert(claim.token_id.clone(), token);
        }
    }
    Ok(tokens)
}

/// What the address was told of each of these tokens, by this letter or another.
async fn told(
    tx: &mut Tx,
    tokens: &BTreeMap<String, Token>,
    address: &str,
) -> Result<BTreeMap<String, Vec<Told>>> {
    let ids: Vec<_> = tokens.keys().cloned().collect();
    let mut told: BTreeMap<String, Vec<Told>> = BTreeMap::new();
    for row in looks::list_told(tx, &ids).await? {
        if row.address == address {
            told.entry(row.token_id.clone()).or_default().push(row.told());
        }
    }
    Ok(told)
}

/// The end that the claim is about, if it is still to be told: nothing outlives the string that did not when it was claimed,
/// and no later letter tells a tighter stage of it.
fn standing<'a>(
    token: &'a Token,
    claim: &Claim,
    told: &BTreeMap<String, Vec<Told>>,
    now: Time,
) -> Option<End<'a>> {
    let end = token.ends(now).into_iter().find(|end| end.string.number == claim.number)?;
    let told = told.get(&token.id).map(Vec::as_slice).unwrap_or_default();
    let tighter =
        told.iter().any(|(number, stage)| *number == claim.number && *stage < claim.stage);
    let since = |newer: &NumberedString| newer.issued_at.0 >= claim.claimed_at;
    let replaced = !end.whole && newer(token, &end, now).is_some_and(since);
    (end.in_use && !tighter && !replaced).then_some(end)
}

/// The newest live string that outlives the one that ends.
fn newer<'a>(token: &'a Token, end: &End<'_>, now: Time) -> Option<&'a NumberedString> {
    let outlives = |other: &&NumberedString| other.ends_at().is_none_or(|at| at > end.at);
    token.live_strings(now).find(outlives)
}

fn ending(facts: &Facts, token: &Token, end: &End<'_>, stage: i64, may: String) -> Ending {
    let (now, policy) = (facts.now, &facts.workgroup.policy);
    let (lifetime, _) = policy.clamp(token.kind, token.lifetime);
    let rules = Rules::of(&facts.workgroup);
    let ahead = |(days, at): &(i64, Time)| *days > 0 && *days < stage && *at > now;
    let string = end.string;
    let last_used = string.last_used_at.zip(string.last_used_from.clone());
    let newer = newer(token, end, now).filter(|_| !end.whole).map(|newer| Newer {
        number: newer.number,
        hint: newer.hint.clone(),
        ends_at: newer.ends_at(),
        last_used_at: newer.last_used_at,
    });
    Ending {
        owner: token.owner.clone(),
        name: token.name.clone(),
        number: string.number,
        hint: string.hint.clone(),
        ends_at: end.at,
        may,
        last_used,
        renewable: token.can_renew
            && token.kind != Kind::Legacy
            && string.expires_at.is_some()
            && end.at > now,
        lifetime: lifetime.label().to_lowercase(),
        newer,
        next_stage: end.stages(&rules).into_iter().find(ahead).map(|(days, _)| days),
    }
}

/// The first end of a token, as a letter would tell of it now.
pub(super) fn shown(facts: &Facts, token: &Token, may: String) -> Option<Ending> {
    let end = token.ends(facts.now).into_iter().next()?;
    let stage = facts.workgroup.policy.stages.days().first().copied().unwrap_or_default();
    Some(ending(facts, token, &end, stage, may))
}
