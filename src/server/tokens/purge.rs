//! Removal by the clock: tokens four weeks after their end, strings four weeks after theirs; a tombstone of each stays a year.
//!
//! Batch after batch, each a transaction in which everything is judged again by the rules that judge a call: what lives is
//! never taken, whatever a date in a row says.

use super::settle::settle;
use crate::domain::activity::{Actor, Verb};
use crate::domain::time::Time;
use crate::domain::token::Token;
use crate::domain::tombstone::KEPT;
use crate::domain::{status::REMOVED_AFTER, workgroup::Workgroup};
use crate::server::activity::{Deed, Subject, record_by, values};
use crate::server::clock_guard;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::removal::{self, Ended, EndedString};
use crate::server::store::{self, Tx};
use anyhow::Context;
use std::time::Duration;
use tokio::time::Instant;

/// Rows in one transaction, and how long it may keep other writers waiting: whichever comes first ends a batch.
const MOST_AT_ONCE: i64 = 100;
const NO_LONGER_THAN: Duration = Duration::from_millis(30);
/// What one run of the clock takes at most; the rest is for the next one, so that a server that is told to stop can.
const NO_RUN_LONGER_THAN: Duration = Duration::from_secs(10);

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    pub tokens: u32,
    /// Besides those that left with their token.
    pub strings: u32,
    pub tombstones: u32,
}

/// Removes what is due, for some seconds at most. Nothing while the clock is in doubt.
pub async fn run(state: &AppState) -> Result<Purged> {
    let Some(now) = clock_guard::believed(state).await? else { return Ok(Purged::default()) };
    Run { state, now, until: Some(Instant::now() + NO_RUN_LONGER_THAN) }.all().await
}

/// Removes all that is due, however long it takes. `None`: the clock is in doubt, and nothing was removed.
pub async fn to_the_end(state: &AppState) -> Result<Option<Purged>> {
    let Some(now) = clock_guard::believed(state).await? else { return Ok(None) };
    Run { state, now, until: None }.all().await.map(Some)
}

/// One removal. `now` was believed; the clock is not asked again.
struct Run<'a> {
    state: &'a AppState,
    now: Time,
    until: Option<Instant>,
}

impl Run<'_> {
    async fn all(&self) -> Result<Purged> {
        let mut purged = Purged::default();
        while self.goes_on()
            && let Some(gone) = self.tokens().await?
        {
            purged.tokens += gone;
            tokio::task::yield_now().await;
        }
        for how in [Ended::Expired, Ended::Retired] {
            let mut behind = EndedString::default();
            while self.goes_on()
                && let Some(gone) = self.strings(how, &mut behind).await?
            {
                purged.strings += gone;
                tokio::task::yield_now().await;
            }
        }
        while self.goes_on()
            && let Some(gone) = self.tombstones().await?
        {
            purged.tombstones += gone;
            tokio::task::yield_now().await;
        }
        Ok(purged)
    }

    fn goes_on(&self) -> bool {
        self.until.is_none_or(|until| Instant::now() < until)
    }

    /// A batch of tokens; `None` once there are no more.
    async fn tokens(&self) -> Result<Option<u32>> {
        let mut tx = self.state.db.begin().await?;
        let ids = removal::list_due(&mut tx, self.now, MOST_AT_ONCE).await?;
        if ids.is_empty() {
            return Ok(None);
        }
        let (began, mut gone) = (Instant::now(), 0);
        for id in ids {
            gone += u32::from(self.token(&mut tx, &id).await?);
            if began.elapsed() >= NO_LONGER_THAN {
                break;
            }
        }
        self.state.commit(tx).await?;
        Ok(Some(gone))
    }

    /// Removes one token; `false` if it is not over after all.
    async fn token(&self, tx: &mut Tx, id: &str) -> Result<bool> {
        let (workgroup, token) = found(tx, id).await?;
        if !token.is_to_be_removed(self.now) {
            // The date in the row does not follow from its strings. Put right, it does not come back in the next batch.
            let at = token.remove_at().map(|at| at.max(self.now + REMOVED_AFTER));
            removal::mark_remove_at(tx, id, at).await?;
            return Ok(false);
        }
        for string in &token.strings {
            store::tombstones::insert(tx, &workgroup.id, &token, string, self.now).await?;
        }
        removal::delete_token(tx, id).await?;
        store::expiry_days::mark_moved(tx, &workgroup.id, Some(&token), None).await?;
        store::changes::insert(tx, store::changes::Subject::Token, id).await?;
        self.record(tx, &workgroup, &token).await?;
        Ok(true)
    }

    async fn record(&self, tx: &mut Tx, workgroup: &Workgroup, token: &Token) -> Result<()> {
        let mut before = values([
            ("Token owner", token.owner.clone()),
            ("Email address", token.email.clone()),
            ("String", token.hint().to_owned()),
        ]);
        let ends = [("Expired", token.expires_at), ("Revoked", token.revoked_at)];
        before
            .extend(ends.into_iter().filter_map(|(name, at)| Some((name.to_owned(), at?.exact()))));
        let deed = Deed {
            verb: Verb::TokenRemoved,
            subject: Subject::token(token),
            before,
            after: values([]),
            address: None,
        };
        record_by(self.state, tx, &workgroup.id, &Actor::Clock, deed).await
    }

    /// A batch of strings behind the last one that was looked at; `None` once there are no more.
    async fn strings(&self, how: Ended, behind: &mut EndedString) -> Result<Option<u32>> {
        let mut tx = self.state.db.begin().await?;
        let until = self.now - REMOVED_AFTER;
        let ended = removal::list_ended_strings(&mut tx, how, until, behind, MOST_AT_ONCE).await?;
        if ended.is_empty() {
            return Ok(None);
        }
        let (began, mut gone, mut seen) = (Instant::now(), 0, None);
        for string in ended {
            // Strings of one token lie side by side more often than not: all of them went with the first.
            if seen.as_ref() != Some(&string.token_id) {
                gone += self.strings_of(&mut tx, &string.token_id).await?;
                seen = Some(string.token_id.clone());
            }
            *behind = string;
            if began.elapsed() >= NO_LONGER_THAN {
                break;
            }
        }
        self.state.commit(tx).await?;
        Ok(Some(gone))
    }

    /// Removes the dead strings of one token, which itself stays.
    async fn strings_of(&self, tx: &mut Tx, id: &str) -> Result<u32> {
        let (workgroup, token) = found(tx, id).await?;
        let mut gone = 0;
        for string in token.strings_to_remove(self.now) {
            store::tombstones::insert(tx, &workgroup.id, &token, string, self.now).await?;
            removal::delete_string(tx, id, string.number).await?;
            gone += 1;
        }
        if gone > 0 {
            settle(tx, &workgroup, &token).await?;
        }
        Ok(gone)
    }

    async fn tombstones(&self) -> Result<Option<u32>> {
        let mut tx = self.state.db.begin().await?;
        let gone = store::tombstones::delete_old(&mut tx, self.now - KEPT, MOST_AT_ONCE).await?;
        self.state.commit(tx).await?;
        Ok((gone > 0).then_some(u32::try_from(gone).unwrap_or(u32::MAX)))
    }
}

async fn found(tx: &mut Tx, id: &str) -> Result<(Workgroup, Token)> {
    let (workgroup_id, token) = store::tokens::find_anywhere(tx, id)
        .await?
        .context("a token is gone in the middle of its removal")?;
    let workgroup = store::workgroups::find_by_id(tx, &workgroup_id).await?;
    Ok((workgroup.context("a token belongs to no workgroup")?, token))
}
