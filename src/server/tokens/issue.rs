//! Issue: a new token with its first string.

use super::denial;
use super::json;
use super::once::{self, Made, Once};
use super::settle::settle_new;
use crate::domain::activity::{Values, Verb};
use crate::domain::answers::IssuedToken;
use crate::domain::refusal::FieldError;
use crate::domain::rights::Seat;
use crate::domain::time::Time;
use crate::domain::token::{Kind, Origin, Reach, Token};
use crate::domain::token_draft::{RawDraft, TokenDraft};
use crate::domain::token_string::{Prefix, TokenString};
use crate::server::activity::{Deed, Subject, record, values};
use crate::server::error::Result;
use crate::server::notices::happened;
use crate::server::secret::{self, Salt};
use crate::server::state::AppState;
use crate::server::store::strings::NewString;
use crate::server::store::{self, Lanes, Tx};

/// Makes a token: everything that is wrong with the draft is said at once, then the rights are judged.
pub async fn issue(
    state: &AppState,
    seat: &Seat,
    raw: &RawDraft,
    address: Option<&str>,
    once: Option<&Once>,
) -> Result<Made> {
    let made = make(state, seat, raw, address, once).await;
    denial::noted_unmade(state, seat, &raw.owner, address, made).await
}

async fn make(
    state: &AppState,
    seat: &Seat,
    raw: &RawDraft,
    address: Option<&str>,
    once: Option<&Once>,
) -> Result<Made> {
    seat.manages_access()?;
    let now = state.now();
    let mut tx = state.db.begin().await?;
    if let Some(answer) = once::find(&mut tx, once, now).await? {
        state.commit(tx).await?;
        return Ok(Made::Already(answer));
    }
    let catalogue = store::permissions::list(&mut tx).await?;
    let reach = reach(&mut tx, seat, raw).await?;
    let draft = TokenDraft::parse(raw, reach, &catalogue, &seat.workgroup.policy)?;
    seat.may_grant(draft.kind, &draft.permissions, &draft.reach, &catalogue)?;
    let issued = insert_with_string(state, &mut tx, seat, &draft, address).await?;
    happened::owe_issued(state, &mut tx, &seat.workgroup, &seat.actor, &issued.token).await?;
    once::keep(&mut tx, once, &json::without_string(&issued, now), now).await?;
    state.commit(tx).await?;
    Ok(Made::New(Box::new(issued)))
}

/// Everything that is wrong with the draft's values, for a face that found something wrong before.
pub async fn complaints(state: &AppState, seat: &Seat, raw: &RawDraft) -> Result<Vec<FieldError>> {
    let mut reader = state.db.read().await?;
    let catalogue = store::permissions::list(&mut reader).await?;
    let reach = reach(&mut reader, seat, raw).await?;
    let parsed = TokenDraft::parse(raw, reach, &catalogue, &seat.workgroup.policy);
    Ok(parsed.err().map(|refusal| refusal.errors).unwrap_or_default())
}

/// What the draft's group or device stands for, or which field is wrong. A device that the seat does not see does not exist.
async fn reach(
    on: &mut impl Lanes,
    seat: &Seat,
    raw: &RawDraft,
) -> Result<std::result::Result<Reach, (&'static str, String)>> {
    let workgroup = &seat.workgroup.id;
    let (device, group) = (raw.device.trim(), raw.device_group.trim());
    if !device.is_empty() {
        let found = store::devices::find_by_external_id(on, workgroup, device).await?;
        let seen = found.filter(|device| seat.rights.sees_device(device));
        return Ok(match seen {
            Some(it) => Ok(Reach::Device { id: it.id, external_id: it.external_id, name: it.name }),
            None => Err((
                "device",
                format!("There is no device \u{201c}{}\u{201d} here.", short(device)),
            )),
        });
    }
    if group.is_empty() {
        return Ok(Ok(Reach::Workgroup));
    }
    let bound = seat.rights.group.is_some();
    Ok(match store::groups::find_by_name(on, workgroup, group).await? {
        // Whether there is such a group is not for whoever is bound to another one: judging their reach says no to both.
        None if bound => Ok(Reach::Group { id: String::new(), name: group.to_owned() }),
        Some(it) => Ok(Reach::Group { id: it.id, name: it.name }),
        None => Err((
            "device_group",
            format!("There is no device group \u{201c}{}\u{201d} here.", short(group)),
        )),
    })
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

/// Writes a checked draft with its first string, in the caller's transaction. Rights were judged before.
pub async fn insert_with_string(
    state: &AppState,
    tx: &mut Tx,
    seat: &Seat,
    draft: &TokenDraft,
    address: Option<&str>,
) -> Result<IssuedToken> {
    let string = state.chance.token_string(prefix(draft.kind))?;
    let token = token(draft, state.new_id()?, seat, state.now());
    let row = NewString {
        id: &state.new_id()?,
        token_id: &token.id.clone(),
        number: 1,
        hash: &secret::hash(&string),
        hint: &string.hint(),
        origin: Origin::Create,
        issued_at: token.created_at,
        expires_at: draft.lifetime.end(token.created_at),
        parent: None,
    };
    let token = settle_new(tx, seat, token, &row).await?;
    let deed = Deed {
        verb: Verb::TokenCreated,
        subject: Subject::token(&token),
        before: Values::new(),
        after: facts(&token),
        address,
    };
    record(state, tx, seat, deed).await?;
    Ok(IssuedToken { token, number: row.number, string, notes: Vec::new() })
}

/// The token of a draft, without its string.
fn token(draft: &TokenDraft, id: String, seat: &Seat, now: Time) -> Token {
    Token {
        kind: draft.kind,
        name: draft.name.as_ref().map(|name| name.as_str().to_owned()),
        lifetime: draft.lifetime,
        can_renew: draft.can_renew,
        permissions: draft.permissions.clone(),
        reach: draft.reach.clone(),
        note: draft.note.clone(),
        rate_limit: draft.rate_limit,
        created_by: seat.actor.label(),
        ..Token::new(id, draft.owner.as_str(), draft.email.as_str(), now)
    }
}

/// Adds a string to a token under its next number.
pub(super) async fn insert_string(
    state: &AppState,
    tx: &mut Tx,
    token_id: &str,
    string: &TokenString,
    origin: Origin,
    expires_at: Option<Time>,
    parent: Option<(&str, &Salt)>,
) -> Result<i64> {
    let number = store::tokens::mark_newest(tx, token_id).await?;
    let row = NewString {
        id: &state.new_id()?,
        token_id,
        number,
        hash: &secret::hash(string),
        hint: &string.hint(),
        origin,
        issued_at: state.now(),
        expires_at,
        parent,
    };
    store::strings::insert(tx, &row).await?;
    Ok(number)
}

pub(super) fn prefix(kind: Kind) -> Prefix {
    if kind == Kind::Device { Prefix::Device } else { Prefix::Access }
}

/// A new token in words, for the record.
fn facts(token: &Token) -> Values {
    let permissions: Vec<_> = token.permissions.iter().map(String::as_str).collect();
    let mut facts = values([
        ("Token owner", token.owner.clone()),
        ("Email address", token.email.clone()),
        ("Token expiry", token.lifetime.label().to_owned()),
        ("Can renew", if token.can_renew { "yes" } else { "no" }.to_owned()),
        ("Permissions", permissions.join(", ")),
        ("Reach", token.reach.label().to_owned()),
        ("String", format!("#1 {}", token.hint())),
    ]);
    if let Some(name) = &token.name {
        facts.insert("Name".to_owned(), name.clone());
    }
    facts
}
