//! Which rights somebody asks to give, checked whole: what cannot be given is said at once; who may give it is judged after.

use crate::domain::answers::PermissionChoice;
use crate::domain::members::{RawRights, RightsChoices};
use crate::domain::permission::Permission;
use crate::domain::refusal::FieldErrors;
use crate::domain::rights::{Rights, Seat};
use crate::server::error::Result;
use crate::server::store::{self, Lanes};
use std::collections::BTreeSet;

/// The rights that are asked for; notes what is wrong with the fields `permissions` and `device_group`.
pub(crate) async fn parse(
    on: &mut impl Lanes,
    seat: &Seat,
    before: Option<&Rights>,
    raw: &RawRights,
    errors: &mut FieldErrors,
) -> Result<Option<Rights>> {
    if raw.owner {
        return Ok(Some(Rights::owner()));
    }
    let catalogue = store::permissions::list(on).await?;
    let permissions = permissions(&catalogue, before, &raw.permissions, errors);
    let name = raw.device_group.trim();
    let mut group = None;
    if !name.is_empty() {
        group = store::groups::find_by_name(on, &seat.workgroup.id, name).await?;
        // A group that is not the seat's own does not exist for it.
        let own = seat.rights.group.as_ref();
        group = group.filter(|group| own.is_none_or(|own| own.id == group.id));
        if group.is_none() {
            let detail = format!("There is no device group {name} in {}.", seat.workgroup.name);
            errors.add("device_group", detail);
        }
    }
    let rights = Rights { owner: false, permissions, group };
    if before.is_some_and(|before| !before.reaches(&rights)) {
        // Reaching further is giving anew.
        let retired = |known: &&Permission| {
            known.retired_at.is_some() && rights.permissions.contains(&known.name)
        };
        if let Some(known) = catalogue.iter().find(retired) {
            let detail = format!(
                "The permission {} is no longer given: it can stay in their device group, not reach further.",
                known.name
            );
            errors.add("permissions", detail);
        }
    }
    Ok(errors.is_empty().then_some(rights))
}

/// A retired permission is kept by whoever has it and given to nobody else.
fn permissions(
    catalogue: &[Permission],
    before: Option<&Rights>,
    names: &[String],
    errors: &mut FieldErrors,
) -> BTreeSet<String> {
    let names: BTreeSet<String> = names.iter().map(|name| name.trim().to_owned()).collect();
    let wrong = |name: &String| match catalogue.iter().find(|known| &known.name == name) {
        None => Some(format!("There is no permission {name}.")),
        Some(known) if is_given(known, before) => None,
        Some(known) => Some(format!("The permission {} is no longer given.", known.name)),
    };
    let mut wrong: Vec<String> = names.iter().filter_map(wrong).collect();
    if names.is_empty() {
        wrong.push("Choose at least one permission, or make them an owner.".to_owned());
    }
    if !wrong.is_empty() {
        errors.add("permissions", wrong.join(" "));
    }
    names
}

fn is_given(permission: &Permission, before: Option<&Rights>) -> bool {
    let kept = before.is_some_and(|before| before.permissions.contains(&permission.name));
    permission.retired_at.is_none() || kept
}

/// What the forms offer to whoever sits here, for somebody who held `before`.
pub(crate) async fn choices(
    on: &mut impl Lanes,
    seat: &Seat,
    before: Option<&Rights>,
) -> Result<RightsChoices> {
    let catalogue = store::permissions::list(on).await?;
    let choice = |permission: Permission| {
        let kept = before.is_some_and(|before| before.holds(&permission.name));
        let barred = (!kept && !seat.rights.holds(&permission.name))
            .then(|| "You do not hold it yourself at present.".to_owned());
        PermissionChoice { permission, barred }
    };
    let offered = catalogue.into_iter().filter(|permission| is_given(permission, before));
    let mut groups = store::groups::list(on, &seat.workgroup.id).await?;
    if let Some(own) = &seat.rights.group {
        groups.retain(|group| group.id == own.id);
    }
    Ok(RightsChoices {
        permissions: offered.map(choice).collect(),
        groups: groups.into_iter().map(|group| group.name).collect(),
        whole_workgroup: seat.rights.group.is_none(),
        owner: seat.rights.owner,
    })
}
