//! Schemathesis against a running server and its own document: thousands of calls, and no answer that is not documented.

use super::Shell;
use super::serve::Server;
use std::process::Command;

/// What is asked of every answer. The others of its checks ask for what no document can say: that a body which is valid by
/// its schema is taken, whatever the rules of the workgroup are.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
     response_headers_conformance,response_schema_conformance,unsupported_method,ignored_auth";

/// Several times as long as it takes; after it, `timeout` ends it with this code.
const PATIENCE: &str = "300";
const HANGS: Option<i32> = Some(124);

/// The things that it may do everything to.
struct Things {
    caller: String,
    token: String,
    group: String,
}

fn things(shell: &Shell) -> Things {
    let (_, caller) = shell
        .issue("--can-renew --permission access.manage --permission devices.manage --name caller");
    let (token, _) = shell.issue("--can-renew");
    shell.run("device create --workgroup harrow-valley --id pump-1 --name 'Pump 1'").done();
    let made = "device-group create --workgroup harrow-valley --name North --in pump-1 --json";
    let group = shell.run(made).json()["id"].as_str().unwrap().to_owned();
    Things { caller, token, group }
}

/// Its settings: who calls, and which things stand in the addresses. The caller's own end would end the test with it.
fn settings(things: &Things) -> String {
    let Things { caller, token, group } = things;
    format!(
        r#"
[parameters]
"path.workgroup" = "harrow-valley"
"path.external_id" = "pump-1"

[auth.openapi.bearer]
bearer = "{caller}"

[[operations]]
include-path = "/api/v1/token/revoke"
enabled = false

[[operations]]
include-path-regex = "/tokens/"
parameters = {{ "path.id" = "{token}", "path.number" = 1 }}

[[operations]]
include-path-regex = "/device-groups/"
parameters = {{ "path.id" = "{group}" }}
"#
    )
}

#[test]
fn no_call_by_the_document_gets_an_answer_that_is_not_in_it() {
    let Some(packages) = packages() else { return };
    let shell = Shell::with_ada();
    let things = things(&shell);
    std::fs::write(shell.folder.path().join("schemathesis.toml"), settings(&things)).unwrap();
    let server = Server::start_with(&shell, "--rate-limit 1000000/m");
    let address = format!("http://{}", server.address);
    // Python's own fault, and a worker of it that hangs, say nothing of us: then it is asked once more.
    let mut run = examine(&shell, &address, &packages);
    for _ in 0..2 {
        let said = String::from_utf8_lossy(&run.stdout);
        if said.contains("AST constructor recursion depth mismatch") || run.status.code() == HANGS {
            run = examine(&shell, &address, &packages);
        }
    }
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}\n{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("API calls") || said.contains("generated"), "it called nothing: {said}");
    let own = server.get("/api/v1/token", &things.caller);
    assert!(own.starts_with("HTTP/1.1 200"), "the caller was lost on the way: {own}");
    assert_eq!(server.end(), Some(0));
}

fn examine(shell: &Shell, address: &str, packages: &str) -> std::process::Output {
    Command::new("timeout")
        .args([
            PATIENCE,
            "python3",
            "-m",
            "schemathesis.cli",
            "run",
            "--no-color",
            "--phases",
            "examples,coverage,fuzzing",
        ])
        // One worker: two at once trip over the depth that Python 3.11 counts for its syntax trees (python/cpython, issue 106905).
        .args(["--checks", CHECKS, "--max-examples", "25", "--seed", "7", "--workers", "1"])
        .args(["--generation-database", "none", "--warnings", "off", "--continue-on-failure"])
        .args(["--url", address, &format!("{address}/api/v1/openapi.json")])
        .env("PYTHONPATH", packages)
        .current_dir(shell.folder.path())
        .output()
        .unwrap()
}

/// Where Python finds Schemathesis.
#[expect(clippy::disallowed_methods, reason = "the run names its Schemathesis in the environment")]
fn packages() -> Option<String> {
    let Ok(packages) = std::env::var("LATCHKEY_TEST_SCHEMATHESIS") else {
        assert!(std::env::var("CI").is_err(), "CI=true, but there is no Schemathesis to test with");
        eprintln!("SKIPPED: no Schemathesis (LATCHKEY_TEST_SCHEMATHESIS is not set)");
        return None;
    };
    Some(packages)
}
