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

/// The files of a path, sorted: the file itself, or all logs below a directory.
///
/// # Errors
///
/// The path, or a directory below it, cannot be read.
pub fn find(path: &Path) -> io::Result<Vec<Found>> {
    let of = |path: PathBuf| Found { kind: kind(&path), path };
    if std::fs::metadata(path)?.is_dir() {
        Ok(below(path, &is_log)?.into_iter().map(of).collect())
    } else {
        Ok(vec![of(path.to_owned())])
    }
}

/// The files of rules below a directory, sorted: `*.yaml` and `*.yml`.
///
/// # Errors
///
/// The directory, or one below it, cannot be read.
pub fn find_rules(directory: &Path) -> io::Result<Vec<PathBuf>> {
    below(directory, &|path| path.extension().is_some_and(|it| it == "yaml" || it == "yml"))
}

/// The files below a directory that are wanted, sorted.
fn below(directory: &Path, wanted: &dyn Fn(&Path) -> bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    walk(directory, 0, wanted, &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(
    directory: &Path,
    depth: usize,
    wanted: &dyn Fn(&Path) -> bool,
    found: &mut Vec<PathBuf>,
) -> io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        // Links that lead in circles end here, too.
        let is_directory = std::fs::metadata(&path).is_ok_and(|it| it.is_dir());
        if is_directory && depth < DEPTH {
            walk(&path, depth + 1, wanted, found)?;
        } else if !is_directory && wanted(&path) {
            found.push(path);
        }
    }
    Ok(())
}

/// In a directory, what is called like a log.
fn is_log(path: &Path) -> bool {
    let name = path.file_name().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default();
    let plain = [".gz", ".zst"].iter().find_map(|it| name.strip_suffix(it)).unwrap_or(&name);
    !name.starts_with('.') && (EXTENSIONS.iter().any(|it| plain.ends_with(it)) || is_of_firehose(plain))
}

const EXTENSIONS: [&str; 5] = [".json", ".jsonl", ".ndjson", ".log", ".parquet"];

/// Whether Firehose called it so: `stream-1-2026-02-03-04-05-06-` and an id, with no extension unless somebody chose one.
fn is_of_firehose(name: &str) -> bool {
    const DATE: &[u8] = b"-0000-00-00-00-00-00-";
    let fits = |part: &[u8]| {
        part.iter().zip(DATE).all(|(it, of)| if *of == b'0' { it.is_ascii_digit() } else { it == of })
    };
    !name.contains('.') && name.as_bytes().windows(DATE.len()).any(fits)
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
        assert!(is_log(Path::new("flows-1-2026-01-02-03-04-05-0a1b2c3d-aaaa-bbbb-cccc-0123456789ab")));
        assert!(is_log(Path::new("flows-1-2026-01-02-03-04-05-0a1b2c3d.gz")));
        assert!(
            !is_log(Path::new("backup-2026-01-02"))
                && !is_log(Path::new("flows-1-2026-01-02-03-04-05-x.bin"))
        );
        assert_eq!(
            find(&day.join("notes.txt")).unwrap().len(),
            1,
            "a file that is named is taken whatever it is called"
        );
        assert!(find(&day.join("nothing")).is_err());
    }
}
