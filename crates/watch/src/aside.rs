//! What cannot be read, kept aside: broken records with their place, and files and messages that fail again and again.
//!
//! A directory holds it: `broken-records.ndjson`, and one file for each poison file or message. Nobody but a person deletes it.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde_json::json;
use yagura_detect::threats::group::{digest, hex};
use yagura_logs::Broken;

/// Broken records are kept up to so many bytes; then they are only counted.
const MOST: u64 = 64 << 20;

/// Where it is kept.
#[derive(Debug, Clone)]
pub struct Aside {
    directory: Option<PathBuf>,
}

/// A file or a message that failed for good.
#[derive(Debug, Clone, Copy)]
pub struct Poison<'p> {
    /// The directory, bucket or queue.
    pub source: &'p str,
    /// The file, key or message.
    pub object: &'p str,
    /// Why.
    pub why: &'p str,
    /// How often it was tried.
    pub tries: u32,
    /// What a message said.
    pub body: Option<&'p str>,
}

impl Aside {
    /// Keeps everything in a directory, which is made when there is something to keep.
    #[must_use]
    pub fn in_directory(directory: PathBuf) -> Self {
        Self { directory: Some(directory) }
    }

    /// Only counts.
    #[must_use]
    pub fn nowhere() -> Self {
        Self { directory: None }
    }

    /// Where it is kept.
    #[must_use]
    pub fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    /// Keeps a record that is none, as far as it was kept by whoever read it.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn record(&self, shown: &str, broken: &Broken) -> io::Result<()> {
        let Some(directory) = &self.directory else { return Ok(()) };
        std::fs::create_dir_all(directory)?;
        let mut file =
            OpenOptions::new().create(true).append(true).open(directory.join("broken-records.ndjson"))?;
        if file.metadata()?.len() >= MOST {
            return Ok(());
        }
        let line = json!({
            "file": shown, "from": broken.place.start, "to": broken.place.end, "why": broken.message,
            "begins": String::from_utf8_lossy(&broken.head),
        });
        // One write, so that lines of two programs are not mixed.
        file.write_all(format!("{line}\n").as_bytes())
    }

    /// Keeps a file or a message that is given up; returns where.
    ///
    /// # Errors
    ///
    /// It cannot be written: then it must not be given up.
    pub fn poison(&self, it: Poison<'_>) -> io::Result<Option<PathBuf>> {
        let Some(directory) = &self.directory else { return Ok(None) };
        std::fs::create_dir_all(directory)?;
        let path = directory.join(format!("{}.json", hex(&digest(it.source, it.object))));
        let note = json!({
            "source": it.source, "object": it.object, "why": it.why, "tries": it.tries, "message": it.body,
        });
        let new = path.with_extension("json.new");
        std::fs::write(&new, format!("{note:#}\n"))?;
        std::fs::rename(&new, &path)?;
        Ok(Some(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_aside_says_where_it_came_from() {
        let directory = tempfile::tempdir().unwrap();
        let aside = Aside::in_directory(directory.path().join("aside"));
        let broken =
            Broken { place: 10..20, message: "the record is cut off", head: b"{\"eventID\":\x1b".to_vec() };
        aside.record("a.json", &broken).unwrap();
        aside.record("b.json", &broken).unwrap();
        let text = std::fs::read_to_string(directory.path().join("aside/broken-records.ndjson")).unwrap();
        let line: serde_json::Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
        assert_eq!((&line["file"], &line["from"]), (&json!("b.json"), &json!(10)));
        let poison = Poison { source: "sqs://q", object: "m", why: "gone", tries: 5, body: Some("{}") };
        let path = aside.poison(poison).unwrap().unwrap();
        assert_eq!(aside.poison(poison).unwrap().unwrap(), path, "the same is kept once");
        assert!(std::fs::read_to_string(path).unwrap().contains("\"tries\": 5"));
    }
}
