//! `latchkey device`: listed, shown, edited and removed beside a running server.

use super::Shell;
use serde_json::{Value, json};

const PLACE: &str = "--workgroup harrow-valley";

#[test]
fn a_device_is_listed_shown_edited_and_removed() {
    let shell = Shell::with_ada();
    for (id, site) in [("pump-2", "south"), ("pump-1", "north")] {
        let line =
            format!("device create {PLACE} --id {id} --name 'The {id}' --metadata site={site}");
        shell.run(&line).done();
    }
    let list = |more: &str| -> Vec<Value> {
        let found = shell.run(&format!("device list {PLACE} {more} --json")).json()["items"].take();
        found.as_array().unwrap().iter().map(|item| item["external_id"].clone()).collect()
    };
    assert_eq!(list(""), ["pump-1", "pump-2"]);
    assert_eq!(list("--search SOUTH"), ["pump-2"]);
    assert_eq!(list("--metadata site=north"), ["pump-1"]);
    let table = shell.run(&format!("device list {PLACE}"));
    assert!(table.out.contains("site=north") && table.err.starts_with("2 devices"), "{table:?}");
    let which = format!("{PLACE} --id pump-1");
    let edit =
        format!("device edit {which} --name 'Pumpe 1' --metadata line=7 --without-metadata site");
    let edited = shell.run(&format!("{edit} --json")).json();
    assert_eq!((&edited["name"], &edited["version"]), (&json!("Pumpe 1"), &json!(2)));
    assert_eq!(edited["metadata"], json!({ "line": "7" }));
    assert_eq!(shell.run(&format!("device show {which} --json")).json(), edited);
    let shown = shell.run(&format!("device show {which}"));
    assert!(shown.out.contains("line = 7") && shown.out.contains("Pumpe 1"), "{}", shown.out);
    let removed = shell.run(&format!("device remove {which} --json")).json();
    assert_eq!(removed, json!({ "external_id": "pump-1", "tokens_revoked": 1 }));
    assert_eq!(list(""), ["pump-2"]);
    let tokens = shell.run(&format!("token list {PLACE} --revoked --status revoked --json")).json();
    let old = &tokens["items"][0];
    assert_eq!((&old["owner"], &old["device"]), (&json!("The pump-1"), &json!("pump-1")));
}

#[test]
fn a_device_token_is_made_reissued_and_revoked() {
    let shell = Shell::with_ada();
    shell.run(&format!("device create {PLACE} --id pump-1 --name 'Pump 1'")).done();
    let line = format!(
        "token create {PLACE} --owner P --email p@north.example --expires never --device pump-1 --permission telemetry.send --json"
    );
    let made = shell.run(&line).json();
    assert_eq!((&made["kind"], &made["expires_at"]), (&json!("device"), &Value::Null));
    let id = made["id"].as_str().unwrap();
    let again = shell.run(&format!("token reissue {id} --older now --json")).json();
    assert!(again["token"].as_str().unwrap().starts_with("lkd_"));
    shell.run(&format!("token revoke {id}")).done();
    let shown = shell.run(&format!("token show {id} --json")).json();
    assert_eq!(shown["status"], "revoked");
}

#[test]
fn a_refusal_names_what_is_wrong() {
    let shell = Shell::with_ada();
    shell.run(&format!("device create {PLACE} --id pump-1 --name 'Pump 1'")).done();
    shell.run(&format!("device-group create {PLACE} --name North --in pump-1")).done();
    let cases = [
        (format!("device show {PLACE} --id pump-9"), "no such device"),
        (format!("device edit {PLACE} --id pump-1 --name ' '"), "name"),
        (format!("device edit {PLACE} --id pump-1 --without-metadata site"), "no metadata “site”"),
        (format!("device remove {PLACE} --id pump-1"), "“North”"),
        ("device list --workgroup nowhere".to_owned(), "nowhere"),
    ];
    for (line, says) in cases {
        let why = shell.run(&line).refusal();
        assert!(why.contains(says), "{line}: {why}");
    }
}
