//! Introspection (RFC 7662): what a token of the caller's own workgroup is, and whether it may do something. Of anything else nothing
//! is told, whatever the reason.

use super::authorize::{Asked, Denied, Live, charge, count, in_the_index, judge, of_live, present};
use crate::domain::demand::{Demand, DeviceAsked};
use crate::domain::permission::TOKENS_INTROSPECT;
use crate::domain::refusal::Refusal;
use crate::domain::time::Time;
use crate::domain::token::Kind;
use crate::server::grants::Opens;
use crate::server::state::AppState;
use std::sync::LazyLock;

/// What is told of an active token.
#[derive(Debug)]
pub struct Active {
    pub live: Live,
    /// Whether it may, where something was asked or it has made too many requests.
    pub allowed: Option<Result<(), Refusal>>,
}

/// What is asked of whoever asks.
static CALLER: LazyLock<Demand> = LazyLock::new(|| Demand {
    kind: Some(Kind::Access),
    permissions: vec![TOKENS_INTROSPECT.to_owned()],
    device: DeviceAsked::Any,
});

/// Whoever asks about others: an access token that may check them.
///
/// # Errors
/// Whatever is wrong with the caller's own string, or the right that it lacks.
pub fn caller(state: &AppState, asked: Asked<'_>, now: Time) -> Result<Live, Denied> {
    let live = present(state, asked, now)?;
    let verdict = judge(&live, &CALLER);
    count(state, &live, asked, now, verdict.as_ref().err(), std::iter::once(&*CALLER));
    match verdict {
        Ok(()) => Ok(live),
        Err(refusal) => Err(of_live(&live, refusal)),
    }
}

/// `None`: not active, as far as this caller may know. The token examined is charged, never its caller.
///
/// # Errors
/// Only that nothing can be said at the moment.
pub fn introspect(
    state: &AppState,
    caller: &Live,
    text: &str,
    address: &str,
    demand: Option<Demand>,
    now: Time,
) -> Result<Option<Active>, Refusal> {
    state.grants.require_fresh(&state.clock)?;
    let slug = caller.grant().home.slug.as_ref();
    let asked = Asked { text, address, workgroup: Some(slug) };
    let Ok(live) = in_the_index(state, asked, now) else { return Ok(None) };
    if !sees(caller, &live) {
        return Ok(None);
    }
    let charged = charge(state, &live).map_err(|denied| *denied.refusal);
    let verdict = charged.and_then(|()| demand.iter().try_for_each(|demand| judge(&live, demand)));
    count(state, &live, asked, now, verdict.as_ref().err(), demand.iter());
    let allowed = (demand.is_some() || verdict.is_err()).then_some(verdict);
    Ok(Some(Active { live, allowed }))
}

/// A caller bound to a group learns only of tokens of that very group and of device tokens of its devices.
fn sees(caller: &Live, live: &Live) -> bool {
    match (&caller.grant().opens, &live.grant().opens) {
        (Opens::Workgroup, _) => true,
        (Opens::Group(own), Opens::Group(other)) => own == other,
        (Opens::Group(_), Opens::Device(id)) => caller.reaches(id),
        _ => false,
    }
}
