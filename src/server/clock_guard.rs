//! The guard in front of what cannot be taken back: while the clock is not believed, nobody is removed and nobody is told
//! that a token expires. The rule is [`Watch`]; here it is asked, and what it found is kept for every process.

use super::activity::{Deed, Subject, record_installation};
use super::error::Result;
use super::state::AppState;
use super::store::{self, Lanes};
use crate::domain::activity::{Values, Verb};
use crate::domain::clock::{ClockDoubt, ClockPage, Finding};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Administrator;
use crate::domain::time::Time;
use crate::server::activity::values;

/// The time as it can be believed: what is removed or told by the clock is judged by this very value, for the clock may
/// leap a moment after it was looked at. `None`: the clock is in doubt.
pub async fn believed(state: &AppState) -> Result<Option<Time>> {
    let (now, doubt) = look(state).await?;
    Ok(doubt.is_none().then_some(now))
}

/// Looks at the clock, and says why it is not believed, if it is not.
pub async fn observe(state: &AppState) -> Result<Option<ClockDoubt>> {
    look(state).await.map(|(_, doubt)| doubt)
}

/// One look at a time in a process: what was seen counts only once the store knows of it.
async fn look(state: &AppState) -> Result<(Time, Option<ClockDoubt>)> {
    let mut kept = state.clock_watch.lock().await;
    let mut watch = kept.clone();
    let (now, uptime) = (state.now(), state.clock.uptime());
    let mut reader = state.db.read().await?;
    let known = store::installation::find(&mut reader).await?;
    drop(reader);
    let mut doubt = doubt_of(&known);
    let finding = watch.look(now, uptime, known.last_seen_at, doubt.is_some());
    if finding != Finding::Unchanged {
        let mut tx = state.db.begin().await?;
        doubt = match finding {
            Finding::Doubt(why) => {
                tracing::warn!("{why} Removal and expiry mail wait.");
                store::installation::mark_clock_doubted(&mut tx, now, &why).await?;
                Some(ClockDoubt { since: now, why })
            }
            Finding::Agreed | Finding::Unchanged => {
                tracing::info!("the clock is believed again: a day of uptime agrees with it");
                store::installation::mark_clock_trusted(&mut tx).await?;
                None
            }
        };
        state.commit(tx).await?;
    }
    *kept = watch;
    Ok((now, doubt))
}

fn doubt_of(known: &store::installation::Installation) -> Option<ClockDoubt> {
    let why = known.clock_doubt.clone().unwrap_or_default();
    known.clock_doubted_at.map(|since| ClockDoubt { since, why })
}

/// What the store knows of a doubt, without looking at the clock: for delivery and for pages.
pub async fn doubt(on: &mut impl Lanes) -> Result<Option<ClockDoubt>> {
    Ok(doubt_of(&store::installation::find(on).await?))
}

/// What an administrator is shown while the clock is in doubt.
pub async fn page(state: &AppState) -> Result<Option<ClockPage>> {
    let now = state.now();
    let mut reader = state.db.read().await?;
    let Some(doubt) = doubt(&mut reader).await? else { return Ok(None) };
    let to_remove = store::removal::count_due(&mut reader, now).await?;
    let to_look_at = store::removal::count_to_look_at(&mut reader, now).await?;
    Ok(Some(ClockPage { doubt, to_remove, to_look_at, now }))
}

/// An administrator says that the clock is right. `since`: the doubt that they were shown; another one since then is not
/// confirmed unseen. `false`: there was no doubt.
pub async fn confirm(
    state: &AppState,
    administrator: &Administrator,
    since: Option<Time>,
) -> Result<bool> {
    // A clock that has leaped a moment ago is doubted first, and then confirmed as it stands.
    observe(state).await?;
    let now = state.now();
    let mut tx = state.db.begin().await?;
    let Some(doubt) = doubt(&mut tx).await? else { return Ok(false) };
    if since.is_some_and(|since| since != doubt.since) {
        return Err(Refusal::conflict(
            "The clock has moved again since you opened this page. Nothing was confirmed; look at what it says now.",
        )
        .into());
    }
    store::installation::mark_clock_trusted(&mut tx).await?;
    // Else the next start would still find the installation long off.
    store::changes::mark_seen(&mut tx, now).await?;
    let deed = Deed {
        verb: Verb::ClockConfirmed,
        subject: Subject::new("installation", "clock", "The clock"),
        before: Values::from([("Doubt".to_owned(), doubt.why)]),
        after: values([("Time", now.exact())]),
        address: administrator.address.as_deref(),
    };
    record_installation(state, &mut tx, &administrator.actor, deed).await?;
    state.commit(tx).await?;
    Ok(true)
}
