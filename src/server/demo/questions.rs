//! What the APIs asked of the demonstration's tokens, and why they said no now and then.

use super::calendar::salt;
use crate::domain::permission::READ;
use crate::domain::refusal::Code;
use crate::domain::token::{DayUse, Kind, Reach, Token};
use crate::domain::token_usage::Subject;
use crate::server::error::Result;
use crate::server::store::{self, Tx, asks, refusals};

/// What is tried in vain by whom it was not granted, and the device beside a group.
const COVETED: [&str; 2] = ["devices.control", "dashboards.manage"];
const OUTSIDE: &str = "sp-filt-1";

/// Tells the refusals of these days and what was asked for on them. Calls that were refused for want of a right are added
/// to the days: what is refused there already came after the end.
pub async fn write(tx: &mut Tx, token: &Token, days: &mut [(&str, DayUse)]) -> Result<()> {
    let (mut rows, vain) = (Vec::new(), in_vain(token));
    for (token_id, used) in days.iter_mut() {
        let row = |code, about, calls| refusals::Row {
            token_id,
            number: used.number,
            day: used.day,
            code,
            about,
            calls,
        };
        if used.refused > 0 {
            rows.push(row(ended(token, used.number), "", used.refused));
        }
        if let Some((code, about, one_in)) = vain
            && used.allowed >= one_in
        {
            rows.push(row(code, about, used.allowed / one_in));
            used.refused += used.allowed / one_in;
        }
    }
    store::refusals::insert_or_add(tx, &rows).await?;
    store::asks::insert_or_add(tx, &asked(token, days, vain)).await
}

/// Why calls with a string are refused after its end.
fn ended(token: &Token, number: i64) -> Code {
    let string = token.strings.iter().find(|string| string.number == number);
    match string {
        _ if token.revoked_at.is_some() => Code::TokenRevoked,
        Some(string) if string.retired_at < string.expires_at && string.retired_at.is_some() => {
            Code::TokenSuperseded
        }
        _ => Code::TokenExpired,
    }
}

/// What the holder tries in vain, for some tokens: the code, the permission that is missing, and one call in how many.
type Vain = (Code, &'static str, i64);

fn in_vain(token: &Token) -> Option<Vain> {
    if token.kind != Kind::Access {
        return None;
    }
    match (salt(&token.title()) % 3, &token.reach) {
        (_, Reach::Group { .. }) => Some((Code::NotFound, "", 40)),
        (0, _) => Some((Code::RateLimited, "", 900)),
        (1, _) => {
            let lacks = COVETED.into_iter().find(|name| !token.permissions.contains(*name));
            lacks.map(|name| (Code::InsufficientPermissions, name, 30))
        }
        _ => None,
    }
}

/// Its own permissions but the last of three and more, which nobody asks for; its device; and what it tries in vain.
fn asked<'a>(
    token: &'a Token,
    days: &[(&'a str, DayUse)],
    vain: Option<Vain>,
) -> Vec<asks::Row<'a>> {
    let (Some((token_id, last)), false) = (days.last(), token.kind == Kind::Legacy) else {
        return Vec::new();
    };
    let allowed: i64 = days.iter().map(|(_, used)| used.allowed).sum();
    let row =
        |subject, name, calls| asks::Row { token_id, subject, name, calls, last_day: last.day };
    let own = token.permissions.iter().filter(|name| *name != READ || token.permissions.len() == 1);
    let own: Vec<_> = own.map(String::as_str).collect();
    let asked = own.len() - usize::from(own.len() > 1);
    let mut rows: Vec<_> = own[..asked]
        .iter()
        .zip(1..)
        .map(|(name, share)| row(Subject::Permission, *name, allowed / share))
        .collect();
    if let Reach::Device { external_id, .. } = &token.reach {
        rows.push(row(Subject::Device, external_id.as_str(), allowed));
    }
    match vain {
        Some((Code::NotFound, _, one_in)) => {
            rows.push(row(Subject::Device, OUTSIDE, allowed / one_in));
        }
        Some((Code::InsufficientPermissions, name, one_in)) => {
            rows.push(row(Subject::Permission, name, allowed / one_in));
        }
        _ => {}
    }
    rows.retain(|row| row.calls > 0);
    rows
}
