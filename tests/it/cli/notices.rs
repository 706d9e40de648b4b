//! `latchkey notices`: the round that a server makes by itself, made now.

use super::Shell;
use serde_json::json;

#[test]
fn a_sweep_delivers_what_is_owed_and_says_so() {
    let shell = Shell::with_ada();
    shell.issue("");
    assert_eq!(shell.run("notices sweep").done(), "queued 0, sent 1, failed 0\n");
    let again = shell.run("notices sweep --json").json();
    assert_eq!(again, json!({ "queued": 0, "sent": 0, "failed": 0, "clock_doubt": null }));
}
