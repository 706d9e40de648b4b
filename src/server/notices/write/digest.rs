//! A workgroup owner's digest, gathered anew when it is delivered.

use super::{Written, recipient};
use crate::domain::digest::zone;
use crate::server::error::Result;
use crate::server::mail::letters::Digest;
use crate::server::notices::digest::{Gathered, gather};
use crate::server::state::AppState;
use crate::server::store::digests::Reader;
use crate::server::store::outbox::Owed;
use crate::server::store::{self, Tx};
use anyhow::Context;

/// `day`: the reader's local date that it was owed for, `2026-11-22`. Dropped when its reader owns nothing any more, or when an
/// earlier one that was late has told it all.
pub(super) async fn letter(
    state: &AppState,
    tx: &mut Tx,
    owed: &Owed,
    user_id: &str,
    day: &str,
) -> Result<Option<Written>> {
    let found = store::digests::find(tx, user_id).await?;
    let Some(reader) = found.filter(|it| it.email == owed.recipient) else { return Ok(None) };
    let day = day.parse().context("a digest is owed for no date")?;
    let gathered = gather(tx, &reader, state.now()).await?;
    let zone = zone(&reader.time_zone);
    if !gathered.tidings.worth_sending(reader.off, &zone, day, reader.sent_at) {
        return Ok(None);
    }
    let Gathered { workgroups, owned, told, .. } = gathered;
    let url = state.config.public_url.as_str();
    let code = code(state, tx, &reader).await?;
    let digest = Digest {
        to: &recipient(owed)?,
        workgroups: &workgroups,
        owned,
        zone: &reader.time_zone,
        url,
        unsubscribe: &format!("{url}/unsubscribe/{code}"),
        off: reader.off,
        now: state.now(),
    };
    Ok(Some(Written { told, ..Written::open(digest.letter()?) }))
}

/// The same in every digest of a person, so that the link of an old one still works.
async fn code(state: &AppState, tx: &mut Tx, reader: &Reader) -> Result<String> {
    if let Some(code) = &reader.code {
        return Ok(code.clone());
    }
    let code = state.chance.code()?.reveal().to_owned();
    store::digests::mark_code(tx, &reader.id, &code).await?;
    Ok(code)
}
