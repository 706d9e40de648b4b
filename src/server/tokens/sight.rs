//! Which token a seat may see: another workgroup's, or one outside of the principal's group, does not exist.

use crate::domain::device::Device;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::rights::Seat;
use crate::domain::token::{Kind, Reach, Token};
use crate::server::error::Result;
use crate::server::store::{self, Lanes};

/// The token, if somebody who manages access from this seat sees it.
pub async fn find(on: &mut impl Lanes, seat: &Seat, id: &str) -> Result<Token> {
    seat.manages_access()?;
    let found = store::tokens::find(on, &seat.workgroup.id, id).await?;
    let token = found.ok_or_else(|| Refusal::not_found("token"))?;
    let device = device_of(on, seat, &token).await?;
    if !seat.sees(&token, device.as_ref()) {
        return Err(Refusal::not_found("token").into());
    }
    Ok(token)
}

/// Only a bound seat needs to know the device.
async fn device_of(on: &mut impl Lanes, seat: &Seat, token: &Token) -> Result<Option<Device>> {
    match (&seat.rights.group, &token.reach) {
        (Some(_), Reach::Device { id, .. }) => store::devices::find_by_id(on, id).await,
        _ => Ok(None),
    }
}

/// A revoked token is final.
pub fn stands(token: &Token) -> std::result::Result<(), Refusal> {
    match token.revoked_at {
        None => Ok(()),
        Some(at) => Err(Refusal::conflict(format!(
            "The token was revoked on {}. That is final; make a new one.",
            at.exact()
        ))),
    }
}

/// A legacy token is listed and can be revoked, nothing else.
pub fn is_not_legacy(token: &Token) -> std::result::Result<(), Refusal> {
    if token.kind != Kind::Legacy {
        return Ok(());
    }
    Err(Refusal::new(
        Code::LegacyToken,
        "A legacy token cannot be edited, renewed or reissued. Replace it by a new token.",
    ))
}
