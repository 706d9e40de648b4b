//! Verify: what a presented string opens, or exactly why it opens nothing.

use super::usage::Use;
use crate::domain::activity::Actor;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::renewal::best_from;
use crate::domain::rights::{Rights, Seat};
use crate::domain::status::StringState;
use crate::domain::time::Time;
use crate::domain::token::{Kind, NumberedString, Reach, Token};
use crate::domain::token_string::{Malformed, TokenString};
use crate::domain::tombstone::Tombstone;
use crate::domain::workgroup::Workgroup;
use crate::server::error::Result;
use crate::server::secret::{self, Hash};
use crate::server::state::AppState;
use crate::server::store::{self, Lanes};
use anyhow::Context;

/// A live string and the token that it belongs to.
#[derive(Clone, Debug)]
pub struct Presented {
    pub token: Token,
    pub workgroup: Workgroup,
    pub number: i64,
    /// The row of the string.
    pub string_id: String,
    hash: Hash,
}

impl Presented {
    /// The same string judged again, inside the transaction that acts on it.
    pub async fn again(&self, on: &mut impl Lanes, now: Time) -> Result<Presented> {
        let Some(found) = find(on, &self.hash).await? else {
            let grave = store::tombstones::find(on, &self.hash).await?;
            return Err(grave
                .map_or_else(unknown, |grave| refusal(grave.why, grave.number, grave.expires_at))
                .into());
        };
        found.live(now)?;
        Ok(found)
    }

    /// The holder of the string, as the record names them.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Token { id: self.token.id.clone(), title: self.token.title() }
    }

    /// The facts of the presented string.
    #[must_use]
    pub fn string(&self) -> Option<&NumberedString> {
        self.token.strings.iter().find(|string| string.number == self.number)
    }

    /// From when on renewing the presented string is best. `None`: it cannot renew or does not expire.
    #[must_use]
    pub fn renew_from(&self) -> Option<Time> {
        let own = self.string().filter(|own| self.token.can_renew && own.expires_at.is_some())?;
        let (issued_at, ends_at) = (own.issued_at, own.ends_at()?);
        let expiring_at = self.workgroup.policy.stages.expiring_at(issued_at, ends_at);
        Some(best_from(issued_at, ends_at, expiring_at))
    }

    /// The verdict: nothing if it is live, else the refusal by name.
    fn live(&self, now: Time) -> std::result::Result<(), Refusal> {
        let Some(string) = self.string() else { return Err(unknown()) };
        match string.state(self.token.revoked_at, now) {
            StringState::Live => Ok(()),
            ended => Err(refusal(ended, string.number, string.expires_at)),
        }
    }

    /// The seat that an access token takes in its workgroup, with what it holds now. Other kinds have none.
    pub async fn seat(&self, on: &mut impl Lanes) -> Result<Seat> {
        if self.token.kind != Kind::Access {
            return Err(Refusal::new(
                Code::WrongTokenType,
                format!(
                    "This call needs an access token; this is a {} token.",
                    self.token.kind.code()
                ),
            )
            .into());
        }
        let group = match &self.token.reach {
            Reach::Group { id, .. } => {
                let group = store::groups::find_by_id(on, id).await?;
                Some(group.context("a token is bound to a group that is gone")?)
            }
            _ => None,
        };
        let rights = Rights { owner: false, permissions: self.token.permissions.clone(), group };
        Ok(Seat { workgroup: self.workgroup.clone(), actor: self.actor(), rights })
    }
}

/// Judges a presented text. Its use is counted, also when it has ended: that shows who is broken now.
pub async fn present(state: &AppState, text: &str, address: &str) -> Result<Presented> {
    let now = state.now();
    let parsed = TokenString::parse(text);
    let hash = match &parsed {
        Ok(string) => secret::hash(string),
        // A string of another system may have been imported by its hash, whatever it looks like.
        Err(_) => secret::sha256(text.as_bytes()),
    };
    let mut reader = state.db.read().await?;
    let found = find(&mut reader, &hash).await?;
    let presented = match (found, parsed) {
        (Some(presented), Ok(_)) => presented,
        (Some(presented), Err(_)) if presented.token.kind == Kind::Legacy => presented,
        (Some(_), Err(why)) => return Err(malformed(&why).into()),
        (None, parsed) => {
            let malformed = parsed.err().map(|why| malformed(&why));
            return Err(absent(state, &mut reader, &hash, malformed, address).await?.into());
        }
    };
    let verdict = presented.live(now);
    state.usage.count(&Use {
        token_id: &presented.token.id,
        number: presented.number,
        at: now,
        from: address,
        refused: verdict.as_ref().err().map(|refusal| refusal.code),
        permissions: &[],
        device: None,
    });
    verdict?;
    Ok(presented)
}

/// The refusal of a text that no string here belongs to; `malformed`: why it is none of ours by its looks, if it is not. One
/// that was removed is told why it ended, and counted: somebody is broken now.
async fn absent(
    state: &AppState,
    on: &mut impl Lanes,
    hash: &Hash,
    malformed: Option<Refusal>,
    address: &str,
) -> Result<Refusal> {
    let grave = store::tombstones::find(on, hash).await?;
    let fits = |grave: &Tombstone| malformed.is_none() || grave.kind == Kind::Legacy;
    Ok(match grave.filter(fits) {
        Some(grave) => {
            state.usage.knock(hash, state.now(), address);
            refusal(grave.why, grave.number, grave.expires_at)
        }
        None => malformed.unwrap_or_else(unknown),
    })
}

/// `None` also when the clock removes it at this very moment, between one look and the next: then its tombstone stands.
async fn find(on: &mut impl Lanes, hash: &Hash) -> Result<Option<Presented>> {
    let Some(string) = store::strings::find_by_hash(on, hash).await? else { return Ok(None) };
    let found = store::tokens::find_anywhere(on, &string.token_id).await?;
    let Some((workgroup_id, token)) = found else { return Ok(None) };
    if !token.strings.iter().any(|known| known.number == string.number) {
        return Ok(None);
    }
    let workgroup = store::workgroups::find_by_id(on, &workgroup_id).await?;
    let workgroup = workgroup.context("a token belongs to no workgroup")?;
    Ok(Some(Presented {
        token,
        workgroup,
        number: string.number,
        string_id: string.id,
        hash: *hash,
    }))
}

pub(super) fn malformed(why: &Malformed) -> Refusal {
    Refusal::new(
        Code::MalformedToken,
        format!("This is not a token string: {why}. Copy the whole string again."),
    )
}

/// Why a string that has ended opens nothing, whether it is still here or not.
pub(super) fn refusal(ended: StringState, number: i64, expires_at: Option<Time>) -> Refusal {
    match ended {
        StringState::Revoked => Refusal::new(
            Code::TokenRevoked,
            "This token was revoked; none of its strings opens anything. Ask the workgroup's owners for a new token.",
        ),
        StringState::Superseded => Refusal::new(
            Code::TokenSuperseded,
            format!(
                "This token string (#{number}) was retired before its expiry. Use a newer string of the same token."
            ),
        ),
        StringState::Expired | StringState::Live => expired(number, expires_at),
    }
}

pub(super) fn unknown() -> Refusal {
    Refusal::new(
        Code::InvalidToken,
        "No token has this string. It may belong to another installation, or have been removed long ago.",
    )
}

fn expired(number: i64, expires_at: Option<Time>) -> Refusal {
    let at = expires_at.unwrap_or_default();
    Refusal {
        expired_at: Some(at),
        ..Refusal::new(
            Code::TokenExpired,
            format!(
                "This token string (#{number}) expired on {}. Use a newer string, or ask the workgroup's owners for one.",
                at.exact()
            ),
        )
    }
}
