//! Whether somebody gets the daily digest: chosen on their account page, or turned off by the link in each digest (RFC 8058).

use crate::domain::activity::{Actor, Values, Verb};
use crate::domain::answers::UnsubscribePage;
use crate::domain::refusal::{Code, Refusal};
use crate::server::activity::{Deed, Subject, record_installation};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::digests::Subscriber;
use crate::server::store::{self, Lanes, Tx};
use crate::server::viewer::Visit;

/// Whether they get it; `None`: they own no workgroup, so there is none.
pub async fn wanted(state: &AppState, user_id: &str) -> Result<Option<bool>> {
    let found = store::digests::find(&mut state.db.read().await?, user_id).await?;
    Ok(found.map(|reader| !reader.off))
}

/// Turns one's own digest on or off; where it is so already, nothing is written or recorded.
pub async fn choose(visit: &Visit, on: bool) -> Result<()> {
    let (person, state) = (visit.person()?, &visit.state);
    let mut tx = state.db.begin().await?;
    if store::digests::find_off(&mut tx, &person.id).await? == on {
        mark(state, &mut tx, (&person.id, &person.name), on, &visit.address).await?;
        state.commit(tx).await?;
    }
    Ok(())
}

/// What the link's page shows.
///
/// # Errors
/// Not found, when nobody was sent such a link.
pub async fn page(state: &AppState, code: &str) -> Result<UnsubscribePage> {
    let found = find(&mut state.db.read().await?, code).await?;
    let host = state.config.public_url.host().to_owned();
    Ok(UnsubscribePage { host, email: found.email, off: found.off })
}

/// Turns the digest off for whoever was sent the link; a second time does nothing.
///
/// # Errors
/// As [`page`].
pub async fn unsubscribe(state: &AppState, code: &str, address: &str) -> Result<()> {
    // First without a transaction: whoever guesses makes no work for anybody else.
    find(&mut state.db.read().await?, code).await?;
    let mut tx = state.db.begin().await?;
    let found = find(&mut tx, code).await?;
    if !found.off {
        mark(state, &mut tx, (&found.id, &found.name), false, address).await?;
        state.commit(tx).await?;
    }
    Ok(())
}

/// `who`: id and name.
async fn mark(
    state: &AppState,
    tx: &mut Tx,
    (id, name): (&str, &str),
    on: bool,
    address: &str,
) -> Result<()> {
    store::digests::mark_off(tx, id, !on).await?;
    let said = |on: bool| {
        let word = if on { "on" } else { "off" };
        Values::from([("daily_digest".to_owned(), word.to_owned())])
    };
    let actor = Actor::Person { id: id.to_owned(), name: name.to_owned() };
    let deed = Deed {
        verb: Verb::UserEdited,
        subject: Subject::new("user", id, name),
        before: said(!on),
        after: said(on),
        address: Some(address),
    };
    record_installation(state, tx, &actor, deed).await
}

async fn find(on: &mut impl Lanes, code: &str) -> Result<Subscriber> {
    let found = store::digests::find_by_code(on, code).await?;
    let unknown = || {
        Refusal::new(
            Code::NotFound,
            "Nobody was sent this link; perhaps it was cut short. Sign in to turn your digest on or off on your account page.",
        )
    };
    Ok(found.ok_or_else(unknown)?)
}
