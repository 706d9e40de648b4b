//! What is refused when route policies are written: which line, and why.

use super::super::*;
use super::{line, read};
use crate::domain::permission::catalogue_at_first_start;

/// What is wrong, as `line: message`.
fn wrong(text: &str) -> Vec<String> {
    let wrong = RoutePolicies::parse(text, &catalogue_at_first_start()).unwrap_err();
    wrong.into_iter().map(|error| format!("{}: {}", error.line, error.message)).collect()
}

#[test]
fn each_wrong_line_says_why() {
    for (text, why) in [
        ("GET", "Write a method, a path and a kind"),
        ("GET /a", "Write a method, a path and a kind"),
        ("GET /a # access", "Write a method, a path and a kind"),
        ("get /a any", "“get” is no method"),
        ("G3T /a any", "“G3T” is no method"),
        ("GET|| /a any", "is no method"),
        ("GET,POST /a any", "is no method"),
        ("GET|GET /a any", "GET stands here twice"),
        ("GET|* /a any", "is no method"),
        ("GET a any", "does not begin with a slash"),
        ("GET https://x/a any", "does not begin with a slash"),
        ("GET //a any", "No request ever matches a path with //"),
        ("GET /a//b any", "//, . or .."),
        ("GET /a/./b any", "//, . or .."),
        ("GET /.. any", "//, . or .."),
        ("GET /a;b any", "with “;” in it"),
        ("GET /a%20b any", "with “%” in it"),
        ("GET /a?b=c any", "with “?” in it"),
        ("GET /a\\b any", "in it"),
        ("GET /a/b#c any", "with “#” in it"),
        ("GET /{a any", "“{a” is no part of a path"),
        ("GET /{} any", "“{}” is no part of a path"),
        ("GET /{*} any", "“{*}” is no part of a path"),
        ("GET /a{b} any", "“a{b}” is no part of a path"),
        ("GET /{a-b} any", "“{a-b}” is no part of a path"),
        ("GET /{{a}} any", "is no part of a path"),
        ("GET /{*a}/b any", "nothing can follow it"),
        ("GET /{a}/{a} any", "names {a} twice"),
        ("GET /a legacy", "“legacy” is no kind"),
        ("GET /a read", "“read” is no kind"),
        ("GET /a any reed", "“reed” is no permission"),
        ("GET /a any read read", "read stands here twice"),
        ("GET /a device read device=any", "No device token can hold read"),
        ("GET /a device telemetry.send", "lets nobody in"),
        ("GET /{a} any device={b}", "no part {b}"),
        ("GET /{*a} any device={a}", "no part {a} that is one segment"),
        ("GET /{a} any device=a", "“device=a” names no device"),
        ("GET /{a} any device=any device={a}", "The device stands here twice"),
    ] {
        let said = wrong(text);
        assert!(said.len() == 1 && said[0].starts_with("1: "), "{text}: {said:?}");
        assert!(said[0].contains(why), "{text}: {said:?}");
    }
}

#[test]
fn lines_that_are_in_each_others_way_are_refused() {
    for (text, why) in [
        ("GET /a any\nGET /a access", "Line 1 has the same method and path"),
        ("GET|PUT /a/{x} any\nPOST|PUT /a/{y} any", "Line 1 has the same method and path"),
        ("* /a any\n* /a access", "Line 1 has the same method and path"),
        ("GET /a/{x} any\nGET /a/{*y} any", "another parameter in the same place"),
        ("GET /a any\nGET /A any", "differs in case alone"),
    ] {
        let said = wrong(text);
        assert!(said.len() == 1 && said[0].starts_with("2: "), "{text}: {said:?}");
        assert!(said[0].contains(why), "{text}: {said:?}");
    }
    let beside =
        "GET /a/{x} any\nPOST /a/{y} any device={y}\n* /a/{z} any device={z}\nGET /a/b any";
    assert_eq!(line(&read(beside), "POST", "/a/1"), Ok((2, "=1".into())));
    assert_eq!(line(&read(beside), "PUT", "/a/1"), Ok((3, "=1".into())));
}

#[test]
fn every_wrong_line_is_told_at_once() {
    let said =
        wrong("# ok\nget a none reed\nGET /ok any\r\nGET /ok any\nGET /x/{y} device device={z}");
    let lines: Vec<_> = said.iter().map(|it| it.split(':').next().unwrap()).collect();
    assert_eq!(lines, ["2", "2", "2", "2", "4", "5"], "{said:?}");
    let refusal = refusal(&RoutePolicies::stored("x\n/\nGET /ok any\n").unwrap_err());
    assert_eq!(refusal.detail, "2 lines are not valid; nothing was changed.");
    assert!(refusal.errors.iter().all(|error| error.field == "routes"));
    assert!(refusal.errors[1].message.starts_with("line 2: "), "{refusal:?}");
}

#[test]
fn there_is_a_most_of_lines_and_bytes() {
    let lines =
        |count: usize| (0..count).map(|at| format!("GET /a/{at} any\n")).collect::<String>();
    assert_eq!(read(&lines(MOST_LINES)).routes().len(), MOST_LINES);
    assert_eq!(
        wrong(&format!("#\n{}", lines(MOST_LINES + 9))),
        ["502: This is more than 500 lines."]
    );
    let comments = "#\n".repeat(MOST_BYTES / 2);
    assert!(read(&comments).routes().is_empty());
    assert!(wrong(&format!("{comments}#"))[0].starts_with("32769: Here the text is longer"));
}

#[test]
fn what_the_catalogue_lost_is_still_asked_for() {
    let policies = RoutePolicies::stored("GET /a any gone.permission").unwrap();
    assert_eq!(policies.demand("GET", "/a").unwrap().permissions, ["gone.permission"]);
}
