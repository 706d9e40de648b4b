//! Setting and removing the route policies of a workgroup.

use crate::domain::activity::{Values, Verb};
use crate::domain::permission::Permission;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Seat;
use crate::domain::routes::{self, Family, RoutePolicies, WrittenRoutes};
use crate::server::activity::{Attempt, Deed, Subject, note_denial, record, values};
use crate::server::error::Result;
use crate::server::routes::show::stored;
use crate::server::state::AppState;
use crate::server::store::{self, Tx, changes};
use std::collections::HashSet;

/// Characters of the record for the lines that went or came.
const MOST_RECORDED: usize = 4000;

/// Route policies as typed.
#[derive(Clone, Debug, Default)]
pub struct RawRoutes {
    /// The version that the editor saw; `None`: whichever it is now.
    pub version: Option<i64>,
    /// `None`: the workgroup is to have none.
    pub text: Option<String>,
    /// A family's code; `None`: the one that stands.
    pub family: Option<String>,
}

/// Whether the seat may set them; a no is recorded.
pub async fn permit(state: &AppState, seat: &Seat, address: Option<&str>) -> Result<()> {
    note_denial(state, seat, attempt(seat, address), seat.sets_routes().map_err(Into::into)).await
}

/// Sets what was typed. A change by somebody else in between is reported, not overwritten.
pub async fn edit(
    state: &AppState,
    seat: &Seat,
    raw: &RawRoutes,
    address: Option<&str>,
) -> Result<WrittenRoutes> {
    let done = write(state, seat, raw, address).await;
    note_denial(state, seat, attempt(seat, address), done).await
}

fn attempt<'a>(seat: &'a Seat, address: Option<&'a str>) -> Attempt<'a> {
    Attempt { verb: Verb::RoutesChanged, subject: Subject::workgroup(&seat.workgroup), address }
}

async fn write(
    state: &AppState,
    seat: &Seat,
    raw: &RawRoutes,
    address: Option<&str>,
) -> Result<WrittenRoutes> {
    seat.sets_routes()?;
    let id = &seat.workgroup.id;
    let mut tx = state.db.begin().await?;
    let before = store::routes::find(&mut tx, id).await?;
    let after = parse(&mut tx, &before, raw).await?;
    for side in [&before, &after] {
        seat.holds_all_of(stored(side)?.routes())?;
    }
    if raw.version.is_some_and(|seen| seen != before.version) {
        return Err(changed_meanwhile(&mut tx, id).await?.into());
    }
    if after == before {
        return Ok(before);
    }
    if !store::routes::mark_edited(&mut tx, id, &after).await? {
        return Err(changed_meanwhile(&mut tx, id).await?.into());
    }
    changes::insert(&mut tx, changes::Subject::Workgroup, id).await?;
    let (old, new) = differences(&before, &after);
    let deed = Deed {
        verb: Verb::RoutesChanged,
        subject: Subject::workgroup(&seat.workgroup),
        before: old,
        after: new,
        address,
    };
    record(state, &mut tx, seat, deed).await?;
    state.commit(tx).await?;
    Ok(WrittenRoutes { version: after.version + 1, ..after })
}

/// What is to stand, with the version of what stands. What is wrong with text and family is said at once.
async fn parse(tx: &mut Tx, before: &WrittenRoutes, raw: &RawRoutes) -> Result<WrittenRoutes> {
    let version = before.version;
    let Some(typed) = &raw.text else {
        return Ok(WrittenRoutes { text: None, family: None, version });
    };
    // Browsers send line ends as CR LF.
    let text = typed.replace("\r\n", "\n");
    let family = match raw.family.as_deref() {
        Some(code) => Family::parse(code.trim()),
        None => before.family,
    };
    let catalogue = store::permissions::list(tx).await?;
    match (objection(&text, &catalogue), family) {
        (None, Some(family)) => {
            Ok(WrittenRoutes { text: Some(text), family: Some(family), version })
        }
        (Some(refusal), Some(_)) => Err(refusal.into()),
        (None, None) => Err(no_family().into()),
        (Some(mut refusal), None) => {
            refusal.errors.extend(no_family().errors);
            Err(refusal.into())
        }
    }
}

fn objection(text: &str, catalogue: &[Permission]) -> Option<Refusal> {
    match RoutePolicies::parse(text, catalogue) {
        Ok(policies) if policies.routes().is_empty() => Some(Refusal::field(
            "routes",
            "No line of this text says anything, so every request would be refused. Write a line, or remove the route policies.",
        )),
        Ok(_) => None,
        Err(lines) => Some(routes::refusal(&lines)),
    }
}

fn no_family() -> Refusal {
    Refusal::field(
        "family",
        "Say which headers your proxy sends: forwarded (Traefik, Caddy) or original (nginx).",
    )
}

/// Who changed them after the editor had opened them.
async fn changed_meanwhile(tx: &mut Tx, id: &str) -> Result<Refusal> {
    let rows = store::activity::list_of_subject(tx, id, id, 20).await?;
    let last = rows.into_iter().find(|row| row.denied.is_none() && row.verb == Verb::RoutesChanged);
    let who = last.map_or_else(String::new, |row| {
        format!(" {} was the last, on {}.", row.actor, row.at.exact())
    });
    Ok(Refusal::conflict(format!(
        "Somebody changed the route policies after you opened them.{who} Nothing of yours was saved; look at them as they are now, then save again."
    )))
}

/// The lines that went and the lines that came, and the family if it changed.
fn differences(before: &WrittenRoutes, after: &WrittenRoutes) -> (Values, Values) {
    let text = |it: &WrittenRoutes| it.text.clone().unwrap_or_default();
    let (old, new) = (text(before), text(after));
    let (gone, come) = (only_in(&old, &new), only_in(&new, &old));
    let mut pair = if gone.is_empty() && come.is_empty() && old != new {
        let order = "the same lines in another order".to_owned();
        (Values::new(), values([("Lines", order)]))
    } else {
        let lines = |text: String| if text.is_empty() { "none".to_owned() } else { text };
        let same = old == new;
        let of = |text| if same { Values::new() } else { values([("Lines", lines(text))]) };
        (of(gone), of(come))
    };
    if before.family != after.family {
        let words = |it: &WrittenRoutes| it.family.map_or("none", Family::label).to_owned();
        pair.0.insert("Proxy".to_owned(), words(before));
        pair.1.insert("Proxy".to_owned(), words(after));
    }
    pair
}

/// The lines that the other text has not, as many as the record takes.
fn only_in(text: &str, other: &str) -> String {
    let known: HashSet<_> = other.lines().map(str::trim).collect();
    let lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !known.contains(line));
    let all = lines.collect::<Vec<_>>().join("\n");
    match all.char_indices().nth(MOST_RECORDED) {
        Some((at, _)) => format!("{} …", &all[..at]),
        None => all,
    }
}
