//! Commands that are done: what they print, for a person and as JSON.

use super::Shell;
use crate::test_app::PASSWORD;
use latchkey::domain::token_string::TokenString;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn an_installation_is_made_from_the_command_line() {
    let shell = Shell::new();
    assert_eq!(shell.run("migrate").done(), "The database is up to date.\n");
    assert_eq!(shell.run("migrate").done(), "The database is up to date.\n");
    let ada = "user create --name Ada --email ada@harrow.example --administrator --password-stdin";
    assert_eq!(shell.type_in(ada, PASSWORD).done(), "Ada can now sign in as ada@harrow.example.\n");
    let workgroup = shell.run("workgroup create --name 'Harrow Valley' --owner ada@harrow.example");
    assert_eq!(workgroup.done(), "harrow-valley\n");
    shell
        .type_in("user create --name Ben --email ben@harrow.example --password-stdin", PASSWORD)
        .done();
    let place = "--workgroup harrow-valley";
    let ben = shell
        .run(&format!("member set {place} --email ben@harrow.example --permission read tunnel"));
    assert_eq!(ben.done(), "Ben is now a member of Harrow Valley.\n");
    let device = "--id pump-1 --name 'Pump 1' --metadata site=north";
    shell.run(&format!("device create {place} {device}")).done();
    let group = format!("device-group create {place} --name North --metadata site=north");
    assert_eq!(shell.run(&group).done(), "North holds 1 device: site = north.\n");
    let owner = shell.run(&format!("member set {place} --email ben@harrow.example --owner"));
    assert_eq!(owner.done(), "Ben is now an owner of Harrow Valley.\n");
}

#[test]
fn what_is_made_is_answered_in_json() {
    let shell = Shell::with_ada();
    let place = "--workgroup harrow-valley";
    let ben = "user create --name Ben --email ben@harrow.example --password-stdin --json";
    let ben = shell.type_in(ben, PASSWORD).json();
    assert_eq!((&ben["name"], &ben["administrator"]), (&json!("Ben"), &json!(false)));
    let other = shell.run(
        "workgroup create --name Süd --owner ada@harrow.example --time-zone Europe/Berlin --json",
    );
    let other = other.json();
    assert_eq!((&other["name"], &other["time_zone"]), (&json!("Süd"), &json!("Europe/Berlin")));
    let group = shell.run(&format!("device-group create {place} --name North --not-in --json"));
    assert_eq!(group.code, 2, "a list of nothing is wrong usage");
    let member = shell
        .run(&format!("member set {place} --email ben@harrow.example --permission read --json"))
        .json();
    assert_eq!(
        keys(&member),
        ["device_group", "email", "name", "owner", "permissions", "workgroup"]
    );
    let device = shell.run(&format!(
        "device create {place} --id pump-1 --name 'Pump 1' --metadata site=north --json"
    ));
    let device = device.json();
    assert_eq!((&device["device"], &device["kind"]), (&json!("pump-1"), &json!("device")));
    assert!(
        device["token"].as_str().unwrap().starts_with("lkd_") && device["expires_at"].is_null()
    );
    let group =
        shell.run(&format!("device-group create {place} --name North --in pump-1 --json")).json();
    assert_eq!((&group["device_count"], &group["in"]), (&json!(1), &json!(["pump-1"])));
}

/// A script takes standard output; a person reads what stands beside it.
#[test]
fn a_string_stands_alone_on_standard_output() {
    let shell = Shell::with_ada();
    let place = "--workgroup harrow-valley";
    let create = format!(
        "token create {place} --owner N --email n@north.example --expires 1m --permission read"
    );
    let device = format!("device create {place} --id pump-1 --name 'Pump 1'");
    let (id, _) = shell.issue("");
    for line in [create, device, format!("token reissue {id}")] {
        let run = shell.run(&line);
        let string = TokenString::parse(run.out.strip_suffix('\n').unwrap()).unwrap();
        assert!(
            run.err.contains("shown only now") && !run.err.contains(string.reveal()),
            "{}",
            run.err
        );
        assert_eq!(run.code, 0);
    }
}

#[test]
fn a_new_token_in_json_is_as_the_http_api_has_it() {
    let shell = Shell::with_ada();
    let line = "token create --workgroup harrow-valley --owner 'Süd & Söhne' --email ops@north.example --name ci \
                --expires 7d --can-renew --permission tunnel devices.control --json";
    let made = shell.run(line).json();
    assert_eq!(made["permissions"], json!(["devices.control", "read", "tunnel"]));
    let facts = ["owner", "name", "expires", "can_renew", "status", "version", "created_by"]
        .map(|key| &made[key]);
    assert_eq!(
        json!(facts),
        json!(["Süd & Söhne", "ci", "7d", true, "active", 1, "The command line"])
    );
    let string = TokenString::parse(made["token"].as_str().unwrap()).unwrap();
    assert_eq!(made["hint"], string.hint());
    assert_eq!(made["strings"][0]["expires_at"], made["expires_at"]);
    let shown = shell.run(&format!("token show {} --json", made["id"].as_str().unwrap())).json();
    assert_eq!(shown["token"], Value::Null);
    assert_eq!(shown["strings"], made["strings"]);
}

#[test]
fn a_list_is_a_table_or_json_and_obeys_its_filters() {
    let shell = Shell::with_ada();
    let (id, _) = shell.issue("");
    let (revoked, _) = shell.issue("--name old");
    shell.run(&format!("token revoke {revoked}")).done();
    let place = "token list --workgroup harrow-valley";
    let cases = [
        ("", vec![&id]),
        ("--revoked", vec![&id, &revoked]),
        ("--status revoked", vec![&revoked]),
        ("--status expired", vec![]),
        ("--search NORTH", vec![&id]),
        ("--search south", vec![]),
    ];
    for (filter, wanted) in cases {
        let items = shell.run(&format!("{place} {filter} --json")).json()["items"].take();
        let found =
            items.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned());
        let wanted = BTreeSet::from_iter(wanted.into_iter().cloned());
        assert_eq!(BTreeSet::from_iter(found), wanted, "{filter}");
        let run = shell.run(&format!("{place} {filter}"));
        assert!(run.err.starts_with(&format!("{} token", wanted.len())), "{}", run.err);
        assert_eq!(run.out.lines().count(), 1 + wanted.len(), "{}", run.out);
    }
}

#[test]
fn a_token_is_edited_reissued_and_revoked() {
    let shell = Shell::with_ada();
    let (id, _) = shell.issue("");
    let edit = format!(
        "token edit {id} --owner 'South plant' --note 'moved in May' --rate-limit 90 --expires 7d"
    );
    assert_eq!(shell.run(&edit).done(), "South plant is changed.\n");
    let edited = shell.run(&format!("token edit {id} --name ci --can-renew --json")).json();
    let facts = ["owner", "name", "note", "rate_limit", "expires", "can_renew", "version"]
        .map(|key| &edited[key]);
    assert_eq!(json!(facts), json!(["South plant", "ci", "moved in May", 90, "7d", true, 3]));
    let again = shell
        .run(&format!(
            "token edit {id} --name '' --note '' --rate-limit '' --can-renew=false --json"
        ))
        .json();
    let facts = ["name", "note", "rate_limit", "can_renew"].map(|key| &again[key]);
    assert_eq!(json!(facts), json!([null, null, null, false]));
    let reissued = shell.run(&format!("token reissue {id} --older now --json")).json();
    assert_eq!(reissued["strings"].as_array().map(Vec::len), Some(2));
    assert!(
        !reissued["strings"][0]["retired_at"].is_null()
            && reissued["strings"][1]["retired_at"].is_null()
    );
    let revoked = shell.run(&format!("token revoke {id}")).done();
    assert_eq!(revoked, "South plant is revoked: every string of it has stopped.\n");
    assert_eq!(shell.token("South plant")["status"], "revoked");
}

#[test]
fn tokens_that_nobody_uses_are_listed() {
    let shell = Shell::with_ada();
    let (id, _) = shell.issue("--name ci");
    let list = |more: &str| shell.run(&format!("token list --workgroup harrow-valley {more}"));
    let ids = |more: &str| {
        let items = list(&format!("{more} --json")).json()["items"].take();
        let items = items.as_array().unwrap().clone();
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("--never-used"), [id.as_str()]);
    assert_eq!(ids("--unused-days 1"), Vec::<String>::new(), "made today");
    assert!(list("--never-used").done().contains("never"));
    let told = list("--never-used --status revoked").refusal();
    assert!(told.contains("Revoked tokens are not in use"), "{told}");
    for wrong in ["--unused-days 0", "--unused-days x", "--never-used --revoked"] {
        assert_eq!(list(wrong).code, 2, "{wrong}");
    }
}

#[test]
fn a_token_is_shown_in_words_with_its_strings() {
    let shell = Shell::with_ada();
    let (id, string) = shell.issue("--name ci");
    shell.run(&format!("token reissue {id}")).done();
    let shown = shell.run(&format!("token show {id}")).done();
    let hint = TokenString::parse(&string).unwrap().hint();
    for part in [
        "North plant · ci",
        "ops@north.example",
        "3 months",
        "Whole workgroup",
        "The command line",
        &hint,
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let numbers: Vec<_> = shown.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(numbers.iter().rev().take(3).collect::<Vec<_>>(), [&"1", &"2", &"#"]);
    assert!(!shown.contains(&string));
}

#[test]
fn help_and_version_are_asked_for_and_end_with_0() {
    let shell = Shell::new();
    assert_eq!(
        shell.run("--version").done(),
        concat!("latchkey ", env!("CARGO_PKG_VERSION"), "\n")
    );
    for command in ["", "serve", "user create", "token edit", "device-group create"] {
        assert!(shell.run(&format!("{command} --help")).done().contains("Usage: latchkey"));
    }
    assert_eq!(shell.files(), Vec::<String>::new());
}
