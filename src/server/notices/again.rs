//! Sending a letter again that could not be delivered: as a letter of its own, which tells what is still true.

use super::write::write;
use super::{Letter, insert};
use crate::domain::activity::Verb;
use crate::domain::notices_list::{is_repeatable, kind_words};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::domain::time::Time;
use crate::domain::user::Email;
use crate::server::activity::{Attempt, Deed, Subject, note_denial, record, values};
use crate::server::error::Result;
use crate::server::people::members::still;
use crate::server::state::AppState;
use crate::server::store::again::{self, Failed};
use crate::server::store::outbox::Owed;
use anyhow::Context;

/// Owes a new letter in the place of one that was given up.
///
/// # Errors
/// Not found; a conflict when it was delivered, sent again already, or nothing of it is true any more.
pub async fn send_again(
    state: &AppState,
    seat: &Seat,
    id: &str,
    address: Option<&str>,
) -> Result<()> {
    let subject = Subject::workgroup(&seat.workgroup);
    let attempt = Attempt { verb: Verb::NoticeSentAgain, subject, address };
    let outcome = owe_again(state, seat, id, address).await;
    note_denial(state, seat, attempt, outcome).await
}

async fn owe_again(state: &AppState, seat: &Seat, id: &str, address: Option<&str>) -> Result<()> {
    let mut tx = state.db.begin().await?;
    let seat = still(&mut tx, seat).await?;
    seat.reads_notices()?;
    let failed = again::find(&mut tx, &seat.workgroup.id, id).await?;
    let failed = failed.ok_or_else(|| Refusal::not_found("letter"))?;
    stands(&failed)?;
    if write(state, &mut tx, &owed(&failed)).await?.is_none() {
        return Err(Refusal::conflict(format!(
            "Nothing of this letter is true any more: what it was about was revoked, renewed or removed, has another address than {} now, or a later letter tells of it. Nothing was sent.",
            failed.recipient
        ))
        .into());
    }
    let letter = Letter::parse(&failed.letter, &failed.payload);
    let letter = letter.with_context(|| format!("letter {id} is about nothing"))?;
    let recipient = Email::parse(&failed.recipient).map_err(anyhow::Error::msg)?;
    let (new, key) = (state.new_id()?, again::again_key(id));
    let workgroup_id = Some(seat.workgroup.id.as_str());
    insert(state, &mut tx, (&new, &key), &letter, workgroup_id, &recipient).await?;
    again::mark_sent_again(&mut tx, id, state.now()).await?;
    again::move_claims(&mut tx, id, &new).await?;
    let (title, _) = kind_words(&failed.letter);
    let title = failed.subject.unwrap_or_else(|| title.to_owned());
    let deed = Deed {
        verb: Verb::NoticeSentAgain,
        subject: Subject::workgroup(&seat.workgroup),
        before: values([]),
        after: values([("Letter", title), ("To", failed.recipient)]),
        address,
    };
    record(state, &mut tx, &seat, deed).await?;
    state.commit(tx).await
}

/// Whether such a letter, in the state in which it is, can be sent again at all.
fn stands(failed: &Failed) -> Result<()> {
    let why = if failed.undelivered_at.is_none() {
        "This letter was not given up: it was delivered, or is still being tried. Nothing was sent."
    } else if !is_repeatable(&failed.letter) {
        "Only notices to token owners are sent again here. An invitation is sent again on the Members page. Nothing was sent."
    } else if failed.sent_again_at.is_some() {
        "This letter was sent again already: look at the newest letter to this address. Nothing more was sent."
    } else {
        return Ok(());
    };
    Err(Refusal::conflict(why.to_owned()).into())
}

/// As if it were to be delivered now.
fn owed(failed: &Failed) -> Owed {
    Owed {
        id: failed.id.clone(),
        letter: failed.letter.clone(),
        recipient: failed.recipient.clone(),
        payload: failed.payload.clone(),
        created_at: Time(failed.created_at),
        attempts: failed.attempts,
        leased_until: Time(0),
    }
}
