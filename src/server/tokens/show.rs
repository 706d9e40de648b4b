//! One token, with everything that its page tells.

use super::list::SPARK_DAYS;
use super::reissue::{self, shortening};
use super::sight;
use crate::domain::answers::{MadeToken, TokenPage};
use crate::domain::device::{DeviceGroup, GroupRule};
use crate::domain::notice::{next_notices, zone_of};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::domain::time::Time;
use crate::domain::token::{Reach, Token};
use crate::domain::token_usage::{Subject, TokenUsage};
use crate::server::error::{Error, Result};
use crate::server::state::AppState;
use crate::server::store::{self, Lanes};
use crate::server::viewer::Visit;
use anyhow::Context;

/// Rows of activity on a token's page.
const ACTIVITIES: i64 = 50;
/// Permissions, devices and addresses there. More permissions than are kept: which were never asked for is told by all.
const PERMISSIONS: i64 = 300;
const DEVICES: i64 = 10;
const ADDRESSES: i64 = 10;
/// Rows of notices there: more than the stages of one string.
const NOTICES: i64 = 20;

pub async fn page(visit: &Visit, slug: &str, id: &str) -> Result<TokenPage> {
    let (state, seat) = (&visit.state, visit.seat(slug).await?);
    let now = state.now();
    let mut reader = state.db.read().await?;
    let mut token = sight::find(&mut reader, &seat, id).await?;
    store::tokens::add_uses(&mut reader, &mut token, now.day() - SPARK_DAYS + 1).await?;
    let usage = usage(&mut reader, id, now).await?;
    let reissue_barred = match reissue::may(&mut reader, &seat, &token).await {
        Ok(()) => None,
        Err(Error::Refused(refusal)) => Some(refusal.detail),
        Err(fault) => return Err(fault),
    };
    let mut permissions = store::permissions::list(&mut reader).await?;
    permissions.retain(|permission| token.permissions.contains(&permission.name));
    let (lifetime, shortened) = seat.workgroup.policy.clamp(token.kind, token.lifetime);
    Ok(TokenPage {
        permissions,
        usage,
        group: group(&mut reader, &seat, &token).await?,
        activity: store::activity::list_of_subject(&mut reader, &seat.workgroup.id, id, ACTIVITIES)
            .await?,
        reads_record: seat.reads_record().is_ok(),
        notices: store::letters::list_of_token(&mut reader, id, NOTICES).await?,
        next_notice: next_notice(&mut reader, &seat, &token, now).await?,
        made: made(&mut reader, &seat, id).await?,
        reissue_barred,
        next_end: lifetime.end(now),
        shortened: shortened.then(|| shortening(&token, lifetime.label())),
        default_rate_limit: state.config.rate_limit,
        idempotency_key: state.chance.code()?.reveal().to_owned(),
        workgroup: seat.workgroup,
        token,
        now,
    })
}

pub async fn one(state: &AppState, seat: &Seat, id: &str) -> Result<Token> {
    let mut reader = state.db.read().await?;
    sight::find(&mut reader, seat, id).await
}

/// The slug of the workgroup that a token belongs to: for the command line, which names tokens by id alone.
pub async fn workgroup_of(state: &AppState, id: &str) -> Result<String> {
    let mut reader = state.db.read().await?;
    let found = store::tokens::find_anywhere(&mut reader, id).await?;
    let (workgroup_id, _) = found.ok_or_else(|| Refusal::not_found("token"))?;
    let workgroup = store::workgroups::find_by_id(&mut reader, &workgroup_id).await?;
    Ok(workgroup.context("a token belongs to no workgroup")?.slug)
}

/// What its calls tell, of each kind the first.
pub async fn usage(on: &mut impl Lanes, id: &str, now: Time) -> Result<TokenUsage> {
    let from_day = now.day() - SPARK_DAYS + 1;
    let refusals = store::refusals::list_of_token(on, id, from_day).await?;
    let (permissions, _) =
        store::asks::list_of_token(on, id, Subject::Permission, PERMISSIONS).await?;
    let (devices, device_count) =
        store::asks::list_of_token(on, id, Subject::Device, DEVICES).await?;
    let (addresses, address_count) = store::token_addresses::list_latest(on, id, ADDRESSES).await?;
    Ok(TokenUsage { refusals, permissions, devices, device_count, addresses, address_count })
}

/// The rule of the token's group in words, and how many devices it holds at present.
async fn group(on: &mut impl Lanes, seat: &Seat, token: &Token) -> Result<Option<(String, i64)>> {
    let Reach::Group { id, .. } = &token.reach else { return Ok(None) };
    let Some(group) = store::groups::find_by_id(on, id).await? else { return Ok(None) };
    let devices = store::groups::count_devices(on, &seat.workgroup.id, &group).await?;
    Ok(Some((rule(&group), devices)))
}

fn rule(group: &DeviceGroup) -> String {
    match &group.rule {
        GroupRule::In(_) => "by a list of devices".to_owned(),
        GroupRule::NotIn(ids) => format!("all devices but {}", ids.len()),
        GroupRule::Metadata { key, value } => format!("by metadata, {key} = {value}"),
    }
}

/// When the token's address is told next, and of which stage.
async fn next_notice(
    on: &mut impl Lanes,
    seat: &Seat,
    token: &Token,
    now: Time,
) -> Result<Option<(Time, i64)>> {
    let mut told = store::looks::list_told(on, std::slice::from_ref(&token.id)).await?;
    told.retain(|row| row.address == token.email);
    let told: Vec<_> = told.iter().map(store::looks::ToldRow::told).collect();
    let zone = zone_of(&seat.workgroup.time_zone);
    let next = next_notices(token, &seat.workgroup.policy, &zone, &told, now);
    Ok(next.into_iter().next())
}

/// The tokens that this one made and that the seat sees.
async fn made(on: &mut impl Lanes, seat: &Seat, id: &str) -> Result<Vec<MadeToken>> {
    let mut list = Vec::new();
    for token in store::tokens::list_made_by(on, &seat.workgroup.id, id).await? {
        if let Ok(token) = sight::find(on, seat, &token.id).await {
            let (title, hint) = (token.title(), token.hint().to_owned());
            list.push(MadeToken { id: token.id, title, hint });
        }
    }
    Ok(list)
}
