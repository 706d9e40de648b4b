//! Inviting somebody, sending an invitation again, withdrawing it. The link's code is made when its letter is delivered, so
//! none of this ever knows one.

pub mod accept;
pub mod offer;
pub mod page;

use super::members::words::recorded;
use super::members::{grant, set, still};
use crate::domain::activity::{Values, Verb};
use crate::domain::members::{INVITATION_LIFE, InviteMemberPage, RawRights};
use crate::domain::refusal::{FieldErrors, Refusal};
use crate::domain::rights::{Rights, Seat};
use crate::domain::user::Email;
use crate::server::activity::{Attempt, Deed, Subject, note_denial, record};
use crate::server::error::Result;
use crate::server::notices::{self, Letter};
use crate::server::state::AppState;
use crate::server::store::codes::Purpose;
use crate::server::store::invitations::Invitation;
use crate::server::store::{self, Lanes, Tx};
use crate::server::viewer::Visit;
use anyhow::Context;

/// The form that invites.
pub async fn form(visit: &Visit, slug: &str) -> Result<InviteMemberPage> {
    let seat = visit.seat(slug).await?;
    seat.manages_members()?;
    let choices = grant::choices(&mut visit.state.db.read().await?, &seat, None).await?;
    Ok(InviteMemberPage { workgroup: seat.workgroup, choices })
}

/// Invites whoever has the address, and owes them the letter.
///
/// # Errors
/// The fields `email`, `permissions` and `device_group`, all at once; or as the rules of `domain::rights` say.
pub async fn invite(
    state: &AppState,
    seat: &Seat,
    email: &str,
    raw: &RawRights,
    address: Option<&str>,
) -> Result<Invitation> {
    // Only what is an address stands in the record.
    let named = Email::parse(email).map(|email| email.to_string()).unwrap_or_default();
    let subject = Subject::unmade("invitation", &named);
    let attempt = Attempt { verb: Verb::MemberInvited, subject, address };
    let outcome = write(state, seat, email, raw, address).await;
    note_denial(state, seat, attempt, outcome).await
}

async fn write(
    state: &AppState,
    seat: &Seat,
    email: &str,
    raw: &RawRights,
    address: Option<&str>,
) -> Result<Invitation> {
    let mut tx = state.db.begin().await?;
    let seat = still(&mut tx, seat).await?;
    seat.manages_members()?;
    let mut errors = FieldErrors::default();
    let email = errors.take("email", Email::parse(email));
    if let Some(email) = &email
        && let Some(why) = taken(&mut tx, &seat, email).await?
    {
        errors.add("email", why);
    }
    let rights = grant::parse(&mut tx, &seat, None, raw, &mut errors).await?;
    let (Some(email), Some(rights), true) = (email, rights, errors.is_empty()) else {
        return Err(errors.into_refusal().into());
    };
    seat.may_give(None, &rights)?;
    let invitation = Invitation {
        id: state.new_id()?,
        workgroup_id: seat.workgroup.id.clone(),
        email: email.to_string(),
        offered: set::membership(&rights),
        invited_by: seat.actor.clone(),
        expires_at: state.now() + INVITATION_LIFE,
    };
    store::invitations::insert(&mut tx, &invitation, &email, state.now()).await?;
    owe(state, &mut tx, &invitation, &email).await?;
    let after = words(&mut tx, &invitation, &rights).await?;
    let subject = Subject::new("invitation", &invitation.id, &invitation.email);
    let deed = Deed { verb: Verb::MemberInvited, subject, before: Values::new(), after, address };
    record(state, &mut tx, &seat, deed).await?;
    state.commit(tx).await?;
    Ok(invitation)
}

/// Why the address cannot be invited. Whoever is bound to a group is not told of people whom they do not see.
async fn taken(on: &mut impl Lanes, seat: &Seat, email: &Email) -> Result<Option<String>> {
    let name = &seat.workgroup.name;
    let unseen = format!("This address cannot be invited from here. Ask an owner of {name}.");
    if let Some(account) = store::users::find_by_email(on, email).await?
        && let Some(member) =
            store::memberships::find(on, &seat.workgroup.id, &account.user.id).await?
    {
        let seen = seat.sees_member(member.owner, member.device_group_id.as_deref());
        let said = format!("{} is a member of {name} already.", account.user.name);
        return Ok(Some(if seen { said } else { unseen }));
    }
    let pending = store::invitations::find_by_email(on, &seat.workgroup.id, email).await?;
    Ok(pending.map(|pending| {
        let seen =
            seat.sees_member(pending.offered.owner, pending.offered.device_group_id.as_deref());
        let said = format!(
            "{email} is invited already, by {}. Send that invitation again, or withdraw it first.",
            pending.invited_by.label()
        );
        if seen { said } else { unseen }
    }))
}

/// Sends the letter once more, with a new link that works for seven days; earlier links stop working. Whoever sends it
/// again is the one who invites.
///
/// # Errors
/// Not found; as the rules of `domain::rights` say; a conflict when what is offered is no longer there.
pub async fn send_again(
    state: &AppState,
    seat: &Seat,
    id: &str,
    address: Option<&str>,
) -> Result<Invitation> {
    let subject = subject(state, seat, id).await?;
    let attempt = Attempt { verb: Verb::InvitationSentAgain, subject, address };
    let outcome = renew(state, seat, id, address).await;
    note_denial(state, seat, attempt, outcome).await
}

async fn renew(
    state: &AppState,
    seat: &Seat,
    id: &str,
    address: Option<&str>,
) -> Result<Invitation> {
    let mut tx = state.db.begin().await?;
    let seat = still(&mut tx, seat).await?;
    seat.manages_members()?;
    let pending = find(&mut tx, &seat, id).await?;
    let by = seat.actor.clone();
    let invitation =
        Invitation { invited_by: by.clone(), expires_at: state.now() + INVITATION_LIFE, ..pending };
    let offer = offer::given_today(&mut tx, &seat.workgroup, invitation.clone()).await?;
    seat.may_give(None, &offer.rights)?;
    store::invitations::mark_sent(&mut tx, id, &by, invitation.expires_at).await?;
    store::codes::delete_of_subject(&mut tx, Purpose::Invitation, id).await?;
    let email = Email::parse(&invitation.email).ok().context("an invitation without address")?;
    owe(state, &mut tx, &invitation, &email).await?;
    let after = words(&mut tx, &invitation, &offer.rights).await?;
    let subject = Subject::new("invitation", &invitation.id, &invitation.email);
    let deed =
        Deed { verb: Verb::InvitationSentAgain, subject, before: Values::new(), after, address };
    record(state, &mut tx, &seat, deed).await?;
    state.commit(tx).await?;
    Ok(invitation)
}

/// Withdraws an invitation: its link stops working.
///
/// # Errors
/// Not found; only owners withdraw what would make an owner.
pub async fn withdraw(
    state: &AppState,
    seat: &Seat,
    id: &str,
    address: Option<&str>,
) -> Result<()> {
    let subject = subject(state, seat, id).await?;
    let attempt = Attempt { verb: Verb::InvitationWithdrawn, subject, address };
    let outcome = take_back(state, seat, id, address).await;
    note_denial(state, seat, attempt, outcome).await
}

async fn take_back(state: &AppState, seat: &Seat, id: &str, address: Option<&str>) -> Result<()> {
    let mut tx = state.db.begin().await?;
    let seat = still(&mut tx, seat).await?;
    seat.manages_members()?;
    let invitation = find(&mut tx, &seat, id).await?;
    if invitation.offered.owner {
        seat.owns()?;
    }
    store::codes::delete_of_subject(&mut tx, Purpose::Invitation, id).await?;
    store::invitations::delete(&mut tx, id).await?;
    let deed = Deed {
        verb: Verb::InvitationWithdrawn,
        subject: Subject::new("invitation", &invitation.id, &invitation.email),
        before: Values::new(),
        after: Values::new(),
        address,
    };
    record(state, &mut tx, &seat, deed).await?;
    state.commit(tx).await
}

/// A pending invitation that the seat sees.
async fn find(on: &mut impl Lanes, seat: &Seat, id: &str) -> Result<Invitation> {
    let seen = |invitation: &Invitation| {
        let offered = &invitation.offered;
        invitation.workgroup_id == seat.workgroup.id
            && seat.sees_member(offered.owner, offered.device_group_id.as_deref())
    };
    let found = store::invitations::find(on, id).await?.filter(seen);
    Ok(found.ok_or_else(|| Refusal::not_found("invitation"))?)
}

/// What a denial is recorded under; nobody in particular where the seat sees no such invitation.
async fn subject(state: &AppState, seat: &Seat, id: &str) -> Result<Subject<'static>> {
    let found = find(&mut state.db.read().await?, seat, id).await;
    Ok(match found {
        Ok(invitation) => Subject::new("invitation", invitation.id, invitation.email),
        Err(_) => Subject::unmade("invitation", ""),
    })
}

async fn owe(state: &AppState, tx: &mut Tx, invitation: &Invitation, email: &Email) -> Result<()> {
    let letter = Letter::Invitation { id: invitation.id.clone() };
    notices::owe(state, tx, &letter, Some(&invitation.workgroup_id), email).await.map(drop)
}

/// What is offered and until when, for the record.
async fn words(tx: &mut Tx, invitation: &Invitation, rights: &Rights) -> Result<Values> {
    let catalogue = store::permissions::list(tx).await?;
    let mut words = recorded(rights, &catalogue);
    words.insert("Email address".to_owned(), invitation.email.clone());
    words.insert("Works until".to_owned(), invitation.expires_at.exact());
    Ok(words)
}
