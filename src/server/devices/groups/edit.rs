//! Edit: a group's name and rule. It counts at once for whatever is bound to the group, so what it opens and closes is
//! shown before it is saved.

use super::draft::checked;
use super::{WholeGroup, effect, find, whole};
use crate::domain::activity::{Values, Verb};
use crate::domain::device::{DeviceGroup, GroupRule};
use crate::domain::device_groups::GroupFacts;
use crate::domain::group_draft::{RawGroupEdit, RawRule};
use crate::domain::group_effect::GroupEffect;
use crate::domain::rights::Seat;
use crate::server::activity::{self, Attempt, Deed, Subject, changed_in_between};
use crate::server::devices::keeps_devices;
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Tx, changes};
use anyhow::Context;

/// Whether whoever edits agrees to what the edit opens and closes.
#[derive(Clone, Copy, Debug)]
pub enum Consent<'a> {
    /// Whatever it is.
    Given,
    /// To exactly this effect, as it was shown; one that moves nothing needs none.
    Seen(&'a str),
    /// Nothing is saved: the effect is asked for.
    Withheld,
}

/// What an edit came to.
#[derive(Debug)]
pub enum Edited {
    Saved(WholeGroup, GroupEffect),
    /// Nothing was saved: this is what would open and close.
    Asked(GroupEffect),
}

/// Changes what the edit names, if that is agreed to. A change by somebody else in between is reported, not overwritten.
pub async fn edit(
    state: &AppState,
    seat: &Seat,
    id: &str,
    raw: &RawGroupEdit,
    consent: Consent<'_>,
    address: Option<&str>,
) -> Result<Edited> {
    let facts = find(&mut state.db.read().await?, seat, id).await?;
    let subject = Subject::new("device_group", id, &facts.name);
    let attempt = Attempt { verb: Verb::DeviceGroupEdited, subject, address };
    let outcome = change(state, seat, id, raw, consent, address).await;
    activity::note_denial(state, seat, attempt, outcome).await
}

async fn change(
    state: &AppState,
    seat: &Seat,
    id: &str,
    raw: &RawGroupEdit,
    consent: Consent<'_>,
    address: Option<&str>,
) -> Result<Edited> {
    keeps_devices(seat)?;
    let mut tx = state.db.begin().await?;
    let facts = find(&mut tx, seat, id).await?;
    if facts.version != raw.version {
        return Err(changed_in_between(&mut tx, &seat.workgroup.id, &facts.id, "device group")
            .await?
            .into());
    }
    let before = store::groups::find_by_id(&mut tx, id).await?;
    let before = before.context("a group with facts has no row")?;
    let (name, rule) = (raw.name.as_deref(), raw.rule.as_ref());
    let after = checked(&mut tx, seat, before.clone(), name, rule).await?;
    let effect = effect::of(&mut tx, seat, &before, &after).await?;
    let agreed = match consent {
        Consent::Given => true,
        Consent::Seen(seen) => effect.is_nothing() || effect.seen == seen,
        Consent::Withheld => false,
    };
    if !agreed {
        return Ok(Edited::Asked(effect));
    }
    if before != after {
        save(state, &mut tx, seat, (&before, &after), &facts, address).await?;
    }
    let facts = find(&mut tx, seat, id).await?;
    let saved = whole(&mut tx, seat, facts).await?;
    state.commit(tx).await?;
    Ok(Edited::Saved(saved, effect))
}

async fn save(
    state: &AppState,
    tx: &mut Tx,
    seat: &Seat,
    (before, after): (&DeviceGroup, &DeviceGroup),
    facts: &GroupFacts,
    address: Option<&str>,
) -> Result<()> {
    let was = words(tx, before).await?;
    if !store::groups::mark_edited(tx, before, after, facts.version).await? {
        return Err(changed_in_between(tx, &seat.workgroup.id, &facts.id, "device group")
            .await?
            .into());
    }
    let fields =
        [("name", before.name.clone(), after.name.clone()), ("rule", was, words(tx, after).await?)];
    let (before_values, after_values): (Values, Values) = fields
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(field, before, after)| ((field.to_owned(), before), (field.to_owned(), after)))
        .unzip();
    let deed = Deed {
        verb: Verb::DeviceGroupEdited,
        subject: Subject::device_group(after),
        before: before_values,
        after: after_values,
        address,
    };
    activity::record(state, tx, seat, deed).await?;
    changes::insert(tx, changes::Subject::DeviceGroup, &after.id).await?;
    Ok(())
}

/// The rule as the record says it, of a group as the store has it now.
async fn words(tx: &mut Tx, group: &DeviceGroup) -> Result<String> {
    let listed = match &group.rule {
        GroupRule::Metadata { .. } => Vec::new(),
        _ => store::group_reach::list_listed(tx, &group.id).await?,
    };
    Ok(RawRule::of(&group.rule, listed).in_words())
}
