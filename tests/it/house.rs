//! The layout of the house, read from its own source: who imports whom (docs/ARCHITECTURE.md), captions, gates, sizes.

mod source;

use source::{Source, all_of, program, root};
use std::collections::BTreeSet;
use std::process::Command;

/// The rooms of the house, each with the floor that it is on: imports go down, never up.
const ROOMS: [(&str, u8); 32] = [
    ("main", 10),
    ("server::cli", 9),
    ("server::http", 8),
    ("hydrate", 8),
    ("app", 7),
    ("rpc", 6),
    ("server::scheduler", 6),
    ("server::viewer", USE_CASES),
    ("server::operator", USE_CASES),
    ("server::activity", USE_CASES),
    ("server::administration", USE_CASES),
    ("server::clock_guard", USE_CASES),
    ("server::demo", USE_CASES),
    ("server::devices", USE_CASES),
    ("server::health", USE_CASES),
    ("server::imports", USE_CASES),
    ("server::notices", USE_CASES),
    ("server::people", USE_CASES),
    ("server::routes", USE_CASES),
    ("server::tokens", USE_CASES),
    ("server::upkeep", USE_CASES),
    ("server::state", 4),
    ("server::grants", 3),
    ("server::store", 2),
    ("server::mail", 2),
    ("server::telemetry", GROUND),
    ("server::config", GROUND),
    ("server::clock", GROUND),
    ("server::metrics", GROUND),
    ("server::secret", GROUND),
    ("server::error", GROUND),
    ("domain", 0),
];
const USE_CASES: u8 = 5;
const GROUND: u8 = 1;

/// What the state keeps in memory for use cases: the only names that it takes from the floor above, and nothing they do.
const KEPT_BY_THE_STATE: [&str; 4] = [
    "server::people::password::Hasher",
    "server::people::throttle::Throttle",
    "server::tokens::once::RunningCalls",
    "server::tokens::usage::UsageBook",
];

/// Crates that only some rooms may name, and the beginnings of the paths that may.
const KEPT_CRATES: [(&str, &[&str]); 6] = [
    ("sqlx", &["src/server/store/"]),
    ("lettre", &["src/server/mail"]),
    ("askama", &["src/server/mail"]),
    ("prometheus_client", &["src/server/metrics"]),
    ("icalendar", &["src/server/http/calendar.rs"]),
    ("utoipa", &["src/server/http/api/"]),
];

/// What a use case never names: it knows no face, no driver and no mailer.
const NOT_FOR_USE_CASES: [&str; 5] = ["axum", "leptos", "sqlx", "lettre", "clap"];

fn room_of(source: &Source) -> Option<(&'static str, u8)> {
    room(&source.module().join("::"))
}

fn room(path: &str) -> Option<(&'static str, u8)> {
    let inside = |name: &str| path == name || path.starts_with(&format!("{name}::"));
    ROOMS.into_iter().find(|(name, _)| inside(name))
}

/// Why a room may not name a path of another one; `None`: it may.
fn objection(source: &Source, import: &str) -> Option<&'static str> {
    let ((from, above), (to, below)) = (room_of(source)?, room(import)?);
    let entry =
        source.path == "src/server/cli/migrate.rs" || import == "server::store::ServerLease";
    if from == to || (from == "server::state" && KEPT_BY_THE_STATE.contains(&import)) {
        None
    } else if above < below {
        Some("upward")
    } else if above == below && above != USE_CASES && above != GROUND {
        Some("sideways")
    } else if from == "app" && to.starts_with("server") {
        Some("a page reaches the server only through rpc")
    } else if source.path.starts_with("src/app/components/") && to == "rpc" {
        Some("a component is given what it shows")
    } else if to == "server::store" && above > USE_CASES && !entry {
        Some("a face leaves the store to the use cases")
    } else {
        None
    }
}

/// The verify index learns of a change before whoever made it is told: nothing commits past it.
#[test]
fn use_cases_commit_through_the_state_alone() {
    let past = |source: &&Source| {
        source.path.starts_with("src/server/") && !source.path.starts_with("src/server/store/")
    };
    let wrong: Vec<_> = program()
        .into_iter()
        .filter(|source| {
            past(&source)
                && source.path != "src/server/state.rs"
                && source.code.contains("tx.commit()")
        })
        .map(|source| source.path)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn imports_go_down_the_house_and_never_up_or_sideways() {
    let sources = program();
    let imports = |source: &Source| {
        let objected = |import: String| Some((objection(source, &import)?, import));
        let objections: Vec<_> = source.imports().into_iter().filter_map(objected).collect();
        objections
            .into_iter()
            .map(|(why, import)| format!("{} names {import}: {why}", source.path))
            .collect()
    };
    let wrong: Vec<String> =
        sources.iter().flat_map(|source| -> Vec<String> { imports(source) }).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let read: usize = sources.iter().map(|source| source.imports().len()).sum();
    assert!(read > 500, "only {read} imports were read: the reader is blind");
}

#[test]
fn every_file_lives_in_a_room() {
    let entries = ["src/lib.rs", "src/server/mod.rs"];
    let homeless =
        |source: &Source| room_of(source).is_none() && !entries.contains(&source.path.as_str());
    let lost: Vec<_> = program().into_iter().filter(homeless).map(|source| source.path).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn objections_are_raised() {
    let cases = [
        ("src/domain/token.rs", "server::clock::Clock", Some("upward")),
        ("src/server/state.rs", "server::tokens::issue", Some("upward")),
        ("src/server/state.rs", "server::tokens::usage::UsageBook", None),
        ("src/rpc/tokens.rs", "server::scheduler::run", Some("sideways")),
        (
            "src/app/pages/token.rs",
            "server::viewer::Visit",
            Some("a page reaches the server only through rpc"),
        ),
        ("src/app/components/strip.rs", "rpc::tokens", Some("a component is given what it shows")),
        ("src/app/pages/token.rs", "rpc::tokens", None),
        (
            "src/server/http/api/tokens.rs",
            "server::store",
            Some("a face leaves the store to the use cases"),
        ),
        ("src/server/cli/migrate.rs", "server::store", None),
        ("src/server/tokens/issue.rs", "server::store", None),
    ];
    for (path, import, why) in cases {
        let source = Source { path: path.into(), text: String::new(), code: String::new() };
        assert_eq!(objection(&source, import), why, "{path} names {import}");
    }
}

#[test]
fn a_crate_stays_in_the_room_that_keeps_it() {
    for source in program() {
        for (name, rooms) in KEPT_CRATES {
            let may = rooms.iter().any(|room| source.path.starts_with(room));
            assert!(may || !source.names(name), "{} names {name}", source.path);
        }
        let is_use_case = room_of(&source)
            .is_some_and(|(room, floor)| floor == USE_CASES && room != "server::viewer");
        for name in NOT_FOR_USE_CASES {
            assert!(!(is_use_case && source.names(name)), "{} names {name}", source.path);
        }
    }
}

#[test]
fn only_the_settings_read_the_environment() {
    for source in program().iter().filter(|source| source.path != "src/server/config.rs") {
        for reading in ["env::var", "env::vars", "env = \"", "dotenv"] {
            assert!(!source.code.contains(reading), "{} says {reading}", source.path);
        }
    }
}

#[test]
fn every_file_opens_with_its_caption_and_ends_before_line_400() {
    let folders = ["src", "tests", "benches", "examples/fleet_api/src"];
    for source in folders.into_iter().flat_map(all_of) {
        assert!(source.text.starts_with("//! "), "{} has no caption", source.path);
        let lines = source.text.lines().count();
        assert!(lines <= 400, "{} has {lines} lines", source.path);
    }
}

#[test]
fn one_gate_parts_the_halves() {
    let gates = ["src/hydrate.rs", "src/lib.rs", "src/main.rs"];
    let gated = all_of("src").into_iter().filter(|source| source.code.contains("cfg(feature"));
    assert_eq!(gated.map(|source| source.path).collect::<Vec<_>>(), gates);
}

#[test]
fn the_browser_is_sent_nothing_of_the_servers() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "-e", "normal", "--features", "hydrate", "--prefix", "none"])
        .args(["--target", "wasm32-unknown-unknown"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    let crates: BTreeSet<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(crates.contains("leptos") && crates.len() > 50, "the tree was not read: {tree}");
    for name in ["sqlx", "sqlx-core", "tokio", "axum", "hyper", "clap", "argon2", "tower-http"] {
        assert!(!crates.contains(name), "the browser's half depends on {name}");
    }
}
