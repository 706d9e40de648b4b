//! Source files as the tests of the layout read them: their place, their code, the paths that they name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A source file as the program has it: without comments and without its tests.
pub struct Source {
    /// Such as `src/server/store/db.rs`.
    pub path: String,
    pub text: String,
    pub code: String,
}

impl Source {
    fn read(file: &Path) -> Source {
        let text = fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        let without_comment = |line: &str| match line.trim_start() {
            comment if comment.starts_with("//") => String::new(),
            _ => format!("{line}\n"),
        };
        let path = file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        Source { path, code: code.lines().map(without_comment).collect(), text }
    }

    /// The module path: `server::store::db`; the entry of a folder is the folder.
    pub fn module(&self) -> Vec<&str> {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        path.split('/').filter(|part| *part != "mod").collect()
    }

    /// Every path of ours that the code names, written out from the root, groups opened.
    pub fn imports(&self) -> BTreeSet<String> {
        let mut found = Vec::new();
        for start in ["crate::", "super::", "latchkey::"] {
            for (at, _) in self.code.match_indices(start) {
                let before = &self.code[..at];
                if before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                    continue;
                }
                open(&self.code[at..], String::new(), &mut found);
            }
        }
        found.iter().map(|path| self.rooted(path)).collect()
    }

    fn rooted(&self, path: &str) -> String {
        let mut place = self.module();
        let mut parts = path.split("::").peekable();
        if parts.next_if(|first| matches!(*first, "crate" | "latchkey")).is_some() {
            place.clear();
        }
        while parts.next_if_eq(&"super").is_some() {
            place.pop();
        }
        place.into_iter().chain(parts).collect::<Vec<_>>().join("::")
    }

    /// Whether the code names this crate.
    pub fn names(&self, name: &str) -> bool {
        let whole =
            |at: usize| !self.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        self.code.match_indices(&format!("{name}::")).any(|(at, _)| whole(at))
    }
}

/// Reads one path, opening `{a, b::c}`; gives what stands behind it.
fn open<'a>(mut text: &'a str, mut path: String, found: &mut Vec<String>) -> &'a str {
    loop {
        text = text.trim_start();
        if let Some(group) = text.strip_prefix('{') {
            text = group.trim_start();
            while !text.starts_with('}') {
                text = open(text, path.clone(), found)
                    .trim_start()
                    .trim_start_matches(',')
                    .trim_start();
            }
            return &text[1..];
        }
        let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
        let (part, rest) = text.split_at(end);
        if part != "self" && !part.is_empty() {
            path = if path.is_empty() { part.to_owned() } else { format!("{path}::{part}") };
        }
        match rest.strip_prefix("::") {
            Some(further) => text = further,
            None => {
                found.push(path);
                // A new name and a star change nothing about whose it is.
                let rest = rest.trim_start_matches('*');
                return rest.strip_prefix(" as ").map_or(rest, |renamed| {
                    renamed.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
                });
            }
        }
    }
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, found),
            false if path.extension().is_some_and(|end| end == "rs") => found.push(path),
            false => {}
        }
    }
}

pub fn all_of(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    files(&root().join(folder), &mut found);
    found.sort();
    found.iter().map(|file| Source::read(file)).collect()
}

/// The sources of the program; a module that only tests know is none.
pub fn program() -> Vec<Source> {
    let mut sources = all_of("src");
    let for_tests: Vec<_> = sources.iter().flat_map(for_tests).collect();
    sources.retain(|source| !for_tests.contains(&source.path));
    sources
}

/// The files that a `mod.rs` declares behind `#[cfg(test)]`.
fn for_tests(parent: &Source) -> Vec<String> {
    let folder = parent.path.trim_end_matches("mod.rs");
    let declared = parent.text.split("#[cfg(test)]\n").skip(1).filter_map(|after| {
        let (line, _) = after.split_once('\n')?;
        let (_, name) = line.strip_suffix(';')?.split_once("mod ")?;
        Some(format!("{folder}{name}.rs"))
    });
    declared.collect()
}

#[test]
fn the_reader_of_imports_opens_groups_and_climbs() {
    let code = "use crate::server::{error::Result, store::{self, Db as Base}};\nuse super::super::config::*;\n\
                fn f() { crate::domain::time::Time(0); own_crate::x(); }";
    let source = Source {
        path: "src/server/tokens/issue.rs".into(),
        text: String::new(),
        code: code.into(),
    };
    let read: Vec<_> = source.imports().into_iter().collect();
    let paths = [
        "domain::time::Time",
        "server::config",
        "server::error::Result",
        "server::store",
        "server::store::Db",
    ];
    assert_eq!(read, paths);
}
