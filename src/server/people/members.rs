//! Who belongs to a workgroup and what they hold there. Rights are read anew every time they are asked for.

pub use super::users::{RawUser, create_user};
pub use super::workgroups::create_workgroup;

use crate::domain::activity::{Actor, Values, Verb};
use crate::domain::refusal::{Code, FieldErrors, Refusal};
use crate::domain::rights::{Rights, Seat};
use crate::domain::user::{Email, User};
use crate::domain::workgroup::Workgroup;
use crate::server::activity::{Deed, Subject, record_by, values};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::memberships::Membership;
use crate::server::store::{self, Lanes, Tx};
use anyhow::Context;
use std::collections::BTreeSet;

/// What somebody is to be in a workgroup.
#[derive(Clone, Debug)]
pub enum Standing {
    /// Holds every permission.
    Owner,
    /// Holds these.
    Chosen(Vec<String>),
}

/// A member as they are after [`set_member`].
#[derive(Clone, Debug)]
pub struct Member {
    pub workgroup: Workgroup,
    pub user: User,
    pub rights: Rights,
}

/// What a user holds in a workgroup at this moment; `None`: they are no member.
pub async fn rights(
    on: &mut impl Lanes,
    workgroup: &Workgroup,
    user_id: &str,
) -> Result<Option<Rights>> {
    match store::memberships::find(on, &workgroup.id, user_id).await? {
        Some(membership) => Ok(Some(of(on, membership).await?)),
        None => Ok(None),
    }
}

/// A membership with its group. A group that is gone is a fault: it must never widen what it bounded.
async fn of(on: &mut impl Lanes, membership: Membership) -> Result<Rights> {
    let Membership { owner, permissions, device_group_id } = membership;
    let group = match device_group_id {
        None => None,
        Some(id) => {
            let group = store::groups::find_by_id(on, &id).await?;
            Some(group.context("a member is bound to a device group that does not exist")?)
        }
    };
    Ok(Rights { owner, permissions, group })
}

/// The workgroup and what the user holds there; for whoever is no member, the workgroup does not exist.
pub async fn place(state: &AppState, slug: &str, user_id: &str) -> Result<(Workgroup, Rights)> {
    let mut reader = state.db.read().await?;
    let gone = || Refusal::not_found("workgroup");
    let workgroup = store::workgroups::find_by_slug(&mut reader, slug).await?.ok_or_else(gone)?;
    let rights = rights(&mut reader, &workgroup, user_id).await?.ok_or_else(gone)?;
    Ok((workgroup, rights))
}

/// The seat of whoever has the e-mail address, as if they asked themselves.
pub async fn seat_of(state: &AppState, slug: &str, email: &str) -> Result<Seat> {
    let email = Email::parse(email).map_err(|message| Refusal::field("email", message))?;
    let account = store::users::find_by_email(&mut state.db.read().await?, &email).await?;
    let user = account.ok_or_else(|| nobody(&email))?.user;
    let (workgroup, rights) = place(state, slug, &user.id).await?;
    Ok(Seat { workgroup, actor: Actor::Person { id: user.id, name: user.name }, rights })
}

fn nobody(email: &Email) -> Refusal {
    Refusal::new(Code::NotFound, format!("Nobody here has the address {email}."))
}

/// Makes somebody a member on the command line, or changes what they hold. All of it is replaced.
///
/// # Errors
/// Refused: an unknown workgroup or user, the fields `permission` and `device_group`, and demoting the last owner.
pub async fn set_member(
    state: &AppState,
    slug: &str,
    email: &str,
    standing: Standing,
    device_group: Option<&str>,
) -> Result<Member> {
    let email = Email::parse(email).map_err(|message| Refusal::field("email", message))?;
    let mut tx = state.db.begin().await?;
    let workgroup = store::workgroups::find_by_slug(&mut tx, slug).await?;
    let workgroup = workgroup.ok_or_else(|| {
        Refusal::new(Code::NotFound, format!("There is no workgroup {slug} here."))
    })?;
    let account = store::users::find_by_email(&mut tx, &email).await?;
    let user = account.ok_or_else(|| nobody(&email))?.user;
    let before = rights(&mut tx, &workgroup, &user.id).await?;
    let after = judge(&mut tx, &workgroup, before.as_ref(), standing, device_group).await?;
    if before.as_ref().is_some_and(|before| before.owner) && !after.owner {
        keep_an_owner(&mut tx, &workgroup, &email).await?;
    }
    let membership = Membership {
        owner: after.owner,
        permissions: after.permissions.clone(),
        device_group_id: after.group.as_ref().map(|group| group.id.clone()),
    };
    store::memberships::insert_or_replace(
        &mut tx,
        &workgroup.id,
        &user.id,
        &membership,
        state.now(),
    )
    .await?;
    record(state, &mut tx, &workgroup, &user, before.as_ref(), &after).await?;
    tx.commit().await?;
    Ok(Member { workgroup, user, rights: after })
}

/// The rights that are asked for, if they can be given.
async fn judge(
    tx: &mut Tx,
    workgroup: &Workgroup,
    before: Option<&Rights>,
    standing: Standing,
    device_group: Option<&str>,
) -> Result<Rights> {
    let mut errors = FieldErrors::default();
    let mut rights = match standing {
        Standing::Owner => Rights::owner(),
        Standing::Chosen(names) => {
            let permissions = chosen(tx, before, names, &mut errors).await?;
            Rights { permissions, ..Rights::default() }
        }
    };
    if let Some(name) = device_group {
        rights.group = store::groups::find_by_name(tx, &workgroup.id, name).await?;
        if rights.owner {
            errors
                .add("device_group", "An owner holds everything and is bound to no device group.");
        } else if rights.group.is_none() {
            errors.add(
                "device_group",
                format!("There is no device group {name} in {}.", workgroup.name),
            );
        }
    }
    if errors.is_empty() { Ok(rights) } else { Err(errors.into_refusal().into()) }
}

/// A retired permission is kept by whoever has it and given to nobody else.
async fn chosen(
    tx: &mut Tx,
    before: Option<&Rights>,
    names: Vec<String>,
    errors: &mut FieldErrors,
) -> Result<BTreeSet<String>> {
    let catalogue = store::permissions::list(tx).await?;
    let names: BTreeSet<String> = names.iter().map(|name| name.trim().to_owned()).collect();
    if names.is_empty() {
        errors.add("permission", "Name at least one permission, or make them an owner.");
    }
    for name in &names {
        let kept = before.is_some_and(|before| before.permissions.contains(name));
        match catalogue.iter().find(|permission| &permission.name == name) {
            None => errors.add("permission", format!("There is no permission {name}.")),
            Some(permission) if permission.retired_at.is_some() && !kept => {
                errors.add("permission", format!("The permission {name} is no longer given."));
            }
            Some(_) => {}
        }
    }
    Ok(names)
}

async fn keep_an_owner(tx: &mut Tx, workgroup: &Workgroup, email: &Email) -> Result<()> {
    if store::memberships::count_owners(tx, &workgroup.id).await? > 1 {
        return Ok(());
    }
    let detail = format!(
        "{email} is the last owner of {}. Make somebody else an owner first.",
        workgroup.name
    );
    Err(Refusal::conflict(detail).into())
}

/// Nothing is recorded when nothing changed.
async fn record(
    state: &AppState,
    tx: &mut Tx,
    workgroup: &Workgroup,
    user: &User,
    before: Option<&Rights>,
    after: &Rights,
) -> Result<()> {
    if before == Some(after) {
        return Ok(());
    }
    let (mut old, mut new) = (before.map(words).unwrap_or_default(), words(after));
    let same: Vec<String> =
        new.keys().filter(|key| old.get(*key) == new.get(*key)).cloned().collect();
    for key in same {
        old.remove(&key);
        new.remove(&key);
    }
    new.insert("member".to_owned(), user.email.clone());
    let deed = Deed {
        verb: Verb::MemberSet,
        subject: Subject::member(user),
        before: old,
        after: new,
        address: None,
    };
    record_by(state, tx, &workgroup.id, &Actor::CommandLine, deed).await
}

fn words(rights: &Rights) -> Values {
    let role = if rights.owner { "owner" } else { "member" };
    let mut words = values([("role", role.to_owned())]);
    if !rights.permissions.is_empty() {
        let names: Vec<&str> = rights.permissions.iter().map(String::as_str).collect();
        words.insert("permissions".to_owned(), names.join(", "));
    }
    if let Some(group) = &rights.group {
        words.insert("device_group".to_owned(), group.name.clone());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::device::{DeviceGroup, GroupRule};
    use crate::server::people::trial::Trial;

    async fn set(
        trial: &Trial,
        email: &str,
        standing: Standing,
        group: Option<&str>,
    ) -> std::result::Result<Member, Refusal> {
        let set = set_member(&trial.state, "harrow", email, standing, group).await;
        set.map_err(crate::server::error::Error::into_refusal)
    }

    fn chosen(names: &[&str]) -> Standing {
        Standing::Chosen(names.iter().map(ToString::to_string).collect())
    }

    async fn harrow() -> Trial {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        trial.user("Eve", "eve@example.com").await;
        trial.workgroup("Harrow", "ada@example.com").await;
        trial
    }

    #[tokio::test]
    async fn the_last_owner_stays_one() {
        let trial = harrow().await;
        let refusal = set(&trial, "ada@example.com", chosen(&["read"]), None).await.unwrap_err();
        assert_eq!(refusal.code, Code::Conflict);
        assert!(refusal.detail.contains("ada@example.com"), "{refusal}");
        set(&trial, "eve@example.com", Standing::Owner, None).await.unwrap();
        set(&trial, "ada@example.com", chosen(&["read"]), None).await.unwrap();
        let seat = seat_of(&trial.state, "harrow", "ADA@example.com").await.unwrap();
        assert!(!seat.rights.owner && seat.rights.holds("read") && !seat.rights.holds("tunnel"));
        assert!(set(&trial, "eve@example.com", chosen(&["read"]), None).await.is_err());
    }

    #[tokio::test]
    async fn what_is_unknown_is_named() {
        let trial = harrow().await;
        let refusal = set(&trial, "eve@example.com", chosen(&["read", "raed"]), Some("North"))
            .await
            .unwrap_err();
        assert_eq!(refusal.message_for("permission"), Some("There is no permission raed."));
        assert_eq!(
            refusal.message_for("device_group"),
            Some("There is no device group North in Harrow.")
        );
        let cases = [
            ("harrow", "bob@example.com", chosen(&["read"]), None, "bob@example.com"),
            ("nowhere", "eve@example.com", chosen(&["read"]), None, "nowhere"),
            ("harrow", "eve@example.com", chosen(&[]), None, "at least one"),
            ("harrow", "eve@example.com", Standing::Owner, Some("North"), "no device group"),
        ];
        for (slug, email, standing, group, named) in cases {
            let refused = set_member(&trial.state, slug, email, standing, group).await;
            let refusal = refused.unwrap_err().into_refusal();
            assert!(refusal.to_string().contains(named), "{refusal}");
        }
        let seat = seat_of(&trial.state, "harrow", "eve@example.com").await;
        assert_eq!(
            seat.unwrap_err().into_refusal().code,
            Code::NotFound,
            "Eve is no member after all"
        );
    }

    #[tokio::test]
    async fn rights_are_read_anew_and_the_change_is_recorded() {
        let trial = harrow().await;
        let member =
            set(&trial, "eve@example.com", chosen(&["read", "tunnel"]), None).await.unwrap();
        let visit = trial.visit_of("eve@example.com").await;
        assert!(visit.seat("harrow").await.unwrap().rights.holds("tunnel"));
        set(&trial, "eve@example.com", chosen(&["read"]), None).await.unwrap();
        set(&trial, "eve@example.com", chosen(&["read"]), None).await.unwrap();
        assert!(!visit.seat("harrow").await.unwrap().rights.holds("tunnel"));
        let mut reader = trial.state.db.read().await.unwrap();
        let record =
            store::activity::list_of_subject(&mut reader, &member.workgroup.id, &member.user.id, 9)
                .await
                .unwrap();
        assert_eq!(record.len(), 2, "doing the same twice is one change");
        let changed = record.iter().find(|row| !row.before.is_empty()).unwrap();
        assert_eq!(changed.before, values([("permissions", "read, tunnel".to_owned())]));
        assert_eq!(changed.after["permissions"], "read");
        assert!(!changed.after.contains_key("role"));
    }

    #[tokio::test]
    async fn a_group_binds_its_member_until_they_are_set_without_it() {
        let trial = harrow().await;
        let workgroup =
            trial.visit_of("ada@example.com").await.seat("harrow").await.unwrap().workgroup;
        let rule = GroupRule::Metadata { key: "site".into(), value: "north".into() };
        let group = DeviceGroup { id: "g".into(), name: "North".into(), rule };
        let mut tx = trial.state.db.begin().await.unwrap();
        store::groups::insert(&mut tx, &workgroup.id, &group, trial.state.now()).await.unwrap();
        tx.commit().await.unwrap();
        set(&trial, "eve@example.com", chosen(&["read"]), Some("north")).await.unwrap();
        let eve = trial.visit_of("eve@example.com").await;
        assert_eq!(eve.seat("harrow").await.unwrap().rights.group, Some(group));
        set(&trial, "eve@example.com", chosen(&["read"]), None).await.unwrap();
        assert_eq!(eve.seat("harrow").await.unwrap().rights.group, None);
    }
}
