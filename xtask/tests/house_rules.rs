//! House rules that no compiler checks.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test, a failed unwrap is the assertion"
)]
#![expect(clippy::unwrap_used, reason = "in tests a failed unwrap is the assertion")]

use std::path::{Path, PathBuf};

/// Long enough for anything that one can read in one sitting.
const MAX_LINES: usize = 420;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

fn sources(directory: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && name != "node_modules" && !name.starts_with('.') {
            sources(&path, extension, found);
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
}

fn rust_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["crates", "xtask", "benches"] {
        sources(&root().join(folder), "rs", &mut found);
    }
    assert!(found.len() > 20, "only {} files were found; the test looks in the wrong place", found.len());
    found
}

#[test]
fn every_file_can_be_read_in_one_sitting() {
    let long: Vec<_> = rust_files()
        .into_iter()
        .map(|path| (std::fs::read_to_string(&path).unwrap().lines().count(), path))
        .filter(|(lines, _)| *lines > MAX_LINES)
        .collect();
    assert_eq!(long, []);
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<_> = rust_files()
        .into_iter()
        .filter(|path| !std::fs::read_to_string(path).unwrap().starts_with("//!"))
        .collect();
    assert_eq!(silent, [] as [PathBuf; 0]);
}

#[test]
fn every_rule_file_is_named_after_its_rule() {
    let mut files = Vec::new();
    sources(&root().join("packs/rules"), "yaml", &mut files);
    assert!(!files.is_empty(), "no rule was found; the test looks in the wrong place");
    let astray: Vec<_> = files
        .into_iter()
        .filter(|path| {
            let id = format!("id: {}\n", path.file_stem().unwrap().to_string_lossy());
            !std::fs::read_to_string(path).unwrap().contains(&id)
        })
        .collect();
    assert_eq!(astray, [] as [PathBuf; 0]);
}
