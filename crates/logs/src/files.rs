//! Which files of a path are logs.

use std::io;
use std::path::{Path, PathBuf};

/// What a file is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Events.
    Events,
    /// Hashes of CloudTrail's files: no events.
    Digest,
}

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where.
    pub path: PathBuf,
    /// What it is.
    pub kind: FileKind,
}

/// How deep directories are gone through; CloudTrail's own are nine deep.
const DEPTH: usize = 32;

/// The files of a path, sorted: the file itself, or all below a directory.
///
/// # Errors
///
/// The path, or a directory below it, cannot be read.
pub fn find(path: &Path) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    if std::fs::metadata(path)?.is_dir() {
        walk(path, 0, &mut found)?;
        found.sort_by(|a: &Found, b: &Found| a.path.cmp(&b.path));
    } else {
        found.push(Found { path: path.to_owned(), kind: kind(path) });
    }
    Ok(found)
}

fn walk(directory: &Path, depth: usize, found: &mut Vec<Found>) -> io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let path = entry.path();
        // Links that lead in circles end here, too.
        let is_directory = std::fs::metadata(&path).is_ok_and(|it| it.is_dir());
        if is_directory && depth < DEPTH {
            walk(&path, depth + 1, found)?;
        } else if !is_directory && is_log(&path) {
            let kind = kind(&path);
            found.push(Found { path, kind });
        }
    }
    Ok(())
}

/// In a directory, what is called like a log.
fn is_log(path: &Path) -> bool {
    let name = path.file_name().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default();
    let plain = [".gz", ".zst"].iter().find_map(|it| name.strip_suffix(it)).unwrap_or(&name);
    !name.starts_with('.') && [".json", ".jsonl", ".ndjson", ".log"].iter().any(|it| plain.ends_with(it))
}

fn kind(path: &Path) -> FileKind {
    let name = path.file_name().map(|it| it.to_string_lossy()).unwrap_or_default();
    let below_digest = path.components().any(|it| it.as_os_str() == "CloudTrail-Digest");
    if below_digest || name.contains("_CloudTrail-Digest_") { FileKind::Digest } else { FileKind::Events }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_found_below_a_directory_in_order() {
        let directory = tempfile::tempdir().unwrap();
        let day = directory.path().join("AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/02");
        let digest = directory.path().join("AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/01/02");
        std::fs::create_dir_all(&day).unwrap();
        std::fs::create_dir_all(&digest).unwrap();
        for file in
            [day.join("b.json.gz"), day.join("a.json"), day.join("notes.txt"), digest.join("d.json.gz")]
        {
            std::fs::write(file, "").unwrap();
        }
        let found = find(directory.path()).unwrap();
        let names: Vec<_> =
            found.iter().map(|it| (it.path.file_name().unwrap().to_str().unwrap(), it.kind)).collect();
        assert_eq!(
            names,
            [("a.json", FileKind::Events), ("b.json.gz", FileKind::Events), ("d.json.gz", FileKind::Digest)]
        );
        assert_eq!(
            find(&day.join("notes.txt")).unwrap().len(),
            1,
            "a file that is named is taken whatever it is called"
        );
        assert!(find(&day.join("nothing")).is_err());
    }
}
