//! The installation's things as programs read them: the HTTP API and the command line write them alike.

use crate::domain::administration::{CatalogueEntry, UserRow, WorkgroupRow};
use crate::domain::permission::Permission;
use crate::domain::time::Time;
use crate::domain::user::User;
use crate::domain::workgroup::Workgroup;
use serde_json::{Value, json};

/// A workgroup's policy, in the names of the contract.
#[must_use]
pub fn policy(workgroup: &Workgroup, version: i64) -> Value {
    let policy = &workgroup.policy;
    json!({
        "workgroup": workgroup.slug,
        "name": workgroup.name,
        "longest_lifetime": policy.longest.code(),
        "non_expiring": policy.non_expiring,
        "notice_stages": policy.stages.days(),
        "notice_hour": policy.notice_hour,
        "time_zone": workgroup.time_zone,
        "version": version,
    })
}

#[must_use]
pub fn workgroup(row: &WorkgroupRow) -> Value {
    let owners: Vec<_> = row.owners.iter().map(|owner| owner.email.as_str()).collect();
    json!({
        "id": row.id,
        "slug": row.slug,
        "name": row.name,
        "time_zone": row.time_zone,
        "owners": owners,
        "members": row.members,
        "tokens": row.tokens,
        "created_at": row.created_at.rfc3339(),
    })
}

#[must_use]
pub fn user(row: &UserRow) -> Value {
    let workgroups: Vec<_> = row.workgroups.iter().map(|(name, _)| name.as_str()).collect();
    json!({
        "id": row.user.id,
        "email": row.user.email,
        "name": row.user.name,
        "administrator": row.user.administrator,
        "disabled_at": row.disabled_at.map(Time::rfc3339),
        "last_signed_in_at": row.last_signed_in_at.map(Time::rfc3339),
        "created_at": row.created_at.rfc3339(),
        "workgroups": workgroups,
    })
}

/// A user as they are after a change.
#[must_use]
pub fn changed_user(user: &User, disabled: bool) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "administrator": user.administrator,
        "disabled": disabled,
    })
}

#[must_use]
pub fn permission(permission: &Permission) -> Value {
    json!({
        "name": permission.name,
        "label": permission.label,
        "description": permission.description,
        "section": permission.section,
        "for_devices": permission.for_devices,
        "powerful": permission.powerful,
        "retired_at": permission.retired_at.map(Time::rfc3339),
    })
}

/// A permission with how many hold it.
#[must_use]
pub fn entry(entry: &CatalogueEntry) -> Value {
    let mut value = permission(&entry.permission);
    value["tokens"] = json!(entry.holders.tokens);
    value["members"] = json!(entry.holders.members);
    value["invitations"] = json!(entry.holders.invitations);
    value
}
