//! What members of the demonstration tried without the right to it: the record shows that too.

use super::build::address_of;
use super::plan::Site;
use super::story::Lives;
use crate::domain::permission::ACCESS_MANAGE;
use crate::domain::refusal::Code;
use crate::domain::token_draft::RawDraft;
use crate::server::error::{Error, Result};
use crate::server::people::members;
use crate::server::state::AppState;
use crate::server::tokens::{issue, revoke};
use anyhow::anyhow;

/// The first member without Manage access tries to make a token, and then to revoke the newest one.
pub async fn try_in_vain(past: &AppState, site: &Site, slug: &str, lives: &Lives) -> Result<()> {
    let barred = site.members.iter().find(|it| !it.permissions.contains(&ACCESS_MANAGE));
    let Some(member) = barred else { return Ok(()) };
    let seat = members::seat_of(past, slug, member.email).await?;
    let address = address_of(member.email);
    let raw = RawDraft {
        owner: "Spreadsheet on my laptop".to_owned(),
        email: member.email.to_owned(),
        ..RawDraft::default()
    };
    denied(issue::issue(past, &seat, &raw, address, None).await)?;
    if let Some((_, life)) = lives.last_key_value() {
        denied(revoke::revoke(past, &seat, &life.token_id, false, address, None).await)?;
    }
    Ok(())
}

fn denied<T>(outcome: Result<T>) -> Result<()> {
    match outcome {
        Err(Error::Refused(refusal)) if refusal.code == Code::InsufficientPermissions => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Err(anyhow!("a member did what they have no right to").into()),
    }
}
