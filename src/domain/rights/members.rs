//! Who may invite, change and remove members: one rule for pages, command line and invitations.

use super::{Rights, Seat};
use crate::domain::activity::Actor;
use crate::domain::refusal::{Code, Refusal};

impl Rights {
    /// Whether whatever reaches as far as `other` reaches no further than these rights.
    #[must_use]
    pub fn reaches(&self, other: &Rights) -> bool {
        match (&self.group, &other.group) {
            (None, _) => true,
            (Some(own), Some(other)) => own.id == other.id,
            (Some(_), None) => false,
        }
    }

    /// What somebody is given who held `before`: what is new, or all of it where it reaches further than it did.
    fn given<'a>(&'a self, before: Option<&'a Rights>) -> impl Iterator<Item = &'a String> {
        let had = before.filter(|before| before.reaches(self));
        self.permissions.iter().filter(move |name| !had.is_some_and(|had| had.holds(name)))
    }
}

impl Seat {
    /// Members are managed by people, and by the command line: a token never does.
    pub fn manages_members(&self) -> Result<(), Refusal> {
        if matches!(self.actor, Actor::Token { .. }) {
            return Err(Refusal::new(
                Code::InsufficientPermissions,
                "A token never manages members. A person with Manage access can.",
            ));
        }
        self.manages_access()
    }

    /// Whoever is bound to a device group sees the members of the very same group; the others do not exist for them.
    #[must_use]
    pub fn sees_member(&self, owner: bool, group_id: Option<&str>) -> bool {
        match &self.rights.group {
            None => true,
            Some(own) => !owner && group_id == Some(own.id.as_str()),
        }
    }

    /// Whether the member is the one who asks.
    #[must_use]
    pub fn is(&self, user_id: &str) -> bool {
        matches!(&self.actor, Actor::Person { id, .. } if id == user_id)
    }

    /// Whether these rights may be given to somebody who held `before`, or who is no member yet.
    ///
    /// Nobody gives what they do not hold, or for other devices than their own; only owners make and change owners. What
    /// somebody holds already stays theirs, also when whoever changes the rest does not hold it.
    pub fn may_give(&self, before: Option<&Rights>, after: &Rights) -> Result<(), Refusal> {
        self.manages_members()?;
        if after.owner || before.is_some_and(|before| before.owner) {
            self.owns()?;
        }
        if let Some(own) = self.rights.group.as_ref().filter(|_| !self.rights.reaches(after)) {
            let detail = format!(
                "You are bound to the device group {}, so you can only bind members to that group.",
                own.name
            );
            return Err(Refusal::new(Code::InsufficientPermissions, detail));
        }
        match after.given(before).find(|name| !self.rights.holds(name)) {
            None => Ok(()),
            Some(name) => Err(Refusal::missing_permission(
                name,
                format!("You cannot give {name}: you do not hold it yourself at present."),
            )),
        }
    }

    /// [`Seat::may_give`] to a member; one's own rights are changed by others, but an owner may step down.
    pub fn may_set(&self, user_id: &str, before: &Rights, after: &Rights) -> Result<(), Refusal> {
        self.may_give(Some(before), after)?;
        let steps_down = before.owner && !after.owner;
        if self.is(user_id) && before != after && !steps_down {
            return Err(own_rights());
        }
        Ok(())
    }

    /// Whether the member may be removed; everybody may leave. That an owner remains is judged where owners are counted.
    pub fn may_remove(&self, user_id: &str, rights: &Rights) -> Result<(), Refusal> {
        if self.is(user_id) {
            return Ok(());
        }
        self.manages_members()?;
        if rights.owner { self.owns() } else { Ok(()) }
    }
}

fn own_rights() -> Refusal {
    Refusal::new(
        Code::InsufficientPermissions,
        "Nobody changes their own rights. Ask an owner, or somebody else who holds Manage access.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::device::{DeviceGroup, GroupRule};
    use crate::domain::workgroup::{Policy, Workgroup};
    use std::collections::BTreeSet;

    /// `*`: an owner; `read access.manage @g`: these permissions, bound to the group g.
    fn rights(text: &str) -> Rights {
        let (groups, names): (Vec<_>, Vec<_>) =
            text.split_whitespace().partition(|word| word.starts_with('@'));
        let group = groups.first().map(|id| DeviceGroup {
            id: (*id).to_owned(),
            name: (*id).to_owned(),
            rule: GroupRule::In(BTreeSet::new()),
        });
        if names == ["*"] {
            return Rights::owner();
        }
        Rights { owner: false, permissions: names.into_iter().map(str::to_owned).collect(), group }
    }

    fn seat(actor: Actor, holds: &str) -> Seat {
        let workgroup = Workgroup {
            id: "w".into(),
            slug: "w".into(),
            name: "W".into(),
            time_zone: "UTC".into(),
            policy: Policy::default(),
        };
        Seat { workgroup, actor, rights: rights(holds) }
    }

    fn ada(holds: &str) -> Seat {
        seat(Actor::Person { id: "ada".into(), name: "Ada".into() }, holds)
    }

    #[test]
    fn nobody_gives_what_they_do_not_hold() {
        // who gives, what the other held ("-": no member yet), what they are to hold, allowed
        let cases = [
            ("*", "-", "*", true),
            ("*", "-", "read tunnel @g", true),
            ("*", "*", "read", true),
            ("*", "read", "*", true),
            ("access.manage read", "-", "*", false),
            ("access.manage read", "read", "*", false),
            ("access.manage read", "*", "read", false),
            ("access.manage read", "*", "*", false),
            ("access.manage read", "-", "read", true),
            ("access.manage read", "-", "access.manage", true),
            ("access.manage read", "-", "read tunnel", false),
            ("read tunnel", "-", "read", false),
            // What is held already stays, and can be taken away; it is not given anew.
            ("access.manage read", "tunnel", "tunnel read", true),
            ("access.manage read", "tunnel read", "read", true),
            ("access.manage read", "tunnel @g", "tunnel @g", true),
            // Further devices are more than was held.
            ("access.manage read", "tunnel @g", "tunnel", false),
            ("access.manage read", "tunnel @g", "tunnel @h", false),
            ("access.manage read", "tunnel", "tunnel @g", true),
            ("access.manage read", "read @g", "read", true),
            // Bound to a group.
            ("access.manage read @g", "-", "read @g", true),
            ("access.manage read @g", "-", "read", false),
            ("access.manage read @g", "-", "read @h", false),
            ("access.manage read @g", "-", "*", false),
            ("access.manage read @g", "read @g", "access.manage @g", true),
            ("access.manage read @g", "read @g", "tunnel @g", false),
        ];
        for (giver, before, after, allowed) in cases {
            let before = (before != "-").then(|| rights(before));
            let answer = ada(giver).may_give(before.as_ref(), &rights(after));
            assert_eq!(answer.is_ok(), allowed, "{giver} gives {after} to {before:?}");
        }
    }

    #[test]
    fn nobody_changes_their_own_rights_but_an_owner_may_step_down() {
        let cases = [
            ("*", "ada", "*", "read", true),
            ("*", "eve", "read", "*", true),
            ("access.manage read tunnel", "ada", "access.manage read tunnel", "read", false),
            ("access.manage read", "ada", "access.manage read", "access.manage read", true),
            ("access.manage read tunnel", "eve", "access.manage read", "read", true),
        ];
        for (holds, who, before, after, allowed) in cases {
            let answer = ada(holds).may_set(who, &rights(before), &rights(after));
            assert_eq!(answer.is_ok(), allowed, "{holds} sets {who} from {before} to {after}");
        }
    }

    #[test]
    fn only_owners_remove_owners_and_everybody_may_leave() {
        let cases = [
            ("*", "eve", "*", true),
            ("*", "ada", "*", true),
            ("access.manage", "eve", "*", false),
            ("access.manage", "eve", "read tunnel", true),
            ("read", "eve", "read", false),
            ("read", "ada", "read", true),
        ];
        for (holds, who, rights_of, allowed) in cases {
            let answer = ada(holds).may_remove(who, &rights(rights_of));
            assert_eq!(answer.is_ok(), allowed, "{holds} removes {who} who holds {rights_of}");
        }
    }

    #[test]
    fn the_bound_see_members_of_the_very_same_group() {
        let cases = [
            ("access.manage", true, None, true),
            ("access.manage", false, Some("@h"), true),
            ("access.manage @g", false, Some("@g"), true),
            ("access.manage @g", false, Some("@h"), false),
            ("access.manage @g", false, None, false),
            ("access.manage @g", true, None, false),
        ];
        for (holds, owner, group, seen) in cases {
            assert_eq!(
                ada(holds).sees_member(owner, group),
                seen,
                "{holds} sees {owner} {group:?}"
            );
        }
    }

    #[test]
    fn a_token_never_manages_members() {
        let token =
            seat(Actor::Token { id: "t".into(), title: "Bot".into() }, "access.manage read");
        assert!(token.manages_members().is_err());
        assert!(token.may_give(None, &rights("read")).is_err());
        assert!(token.may_remove("eve", &rights("read")).is_err());
        assert!(seat(Actor::CommandLine, "*").may_give(None, &rights("*")).is_ok());
    }
}
