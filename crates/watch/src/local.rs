//! Files on this machine: once, or followed as they come and grow.

use std::collections::HashMap;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use yagura_logs::{FileKind, Found};
use yagura_store::ReadMark;

use crate::aside::Poison;
use crate::job::Job;
use crate::piece::End;
use crate::session::{Listener, Session, WatchError};

/// A file that was changed within this time may still be written.
const QUIET: Duration = Duration::from_secs(2);
/// So many files are read before what came of them is marked.
const AT_ONCE: usize = 256;
/// After so many tries a file is given up.
pub(crate) const TRIES: u32 = 5;

/// The things to read of files that were found, once: digests are none.
#[must_use]
pub fn jobs(files: &[Found]) -> Vec<Job> {
    let events = files.iter().filter(|it| it.kind == FileKind::Events);
    events.map(|it| Job::file(it.path.clone(), None)).collect()
}

/// Reads what is new below a path since the last time; returns how many files were read.
///
/// A file is known by its size and the time of its last change. A plain file of lines that has grown is read from where it ended.
///
/// # Errors
///
/// The store failed, or something could not be kept aside.
pub async fn follow_once<L: Listener>(
    session: &mut Session<'_, L>,
    root: &Path,
) -> Result<usize, WatchError> {
    let found = match yagura_logs::find(root) {
        Ok(found) => found,
        Err(error) => {
            session.listener.say(&format!("{}: cannot be read: {error}", root.display()));
            return Ok(0);
        }
    };
    let source = root.display().to_string();
    let marks = match session.watcher() {
        Some(watcher) => watcher.run().marks(&source).await?,
        None => HashMap::new(),
    };
    let mut new = Vec::new();
    for it in found.into_iter().filter(|it| it.kind == FileKind::Events) {
        let object = it.path.display().to_string();
        let known = marks.get(&object);
        if known.is_some_and(|known| is_done(known) && is_unchanged(&it.path, known)) {
            continue;
        }
        let Ok(seen) = Seen::of(&it.path) else { continue };
        if let Some(job) = job(&source, &object, it.path, &seen, known) {
            let tries = known.filter(|it| it.mark == seen.mark()).map_or(0, |it| it.tries);
            new.push((job, tries));
        }
    }
    let count = new.len();
    for some in new.chunks(AT_ONCE) {
        let jobs: Vec<Job> = some.iter().map(|(job, _)| job.clone()).collect();
        for end in session.read(&jobs).await? {
            let (job, tries) = &some[end.job];
            if let Some(mark) = &job.mark {
                count_try(session, mark.clone(), *tries, &end).await?;
            }
        }
    }
    Ok(count)
}

/// Counts a try that failed; with the last one the object is given up, and kept aside. What passes by itself is tried again for ever.
pub(crate) async fn count_try<L: Listener>(
    session: &mut Session<'_, L>,
    mut mark: ReadMark,
    tries: u32,
    end: &End,
) -> Result<(), WatchError> {
    let Some(problem) = &end.problem else { return Ok(()) };
    mark.tries = if end.is_passing { tries.max(1) } else { tries + 1 };
    mark.why = Some(problem.clone());
    if mark.tries >= TRIES {
        let poison = Poison {
            source: &mark.source,
            object: &mark.object,
            why: problem,
            tries: mark.tries,
            body: None,
        };
        let kept = session.aside().poison(poison).map_err(WatchError::Aside)?;
        session.status.given_up += 1;
        let kept = kept.map(|it| format!("; what is known of it stands in {}", it.display()));
        session.listener.say(&format!(
            "{}: given up after {TRIES} tries{}",
            mark.object,
            kept.unwrap_or_default()
        ));
    }
    session.mark(vec![mark]).await
}

/// Whether an object was read, or given up.
pub(crate) fn is_done(mark: &ReadMark) -> bool {
    mark.tries == 0 || mark.tries >= TRIES
}

/// Whether a file is as the mark says, without opening it.
fn is_unchanged(path: &Path, mark: &ReadMark) -> bool {
    let changed = std::fs::metadata(path).and_then(|it| Ok((it.len(), it.modified()?)));
    changed.is_ok_and(|(size, changed)| mark.mark.starts_with(&told(size, changed)))
}

/// Size and time of the last change, as marks begin.
fn told(size: u64, changed: SystemTime) -> String {
    let changed = changed.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    format!("{size} {}.{:09} ", changed.as_secs(), changed.subsec_nanos())
}

/// A file, as it is now.
struct Seen {
    size: u64,
    changed: SystemTime,
    ends_with_newline: bool,
    is_plain: bool,
}

impl Seen {
    fn of(path: &Path) -> std::io::Result<Self> {
        let mut file = std::fs::File::open(path)?;
        let metadata = file.metadata()?;
        let mut first = [0; 4];
        let read = file.read(&mut first)?;
        let is_plain = !matches!(&first[..read], [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd] | b"PAR1");
        let mut last = [0];
        if metadata.len() > 0 {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
        }
        Ok(Self {
            size: metadata.len(),
            changed: metadata.modified()?,
            ends_with_newline: last == *b"\n",
            is_plain,
        })
    }

    fn mark(&self) -> String {
        let lines = if self.is_plain && self.ends_with_newline { "lines" } else { "whole" };
        told(self.size, self.changed) + lines
    }
}

/// What is to be read of a file, if anything.
fn job(source: &str, object: &str, path: PathBuf, seen: &Seen, known: Option<&ReadMark>) -> Option<Job> {
    let text = seen.mark();
    if known.is_some_and(|it| it.mark == text && is_done(it)) {
        return None;
    }
    let is_quiet = seen.changed.elapsed().is_ok_and(|it| it >= QUIET);
    // A file of lines may be read while it grows; any other only when nobody writes to it any more.
    if !(is_quiet || seen.is_plain && seen.ends_with_newline) {
        return None;
    }
    let mark = Some(ReadMark {
        source: source.to_owned(),
        object: object.to_owned(),
        folder: String::new(),
        mark: text,
        tries: 0,
        why: None,
    });
    let ended = known.filter(|it| it.tries == 0 && it.mark.ends_with(" lines"));
    let ended: Option<u64> = ended.and_then(|it| it.mark.split(' ').next()?.parse().ok());
    Some(match ended.filter(|it| seen.is_plain && *it < seen.size) {
        Some(from) => Job::part(path, from, seen.size, mark),
        None => Job::file(path, mark),
    })
}
