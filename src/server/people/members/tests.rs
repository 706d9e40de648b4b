//! Setting members on the command line: what is refused, what is recorded, and that rights are read anew.

use super::*;
use crate::domain::device::{DeviceGroup, GroupRule};
use crate::server::activity::values;
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
    let refusal =
        set(&trial, "eve@example.com", chosen(&["read", "raed"]), Some("North")).await.unwrap_err();
    assert_eq!(refusal.message_for("permissions"), Some("There is no permission raed."));
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
    assert_eq!(seat.unwrap_err().into_refusal().code, Code::NotFound, "Eve is no member after all");
}

#[tokio::test]
async fn rights_are_read_anew_and_the_change_is_recorded() {
    let trial = harrow().await;
    let member = set(&trial, "eve@example.com", chosen(&["read", "tunnel"]), None).await.unwrap();
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
    assert_eq!(changed.before, values([("Permissions", "Read, Tunnel".to_owned())]));
    assert_eq!(changed.after["Permissions"], "Read");
    assert!(!changed.after.contains_key("Role"));
}

#[tokio::test]
async fn a_group_binds_its_member_until_they_are_set_without_it() {
    let trial = harrow().await;
    let workgroup = trial.visit_of("ada@example.com").await.seat("harrow").await.unwrap().workgroup;
    let rule = GroupRule::Metadata { key: "site".into(), value: "north".into() };
    let group = DeviceGroup { id: "g".into(), name: "North".into(), rule };
    let mut tx = trial.state.db.begin().await.unwrap();
    store::groups::insert(&mut tx, &workgroup.id, &group, trial.state.now()).await.unwrap();
    trial.state.commit(tx).await.unwrap();
    set(&trial, "eve@example.com", chosen(&["read"]), Some("north")).await.unwrap();
    let eve = trial.visit_of("eve@example.com").await;
    assert_eq!(eve.seat("harrow").await.unwrap().rights.group, Some(group));
    set(&trial, "eve@example.com", chosen(&["read"]), None).await.unwrap();
    assert_eq!(eve.seat("harrow").await.unwrap().rights.group, None);
}
