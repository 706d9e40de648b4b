//! `latchkey user`, `workgroup` and `permission` beyond making them.

use super::Shell;
use crate::test_app::PASSWORD;
use serde_json::json;

#[test]
fn workgroups_are_listed_and_edited() {
    let shell = Shell::with_ada();
    shell.issue("");
    let list = shell.run("workgroup list --json").json();
    let facts = ["slug", "owners", "members", "tokens"].map(|key| &list["items"][0][key]);
    assert_eq!(json!(facts), json!(["harrow-valley", ["ada@harrow.example"], 1, 1]));
    assert!(shell.run("workgroup list").done().contains("Harrow Valley"));
    let edit = "workgroup edit --workgroup harrow-valley --longest-lifetime 6m --non-expiring true \
                --notice-stages 14,3 --notice-hour 7 --time-zone europe/berlin --name 'Harrow Vale' --json";
    let edited = shell.run(edit).json();
    assert_eq!(
        edited,
        json!({
            "workgroup": "harrow-valley", "name": "Harrow Vale", "longest_lifetime": "6m", "non_expiring": true,
            "notice_stages": [14, 3], "notice_hour": 7, "time_zone": "Europe/Berlin", "version": 2,
        })
    );
    let again = "workgroup edit --workgroup harrow-valley --notice-hour 9";
    assert_eq!(shell.run(again).done(), "Harrow Vale is changed.\n");
    let wrong =
        "workgroup edit --workgroup harrow-valley --longest-lifetime never --notice-stages 0";
    let why = shell.run(wrong).refusal();
    assert!(why.contains("longest_lifetime") && why.contains("notice_stages"), "{why}");
    let nowhere = shell.run("workgroup edit --workgroup nowhere --name X").refusal();
    assert!(nowhere.contains("“nowhere”"), "{nowhere}");
}

#[test]
fn users_are_listed_disabled_and_made_administrators() {
    let shell = Shell::with_ada();
    for (name, more) in [("Ben", "--administrator"), ("Cem", "")] {
        let line = format!(
            "user create --name {name} --email {name}@harrow.example --password-stdin {more}"
        );
        shell.type_in(&line, PASSWORD).done();
    }
    let owner = shell.run("user disable --email ada@harrow.example").refusal();
    assert!(owner.contains("last owner who can sign in of Harrow Valley"), "{owner}");
    let last = shell.run("user disable --email ben@harrow.example").refusal();
    assert!(last.contains("last administrator"), "{last}");
    let made = shell.run("user administrator --email cem@harrow.example --json").json();
    assert_eq!((&made["administrator"], &made["disabled"]), (&json!(true), &json!(false)));
    assert_eq!(
        shell.run("user disable --email BEN@harrow.example").done(),
        "Ben can no longer sign in.\n"
    );
    let unmake = shell.run("user administrator --email cem@harrow.example --remove").refusal();
    assert!(unmake.contains("last administrator"), "{unmake}");
    let list = shell.run("user list --json").json();
    let rows = list["items"].as_array().unwrap();
    let marks: Vec<_> =
        rows.iter().map(|row| (&row["name"], !row["disabled_at"].is_null())).collect();
    assert_eq!(json!(marks), json!([["Ada", false], ["Ben", true], ["Cem", false]]));
    assert_eq!(rows[0]["workgroups"], json!(["Harrow Valley"]));
    assert_eq!(
        shell.run("user enable --email ben@harrow.example").done(),
        "Ben can sign in again.\n"
    );
    let table = shell.run("user list --search cem").done();
    assert!(table.contains("administrator") && !table.contains("Ben"), "{table}");
    let nobody = shell.run("user enable --email eve@harrow.example").refusal();
    assert!(nobody.contains("eve@harrow.example"), "{nobody}");
}

#[test]
fn the_catalogue_is_edited() {
    let shell = Shell::with_ada();
    shell.issue("--permission tunnel");
    let add = "permission add --name valves.open --label 'Open valves' --description 'Opens valves.' \
               --section Devices --powerful --json";
    let added = shell.run(add).json();
    assert_eq!((&added["name"], &added["powerful"]), (&json!("valves.open"), &json!(true)));
    let twice = shell.run(add).refusal();
    assert!(twice.contains("already"), "{twice}");
    let edit = "permission edit --name valves.open --label Valves --powerful false --for-devices true --json";
    let edited = shell.run(edit).json();
    let facts = ["label", "description", "powerful", "for_devices"].map(|key| &edited[key]);
    assert_eq!(json!(facts), json!(["Valves", "Opens valves.", false, true]));
    let held = shell.run("permission delete --name tunnel").refusal();
    assert!(held.contains("1 token"), "{held}");
    shell.run("permission retire --name tunnel").done();
    let create =
        "token create --workgroup harrow-valley --owner O --email o@north.example --expires 1m";
    let refused = shell.run(&format!("{create} --permission tunnel")).refusal();
    assert!(refused.contains("no longer be granted"), "{refused}");
    shell.run("permission restore --name tunnel").done();
    shell.run(&format!("{create} --permission tunnel")).done();
    let own = shell.run("permission retire --name read").refusal();
    assert!(own.contains("Latchkey itself asks for read"), "{own}");
    assert_eq!(
        shell.run("permission delete --name valves.open").done(),
        "Valves (valves.open) is deleted.\n"
    );
    let list = shell.run("permission list --json").json();
    let tunnel =
        list["items"].as_array().unwrap().iter().find(|it| it["name"] == "tunnel").unwrap();
    assert_eq!((&tunnel["tokens"], &tunnel["members"]), (&json!(2), &json!(0)));
    assert!(shell.run("permission list").done().contains("access.manage"));
}
