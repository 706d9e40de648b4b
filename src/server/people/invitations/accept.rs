//! Accepting an invitation: by the person whom its address belongs to, or by making that person. Everything is judged again
//! in the one transaction that makes them a member, ends the link and begins a new session.

use super::super::members::{set, words::recorded_of};
use super::super::sessions;
use super::super::users::{self, RawUser, UserDraft};
use super::offer::{self, Offer};
use super::page::is_theirs;
use crate::domain::activity::{Actor, Values, Verb};
use crate::domain::permission::ACCESS_MANAGE;
use crate::domain::refusal::{FieldErrors, Refusal};
use crate::domain::user::{Email, User};
use crate::server::activity::{Deed, Subject, record_by};
use crate::server::error::Result;
use crate::server::secret::Code;
use crate::server::state::AppState;
use crate::server::store::codes::Purpose;
use crate::server::store::{self, Lanes, Tx};
use crate::server::viewer::Visit;
use secrecy::SecretString;

/// A new member, signed in.
#[derive(Debug)]
pub struct Joined {
    pub cookie: Code,
    pub user: User,
    /// The first page of the workgroup that they may see.
    pub start: String,
}

/// Makes the person, who then is a member. The address is the invitation's: whoever holds the link reads its mail.
///
/// # Errors
/// As [`offer::open`]; a conflict when somebody is signed in, or has the address; the fields `name` and `password`.
pub async fn create(
    visit: &Visit,
    code: &str,
    name: &str,
    password: SecretString,
    agent: &str,
) -> Result<Joined> {
    let (state, code) = (&visit.state, Code::received(code));
    if let Some(person) = &visit.person {
        return Err(somebody_else(person).into());
    }
    // First of all: whoever has no link is told nothing and makes no work.
    let mut reader = state.db.read().await?;
    let email = offer::open(state, &mut reader, &code).await?.invitation.email;
    nobody_has(&mut reader, &email).await?;
    drop(reader);
    let mut errors = FieldErrors::default();
    let raw = RawUser { name: name.to_owned(), email: email.clone(), password };
    let Some(draft) = UserDraft::parse(raw, &mut errors) else {
        return Err(errors.into_refusal().into());
    };
    let hashed = draft.hash(state).await?;
    let mut tx = state.db.begin().await?;
    let offer = offer::open(state, &mut tx, &code).await?;
    nobody_has(&mut tx, &email).await?;
    let user = users::insert(state, &mut tx, hashed, false).await?;
    store::users::mark_signed_in(&mut tx, &user.id, state.now()).await?;
    let joined = join_as(visit, &mut tx, offer, user, agent).await?;
    state.commit(tx).await?;
    Ok(joined)
}

/// Makes the signed-in person a member.
///
/// # Errors
/// As [`offer::open`]; a conflict when somebody else is signed in, or the person is a member already.
pub async fn join(visit: &Visit, code: &str, agent: &str) -> Result<Joined> {
    let (person, _) = visit.signed_in()?;
    let state = &visit.state;
    let mut tx = state.db.begin().await?;
    let offer = offer::open(state, &mut tx, &Code::received(code)).await?;
    if !is_theirs(person, &offer.invitation.email) {
        return Err(somebody_else(person).into());
    }
    let held = store::memberships::find(&mut tx, &offer.workgroup.id, &person.id).await?;
    if held.is_some() {
        let detail =
            format!("You are a member of {} already; nothing was changed.", offer.workgroup.name);
        return Err(Refusal::conflict(detail).into());
    }
    let joined = join_as(visit, &mut tx, offer, person.clone(), agent).await?;
    state.commit(tx).await?;
    Ok(joined)
}

async fn join_as(
    visit: &Visit,
    tx: &mut Tx,
    offer: Offer,
    user: User,
    agent: &str,
) -> Result<Joined> {
    let (state, address) = (&visit.state, visit.address.as_str());
    let Offer { invitation, workgroup, rights, .. } = offer;
    let membership = set::membership(&rights);
    store::memberships::insert_or_replace(tx, &workgroup.id, &user.id, &membership, state.now())
        .await?;
    store::codes::delete_of_subject(tx, Purpose::Invitation, &invitation.id).await?;
    store::invitations::delete(tx, &invitation.id).await?;
    // What the browser came with is worth nothing from here on: nobody can have planted it.
    if let Some(session) = &visit.session {
        store::sessions::delete_by_hash(tx, &session.hash).await?;
    }
    let cookie = sessions::begin(state, tx, &user.id, address, agent).await?;
    record_join(state, tx, &workgroup.id, &user, &rights, address, &invitation.invited_by).await?;
    let page = if rights.holds(ACCESS_MANAGE) { "tokens" } else { "devices" };
    let start = format!("/{}/settings/{page}", workgroup.slug);
    Ok(Joined { cookie, user, start })
}

async fn record_join(
    state: &AppState,
    tx: &mut Tx,
    workgroup_id: &str,
    user: &User,
    rights: &crate::domain::rights::Rights,
    address: &str,
    invited_by: &Actor,
) -> Result<()> {
    let catalogue = store::permissions::list(tx).await?;
    let mut after = recorded_of(user, rights, &catalogue);
    after.insert("Invited by".to_owned(), invited_by.label());
    let actor = Actor::Person { id: user.id.clone(), name: user.name.clone() };
    let deed = Deed {
        verb: Verb::MemberJoined,
        subject: Subject::member(user),
        before: Values::new(),
        after,
        address: Some(address),
    };
    record_by(state, tx, workgroup_id, &actor, deed).await
}

async fn nobody_has(on: &mut impl Lanes, email: &str) -> Result<()> {
    let taken = match Email::parse(email) {
        Ok(email) => store::users::find_by_email(on, &email).await?.is_some(),
        Err(_) => false,
    };
    if !taken {
        return Ok(());
    }
    let detail =
        "Somebody signs in with this address already. Sign in, then open the link again and join.";
    Err(Refusal::conflict(detail).into())
}

fn somebody_else(person: &User) -> Refusal {
    Refusal::conflict(format!(
        "You are signed in as {}, and the invitation is for somebody else. Sign out first.",
        person.email
    ))
}
