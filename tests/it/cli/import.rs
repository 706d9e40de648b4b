//! `token import` and `device import`: everything or nothing, from a file or standard input.

use super::Shell;
use crate::pages::import_tokens::file;

const TOKENS: &str = "token import --workgroup harrow-valley";
const DEVICES: &str = "device import --workgroup harrow-valley";

fn write(shell: &Shell, name: &str, text: &str) {
    std::fs::write(shell.folder.path().join(name), text).unwrap();
}

#[test]
fn legacy_tokens_come_from_a_file_and_are_counted() {
    let shell = Shell::with_ada();
    write(&shell, "old.csv", &file(&[("Old portal", "one", ""), ("Old bot", "two", "2099-01-01")]));
    let said = shell.run(&format!("{TOKENS} old.csv")).done();
    assert_eq!(said, "2 legacy tokens were made.\n");
    let token = shell.token("Old portal");
    assert_eq!(
        (token["kind"].as_str(), token["expires"].as_str()),
        (Some("legacy"), Some("never"))
    );
    let again = shell.run(&format!("{TOKENS} old.csv"));
    assert_eq!((again.code, again.out.as_str()), (1, ""));
    assert!(
        again.err.contains("line 2: “Old portal”.") && again.err.contains("line 3: “Old bot”."),
        "{}",
        again.err
    );
}

#[test]
fn standard_input_and_json_go_together() {
    let shell = Shell::with_ada();
    let run = shell.type_in(&format!("{TOKENS} - --json"), &file(&[("Old portal", "one", "")]));
    assert_eq!(run.json()["imported"], 1);
    let run =
        shell.type_in(&format!("{DEVICES} - --json"), "external_id,name,site\np-1,Pump 1,north\n");
    assert_eq!(run.json()["imported"], 1);
    let made = shell.run(
        "device-group create --workgroup harrow-valley --name North --metadata site=north --json",
    );
    assert_eq!(made.json()["device_count"], 1);
}

#[test]
fn one_bad_row_is_enough_for_nothing_and_every_bad_row_is_a_line() {
    let shell = Shell::with_ada();
    let mut rows = file(&[("Good", "one", ""), ("Bad", "one", "")]);
    rows.push_str("Worse,nobody,x,soon,\n");
    let run = shell.type_in(&format!("{TOKENS} -"), &rows);
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{}", run.err);
    let lines: Vec<_> = run.err.lines().collect();
    assert_eq!(lines.len(), 3, "{}", run.err);
    assert!(lines[0].starts_with("line 3: “Bad”. sha256:"), "{}", run.err);
    assert!(["email:", "sha256:", "expires_at:"].iter().all(|column| lines[1].contains(column)));
    assert_eq!(lines[2], "latchkey: 2 of 3 rows cannot be imported; nothing was made");
    let list = shell.run("token list --workgroup harrow-valley --json").json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(0));
}

#[test]
fn what_cannot_be_imported_is_refused_in_one_line() {
    let shell = Shell::with_ada();
    write(&shell, "latin.csv", "");
    std::fs::write(shell.folder.path().join("latin.csv"), b"external_id,name\np,M\xfcller\n")
        .unwrap();
    for (line, says) in [
        (format!("{TOKENS} none.csv"), "none.csv cannot be read"),
        ("token import --workgroup nowhere -".to_owned(), "nowhere"),
        (format!("{DEVICES} latin.csv"), "Latin-1"),
        (format!("{TOKENS} -"), "The file is empty."),
    ] {
        let why = shell.run(&line).refusal();
        assert!(why.contains(says), "{line}: {why}");
    }
}
