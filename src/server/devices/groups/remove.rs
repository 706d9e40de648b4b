//! Remove: a group that nothing refers to. Whatever is bound to it would otherwise reach everything, or nothing.

use super::find;
use crate::domain::activity::{Values, Verb};
use crate::domain::device_groups::GroupFacts;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::domain::usage::counted;
use crate::server::activity::{self, Attempt, Deed, Subject};
use crate::server::devices::keeps_devices;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx, changes};

/// At most this many of what is bound to it are named.
const NAMED: usize = 5;

/// Removes the group; gives it as it was.
pub async fn remove(
    state: &AppState,
    seat: &Seat,
    id: &str,
    address: Option<&str>,
) -> Result<GroupFacts> {
    let facts = find(&mut state.db.read().await?, seat, id).await?;
    let subject = Subject::new("device_group", id, &facts.name);
    let attempt = Attempt { verb: Verb::DeviceGroupRemoved, subject, address };
    let outcome = delete(state, seat, id, address).await;
    activity::note_denial(state, seat, attempt, outcome).await
}

async fn delete(
    state: &AppState,
    seat: &Seat,
    id: &str,
    address: Option<&str>,
) -> Result<GroupFacts> {
    keeps_devices(seat)?;
    let mut tx = state.db.begin().await?;
    let facts = find(&mut tx, seat, id).await?;
    if facts.is_bound() {
        return Err(still_bound(&mut tx, &facts).await?.into());
    }
    let deed = Deed {
        verb: Verb::DeviceGroupRemoved,
        subject: Subject::new("device_group", id, &facts.name),
        before: activity::values([
            ("name", facts.name.clone()),
            ("rule", facts.rule.in_words()),
            ("devices", facts.devices.to_string()),
        ]),
        after: Values::new(),
        address,
    };
    activity::record(state, &mut tx, seat, deed).await?;
    changes::insert(&mut tx, changes::Subject::DeviceGroup, id).await?;
    store::groups::delete(&mut tx, id).await?;
    state.commit(tx).await?;
    Ok(facts)
}

/// Names what is bound to the group, and says how each of them leaves it.
async fn still_bound(tx: &mut Tx, facts: &GroupFacts) -> Result<Refusal> {
    let tokens = store::group_reach::list_token_names(tx, &facts.id).await?;
    let titles = tokens.into_iter().map(|(_, owner, name)| match name {
        Some(name) => format!("{owner} · {name}"),
        None => owner,
    });
    let members = store::group_reach::list_members(tx, &facts.id).await?;
    let members = members.into_iter().map(|member| member.name);
    let mut text = format!("{} cannot be removed yet; nothing was changed.", facts.name);
    if facts.tokens > 0 {
        let (count, names) = (counted(facts.tokens, "token"), some(titles.collect()));
        text.push_str(&format!(" {count} bound to it: {names}. Revoke them first."));
    }
    if facts.tokens + facts.revoked > 0 {
        let revoked = match facts.revoked {
            0 => String::new(),
            revoked => format!(" {} bound to it, revoked already.", counted(revoked, "token")),
        };
        text.push_str(&format!(
            "{revoked} Tokens that are revoked or expired leave Latchkey after four weeks; until then they keep the group."
        ));
    }
    if facts.members > 0 {
        let (count, names) = (counted(facts.members, "member"), some(members.collect()));
        text.push_str(&format!(
            " {count} bound to it: {names}. Bind them to another group, or remove them."
        ));
    }
    if facts.invitations > 0 {
        let count = counted(facts.invitations, "invitation");
        text.push_str(&format!(
            " {count} to it pending. Withdraw them, or wait until they are accepted."
        ));
    }
    Ok(Refusal::conflict(text))
}

fn some(names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let named: Vec<_> = names.into_iter().take(NAMED).collect();
    format!("{}{rest}", named.join(", "))
}
