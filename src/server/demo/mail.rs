//! The mail of the demonstration: what was owed is delivered when it was, to a server that nobody runs. One letter was refused,
//! one still waits; nothing else is left for a real server to send.

use super::move_to;
use crate::domain::time::{DAY, HOUR, MINUTE, Time};
use crate::server::error::Result;
use crate::server::notices::{deliver, digest, sweep};
use crate::server::state::AppState;
use crate::server::store::{self, demo::Sent};

/// How far back notices went out: before, nobody had set up any mail.
const SWEPT: i64 = 35 * DAY;
const SWEPT_EVERY: i64 = 4 * HOUR;
/// How far back owners had their digests.
const DIGESTS: i64 = 12 * DAY;

/// The recipient of one letter has left the firm.
const REFUSED: &str = "550 5.1.1 Recipient address rejected: User unknown in virtual mailbox table";
/// The server of another one asks for patience.
const PUT_OFF: &str = "451 4.7.1 Greylisting in action, please come back later";

/// Lets time pass until `then`, with sweeps on the way and at its end, and delivers what was owed meanwhile.
pub async fn pass(past: &AppState, now: Time, then: Time) -> Result<()> {
    deliver_all(past).await?;
    if then < now - SWEPT {
        move_to(past, then);
        return Ok(());
    }
    move_to(past, now - SWEPT);
    while past.now() < then {
        move_to(past, then.min(next(past.now())));
        sweep::run(past).await?;
        deliver_all(past).await?;
    }
    Ok(())
}

/// On the hour, so that what is due by the hour goes out by it.
fn next(at: Time) -> Time {
    at + SWEPT_EVERY - at.0.rem_euclid(SWEPT_EVERY)
}

/// The digests of the last days.
pub async fn digests(past: &AppState, now: Time) -> Result<()> {
    move_to(past, now - DIGESTS);
    while past.now() < now {
        digest::run(past).await?;
        deliver_all(past).await?;
        move_to(past, now.min(next(past.now())));
    }
    Ok(())
}

async fn deliver_all(past: &AppState) -> Result<()> {
    while deliver::round(past).await?.sent > 0 {}
    Ok(())
}

/// Not everything got through. `first`: the workgroup whose letter was refused.
pub async fn trouble(state: &AppState, first: &str) -> Result<()> {
    let now = state.now();
    let mut tx = state.db.begin().await?;
    let sent = store::demo::list_sent(&mut tx).await?;
    let between = |it: &&Sent, oldest: i64, newest: i64| {
        (now.0 - oldest..=now.0 - newest).contains(&it.sent_at) && it.letter == "expiry"
    };
    let refused =
        sent.iter().filter(|it| it.workgroup_id == first).find(|it| between(it, 20 * DAY, 2 * DAY));
    if let Some(refused) = refused {
        store::demo::mark_given_up(&mut tx, &refused.id, REFUSED).await?;
    }
    if let Some(waits) = sent.iter().find(|it| between(it, 2 * DAY, 0)) {
        let due_at = now + 20 * MINUTE;
        store::demo::mark_waiting(&mut tx, &waits.id, due_at, 4, PUT_OFF).await?;
    }
    store::installation::mark_swept(&mut tx, now).await?;
    state.commit(tx).await
}
