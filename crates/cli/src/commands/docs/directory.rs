//! The directory that holds the pages: what is ours in it, and nothing else, is written and removed.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use yagura_report::Site;

/// Tells our directories from others, and lists the files of the last run.
const MARKER: &str = ".yagura-docs";
const MARKER_HEAD: &str =
    "# Written by `yagura rules docs`: the files of the last run, which the next one may replace and remove.";

/// Why the pages could not be written.
#[derive(Debug, Error)]
pub enum DirectoryError {
    /// Somebody else's files are in it.
    #[error("`{}` holds files that `yagura rules docs` did not write", path.display())]
    Foreign { path: PathBuf },
    /// It is a file.
    #[error("`{}` is not a directory", path.display())]
    NoDirectory { path: PathBuf },
    /// It could not be looked at.
    #[error("`{}` cannot be read", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// A file or directory in it could not be written or removed.
    #[error("`{}` cannot be written", path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// A directory that is ours or empty.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    /// What earlier runs wrote.
    known: BTreeSet<String>,
}

impl Directory {
    /// Looks at a directory; it need not exist.
    pub fn open(path: &Path) -> Result<Self, DirectoryError> {
        let unread = |source| DirectoryError::Read { path: path.to_owned(), source };
        let ours = |known| Ok(Self { path: path.to_owned(), known });
        let mut entries = match std::fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return ours(BTreeSet::new()),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(DirectoryError::NoDirectory { path: path.to_owned() });
            }
            Err(error) => return Err(unread(error)),
        };
        let marker = path.join(MARKER);
        match std::fs::read_to_string(&marker) {
            Ok(text) => ours(text.lines().filter(|line| is_page(line)).map(str::to_owned).collect()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => match entries.next() {
                None => ours(BTreeSet::new()),
                Some(Ok(_)) => Err(DirectoryError::Foreign { path: path.to_owned() }),
                Some(Err(error)) => Err(unread(error)),
            },
            Err(source) => Err(DirectoryError::Read { path: marker, source }),
        }
    }

    /// Writes every file of the site, removes what an earlier run wrote and this one did not, and tells how many there are.
    pub fn write(&self, site: &Site<'_>) -> Result<usize, DirectoryError> {
        make(&self.path)?;
        let new: BTreeSet<String> = site.pages().map(|page| page.path().to_owned()).collect();
        // Before the first page: a run that does not come to its end leaves a directory that the next one knows as its own.
        self.mark(&self.known.union(&new).cloned().collect())?;
        for page in site.pages() {
            let path = self.path.join(page.path());
            if let Some(parent) = path.parent() {
                make(parent)?;
            }
            put(&path, &page.text())?;
        }
        for stale in self.known.difference(&new) {
            self.remove(stale)?;
        }
        self.mark(&new)?;
        Ok(new.len())
    }

    fn mark(&self, files: &BTreeSet<String>) -> Result<(), DirectoryError> {
        let lines: String = files.iter().map(|file| format!("{file}\n")).collect();
        put(&self.path.join(MARKER), &format!("{MARKER_HEAD}\n{lines}"))
    }

    /// Removes a page, and the directories that it leaves empty.
    fn remove(&self, file: &str) -> Result<(), DirectoryError> {
        let path = self.path.join(file);
        match std::fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(DirectoryError::Write { path, source }),
        }
        let around = path.ancestors().skip(1).take_while(|it| *it != self.path);
        for directory in around {
            // One that still holds something stays.
            if std::fs::remove_dir(directory).is_err() {
                break;
            }
        }
        Ok(())
    }
}

fn make(path: &Path) -> Result<(), DirectoryError> {
    std::fs::create_dir_all(path).map_err(|source| DirectoryError::Write { path: path.to_owned(), source })
}

fn put(path: &Path, text: &str) -> Result<(), DirectoryError> {
    std::fs::write(path, text).map_err(|source| DirectoryError::Write { path: path.to_owned(), source })
}

/// Whether a line of the marker is a file that we may have written: nothing that leads out of the directory.
fn is_page(line: &str) -> bool {
    let fits = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || "-_.".contains(it);
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(fits);
    line.split('/').all(part) && (line == "style.css" || line.ends_with(".html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_cannot_name_what_is_outside() {
        for ours in ["style.css", "index.html", "en/rules/restricted-ssh.html"] {
            assert!(is_page(ours), "{ours}");
        }
        let foreign = [
            "",
            "/etc/passwd",
            "../index.html",
            "en/../../x.html",
            ".git/x.html",
            "en//x.html",
            "notes.txt",
            "a b.html",
        ];
        for foreign in foreign {
            assert!(!is_page(foreign), "{foreign}");
        }
    }
}
