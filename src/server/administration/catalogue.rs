//! The permission catalogue: which permissions there are, how they are worded, and which are granted no more.

use crate::domain::activity::{Values, Verb};
use crate::domain::administration::{CatalogueEntry, CataloguePage};
use crate::domain::catalogue::{Holders, RawPermission};
use crate::domain::permission::Permission;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Administrator;
use crate::server::activity::{Deed, Subject, record_installation};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::{self, Lanes, Tx, changes};

/// The whole catalogue with how many hold each entry.
pub async fn page(state: &AppState) -> Result<CataloguePage> {
    let mut reader = state.db.read().await?;
    let holders = store::permissions::list_holders(&mut reader).await?;
    let versions = store::permissions::list_versions(&mut reader).await?;
    let permissions = store::permissions::list(&mut reader).await?;
    let entry = |permission: Permission| CatalogueEntry {
        version: versions.get(&permission.name).copied().unwrap_or_default(),
        holders: holders.get(&permission.name).copied().unwrap_or_default(),
        permission,
    };
    let entries = permissions.into_iter().map(entry).collect();
    Ok(CataloguePage { entries, now: state.now() })
}

/// One entry.
pub async fn entry(state: &AppState, name: &str) -> Result<CatalogueEntry> {
    let entries = page(state).await?.entries;
    let found = entries.into_iter().find(|entry| entry.permission.name == name);
    Ok(found.ok_or_else(|| Refusal::not_found("permission"))?)
}

/// Adds an entry behind all others.
pub async fn add(
    state: &AppState,
    administrator: &Administrator,
    raw: &RawPermission,
) -> Result<Permission> {
    let permission = raw.parse()?;
    let mut tx = state.db.begin().await?;
    let known = store::permissions::list(&mut tx).await?;
    if known.iter().any(|other| other.name == permission.name) {
        let message = format!("There is a permission {} already.", permission.name);
        return Err(Refusal::field("name", message).into());
    }
    let position = store::permissions::last_position(&mut tx).await? + 1;
    store::permissions::insert(&mut tx, &permission, position).await?;
    let (_, facts) = differences(None, &permission);
    let verb = Verb::PermissionAdded;
    note(state, &mut tx, administrator, verb, &permission, (Values::new(), facts)).await?;
    state.commit(tx).await?;
    Ok(permission)
}

/// Words an entry anew. A change by somebody else in between is reported; `None`: whichever version it has now.
pub async fn edit(
    state: &AppState,
    administrator: &Administrator,
    name: &str,
    version: Option<i64>,
    raw: &RawPermission,
) -> Result<Permission> {
    let mut tx = state.db.begin().await?;
    let before = find(&mut tx, name).await?;
    let stands = store::permissions::list_versions(&mut tx).await?;
    let stands = stands.get(name).copied().unwrap_or_default();
    let after = raw.parse_edit(&before)?;
    if version.is_some_and(|seen| seen != stands) {
        return Err(Refusal::conflict(
            "Somebody changed this permission after you opened it. Nothing of yours was saved; look at it as it is now, then save again.",
        )
        .into());
    }
    if after == before {
        return Ok(before);
    }
    store::permissions::mark_edited(&mut tx, &after, stands).await?;
    let changed = differences(Some(&before), &after);
    note(state, &mut tx, administrator, Verb::PermissionEdited, &after, changed).await?;
    state.commit(tx).await?;
    Ok(after)
}

/// Keeps an entry from being granted anew; whoever has it keeps it.
pub async fn retire(
    state: &AppState,
    administrator: &Administrator,
    name: &str,
) -> Result<Permission> {
    let mut tx = state.db.begin().await?;
    let permission = find(&mut tx, name).await?;
    permission.may_retire()?;
    let now = state.now();
    store::permissions::mark_retired(&mut tx, name, Some(now)).await?;
    let nothing = (Values::new(), Values::new());
    note(state, &mut tx, administrator, Verb::PermissionRetired, &permission, nothing).await?;
    state.commit(tx).await?;
    Ok(Permission { retired_at: Some(now), ..permission })
}

/// Lets a retired entry be granted again.
pub async fn restore(
    state: &AppState,
    administrator: &Administrator,
    name: &str,
) -> Result<Permission> {
    let mut tx = state.db.begin().await?;
    let permission = find(&mut tx, name).await?;
    if permission.retired_at.is_none() {
        let detail = format!("{} is not retired.", permission.label);
        return Err(Refusal::conflict(detail).into());
    }
    store::permissions::mark_retired(&mut tx, name, None).await?;
    let nothing = (Values::new(), Values::new());
    note(state, &mut tx, administrator, Verb::PermissionRestored, &permission, nothing).await?;
    state.commit(tx).await?;
    Ok(Permission { retired_at: None, ..permission })
}

/// Takes an entry out that nobody holds.
pub async fn delete(
    state: &AppState,
    administrator: &Administrator,
    name: &str,
) -> Result<Permission> {
    let mut tx = state.db.begin().await?;
    let permission = find(&mut tx, name).await?;
    let holders = store::permissions::list_holders(&mut tx).await?;
    let holders: Holders = holders.get(name).copied().unwrap_or_default();
    permission.may_delete(holders)?;
    store::permissions::delete(&mut tx, name).await?;
    let (_, facts) = differences(None, &permission);
    let gone = (facts, Values::new());
    note(state, &mut tx, administrator, Verb::PermissionDeleted, &permission, gone).await?;
    state.commit(tx).await?;
    Ok(permission)
}

async fn find(on: &mut impl Lanes, name: &str) -> Result<Permission> {
    let known = store::permissions::list(on).await?;
    let found = known.into_iter().find(|permission| permission.name == name);
    Ok(found.ok_or_else(|| Refusal::not_found("permission"))?)
}

/// Field by field, the words before and after; only what differs.
fn differences(before: Option<&Permission>, after: &Permission) -> (Values, Values) {
    let yes = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
    let words = |permission: &Permission| {
        [
            ("Label", permission.label.clone()),
            ("Description", permission.description.clone()),
            ("Section", permission.section.clone()),
            ("Usable by devices", yes(permission.for_devices)),
            ("Powerful", yes(permission.powerful)),
        ]
        .map(|(field, value)| (field.to_owned(), value))
    };
    let Some(before) = before else { return (Values::new(), words(after).into()) };
    let pairs = words(before).into_iter().zip(words(after));
    pairs.filter(|(before, after)| before != after).unzip()
}

/// A change of the catalogue concerns every workgroup: it is noted for other processes, and recorded for the installation.
async fn note(
    state: &AppState,
    tx: &mut Tx,
    administrator: &Administrator,
    verb: Verb,
    permission: &Permission,
    (before, after): (Values, Values),
) -> Result<()> {
    changes::insert(tx, changes::Subject::Catalogue, &permission.name).await?;
    let subject = Subject::new("permission", &permission.name, &permission.label);
    let address = administrator.address.as_deref();
    let deed = Deed { verb, subject, before, after, address };
    record_installation(state, tx, &administrator.actor, deed).await
}
