//! Everything an expert edits: the files of `packs/`, embedded, with directories of the user's laid over them.
//!
//! A file of a user's directory replaces the embedded file of the same path, and adds to them otherwise. Nothing is
//! parsed before somebody asks for it: a scan with one rule reads one collector and a few operation tables.
//!
//! [`parse`] reads YAML into a checked type and turns every mistake into a [`Diagnostic`](yagura_model::Diagnostic) with file, line and column.

mod japanese;
mod yaml;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

pub use japanese::unfold;
use sha2::{Digest, Sha256};
use thiserror::Error;
pub use yaml::{parse, parse_repeating, parse_text};
use zstd::bulk::Decompressor;

/// All embedded files, compressed one by one.
static BLOB: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/packs.bin"));

/// Sorted by path.
static EMBEDDED: &[Embedded] = &include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// One file of `packs/`, as the build script compressed it.
#[derive(Debug)]
struct Embedded {
    path: &'static str,
    /// Where it is in [`BLOB`].
    start: usize,
    end: usize,
    /// Its length in bytes, unpacked.
    size: usize,
}

/// A directory of the user's could not be read.
#[derive(Debug, Error)]
#[error("cannot read `{}`", path.display())]
pub struct PacksError {
    path: PathBuf,
    source: std::io::Error,
}

/// One file, with the name that people are told.
#[derive(Debug, Clone)]
pub struct PackFile {
    /// Its path inside the packs, with `/`: `rules/ec2/restricted-ssh.yaml`.
    pub path: String,
    /// Where a person finds it: `packs/rules/...` for embedded files, else the real path.
    pub shown: String,
    origin: Origin,
}

#[derive(Debug, Clone)]
enum Origin {
    Embedded(&'static Embedded),
    Disk(PathBuf),
}

impl PackFile {
    /// Whether it comes from a directory of the user's.
    #[must_use]
    pub fn is_users(&self) -> bool {
        matches!(self.origin, Origin::Disk(_))
    }

    /// Whether it came with the program, so that our own tests have looked at it.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        matches!(self.origin, Origin::Embedded(_))
    }

    /// The file's bytes: unpacked, or read from disk, anew each time.
    ///
    /// # Errors
    ///
    /// [`PacksError`] when a file of the user's cannot be read.
    pub fn bytes(&self) -> Result<Vec<u8>, PacksError> {
        match &self.origin {
            Origin::Embedded(file) => {
                unpacked(file).map_err(|source| PacksError { path: PathBuf::from(&self.shown), source })
            }
            Origin::Disk(path) => {
                std::fs::read(path).map_err(|source| PacksError { path: path.clone(), source })
            }
        }
    }
}

/// Unpacks a file. Hundreds are unpacked one after the other: making what unpacks them takes longer than a file.
fn unpacked(file: &Embedded) -> io::Result<Vec<u8>> {
    thread_local! {
        static UNPACKER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
    }
    UNPACKER.with_borrow_mut(|unpacker| {
        let unpacker = match unpacker {
            Some(unpacker) => unpacker,
            None => unpacker.insert(Decompressor::new()?),
        };
        unpacker.decompress(&BLOB[file.start..file.end], file.size)
    })
}

/// The embedded files with the user's directories over them.
#[derive(Debug, Clone)]
pub struct Packs {
    files: BTreeMap<String, PackFile>,
}

impl Packs {
    /// Only what is embedded.
    #[must_use]
    pub fn embedded() -> Self {
        let files = EMBEDDED.iter().map(|file| {
            let shown = format!("packs/{}", file.path);
            let found = PackFile { path: file.path.to_owned(), shown, origin: Origin::Embedded(file) };
            (found.path.clone(), found)
        });
        Self { files: files.collect() }
    }

    /// Nothing at all: for tests and for judging a directory on its own.
    #[must_use]
    pub fn empty() -> Self {
        Self { files: BTreeMap::new() }
    }

    /// Lays a directory over what is there, as if it were `packs/` itself.
    ///
    /// # Errors
    ///
    /// [`PacksError`] when the directory or one below it cannot be listed.
    pub fn overlay(self, directory: &Path) -> Result<Self, PacksError> {
        self.overlay_at("", directory)
    }

    /// Lays a directory over `prefix`: `overlay_at("rules", "my-rules")` adds rules.
    ///
    /// # Errors
    ///
    /// [`PacksError`] when the directory or one below it cannot be listed.
    pub fn overlay_at(mut self, prefix: &str, directory: &Path) -> Result<Self, PacksError> {
        add_directory(prefix, directory, &mut self.files)?;
        Ok(self)
    }

    /// The file at this path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&PackFile> {
        self.files.get(path)
    }

    /// A text that changes when a file of the user's is added, changed or removed: two runs with the same text and the same
    /// binary have the same packs.
    ///
    /// # Errors
    ///
    /// [`PacksError`] when a file cannot be read.
    pub fn users_digest(&self) -> Result<String, PacksError> {
        let mut digest = Sha256::new();
        for file in self.files.values().filter(|file| file.is_users()) {
            for part in [file.path.as_bytes(), &file.bytes()?] {
                digest.update((part.len() as u64).to_be_bytes());
                digest.update(part);
            }
        }
        Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Every file below a folder with this ending, sorted by path: `below("rules", "yaml")`.
    pub fn below<'a>(&'a self, folder: &str, extension: &'a str) -> impl Iterator<Item = &'a PackFile> + 'a {
        let prefix = format!("{folder}/");
        self.files
            .range(prefix.clone()..)
            .take_while(move |(path, _)| path.starts_with(&prefix))
            .map(|(_, file)| file)
            .filter(move |file| Path::new(&file.path).extension().is_some_and(|it| it == extension))
    }
}

fn add_directory(
    prefix: &str,
    directory: &Path,
    files: &mut BTreeMap<String, PackFile>,
) -> Result<(), PacksError> {
    let failed = |source| PacksError { path: directory.to_owned(), source };
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        let on_disk = entry.path();
        if on_disk.is_dir() {
            add_directory(&path, &on_disk, files)?;
        } else {
            let shown = on_disk.display().to_string();
            files.insert(path.clone(), PackFile { path, shown, origin: Origin::Disk(on_disk) });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_file_replaces_the_embedded_one_and_adds_to_them() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("s3")).unwrap();
        std::fs::write(directory.path().join("s3/mine.yaml"), "mine").unwrap();
        let packs = Packs::empty().overlay_at("rules", directory.path()).unwrap();
        let found: Vec<_> = packs.below("rules", "yaml").map(|file| file.path.as_str()).collect();
        assert_eq!(found, ["rules/s3/mine.yaml"]);
        assert_eq!(packs.file("rules/s3/mine.yaml").unwrap().bytes().unwrap(), b"mine");
        assert_eq!(packs.below("rule", "yaml").count(), 0);
    }

    #[test]
    fn an_embedded_file_is_what_is_on_disk() {
        let packs = Packs::embedded();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        for file in packs.files.values() {
            assert_eq!(file.bytes().unwrap(), std::fs::read(root.join(&file.path)).unwrap(), "{}", file.path);
        }
        assert!(packs.file("rules/ec2/restricted-ssh.yaml").is_some_and(PackFile::is_embedded));
    }

    #[test]
    fn a_directory_that_is_not_there_is_named() {
        let error = Packs::empty().overlay(Path::new("/no/such/directory")).unwrap_err();
        assert_eq!(error.to_string(), "cannot read `/no/such/directory`");
    }
}
