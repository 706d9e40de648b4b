//! Founding a workgroup: its short name and its first owner.

use super::time_zone;
use crate::domain::activity::{Actor, Verb};
use crate::domain::refusal::{FieldErrors, Refusal};
use crate::domain::text::Name;
use crate::domain::user::{Email, User};
use crate::domain::workgroup::{Policy, Workgroup, free_slug};
use crate::server::activity::{Deed, Subject, record_by, values};
use crate::server::error::Result;
use crate::server::state::AppState;
use crate::server::store::memberships::Membership;
use crate::server::store::{self, Tx, changes};
use std::collections::BTreeSet;

/// A workgroup that may be founded.
#[derive(Debug)]
pub struct WorkgroupDraft {
    name: Name,
    time_zone: String,
}

impl WorkgroupDraft {
    /// Checks the name, which the form calls `field`, and the field `time_zone`.
    pub fn parse(
        field: &str,
        name: &str,
        time_zone: &str,
        errors: &mut FieldErrors,
    ) -> Option<WorkgroupDraft> {
        let name = errors.take(field, Name::parse(name));
        let time_zone = errors.take("time_zone", time_zone::parse(time_zone));
        Some(WorkgroupDraft { name: name?, time_zone: time_zone? })
    }
}

/// Makes a workgroup on the command line; the owner must exist.
pub async fn create_workgroup(
    state: &AppState,
    name: &str,
    owner_email: &str,
    time_zone: &str,
) -> Result<Workgroup> {
    let mut errors = FieldErrors::default();
    let email = errors.take("owner", Email::parse(owner_email));
    let draft = WorkgroupDraft::parse("name", name, time_zone, &mut errors);
    let (Some(draft), Some(email)) = (draft, email) else {
        return Err(errors.into_refusal().into());
    };
    let mut tx = state.db.begin().await?;
    let Some(owner) = store::users::find_by_email(&mut tx, &email).await? else {
        let detail = format!("Nobody has the address {email}. Create the user first.");
        return Err(Refusal::field("owner", detail).into());
    };
    let workgroup = found(state, &mut tx, draft, &owner.user, &Actor::CommandLine, None).await?;
    state.commit(tx).await?;
    Ok(workgroup)
}

/// Writes the workgroup with its first owner, in the transaction of whatever founds it.
pub async fn found(
    state: &AppState,
    tx: &mut Tx,
    draft: WorkgroupDraft,
    owner: &User,
    actor: &Actor,
    address: Option<&str>,
) -> Result<Workgroup> {
    let workgroup = Workgroup {
        id: state.new_id()?,
        slug: slug(tx, draft.name.as_str()).await?,
        name: draft.name.into_string(),
        time_zone: draft.time_zone,
        policy: Policy::default(),
    };
    store::workgroups::insert(tx, &workgroup, state.now()).await?;
    let ownership = Membership { owner: true, ..Membership::default() };
    store::memberships::insert_or_replace(tx, &workgroup.id, &owner.id, &ownership, state.now())
        .await?;
    changes::insert(tx, changes::Subject::Workgroup, &workgroup.id).await?;
    let founded = Deed {
        verb: Verb::WorkgroupCreated,
        subject: Subject::workgroup(&workgroup),
        before: values([]),
        after: values([
            ("name", workgroup.name.clone()),
            ("slug", workgroup.slug.clone()),
            ("time_zone", workgroup.time_zone.clone()),
        ]),
        address,
    };
    record_by(state, tx, &workgroup.id, actor, founded).await?;
    let owned = Deed {
        verb: Verb::MemberSet,
        subject: Subject::member(owner),
        before: values([]),
        after: values([("Email address", owner.email.clone()), ("Role", "Owner".to_owned())]),
        address,
    };
    record_by(state, tx, &workgroup.id, actor, owned).await?;
    Ok(workgroup)
}

/// The first slug for the name that nobody has: each one found taken is told to the rule, which then offers the next.
async fn slug(tx: &mut Tx, name: &str) -> Result<String> {
    let mut taken = BTreeSet::new();
    loop {
        let slug = free_slug(name, |slug| taken.contains(slug));
        if !store::workgroups::slug_taken(tx, &slug).await? {
            return Ok(slug);
        }
        taken.insert(slug);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::people::trial::Trial;

    #[tokio::test]
    async fn workgroups_of_one_name_have_slugs_of_their_own() {
        let trial = Trial::new().await;
        trial.user("Ada", "ada@example.com").await;
        for slug in ["harrow-valley", "harrow-valley-2", "harrow-valley-3"] {
            assert_eq!(trial.workgroup("Harrow Valley", "ada@example.com").await.slug, slug);
        }
        let mut reader = trial.state.db.read().await.unwrap();
        let changes = store::changes::list_since(&mut reader, 0, 10).await.unwrap();
        let kinds: Vec<_> = changes.iter().map(|(_, kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["workgroup", "workgroup", "workgroup"]);
    }

    #[tokio::test]
    async fn a_workgroup_needs_an_owner_who_exists_and_a_zone() {
        let trial = Trial::new().await;
        let refused = create_workgroup(&trial.state, "W", "eve@example.com", "UTC").await;
        let refusal = refused.unwrap_err().into_refusal();
        assert!(refusal.message_for("owner").unwrap().contains("eve@example.com"));
        let refused = create_workgroup(&trial.state, "", "eve", "Mars").await;
        assert_eq!(refused.unwrap_err().into_refusal().errors.len(), 3);
    }
}
