//! Paths that are generated, and every path that servers of other habits might read in one. Nothing is asked here.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;

/// Segments of paths that mean something here.
const PLAIN: [&str; 10] =
    ["devices", "pump-1", "pump-2", "plots", "telemetry", "new", "files", "secret", "status", "a"];
/// And what makes servers disagree.
const ODD: [&str; 30] = [
    "Devices",
    "PUMP-1",
    "SECRET",
    "Files",
    "%70ump-1",
    "secre%74",
    "%73ECRET",
    "n%65w",
    "",
    ".",
    "..",
    "%2e",
    "%2E%2e",
    ".%2E",
    "...",
    "%20",
    "a%20",
    "a.",
    "..;",
    ";x",
    "pump-1;x",
    "secret;",
    "a%2f..",
    "..%2Fpump-2",
    "%5c",
    "a\\..",
    "%00",
    "secret%00",
    "%252e%252e",
    "%3f",
];

/// What is generated: the same at each run.
pub fn targets(count: usize) -> BTreeSet<String> {
    let piece =
        prop_oneof![2 => prop::sample::select(&PLAIN[..]), 1 => prop::sample::select(&ODD[..])];
    let opening = prop::sample::select(&["/devices", "/devices/pump-1", "/files", "", "/"][..]);
    let ending = prop::sample::select(&["", "", "", "/", "?x=/files/a", "#x", "."][..]);
    let target = (opening, prop::collection::vec(piece, 0..4), ending).prop_map(
        |(opening, pieces, ending)| {
            let path: String = pieces.iter().map(|piece| format!("/{piece}")).collect();
            let target = format!("{opening}{path}{ending}");
            if target.starts_with('/') { target } else { format!("/{target}") }
        },
    );
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| target.new_tree(&mut runner).unwrap().current()).collect()
}

fn by_segment(path: &str, change: impl Fn(&str) -> &str) -> String {
    path.split('/').map(change).collect::<Vec<_>>().join("/")
}

fn resolved(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => drop(kept.pop()),
            segment => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

/// Everything that some server makes of a path before it decides what it means.
const HABITS: [fn(&str) -> String; 9] = [
    |path| percent_decode_str(path).decode_utf8_lossy().into_owned(),
    |path| path.replace('\\', "/"),
    |path| path.split(['?', '#', '\0']).next().unwrap_or_default().to_owned(),
    |path| by_segment(path, |segment| segment.split(';').next().unwrap_or_default()),
    |path| path.split('/').filter(|it| !it.is_empty()).map(|it| format!("/{it}")).collect(),
    resolved,
    str::to_lowercase,
    |path| by_segment(path, |segment| segment.trim_end_matches([' ', '.'])),
    |path| path.trim_end_matches('/').to_owned(),
];

/// Every path that servers of any habits might read in it, spelled plainly.
pub fn readings(path: &str) -> BTreeSet<String> {
    const KEPT: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let mut known = BTreeSet::from([path.to_owned()]);
    loop {
        let read = known.iter().flat_map(|path| HABITS.iter().map(|habit| habit(path)));
        let more: BTreeSet<_> = read.filter(|path| !known.contains(path)).collect();
        if more.is_empty() {
            break;
        }
        known.extend(more);
    }
    // Whoever decodes nothing finds a name that nothing has.
    let read = known.iter().filter(|path| !path.contains('%'));
    read.map(|path| utf8_percent_encode(path, KEPT).to_string()).collect()
}
