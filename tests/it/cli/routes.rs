//! `latchkey route`: shown, set from a file or standard input, tried.

use super::Shell;
use serde_json::{Value, json};

const PLACE: &str = "--workgroup harrow-valley";
const TEXT: &str = "# fleet\nGET /devices any read device=any\nPOST /reports access tunnel\n";

fn written(shell: &Shell) -> Value {
    shell.run(&format!("route show {PLACE} --json")).json()
}

#[test]
fn they_are_set_shown_and_removed() {
    let shell = Shell::with_ada();
    let none = shell.run(&format!("route show {PLACE}"));
    assert_eq!(
        (none.out.as_str(), none.err.as_str()),
        ("", "Harrow Valley has no route policies.\n")
    );
    std::fs::write(shell.folder.path().join("routes.txt"), TEXT).unwrap();
    let set = shell.run(&format!("route set {PLACE} routes.txt --family original")).done();
    assert!(set.contains("POST") && set.contains("/reports") && set.contains("tunnel"), "{set}");
    let shown = shell.run(&format!("route show {PLACE}"));
    assert_eq!(shown.out, TEXT);
    assert!(shown.err.contains("X-Original-Method and X-Original-URI"), "{}", shown.err);
    let again = shell.type_in(&format!("route set {PLACE} - --json"), "GET /a any").json();
    assert_eq!(
        json!([again["routes"], again["family"], again["version"], again["lines"][0]["path"]]),
        json!(["GET /a any", "original", 2, "/a"]),
        "the family stays"
    );
    assert_eq!(
        shell.run(&format!("route set {PLACE} --none")).done(),
        "The route policies are removed.\n"
    );
    assert_eq!(written(&shell)["routes"], Value::Null);
}

#[test]
fn what_is_wrong_is_one_line_and_changes_nothing() {
    let shell = Shell::with_ada();
    let set = format!("route set {PLACE} - --family forwarded");
    shell.type_in(&set, TEXT).done();
    let before = written(&shell);
    for (input, says) in [
        ("GET /a any\nget /b any\nGET c none", "routes: line 2: “get” is no method."),
        ("GET /a any\nget /b any\nGET c none", "routes: line 3: “none” is no kind"),
        ("", "No line of this text says anything"),
        ("# nothing", "No line of this text says anything"),
    ] {
        let why = shell.type_in(&set, input).refusal();
        assert!(why.contains(says), "{why}");
    }
    let missing = shell.run(&format!("route set {PLACE} none.txt")).refusal();
    assert!(missing.contains("none.txt cannot be read"), "{missing}");
    let nowhere = shell.run("route show --workgroup nowhere").refusal();
    assert!(nowhere.contains("nowhere"), "{nowhere}");
    assert_eq!(written(&shell), before);
    let other = Shell::with_ada();
    let family = other.type_in(&format!("route set {PLACE} -"), TEXT).refusal();
    assert!(family.contains("family: Say which headers your proxy sends"), "{family}");
}

#[test]
fn a_request_is_tried_against_what_stands_or_a_file() {
    let shell = Shell::with_ada();
    let asked = format!("route try {PLACE} --method POST --path /reports");
    let none = shell.run(&asked).refusal();
    assert!(none.contains("no route policies yet"), "{none}");
    let tried = shell.type_in(&format!("{asked} --file - --permission tunnel"), TEXT).done();
    assert_eq!(tried, "let through: Line 3. The token has all that this line asks for.\n");
    assert_eq!(written(&shell)["version"], 0, "it is not kept");
    shell.type_in(&format!("route set {PLACE} - --family original"), TEXT).done();
    let refused = shell.run(&asked).done();
    assert_eq!(
        refused,
        "insufficient_permissions: Line 3. The token has not the permission tunnel.\n"
    );
    let verdict = shell.run(&format!("{asked} --kind legacy --json")).json();
    assert_eq!(json!([verdict["allowed"], verdict["code"]]), json!([false, "wrong_token_type"]));
    let unbound = shell.run(&format!("{asked} --kind device")).refusal();
    assert!(unbound.contains("device: A device token belongs to a device"), "{unbound}");
}
