//! The command line, through the real binary, in a folder of its own.

mod administration;
mod commands;
mod device_groups;
mod devices;
mod import;
mod mail;
mod member;
mod notices;
mod openapi;
mod purge;
mod refusals;
mod routes;
mod schemathesis;
mod serve;

use crate::test_app::PASSWORD;
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A folder to run commands in; its database is `latchkey.db`.
struct Shell {
    folder: tempfile::TempDir,
}

/// How a command ended.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Shell {
    /// There is no database yet.
    fn new() -> Shell {
        Shell { folder: tempfile::tempdir().unwrap() }
    }

    /// Ada owns Harrow Valley; there is nothing else.
    fn with_ada() -> Shell {
        let shell = Shell::new();
        shell.run("migrate").done();
        shell
            .type_in("user create --name Ada --email ada@harrow.example --password-stdin", PASSWORD)
            .done();
        shell.run("workgroup create --name 'Harrow Valley' --owner ada@harrow.example").done();
        shell
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("latchkey.db")
    }

    /// The names of the files in the folder.
    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The program with these words; what stands between single quotes is one word.
    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
        for (at, part) in line.split('\'').enumerate() {
            match at % 2 {
                0 => command.args(part.split_whitespace()),
                _ => command.arg(part),
            };
        }
        let url = format!("sqlite://{}", self.database().display());
        command.env_clear().env("LATCHKEY_DATABASE_URL", url).current_dir(self.folder.path());
        command
    }

    fn run(&self, line: &str) -> Run {
        self.type_in(line, "")
    }

    /// Runs with this on standard input.
    fn type_in(&self, line: &str, input: &str) -> Run {
        let piped = Stdio::piped;
        let mut child =
            self.command(line).stdin(piped()).stdout(piped()).stderr(piped()).spawn().unwrap();
        // A command that is refused at once reads nothing.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The one token whose owner this is, as `token list` knows it.
    fn token(&self, owner: &str) -> Value {
        let line =
            format!("token list --workgroup harrow-valley --revoked --search '{owner}' --json");
        let items = self.run(&line).json()["items"].take();
        assert_eq!(items.as_array().map(Vec::len), Some(1), "{items}");
        items[0].clone()
    }

    /// Issues a token; gives its id and its string.
    fn issue(&self, more: &str) -> (String, String) {
        let line = format!(
            "token create --workgroup harrow-valley --owner 'North plant' --email ops@north.example \
             --expires 3m --permission read --json {more}"
        );
        let made = self.run(&line).json();
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        (text("id"), text("token"))
    }
}

impl Run {
    /// What a command printed that was done.
    fn done(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out
    }

    fn json(self) -> Value {
        serde_json::from_str(&self.done()).unwrap()
    }

    /// The one line with which a command was refused; nothing else was said.
    fn refusal(self) -> String {
        assert_eq!((self.code, self.out.as_str()), (1, ""), "{}", self.err);
        let line = self.err.strip_suffix('\n').unwrap();
        assert!(!line.contains('\n'), "{line}");
        line.strip_prefix("latchkey: ").unwrap_or_else(|| panic!("{line}")).to_owned()
    }
}
