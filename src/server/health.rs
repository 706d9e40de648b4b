//! How the installation is: whether the clock's work is done, whether mail gets through, whether the clock is believed.

use super::error::Result;
use super::metrics::Standing;
use super::state::AppState;
use super::store;
use crate::domain::time::{MINUTE, Time};
use anyhow::Context;
use std::time::Duration;

/// A sweep that ended longer ago than this is late.
pub const SWEEP_LATE: i64 = 10 * MINUTE;

/// A database that has not answered by then does not answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Said while no verdict may come from memory.
const DEAF: &str =
    "The verify index has not heard from the database for five seconds, so no call is allowed.";

/// What can be said of an installation whose database answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    pub now: Time,
    /// `None`: never.
    pub last_tidied_at: Option<Time>,
    /// `None`: never.
    pub last_sweep_at: Option<Time>,
    pub letters: store::health::Letters,
    /// Whether nothing is sent until somebody mends a setting.
    pub mail_alarm: bool,
    pub clock_doubted: bool,
    /// What keeps it from doing its work, in words.
    pub faults: Vec<String>,
}

/// Asks the database, and fails when that is gone or hangs.
pub async fn look(state: &AppState) -> Result<Health> {
    tokio::time::timeout(PATIENCE, ask(state)).await.context("the database hangs")?
}

async fn ask(state: &AppState) -> Result<Health> {
    let now = state.now();
    let mut reader = state.db.read().await?;
    let installation = store::installation::find(&mut reader).await?;
    let letters = store::health::letters(&mut reader).await?;
    let clock_doubted = installation.clock_doubted_at.is_some();
    let last_sweep_at = past(installation.last_sweep_at);
    let late = sweep_is_late(last_sweep_at, now, state.clock.uptime());
    // While the clock is not believed no sweep is due: that has an alarm of its own, and tokens are to be judged meanwhile.
    let mut faults =
        if late && !clock_doubted { vec![late_words(last_sweep_at)] } else { Vec::new() };
    if state.grants.require_fresh(&state.clock).is_err() {
        faults.push(DEAF.to_owned());
    }
    Ok(Health {
        now,
        last_tidied_at: past(installation.last_seen_at),
        last_sweep_at,
        letters,
        mail_alarm: installation.mail_alarm.is_some(),
        clock_doubted,
        faults,
    })
}

/// The same in numbers, with the tokens of all workgroups.
pub async fn standing(state: &AppState) -> Result<Standing> {
    let health = look(state).await?;
    let tokens = store::health::tokens(&mut state.db.read().await?, health.now).await?;
    let oldest = health.letters.oldest_at.map_or(0, |at| (health.now.0 - at.0).max(0));
    Ok(Standing {
        last_sweep: health.last_sweep_at.map_or(0, |at| at.0),
        oldest_unsent_age: oldest,
        letters_waiting: health.letters.waiting,
        letters_undelivered: health.letters.undelivered,
        mail_paused: health.mail_alarm,
        clock_doubted: health.clock_doubted,
        tokens: [
            ("active", tokens.active),
            ("expired", tokens.expired),
            ("revoked", tokens.revoked),
        ],
    })
}

/// Whether the last sweep is longer ago than it may be. A server that has just begun is given that long to make its first.
#[must_use]
pub fn sweep_is_late(last: Option<Time>, now: Time, uptime: i64) -> bool {
    uptime > SWEEP_LATE && last.is_none_or(|last| now.0 - last.0 > SWEEP_LATE)
}

fn late_words(last: Option<Time>) -> String {
    match last {
        Some(last) => format!("The last sweep ended on {}.", last.exact()),
        None => "No sweep has ended yet.".to_owned(),
    }
}

/// Zero stands for never.
fn past(at: Time) -> Option<Time> {
    Some(at).filter(|at| at.0 > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_is_late_after_ten_minutes_unless_the_server_has_just_begun() {
        let now = Time(1_000_000);
        let cases = [
            (Some(0), SWEEP_LATE + 1, false),
            (Some(SWEEP_LATE), SWEEP_LATE + 1, false),
            (Some(SWEEP_LATE + 1), SWEEP_LATE + 1, true),
            (Some(SWEEP_LATE + 1), SWEEP_LATE, false),
            (Some(-SWEEP_LATE * 9), SWEEP_LATE * 9, false),
            (None, SWEEP_LATE, false),
            (None, SWEEP_LATE + 1, true),
        ];
        for (ago, uptime, late) in cases {
            let last = ago.map(|ago| now - ago);
            assert_eq!(sweep_is_late(last, now, uptime), late, "{ago:?} {uptime}");
        }
    }
}
