//! `latchkey device-group`: making, listing, showing, editing and removing.

use super::Shell;
use serde_json::json;

const PLACE: &str = "--workgroup harrow-valley";

/// Pumps 1 and 2, and North, which lists pump-1.
fn plant() -> Shell {
    let shell = Shell::with_ada();
    for number in [1, 2] {
        let name = format!("--id pump-{number} --name 'Pump {number}'");
        shell.run(&format!("device create {PLACE} {name}")).done();
    }
    shell.run(&format!("device-group create {PLACE} --name North --in pump-1")).done();
    shell
}

#[test]
fn groups_are_listed_and_shown() {
    let shell = plant();
    let list = shell.run(&format!("device-group list {PLACE}"));
    assert!(
        list.err.starts_with("1 device group") && list.out.contains("Only 1 device, by a list")
    );
    let items = shell.run(&format!("device-group list {PLACE} --search NOR --json")).json();
    let group = &items["items"][0];
    assert_eq!((&group["name"], &group["in"]), (&json!("North"), &json!(["pump-1"])));
    let id = group["id"].as_str().unwrap();
    for called in [id, "north"] {
        let shown = shell.run(&format!("device-group show {PLACE} {called} --json")).json();
        assert_eq!(&shown, group);
    }
    let shown = shell.run(&format!("device-group show {PLACE} North")).done();
    assert!(shown.contains("pump-1") && shown.contains("Only 1 device"));
    let unknown = shell.run(&format!("device-group show {PLACE} South")).refusal();
    assert_eq!(unknown, "There is no device group “South” here.");
}

#[test]
fn an_edit_that_opens_or_closes_something_needs_a_yes() {
    let shell = plant();
    shell.issue("--device-group North --name staging");
    let edit = format!("device-group edit {PLACE} North");
    let refused = shell.run(&format!("{edit} --in pump-2")).refusal();
    for part in [
        "Nothing was saved yet",
        "Comes in: pump-2.",
        "Goes out: pump-1.",
        "North plant · staging gains Pump 2, loses Pump 1.",
        "Say --yes",
    ] {
        assert!(refused.contains(part), "{part}: {refused}");
    }
    let shown = format!("device-group show {PLACE} North --json");
    assert_eq!(shell.run(&shown).json()["in"], json!(["pump-1"]));
    let saved = shell.run(&format!("{edit} --in pump-2 --yes")).done();
    assert!(
        saved.contains("gains Pump 2") && saved.ends_with("North is changed and holds 1 device.\n")
    );
    let renamed = shell.run(&format!("{edit} --name Northern --json")).json();
    assert_eq!(
        json!([renamed["name"], renamed["in"], renamed["version"]]),
        json!(["Northern", ["pump-2"], 3])
    );
}

#[test]
fn a_group_is_removed_unless_something_is_bound_to_it() {
    let shell = plant();
    let create = format!("device-group create {PLACE} --name South --not-in pump-1");
    shell.run(&create).done();
    shell.issue("--device-group South");
    let refused = shell.run(&format!("device-group remove {PLACE} South")).refusal();
    assert!(refused.contains("1 token bound to it: North plant."), "{refused}");
    let removed = shell.run(&format!("device-group remove {PLACE} North")).done();
    assert_eq!(removed, "North is removed.\n");
    let empty =
        shell.run(&format!("device-group create {PLACE} --name X --metadata a=b")).refusal();
    assert!(empty.contains("No device has the metadata key “a”"), "{empty}");
}
