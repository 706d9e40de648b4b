//! `latchkey member`: list, remove, invite.

use super::Shell;
use crate::test_app::PASSWORD;
use serde_json::json;

const PLACE: &str = "--workgroup harrow-valley";

fn with_ben() -> Shell {
    let shell = Shell::with_ada();
    let ben = "user create --name Ben --email ben@harrow.example --password-stdin";
    shell.type_in(ben, PASSWORD).done();
    let set = format!("member set {PLACE} --email ben@harrow.example --permission read tunnel");
    shell.run(&set).done();
    shell
}

#[test]
fn members_are_listed_and_removed() {
    let shell = with_ben();
    let list = shell.run(&format!("member list {PLACE}")).done();
    for words in ["Ada", "Owner, holds everything", "ben@harrow.example", "Read, Tunnel", "never"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let items = shell.run(&format!("member list {PLACE} --json")).json();
    let ben = &items["items"][1];
    assert_eq!((&ben["email"], &ben["owner"]), (&json!("ben@harrow.example"), &json!(false)));
    assert_eq!(
        (&ben["permissions"], &ben["device_group"]),
        (&json!(["read", "tunnel"]), &json!(null))
    );
    let remove = format!("member remove {PLACE} --email BEN@harrow.example");
    assert_eq!(shell.run(&remove).done(), "Ben is no longer a member of Harrow Valley.\n");
    assert!(shell.run(&remove).refusal().contains("is no member of Harrow Valley"));
    let last = shell.run(&format!("member remove {PLACE} --email ada@harrow.example")).refusal();
    assert!(last.contains("the last owner"), "{last}");
    assert!(shell.run("member list --workgroup nowhere").refusal().contains("nowhere"));
}

#[test]
fn somebody_is_invited() {
    let shell = with_ben();
    let line = format!("member invite {PLACE} --email gil@example.com --permission read");
    let made = shell.run(&format!("{line} --json")).json();
    assert_eq!((&made["email"], &made["owner"]), (&json!("gil@example.com"), &json!(false)));
    assert!(made["expires_at"].as_str().unwrap().ends_with('Z'));
    assert!(shell.run(&line).refusal().contains("is invited already"));
    let member = format!("member invite {PLACE} --email ben@harrow.example --owner");
    assert!(shell.run(&member).refusal().contains("is a member of Harrow Valley already"));
    let wrong = format!("member invite {PLACE} --email no --permission fly --device-group Moon");
    let wrong = shell.run(&wrong).refusal();
    for words in ["email:", "no permission fly", "no device group Moon"] {
        assert!(wrong.contains(words), "{words}: {wrong}");
    }
    assert_eq!(shell.run(&format!("member invite {PLACE} --email g@example.com")).code, 2);
}
