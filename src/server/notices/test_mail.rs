//! A test mail: to whoever asks for it, at their own address.

use super::{Letter, owe, owed_lately};
use crate::domain::activity::Verb;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::domain::time::MINUTE;
use crate::domain::user::{Email, User};
use crate::server::activity::{Attempt, Deed, Subject, note_denial, record, values};
use crate::server::error::Result;
use crate::server::people::members::still;
use crate::server::state::AppState;

/// One person asks for one at most in this time.
const EVERY: i64 = MINUTE;

/// Owes the letter.
///
/// # Errors
/// As the rules of `domain::rights` say; a conflict when one is on its way, or was sent in the last minute.
pub async fn send(
    state: &AppState,
    seat: &Seat,
    person: &User,
    address: Option<&str>,
) -> Result<()> {
    let subject = Subject::workgroup(&seat.workgroup);
    let attempt = Attempt { verb: Verb::TestMailSent, subject, address };
    note_denial(state, seat, attempt, write(state, seat, person, address).await).await
}

async fn write(state: &AppState, seat: &Seat, person: &User, address: Option<&str>) -> Result<()> {
    let mut tx = state.db.begin().await?;
    let seat = still(&mut tx, seat).await?;
    seat.reads_notices()?;
    let (workgroup_id, by) = (seat.workgroup.id.clone(), person.name.clone());
    let letter = Letter::Test { workgroup_id, by };
    if owed_lately(&mut tx, &letter, state.now() - EVERY).await? {
        return Err(Refusal::conflict(format!(
            "A test mail to {} is on its way, or went out less than a minute ago. Its row below says how it was taken. Nothing more was sent.",
            person.email
        ))
        .into());
    }
    let recipient = Email::parse(&person.email).map_err(anyhow::Error::msg)?;
    owe(state, &mut tx, &letter, Some(&seat.workgroup.id), &recipient).await?;
    let deed = Deed {
        verb: Verb::TestMailSent,
        subject: Subject::workgroup(&seat.workgroup),
        before: values([]),
        after: values([("To", person.email.clone())]),
        address,
    };
    record(state, &mut tx, &seat, deed).await?;
    state.commit(tx).await
}
