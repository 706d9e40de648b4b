//! The route policies of a workgroup as they stand.

use crate::domain::activity::Verb;
use crate::domain::rights::Seat;
use crate::domain::routes::{RawTrial, Route, RoutePolicies, RoutesPage, WrittenRoutes};
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store;
use crate::server::viewer::Visit;
use anyhow::anyhow;

/// The page, for owners; `asked` is what its *try it* box asks.
pub async fn page(visit: &Visit, slug: &str, asked: RawTrial) -> Result<RoutesPage> {
    let seat = visit.seat(slug).await?;
    seat.owns()?;
    let state = &visit.state;
    let mut reader = state.db.read().await?;
    let written = store::routes::find(&mut reader, &seat.workgroup.id).await?;
    let catalogue = store::permissions::list(&mut reader).await?;
    let id = &seat.workgroup.id;
    let rows = store::activity::list_of_subject(&mut reader, id, id, 20).await?;
    drop(reader);
    let last = rows.into_iter().find(|row| row.denied.is_none() && row.verb == Verb::RoutesChanged);
    let text = written.text.as_deref().unwrap_or_default();
    let (routes, void) = (routes(&written)?, RoutePolicies::parse(text, &catalogue).err());
    let tried = if asked.is_empty() || written.text.is_none() {
        None
    } else {
        let verdict = super::trial::run(state, &seat, &asked, None).await;
        Some((asked, verdict.map_err(Error::into_refusal)))
    };
    Ok(RoutesPage {
        workgroup: seat.workgroup,
        written,
        routes,
        void: void.unwrap_or_default(),
        catalogue,
        last,
        public_url: state.config.public_url.as_str().to_owned(),
        tried,
        now: state.now(),
    })
}

/// As they stand, for a seat that owns the workgroup or manages access in all of it.
pub async fn read(state: &AppState, seat: &Seat) -> Result<(WrittenRoutes, Vec<Route>)> {
    seat.reads_routes()?;
    let mut reader = state.db.read().await?;
    let written = store::routes::find(&mut reader, &seat.workgroup.id).await?;
    let routes = routes(&written)?;
    Ok((written, routes))
}

fn routes(written: &WrittenRoutes) -> Result<Vec<Route>> {
    Ok(stored(written)?.routes().to_vec())
}

/// What stands in the store was judged before.
pub(super) fn stored(written: &WrittenRoutes) -> Result<RoutePolicies> {
    let policies = RoutePolicies::stored(written.text.as_deref().unwrap_or_default());
    Ok(policies.map_err(|wrong| anyhow!("kept route policies cannot be read: {wrong:?}"))?)
}
